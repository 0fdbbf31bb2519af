"""What the world sees of the ledger. Times are RFC 3339 in UTC."""

from collections.abc import Iterable
from statistics import median
from typing import Annotated

from pydantic import AwareDatetime, Field

from chalicelib.handover import PASSED_ON, Handover, Outcome
from chalicelib.view import View, maybe, moment
from chalicelib.views import TicketId


class HandoverEntry(View):
    """Who passed a ticket on to whom, and what became of that."""

    ticket_id: TicketId
    from_department: Annotated[str | None, Field(description="Null: nobody owned it.")]
    to_department: Annotated[str | None, Field(description="Null: it was found to need no answer.")]
    outcome: Outcome
    offered_at: AwareDatetime
    offered_by: str
    accepted_at: Annotated[AwareDatetime | None, Field(description="Or moved by a reclassification.")]
    returned_at: Annotated[AwareDatetime | None, Field(description="Or taken back, or lapsed.")]
    ended_by: str | None
    held_seconds: Annotated[
        int,
        Field(description="How long its giver had had it when it went or, if it did not go, was offered."),
    ]
    was_overdue: Annotated[bool, Field(description="A deadline had passed when it was offered.")]


class HandoverCounts(View):
    """How many hand-overs there were, and what became of them."""

    all: int
    pending: int
    accepted: int
    returned: int
    taken_back: int
    lapsed: int
    moved: int
    was_overdue: int


class HandoverTotals(View):
    """Sums of what was offered since a time. `held`: the seconds for which it had had what it passed on."""

    since: AwareDatetime
    given: HandoverCounts
    received: HandoverCounts
    held_seconds: int
    held_median_seconds: float | None


class HandoverPage(View):
    """Some hand-overs of a department, the newest first; the totals are not only of this page."""

    department: str
    handovers: list[HandoverEntry]
    totals: HandoverTotals
    next: str | None


def entry(ticket_id: str, handover: Handover) -> HandoverEntry:
    """Show a row of the ledger."""
    went = handover.outcome in PASSED_ON
    return HandoverEntry(
        ticket_id=ticket_id,
        from_department=handover.giver,
        to_department=handover.to,
        outcome=handover.outcome,
        offered_at=moment(handover.at),
        offered_by=handover.by,
        accepted_at=maybe(handover.ended_at) if went else None,
        returned_at=None if went else maybe(handover.ended_at),
        ended_by=handover.ended_by,
        held_seconds=handover.held,
        was_overdue=handover.was_overdue,
    )


def totals(department: str, handovers: Iterable[Handover], since: int) -> HandoverTotals:
    """Sum up what a department gave and received."""
    all_ = list(handovers)
    given = [each for each in all_ if each.giver == department]
    held = [each.held for each in given if each.outcome in PASSED_ON]
    return HandoverTotals(
        since=moment(since),
        given=_counts(given),
        received=_counts([each for each in all_ if each.to == department]),
        held_seconds=sum(held),
        held_median_seconds=median(held) if held else None,
    )


def _counts(handovers: list[Handover]) -> HandoverCounts:
    kinds = [outcome for outcome in Outcome if outcome is not Outcome.INFORMED]
    counts = {str(kind): sum(each.outcome is kind for each in handovers) for kind in kinds}
    overdue = sum(each.was_overdue for each in handovers)
    return HandoverCounts(all=len(handovers), was_overdue=overdue, **counts)
