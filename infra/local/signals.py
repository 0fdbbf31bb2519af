"""Ctrl-C, SIGTERM and a closed terminal: the first one stops us in order, further ones change nothing."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # the last one: the terminal was closed


class Stopped(BaseException):
    """Somebody asked us to stop; not an Exception, so that nobody on the way takes it for a failure."""


@contextmanager
def stopping() -> Iterator[None]:
    """Raise Stopped in the main thread at the first signal; it ends here, when all is put away."""
    told = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal told
        if not told:
            told = True
            raise Stopped

    before = {number: signal.signal(number, stop) for number in STOPS}
    try:
        yield
    except Stopped:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
