"""What a person made of a ticket's reading. Pure data; times are UTC epoch seconds."""

from dataclasses import dataclass

PERSON = "person"
"""As `decided_by`: who it was is told by the history."""

MOST_CORRECTIONS = 20
"""Of one ticket: its reasons must fit beside its text, and whoever has more to say should talk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a ticket was read at some time, by whom, and whose it was; `confidence` from 0 to 1, if a model."""

    category: str | None
    topics: tuple[str, ...]
    department: str | None
    decided_by: str | None
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One reclassification of a ticket, the first with number 1.

    `by`: the subject of who made it. `edited_at`: which text of the message it is about; None, as created.
    """

    number: int
    by: str
    was: Reading
    now: Reading
    edited_at: int | None

    @property
    def moves(self) -> bool:
        """Tell whether the ticket went to another department, or to none."""
        return self.was.department != self.now.department


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person corrected or changed something, in their words, which may quote: it lives with the text.

    number: of the correction, or the revision that the change made. by: the subject of who made it.
    """

    number: int
    by: str
    text: str
    of_change: bool = False
