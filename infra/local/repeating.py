"""Threads that do one thing again and again until they are told to stop; they finish what they are at."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

logger = logging.getLogger(__name__)

AFTER_AN_ERROR = 1.0  # seconds


@contextmanager
def repeating(name: str, act: Callable[[], object], every: float = 0.0) -> Iterator[None]:
    """Call `act` every so many seconds, or at once again; an error is logged and tried again."""
    stop = Event()

    def loop() -> None:
        while not stop.wait(every):
            try:
                act()
            except Exception:
                logger.exception("%s failed and is tried again", name)
                stop.wait(AFTER_AN_ERROR)

    thread = Thread(target=loop, name=name)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
