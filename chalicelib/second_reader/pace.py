"""How long the second reader may keep a worker waiting: a batch of five envelopes must end in a minute."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

MINUTE = 60.0
A_MINUTE = 8.0
"""Seconds of waiting in any minute after which nobody is asked; the last call may take its time-out more."""


class Pace:
    """Counts the seconds spent waiting, within one worker."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._waited: deque[tuple[float, float]] = deque()  # when a call ended, and how long it took

    def allows(self) -> bool:
        """Tell whether there is time for another call."""
        while self._waited and self._waited[0][0] <= self._monotonic() - MINUTE:
            self._waited.popleft()
        return sum(took for _, took in self._waited) < A_MINUTE

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Count how long what happens within takes, however it ends."""
        start = self._monotonic()
        try:
            yield
        finally:
            end = self._monotonic()
            self._waited.append((end, end - start))
