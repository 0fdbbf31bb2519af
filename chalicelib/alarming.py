"""Which alarms of a ticket are due, and who hears of them. Pure; times are UTC epoch seconds.

An alarm is claimed before it is told, and marked as told afterwards. Whoever claims it has some minutes for
that; if nothing was marked by then, somebody else takes it up again (docs/decisions/0023).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from chalicelib.answering import Deed, resumed, told
from chalicelib.clocks import ESCALATION, Alarm, Clock, ClockName
from chalicelib.departments import Departments
from chalicelib.history import Happened
from chalicelib.policies import Policies
from chalicelib.ticket import Status, Ticket

LEASE = 5 * 60
"""For so long a claimed alarm is left to who claimed it: longer than the function may run."""


class Raised(NamedTuple):
    """A level that a clock has reached in one of its runs (`Clock.run`), the same over all tries."""

    clock: ClockName
    run: str
    level: str


def taken_up(ticket: Ticket, now: int, policies: Policies) -> Ticket:
    """End a pause that is over, and claim what is due; the same ticket if nothing is to be done.

    A level is reached once its second has passed: who answers within it is in time.
    """
    if ticket.status is Status.PAUSED:
        until = ticket.pauses[-1].until
        if until is None or until >= now:
            return ticket
        ticket = resumed(ticket, Deed(now), policies)
    return _claimed(ticket, now)


def claims(old: Ticket, new: Ticket) -> tuple[Raised, ...]:
    """Name what was claimed between two states of a ticket, the earliest deadline first."""
    before = {raised: alarm.claimed_until for raised, alarm in _alarms(old)}
    return tuple(
        raised
        for raised, alarm in _alarms(new)
        if alarm.claimed_until is not None and alarm.claimed_until != before.get(raised)
    )


def to_tell(ticket: Ticket, raised: Raised) -> tuple[Clock, Alarm] | None:
    """Give a claimed alarm, unless its clock has stopped since, or waits: then it is not told."""
    for clock in _going(ticket):
        for alarm in clock.alarms:
            if _named(clock, alarm) == raised and alarm.told_at is None:
                return clock, alarm
    return None


def marked(ticket: Ticket, raised: Raised, now: int) -> Ticket:
    """Note that an alarm was told; the same ticket if its clock is gone."""
    clocks = []
    for clock in ticket.decision.clocks:
        alarms = (replace(a, told_at=now) if _named(clock, a) == raised else a for a in clock.alarms)
        clocks.append(replace(clock, alarms=tuple(alarms)))
    return replace(ticket, decision=replace(ticket.decision, clocks=tuple(clocks)))


def recipient(ticket: Ticket, level: str, departments: Departments) -> str | None:
    """Tell which department hears of a level; None: ops do, as of owners that are gone."""
    owner = next((each for each in departments.departments if each.id == ticket.decision.department), None)
    if owner is None:
        return None
    if not level.startswith(ESCALATION):
        return owner.id
    return (owner.escalates_to or owner.id) if level == f"{ESCALATION}1" else None


def _claimed(ticket: Ticket, now: int) -> Ticket:
    clocks = {clock.name: _taken(clock, now) for clock in _going(ticket)}
    all_ = tuple(clocks.get(clock.name, clock) for clock in ticket.decision.clocks)
    new = replace(ticket, decision=replace(ticket.decision, clocks=all_))
    known = {raised for raised, alarm in _alarms(ticket) if alarm.claimed_at is not None}
    for raised in claims(ticket, new):
        if raised not in known:
            about = {"clock": str(raised.clock), "level": raised.level}
            new = told(new, Deed(now), Happened.ALARMED, about)
    return new


def _taken(clock: Clock, now: int) -> Clock:
    """Claim the highest level that is due, pass over those below, and take up again what was left."""
    due = [alarm for alarm in clock.alarms if alarm.next_at is not None and alarm.next_at < now]
    fresh = [alarm for alarm in due if alarm.claimed_at is None]
    new = {alarm.level: replace(alarm, passed_at=now) for alarm in fresh[:-1]}
    for alarm in (each for each in due if each not in fresh[:-1]):
        first = alarm.claimed_at if alarm.claimed_at is not None else now
        new[alarm.level] = replace(alarm, claimed_at=first, claimed_until=now + LEASE)
    return replace(clock, alarms=tuple(new.get(alarm.level, alarm) for alarm in clock.alarms))


def _going(ticket: Ticket) -> tuple[Clock, ...]:
    """Give the clocks that may sound an alarm: none while we wait for who wrote."""
    return () if ticket.status is Status.PAUSED else ticket.running


def _alarms(ticket: Ticket) -> Iterator[tuple[Raised, Alarm]]:
    for clock in sorted(ticket.decision.clocks, key=lambda clock: clock.due_at):
        for alarm in clock.alarms:
            yield _named(clock, alarm), alarm


def _named(clock: Clock, alarm: Alarm) -> Raised:
    return Raised(clock.name, clock.run, alarm.level)
