"""What people may do to a ticket, what each verb asks for, and when it is a conflict.

Pure; times are UTC epoch seconds. Repeated, every verb changes nothing. A conflict tells where the ticket
stands, who brought it there and when, and what to do instead.
"""

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from chalicelib import answering
from chalicelib.answering import MOST_PAUSES, Deed
from chalicelib.errors import BadRequest, Conflict
from chalicelib.history import Happened, HistoryEntry
from chalicelib.our_replies import Help
from chalicelib.policies import Policies
from chalicelib.ticket import Status, Ticket
from chalicelib.view import told_at

LONGEST_PAUSE = 366 * 24 * 60 * 60
MOST_REASONS = 60
"""Of one ticket: they must fit beside its text, and whoever has more to say should talk."""

MOVES = frozenset({Happened.PAUSED, Happened.RESUMED, Happened.RESOLVED, Happened.REOPENED})
"""Lines of which the last one tells how a ticket got where it stands."""

DONE = {
    Happened.ACKNOWLEDGED: "acknowledged this ticket",
    Happened.REPLIED: "answered this ticket",
    Happened.PAUSED: "paused this ticket",
    Happened.RESUMED: "resumed this ticket",
    Happened.RESOLVED: "resolved this ticket",
    Happened.REOPENED: "reopened this ticket",
}


class Reasoned(BaseModel):
    """Why; for people, and erased with the text."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=1000),
        Field(description="For people; it is erased with the text."),
    ]


class Pausing(Reasoned):
    """Until when we wait for who wrote the message, and why."""

    until: Annotated[
        AwareDatetime | None,
        Field(
            description="RFC 3339, within a year; then it resumes by itself. Left out or null: until resumed."
        ),
    ] = None


class Verb(NamedTuple):
    """A verb: what it makes of a ticket, and the body that it asks for, if any."""

    make: Callable[[Ticket, Any, Deed, Policies], Ticket]
    body: type[Reasoned] | None = None


def acknowledge(ticket: Ticket, _asked: None, deed: Deed, policies: Policies) -> Ticket:
    """Acknowledge a ticket; of several people the first one does."""
    refuse_closed(ticket, "acknowledge")
    if ticket.acknowledged_at is None and ticket.status is Status.ANSWERED:
        raise Conflict(f"{_answered(ticket)}, so there is nothing to acknowledge")
    if ticket.acknowledged_by not in {None, deed.subject}:
        raise Conflict(_who(ticket, Happened.ACKNOWLEDGED))
    return answering.acknowledged(ticket, deed, policies)


def pause(ticket: Ticket, asked: Pausing, deed: Deed, policies: Policies) -> Ticket:
    """Pause a ticket until a time, or until somebody resumes it."""
    until = None if asked.until is None else int(asked.until.timestamp())
    if until is not None and not deed.at < until <= deed.at + LONGEST_PAUSE:
        raise BadRequest(f"`until`: it is {told_at(deed.at)}: name a time within the year to come")
    if ticket.status is Status.PAUSED:
        if _did_it_last(ticket, Happened.PAUSED, deed) and ticket.pauses[-1].until == until:
            return ticket
        raise Conflict(f"{_who(ticket, Happened.PAUSED)}{_until(ticket)}: resume it before you pause it anew")
    refuse_closed(ticket, "pause")
    if not ticket.running:
        raise Conflict(f"{_answered(ticket)}, and no clock of it runs, so there is nothing to pause")
    if len(ticket.pauses) >= MOST_PAUSES:
        raise Conflict(f"this ticket was paused {MOST_PAUSES} times: answer or resolve it")
    return answering.paused(ticket, until, deed, policies)


def resume(ticket: Ticket, _asked: None, deed: Deed, policies: Policies) -> Ticket:
    """End the pause of a ticket."""
    if ticket.status is Status.PAUSED:
        return answering.resumed(ticket, deed, policies)
    if _did_it_last(ticket, Happened.RESUMED, deed):
        return ticket
    refuse_closed(ticket, "resume")
    last = _last(ticket, MOVES)
    how = f": {_told(last)}" if last and last.what is Happened.RESUMED else ""
    raise Conflict(f"this ticket is {ticket.status}, so there is nothing to resume{how}")


def resolve(ticket: Ticket, _asked: Reasoned, deed: Deed, policies: Policies) -> Ticket:
    """Close a ticket by a person's word."""
    if ticket.status is Status.RESOLVED and _did_it_last(ticket, Happened.RESOLVED, deed):
        return ticket
    refuse_closed(ticket, "resolve")
    return answering.resolved(ticket, deed, policies)


def reopen(ticket: Ticket, _asked: Reasoned, deed: Deed, policies: Policies) -> Ticket:
    """Open a ticket again that was answered or resolved; its clocks start anew if it was answered."""
    if ticket.status in {Status.RESOLVED, Status.ANSWERED}:
        return answering.reopened(ticket, deed, policies)
    if _did_it_last(ticket, Happened.REOPENED, deed):
        return ticket
    if ticket.status is Status.PAUSED:
        raise Conflict(f"{_who(ticket, Happened.PAUSED)}{_until(ticket)}: resume it instead")
    refuse_closed(ticket, "reopen")
    last = _last(ticket, MOVES)
    how = f": {_told(last)}" if last and last.what is Happened.REOPENED else ""
    raise Conflict(f"this ticket is {ticket.status}, so there is nothing to reopen{how}")


VERBS = {
    "acknowledge": Verb(acknowledge),
    "pause": Verb(pause, Pausing),
    "resume": Verb(resume),
    "resolve": Verb(resolve, Reasoned),
    "reopen": Verb(reopen, Reasoned),
}
"""By their place in the address."""


def room_for_reason(ticket: Ticket) -> None:
    """See that one more reason can be kept.

    Raises:
        Conflict: people have given so many that they should talk.

    """
    given = sum(reason.of_change for reason in ticket.reasons)
    if given >= MOST_REASONS:
        raise Conflict(f"people gave {given} reasons for changing this ticket: agree on where it stands")


def refuse_closed(ticket: Ticket, verb: str) -> None:
    """Refuse what can be done only to a ticket that is not closed."""
    refuse_unanswerable(ticket, verb)
    if ticket.status is Status.RESOLVED:
        who = _who(ticket, Happened.RESOLVED)
        raise Conflict(f"{who}, so there is nothing to {verb}: reopen it if there is")


def refuse_unanswerable(ticket: Ticket, verb: str) -> None:
    """Refuse what can be done only to a ticket that has a message which needs an answer."""
    if ticket.status is Status.NO_ANSWER_NEEDED:
        raise Conflict(
            f"this ticket needs no answer, so there is nothing to {verb}: reclassify it if it does"
        )
    if ticket.status is Status.WITHDRAWN:
        raise Conflict(f"the message of this ticket was deleted, so there is nothing to {verb}")


def _last(ticket: Ticket, kinds: frozenset[Happened]) -> HistoryEntry | None:
    return next((line for line in reversed(ticket.history) if line.what in kinds), None)


def _did_it_last(ticket: Ticket, what: Happened, deed: Deed) -> bool:
    last = _last(ticket, MOVES)
    return last is not None and last.what is what and last.about.get("subject") == deed.subject


def _who(ticket: Ticket, what: Happened) -> str:
    """Tell who did something last; the line may be missing where the history is full."""
    line = _last(ticket, frozenset({what}))
    return _told(line) if line else f"somebody {DONE[what]}"


def _answered(ticket: Ticket) -> str:
    """Tell who gave the answer that stands, or said that a reply is one."""
    for line in reversed(ticket.history):
        if (line.what, line.about.get("help")) == (Happened.REPLIED, Help.SUBSTANTIVE):
            return _told(line)
        if (line.what, line.about.get("to_help")) == (Happened.OVERRULED, Help.SUBSTANTIVE):
            return f"{line.by} said at {told_at(line.at)} that a reply answers this ticket"
    return "somebody answered this ticket"


def _told(line: HistoryEntry) -> str:
    by = line.by or ("our account" if line.what is Happened.REPLIED else "the clock")
    return f"{by} {DONE[line.what]} at {told_at(line.at)}"


def _until(ticket: Ticket) -> str:
    until = ticket.pauses[-1].until
    return f" until {told_at(until)}" if until is not None else ""
