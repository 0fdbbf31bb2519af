"""What stops the clocks of a ticket, and what starts them again. Pure; times are UTC epoch seconds.

Nobody winds a clock by hand. What was said and done is noted on the ticket, and `settled` works out from all
of it which clocks have stopped, and when: the same in whatever order we hear of it, and however often.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from chalicelib.clocks import Clock, ClockName, Pause, ended_by
from chalicelib.history import NOTHING, About, Happened, HistoryEntry
from chalicelib.our_replies import Heard, Help
from chalicelib.policies import Policies
from chalicelib.ticket import STOPPED, Status, Ticket

MOST_HEARD = 50
"""Replies of one ticket that are weighed; a robot may have said more."""

MOST_PAUSES = 50

LONGEST_PROMISE = 366 * 24 * 60 * 60
"""Seconds; what is promised for later is no deadline that anybody keeps in mind."""


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
    said = ticket.occurred_at if ticket.backfilled else None
    return min(ticket.received_at, said or ticket.received_at)


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
    if heard == same or (not same and not _worth(ticket, heard)):
        return ticket
    others = [each for each in ticket.heard if each.id != heard.id]
    all_ = tuple(sorted([*others, heard], key=lambda each: (each.at, each.id)))
    about: About = {"reply": heard.id, "said_at": heard.at, "help": str(heard.read_as)}
    noted = told(replace(ticket, heard=all_), deed, Happened.REPLIED, about)
    return _asked_again(settled(noted, policies), policies)


def overruled(ticket: Ticket, reply: str, says: Help, deed: Deed, policies: Policies) -> Ticket:
    """Note what a person says that a reply is; both readings are kept."""
    all_ = tuple(replace(each, overruled=says) if each.id == reply else each for each in ticket.heard)
    if all_ == ticket.heard:
        return ticket
    was = next(each.help for each in ticket.heard if each.id == reply)
    about = {"reply": reply, "from_help": str(was), "to_help": str(says)}
    noted = told(replace(ticket, heard=all_), deed, Happened.OVERRULED, about)
    return _asked_again(settled(noted, policies), policies)


def _asked_again(ticket: Ticket, policies: Policies) -> Ticket:
    """Open a ticket again if what answered it, as we hear only now, was said before its newest question."""
    answer = ticket.decision.clock(ClockName.ANSWER_BY)
    if ticket.status is not Status.ANSWERED or ticket.asked_at is None or answer is None:
        return ticket
    late = answer.stopped_at is not None and answer.stopped_at < ticket.asked_at
    return reopened(ticket, Deed(ticket.asked_at), policies) if late else ticket


def paused(ticket: Ticket, until: int | None, deed: Deed, policies: Policies) -> Ticket:
    """Stop all clocks while we wait for who wrote; until a time, if one is named.

    What has passed stays passed: the time until now counts.
    """
    pauses = (*ticket.pauses, Pause(deed.at, until))
    noted = replace(ticket, pauses=pauses, status=Status.PAUSED)
    about = {} if until is None else {"until": until}
    return settled(told(noted, deed, Happened.PAUSED, about), policies)


def resumed(ticket: Ticket, deed: Deed, policies: Policies) -> Ticket:
    """End a pause, at the latest when it was to end; no name: by itself, or by the person's answer."""
    pause = ticket.pauses[-1]
    ends = max(pause.start, deed.at if pause.until is None else min(deed.at, pause.until))
    noted = replace(ticket, pauses=(*ticket.pauses[:-1], Pause(pause.start, ends)), status=Status.OPEN)
    return settled(told(noted, deed, Happened.RESUMED), policies)


def spoken(ticket: Ticket, heard: Heard, says: Help, policies: Policies) -> Ticket:
    """End a pause that goes on where a reply that was said in it helps, or promises something.

    We wait no more then: we have spoken, or owe something. says: what the reply is.
    """
    if ticket.status is not Status.PAUSED or heard.at < ticket.pauses[-1].start:
        return ticket
    if says is Help.SUBSTANTIVE or is_promise(heard.at, heard.promise):
        return resumed(ticket, Deed(heard.at), policies)
    return ticket


def resolved(ticket: Ticket, deed: Deed, policies: Policies) -> Ticket:
    """Close a ticket by a person's word."""
    noted = replace(ticket, status=Status.RESOLVED, resolved_at=deed.at, handover=None)
    return settled(told(noted, deed, Happened.RESOLVED), policies)


def reopened(ticket: Ticket, deed: Deed, policies: Policies) -> Ticket:
    """Open a ticket again. Its clocks start anew if it was answered; if not, the person is still waiting.

    A promise that was not kept stays due.
    """
    noted = replace(ticket, status=Status.OPEN, resolved_at=None)
    if ticket.help is Help.SUBSTANTIVE:
        clocks = tuple(
            clock if clock.name is ClockName.PROMISED_BY else policies.restarted(clock, deed.at)
            for clock in ticket.decision.clocks
        )
        noted = replace(
            noted,
            decision=replace(ticket.decision, clocks=clocks),
            pauses=(),
            acknowledged_at=None,
            acknowledged_by=None,
        )
    return settled(told(noted, deed, Happened.REOPENED, _ended(ticket)), policies)


def settled(ticket: Ticket, policies: Policies) -> Ticket:
    """Give a ticket whose clocks are moved by its pauses and stopped by what was said and done.

    Clocks and status follow from what the ticket notes alone, in whatever order that was noted.
    """
    heard = ticket.heard_now
    stops = {
        ClockName.ACKNOWLEDGE_BY: _first(heard, SEEN, ticket.acknowledged_at),
        ClockName.ANSWER_BY: _first(heard, {Help.SUBSTANTIVE}),
    }
    clocks = [
        _stopped(ticket, clock, stops[clock.name], policies)
        for clock in ticket.decision.clocks
        if clock.name in stops
    ]
    if (promise := _promise(ticket, policies)) is not None:
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


def _stopped(ticket: Ticket, clock: Clock, stopped: int | None, policies: Policies) -> Clock:
    """Give a clock with what the pauses make of its deadline, and when it stopped.

    That is when the ticket was resolved, if nothing stopped it before, and never before it started. What
    stops it in a pause is in time if the pause began in time: no clock ran since.
    """
    ends = [at for at in (stopped, ticket.resolved_at) if at is not None]
    end = max(clock.started_at, min(ends)) if ends else None
    pauses = ended_by(ticket.pauses, end)
    moved = policies.shifted(ticket.decision.department or "", clock, pauses) if pauses else clock
    return replace(moved, stopped_at=end)


def _promise(ticket: Ticket, policies: Policies) -> Clock | None:
    """Give the clock of the promise that is to be kept first, or of the last one, if all are kept.

    Only substance after it keeps a promise; a new one does not take its place, nor does a reopening.
    """
    made = [each for each in ticket.heard if each.help in SEEN and is_promise(each.at, each.promise)]
    if not made or ticket.decision.department is None:
        return None
    ends = [(_kept(ticket, said), said) for said in made]
    broken = [said for end, said in ends if end is None]
    said = min(broken, key=lambda each: each.promise or 0) if broken else made[-1]
    assert said.promise is not None
    old = ticket.decision.clock(ClockName.PROMISED_BY)
    if old is None or (old.started_at, old.named_at) != (said.at, said.promise):
        old = policies.promised(ticket.decision.department, said.at, said.promise)
    return _stopped(ticket, old, _kept(ticket, said), policies)


def _kept(ticket: Ticket, promise: Heard) -> int | None:
    """Tell when a promise was kept: by another reply, in the same second at the earliest."""
    later = (each for each in ticket.heard if each.id != promise.id and each.at >= promise.at)
    return _first(later, {Help.SUBSTANTIVE})


def is_promise(at: int, due: int | None) -> bool:
    """Tell whether this is a time that can be promised: to come, and within a year."""
    return due is not None and at < due <= at + LONGEST_PROMISE


def _worth(ticket: Ticket, heard: Heard) -> bool:
    """Tell whether there is room for a reply; for an answer there always is."""
    return len(ticket.heard) < MOST_HEARD or heard.help is Help.SUBSTANTIVE


def _status(ticket: Ticket) -> Status:
    waits = ticket.status is Status.PAUSED and any(c.stopped_at is None for c in ticket.decision.clocks)
    if ticket.status in STOPPED or waits:
        return ticket.status
    answer, seen = (ticket.decision.clock(n) for n in (ClockName.ANSWER_BY, ClockName.ACKNOWLEDGE_BY))
    if answer and answer.stopped_at is not None:
        return Status.ANSWERED
    return Status.ACKNOWLEDGED if seen and seen.stopped_at is not None else Status.OPEN


def _ended(ticket: Ticket) -> About:
    """Tell how the clocks had ended, if somebody had answered."""
    answer = ticket.decision.clock(ClockName.ANSWER_BY)
    if answer is None or answer.stopped_at is None or ticket.help is not Help.SUBSTANTIVE:
        return NOTHING
    return {"answered_at": answer.stopped_at, "answer_was_due": answer.due_at}
