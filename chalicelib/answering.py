"""What stops the clocks of a ticket, and what starts them again. Pure; times are UTC epoch seconds.

Nobody winds a clock by hand. What was said and done is noted on the ticket, and `settled` works out from all
of it which clocks have stopped, and when: the same in whatever order we hear of it, and however often.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from chalicelib.clocks import Clock, ClockName, Pause
from chalicelib.history import NOTHING, About, Happened, HistoryEntry
from chalicelib.our_replies import Heard, Help
from chalicelib.policies import Policies
from chalicelib.ticket import STOPPED, Status, Ticket

MOST_HEARD = 50
"""Replies of one ticket that are weighed; a robot may have said more."""

MOST_PAUSES = 50


class Deed(NamedTuple):
    """When something was done, and by whom; nobody, if it happened by itself.

    gives_reason: they told why, and that is kept with the text (see `Clockwork.change`).
    """

    at: int
    name: str | None = None
    subject: str | None = None
    gives_reason: bool = False


SEEN = frozenset({Help.RECEIPT, Help.SUBSTANTIVE})


def start_of(ticket: Ticket) -> int:
    """Tell when the person began to wait: when we received it or, fetched late, when it was said."""
    late = ticket.backfilled and ticket.occurred_at is not None
    return min(ticket.received_at, ticket.occurred_at or 0) if late else ticket.received_at


def acknowledged(ticket: Ticket, deed: Deed, policies: Policies) -> Ticket:
    """Note that a person of ours has seen a ticket; the first one counts."""
    if ticket.acknowledged_at is not None:
        return ticket
    noted = replace(ticket, acknowledged_at=deed.at, acknowledged_by=deed.subject)
    return settled(told(noted, deed, Happened.ACKNOWLEDGED), policies)


def replied(ticket: Ticket, heard: Heard, deed: Deed, policies: Policies) -> Ticket:
    """Note a reply of a person of ours, or how an edit of it reads; the same ticket if that is known."""
    if same := next((each for each in ticket.heard if each.id == heard.id), None):
        heard = replace(heard, overruled=same.overruled)
    elif len(ticket.heard) >= MOST_HEARD:
        return ticket
    if heard == same:
        return ticket
    others = [each for each in ticket.heard if each.id != heard.id]
    all_ = tuple(sorted([*others, heard], key=lambda each: (each.at, each.id)))
    about: About = {"reply": heard.id, "said_at": heard.at, "help": str(heard.read_as)}
    return settled(told(replace(ticket, heard=all_), deed, Happened.REPLIED, about), policies)


def overruled(ticket: Ticket, reply: str, says: Help, deed: Deed, policies: Policies) -> Ticket:
    """Note what a person says that a reply is; both readings are kept."""
    all_ = tuple(replace(each, overruled=says) if each.id == reply else each for each in ticket.heard)
    if all_ == ticket.heard:
        return ticket
    was = next(each.help for each in ticket.heard if each.id == reply)
    about = {"reply": reply, "from_help": str(was), "to_help": str(says)}
    return settled(told(replace(ticket, heard=all_), deed, Happened.OVERRULED, about), policies)


def paused(ticket: Ticket, until: int | None, deed: Deed, policies: Policies) -> Ticket:
    """Stop all clocks while we wait for who wrote; until a time, if one is named.

    What has passed stays passed: the time until now counts.
    """
    pauses = (*ticket.pauses, Pause(deed.at, until))
    noted = replace(ticket, pauses=pauses, status=Status.PAUSED)
    about = {} if until is None else {"until": until}
    return settled(_moved(told(noted, deed, Happened.PAUSED, about), policies), policies)


def resumed(ticket: Ticket, deed: Deed, policies: Policies) -> Ticket:
    """End a pause, at the latest when it was to end; no name: by itself, or by the person's answer."""
    pause = ticket.pauses[-1]
    ends = max(pause.start, deed.at if pause.until is None else min(deed.at, pause.until))
    noted = replace(ticket, pauses=(*ticket.pauses[:-1], Pause(pause.start, ends)), status=Status.OPEN)
    return settled(_moved(told(noted, deed, Happened.RESUMED), policies), policies)


def resolved(ticket: Ticket, deed: Deed, policies: Policies) -> Ticket:
    """Close a ticket by a person's word."""
    noted = replace(ticket, status=Status.RESOLVED, resolved_at=deed.at, handover=None)
    return settled(told(noted, deed, Happened.RESOLVED), policies)


def reopened(ticket: Ticket, deed: Deed, policies: Policies) -> Ticket:
    """Start the clocks anew: a person of ours was wrong, or who wrote has a new question."""
    clocks = tuple(
        policies.restarted(clock, deed.at)
        for clock in ticket.decision.clocks
        if clock.name is not ClockName.PROMISED_BY
    )
    noted = replace(
        ticket,
        decision=replace(ticket.decision, clocks=clocks),
        status=Status.OPEN,
        pauses=(),
        acknowledged_at=None,
        acknowledged_by=None,
        resolved_at=None,
    )
    return settled(told(noted, deed, Happened.REOPENED, _ended(ticket)), policies)


def settled(ticket: Ticket, policies: Policies) -> Ticket:
    """Give a ticket whose clocks are stopped by what was said and done, and whose status says so."""
    heard = ticket.heard_now
    stops = {
        ClockName.ACKNOWLEDGE_BY: _first(heard, SEEN, ticket.acknowledged_at),
        ClockName.ANSWER_BY: _first(heard, {Help.SUBSTANTIVE}),
    }
    clocks = [
        replace(clock, stopped_at=_closed(ticket, clock, stops[clock.name]))
        for clock in ticket.decision.clocks
        if clock.name in stops
    ]
    if (promise := _promise(ticket, heard, policies)) is not None:
        clocks.append(promise)
    weighed = replace(ticket, decision=replace(ticket.decision, clocks=tuple(clocks)))
    return replace(weighed, status=_status(weighed))


def told(ticket: Ticket, deed: Deed, what: Happened, about: About = NOTHING) -> Ticket:
    """Add a line to the history; beside what it is about, it tells who did it, and where their reason is."""
    if deed.subject is not None:
        who = because_of(ticket, deed.subject) if deed.gives_reason else {"subject": deed.subject}
        about = {**who, **about}
    line = HistoryEntry(deed.at, what, by=deed.name, about=about)
    return replace(ticket, history=(*ticket.history, line))


def because_of(ticket: Ticket, subject: str) -> About:
    """Write what ties a line of history to the reason that is kept with the text (see `Clockwork.change`)."""
    return {"reason": ticket.revision + 1, "subject": subject}


def _first(heard: Iterable[Heard], kinds: Iterable[Help], other: int | None = None) -> int | None:
    times = [each.at for each in heard if each.help in kinds]
    return min((at for at in [*times, other] if at is not None), default=None)


def _closed(ticket: Ticket, clock: Clock, stopped: int | None) -> int | None:
    """Tell when a clock stopped: when it was resolved, if nothing did so before; never before it started."""
    ends = [at for at in (stopped, ticket.resolved_at) if at is not None]
    return max(clock.started_at, min(ends)) if ends else None


def _promise(ticket: Ticket, heard: tuple[Heard, ...], policies: Policies) -> Clock | None:
    """Give the clock of our latest promise; only substance after it keeps it."""
    made = [each for each in heard if each.promise is not None and each.help in SEEN]
    if not made or ticket.decision.department is None:
        return None
    said = made[-1]
    assert said.promise is not None
    old = ticket.decision.clock(ClockName.PROMISED_BY)
    clock = policies.promised(ticket.decision.department, said.at, said.promise)
    if old and (old.started_at, old.named_at) == (clock.started_at, clock.named_at):
        clock = old
    kept = _first((each for each in heard if each.at > said.at), {Help.SUBSTANTIVE})
    return replace(clock, stopped_at=_closed(ticket, clock, kept))


def _status(ticket: Ticket) -> Status:
    waits = ticket.status is Status.PAUSED and any(c.stopped_at is None for c in ticket.decision.clocks)
    if ticket.status in STOPPED or waits:
        return ticket.status
    answer, seen = (ticket.decision.clock(n) for n in (ClockName.ANSWER_BY, ClockName.ACKNOWLEDGE_BY))
    if answer and answer.stopped_at is not None:
        return Status.ANSWERED
    return Status.ACKNOWLEDGED if seen and seen.stopped_at is not None else Status.OPEN


def _moved(ticket: Ticket, policies: Policies) -> Ticket:
    """Give the clocks that run the deadlines that the pauses make of them."""
    owner = ticket.decision.department or ""
    clocks = tuple(
        clock if clock.stopped_at is not None else policies.shifted(owner, clock, ticket.pauses)
        for clock in ticket.decision.clocks
    )
    return replace(ticket, decision=replace(ticket.decision, clocks=clocks))


def _ended(ticket: Ticket) -> About:
    """Tell how the clocks had ended that are started anew."""
    answer = ticket.decision.clock(ClockName.ANSWER_BY)
    if answer is None or answer.stopped_at is None:
        return NOTHING
    return {"answered_at": answer.stopped_at, "answer_was_due": answer.due_at}
