"""A hand-over: one department passes a ticket on to another. Pure data; times are UTC epoch seconds."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a hand-over."""

    PENDING = "pending"  # it is offered, and nobody has said anything yet
    ACCEPTED = "accepted"
    RETURNED = "returned"  # by the receiver, or by ops
    TAKEN_BACK = "taken_back"  # by the giver
    LAPSED = "lapsed"  # the ticket was closed, or went another way
    MOVED = "moved"  # by a reclassification, which asks nobody
    INFORMED = "informed"  # none at all: another department may see the ticket


PASSED_ON = frozenset({Outcome.ACCEPTED, Outcome.MOVED})
"""In these the giver has the ticket no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """Who passes a ticket on to whom. Until it is accepted, the giver stays accountable.

    number: the revision of the ticket that began it. giver, to: ids of departments; None: nobody.
    by, at: who offered it, and when. held: for how many seconds the giver had it until it went, or else until
    it was offered. due_at: the earliest deadline that ran when it was offered.
    ended_at, ended_by: when it was accepted or returned, and by whom.
    """

    number: int
    giver: str | None
    to: str | None
    by: str
    at: int
    held: int
    due_at: int | None = None
    outcome: Outcome = Outcome.PENDING
    ended_at: int | None = None
    ended_by: str | None = None

    @property
    def was_overdue(self) -> bool:
        """Tell whether a deadline had passed when it was offered."""
        return self.due_at is not None and self.due_at < self.at

    @property
    def sides(self) -> tuple[str, ...]:
        """The departments it is between."""
        return tuple(side for side in (self.giver, self.to) if side is not None)
