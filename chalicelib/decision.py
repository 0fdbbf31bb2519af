"""The decision about a message: how it was read, who owns it, and by which clocks. Pure data."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from chalicelib.clocks import Clock, ClockName


class Result(StrEnum):
    """How a reading ended."""

    DECIDED = "decided"
    DECIDED_BY_SECOND_READER = "decided_by_second_reader"
    UNSURE = "unsure"  # a person looks first
    NOT_READ = "not_read"  # there is no text


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was made of a message. Owner and clocks are stored before the first send and never remade.

    `department` is None, and `clocks` are empty, where no answer is needed. `for_review`: none is, but the
    message is in the review sample, so that it has both. All else tells how its present text is read, and is
    empty where there is none: `guesses` are the two likeliest categories with their probabilities,
    `because` words out of the text, as personal as that. `result` is None for tickets that are older than it.
    """

    category: str | None
    confidence: float | None
    topics: tuple[str, ...] = ()
    decided_by: str | None
    result: Result | None = None
    guesses: tuple[tuple[str, float], ...] = ()
    because: tuple[str, ...] = ()
    language: str | None = None
    department: str | None
    clocks: tuple[Clock, ...] = ()
    for_review: bool = False

    def clock(self, name: ClockName) -> Clock | None:
        """Give one of the clocks, if it was started."""
        return next((clock for clock in self.clocks if clock.name is name), None)

    @property
    def acknowledge_by(self) -> int | None:
        """When it must have been acknowledged, if anybody must."""
        return self.due(ClockName.ACKNOWLEDGE_BY)

    def due(self, name: ClockName) -> int | None:
        """When a clock is due, if the message has an owner and that clock."""
        clock = self.clock(name) if self.department else None
        return clock.due_at if clock else None

    def without_words(self) -> Self:
        """Give it without words of the text, for when that may not be kept."""
        return replace(self, because=())
