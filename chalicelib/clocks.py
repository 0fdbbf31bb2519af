"""The clocks of a ticket, each with a deadline of its own. Pure; times are UTC epoch seconds.

acknowledge_by  runs until somebody says that it was seen
answer_by       runs until a person answers with substance
promised_by     runs until a promise of ours is kept

A clock follows from when it started, the open seconds it grants, a calendar and the pauses. It is never wound
on step by step, so that nothing can be lost on the way (docs/decisions/0022).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.calendars import arithmetic
from chalicelib.calendars.calendar import ALWAYS, Calendar
from chalicelib.errors import NeverOpen


class ClockName(StrEnum):
    """What a clock waits for."""

    ACKNOWLEDGE_BY = "acknowledge_by"
    ANSWER_BY = "answer_by"
    PROMISED_BY = "promised_by"


WARNING, OVERDUE, ESCALATION = "warning", "overdue", "escalation_"
"""Levels of alarm; escalations are numbered from 1."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """When a level is reached, and what became of it: it is told once, or never.

    claimed_at: when it was found due. claimed_until: by then who claimed it has told it, or was cut off.
    passed_at: when a higher level was told in its place, because both were due.
    """

    level: str
    at: int
    told_at: int | None = None
    claimed_at: int | None = None
    claimed_until: int | None = None
    passed_at: int | None = None

    @property
    def next_at(self) -> int | None:
        """When somebody has to see to it; None: never again."""
        if self.told_at is not None or self.passed_at is not None:
            return None
        return max(self.at, self.claimed_until or 0)


@dataclass(frozen=True, slots=True)
class Levels:
    """When alarms go off, in open seconds: before the deadline, and after it for each escalation.

    only_when_open: never in closed hours, but when the calendar opens next.
    """

    warn_before: int = 0
    escalate_after: tuple[int, ...] = ()
    only_when_open: bool = True


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which no clock of a ticket runs; until is None as long as nobody knows."""

    start: int
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a policy grants: open seconds of a calendar, but never beyond `no_later_than`.

    policy: version of the file that says so.
    """

    seconds: int
    calendar: Calendar
    levels: Levels
    policy: str
    no_later_than: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One clock: by whose terms it runs, when it is due, and when it was stopped."""

    name: ClockName
    started_at: int
    seconds: int
    due_at: int
    calendar: str
    calendar_version: str
    policy: str
    no_later_than: int | None = None
    stopped_at: int | None = None
    alarms: tuple[Alarm, ...] = ()

    @property
    def in_time(self) -> bool | None:
        """Tell whether it was stopped in time; None while it was not stopped."""
        return None if self.stopped_at is None else self.stopped_at <= self.due_at

    @property
    def named_at(self) -> int:
        """Tell the deadline of a promise as it was named, before any pause."""
        return self.started_at + self.seconds

    @property
    def run(self) -> str:
        """Name this run of the clock: another start, or another promise, makes another one."""
        named = f"-{self.named_at}" if self.name is ClockName.PROMISED_BY else ""
        return f"{self.name}:{self.started_at}{named}"

    @property
    def alarm_at(self) -> int | None:
        """When somebody has to see to the next of its alarms."""
        times = (alarm.next_at for alarm in self.alarms)
        return min((at for at in times if at is not None), default=None)


def started(name: ClockName, terms: Terms, at: int, pauses: Sequence[Pause] = ()) -> Clock:
    """Start a clock.

    Raises:
        NeverOpen: its calendar does not open often enough.

    """
    due = _due(terms, at, pauses)
    return Clock(
        name=name,
        started_at=at,
        seconds=terms.seconds,
        due_at=due,
        calendar=terms.calendar.id,
        calendar_version=terms.calendar.version,
        policy=terms.policy,
        no_later_than=terms.no_later_than,
        alarms=tuple(alarms(terms, _last_start(at, due, pauses), due)),
    )


def _last_start(at: int, due: int, pauses: Sequence[Pause]) -> int:
    """Tell since when a clock runs without a break: nobody is warned in a pause."""
    return max([at, *(pause.until for pause in pauses if pause.until and pause.until <= due)])


def shifted(clock: Clock, terms: Terms, pauses: Sequence[Pause]) -> Clock:
    """Give a clock with what pauses make of its deadline; one that was missed before them stays missed."""
    new = started(clock.name, terms, clock.started_at, pauses)
    return replace(new, stopped_at=clock.stopped_at, alarms=_kept(new.alarms, clock.alarms))


def ended_by(pauses: Sequence[Pause], stop: int | None) -> tuple[Pause, ...]:
    """Give pauses as they are for a clock that stopped then: the one that it stopped in ends with it."""
    if stop is None:
        return tuple(pauses)
    return tuple(
        Pause(pause.start, stop) if pause.start <= stop and (pause.until or stop) >= stop else pause
        for pause in pauses
    )


def sooner(ours: Clock, theirs: Clock) -> Clock:
    """Choose the earlier deadline of two clocks that started at the same time; what was told stays told."""
    if theirs.due_at >= ours.due_at:
        return ours
    return replace(theirs, stopped_at=ours.stopped_at, alarms=_kept(theirs.alarms, ours.alarms))


def named_time(name: ClockName, terms: Terms, at: int, due: int) -> Clock:
    """Start a clock whose deadline somebody has named; the calendar only says when its alarms may go off."""
    by_day_and_night = replace(terms, seconds=due - at, calendar=ALWAYS, no_later_than=None)
    return alarmed(started(name, by_day_and_night, at), terms)


def alarmed(clock: Clock, terms: Terms) -> Clock:
    """Give a clock whose alarms go off by another calendar; what was told stays told."""
    return replace(clock, alarms=_kept(alarms(terms, clock.started_at, clock.due_at), clock.alarms))


def _kept(new: Iterable[Alarm], old: Iterable[Alarm]) -> tuple[Alarm, ...]:
    was = {alarm.level: alarm for alarm in old}
    return tuple(replace(was.get(alarm.level, alarm), at=alarm.at) for alarm in new)


def _due(terms: Terms, start: int, pauses: Sequence[Pause]) -> int:
    """Find the second at which the open seconds are used up, none of which pass while it is paused."""
    *_, (_, due) = stretches(terms.calendar, terms.seconds, start, pauses)
    return due if terms.no_later_than is None else max(start, min(due, terms.no_later_than))


def stretches(
    calendar: Calendar, seconds: int, start: int, pauses: Sequence[Pause]
) -> Iterator[tuple[int, int]]:
    """Tell from when to when a clock runs between its pauses; the end of the last one is when it is due.

    Raises:
        NeverOpen: the calendar does not open often enough.

    """
    left, at = seconds, start
    for pause in pauses:
        if pause.until is None or pause.until <= at:
            continue
        used = arithmetic.open_seconds_between(calendar, at, max(at, pause.start))
        if used >= left:
            break
        yield at, max(at, pause.start)
        left, at = left - used, pause.until
    yield at, arithmetic.due(calendar, at, left)


def alarms(terms: Terms, start: int, due: int) -> Iterable[Alarm]:
    """Say when each level of a clock is reached, in order; there is no warning if nobody is there before."""
    calendar, levels = terms.calendar, terms.levels
    warn = warned_at(calendar, start, due, levels.warn_before) if levels.warn_before else due
    if warn < due and (at := _awake(terms, warn)) < due:
        yield Alarm(WARNING, at)
    yield Alarm(OVERDUE, _awake(terms, due))
    for number, after in enumerate(levels.escalate_after, 1):
        with suppress(NeverOpen):  # nobody will ever be there to hear of it
            yield Alarm(f"{ESCALATION}{number}", _awake(terms, arithmetic.due(calendar, due, after)))


def _awake(terms: Terms, at: int) -> int:
    """Put an alarm off until somebody is there."""
    return arithmetic.next_open(terms.calendar, at) if terms.levels.only_when_open else at


def warned_at(calendar: Calendar, start: int, due: int, before: int) -> int:
    """Find the last second, not before `start`, from which so many open seconds are left until `due`."""
    low, high = start, due
    if arithmetic.open_seconds_between(calendar, low, due) <= before:
        return low
    while high - low > 1:
        middle = (low + high) // 2
        enough = arithmetic.open_seconds_between(calendar, middle, due) >= before
        low, high = (middle, high) if enough else (low, middle)
    return low
