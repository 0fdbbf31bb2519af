"""Why the deadlines of a ticket are when they are: what was counted, what was not, and why. Pure.

An explanation always adds up: the windows that are told, and what a reply window cuts off, are the seconds
that were granted, and they end at the deadline that is stored. If they no longer can, that is said instead.
Times are UTC epoch seconds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from chalicelib import deadline_origins as origins
from chalicelib.calendars import arithmetic, explain, zones
from chalicelib.calendars.arithmetic import OpenWindow
from chalicelib.calendars.calendar import ALWAYS, Calendar
from chalicelib.calendars.explain import Step
from chalicelib.clocks import Clock, Pause, ended_by, stretches
from chalicelib.errors import BadRequest, NeverOpen
from chalicelib.history import Happened
from chalicelib.policies import Policies
from chalicelib.ticket import Ticket

MOST_WINDOWS = 2000
"""Of a clock; more would not fit into an answer (6 MB).

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""


class Unexplained(StrEnum):
    """Why the windows of a clock cannot be told."""

    CALENDAR_CHANGED = "calendar_changed"
    CALENDAR_GONE = "calendar_gone"
    PAUSES_CHANGED = "pauses_changed"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Course:
    """How a clock runs: the windows that count, the days and pauses that do not, and what is cut off.

    cut: open seconds that were granted but lie beyond the platform's reply window.
    """

    windows: tuple[OpenWindow, ...]
    days: tuple[Step, ...]
    pauses: tuple[Pause, ...]
    cut: int

    @property
    def counted(self) -> int:
        """The open seconds of its windows."""
        return sum(window.closes - window.opens for window in self.windows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedClock:
    """A clock and all that is behind its numbers; `zone`: whose local time to tell."""

    clock: Clock
    since: origins.Since
    grant: origins.Grant
    stop: origins.Stop | None
    zone: ZoneInfo
    version_now: str | None
    policy_changed: bool
    course: Course | None
    unexplained: Unexplained | None
    changes: tuple[zones.Change, ...]

    @property
    def calendar_changed(self) -> bool:
        """Tell whether the calendar is another one than when the clock was set."""
        return self.version_now != self.clock.calendar_version


def explained(ticket: Ticket, policies: Policies, home: ZoneInfo) -> tuple[ExplainedClock, ...]:
    """Explain all clocks of a ticket; `home`: whose local time to tell where its calendar has none."""
    return tuple(_clock(ticket, clock, policies, home) for clock in ticket.decision.clocks)


def zone_of(ticket: Ticket, policies: Policies) -> ZoneInfo | None:
    """Tell whose local time the owner of a ticket lives by; None: by day and night there is none."""
    department = ticket.decision.department
    calendar = policies.calendar_of(department) if department in policies.departments.ids else ALWAYS
    return None if calendar.id == ALWAYS.id else calendar.zone


def _clock(ticket: Ticket, clock: Clock, policies: Policies, home: ZoneInfo) -> ExplainedClock:
    calendar = policies.calendars.get(clock.calendar)
    zone = home if calendar is None or calendar.id == ALWAYS.id else calendar.zone
    told = _told(ticket, clock, calendar)
    return ExplainedClock(
        clock=clock,
        since=origins.since(ticket, clock),
        grant=origins.grant(ticket, clock, policies),
        stop=origins.stop(ticket, clock),
        zone=zone,
        version_now=calendar.version if calendar else None,
        policy_changed=clock.policy != policies.version,
        course=told if isinstance(told, Course) else None,
        unexplained=told if isinstance(told, Unexplained) else None,
        changes=tuple(zones.changes(zone, clock.started_at, clock.due_at)),
    )


def _told(ticket: Ticket, clock: Clock, calendar: Calendar | None) -> Course | Unexplained:
    if calendar is None:
        return Unexplained.CALENDAR_GONE
    try:
        for pauses in (ended_by(ticket.pauses, clock.stopped_at), *_pauses(ticket)):
            ran = tuple(stretches(calendar, clock.seconds, clock.started_at, pauses))
            if _ends(clock, ran[-1][1]) == clock.due_at:
                return _course(clock, calendar, ran)
    except (NeverOpen, BadRequest):  # the calendar of then was
        return Unexplained.CALENDAR_CHANGED
    changed = calendar.version != clock.calendar_version
    return Unexplained.CALENDAR_CHANGED if changed else Unexplained.PAUSES_CHANGED


def _ends(clock: Clock, due: int) -> int:
    if clock.no_later_than is None:
        return due
    return max(clock.started_at, min(due, clock.no_later_than))


def _pauses(ticket: Ticket) -> Iterator[tuple[Pause, ...]]:
    """Give what the pauses of a ticket may have been when a clock was set, the likeliest first.

    A clock that was stopped knows no later pause, and the last one perhaps as it was planned.
    """
    planned = [line.about.get("until") for line in ticket.history if line.what is Happened.PAUSED]
    for n in range(len(ticket.pauses), 0, -1):
        *before, last = ticket.pauses[:n]
        yield (*before, last)
        until = planned.pop() if planned else None
        if isinstance(until, int):
            yield (*before, Pause(last.start, until))
    yield ()


def _course(clock: Clock, calendar: Calendar, ran: Sequence[tuple[int, int]]) -> Course | Unexplained:
    due = clock.due_at
    between = [(begins, min(ends, due)) for begins, ends in ran if begins < due]
    found = (window for piece in between for window in arithmetic.open_windows(calendar, *piece))
    windows = tuple(islice(found, MOST_WINDOWS + 1))
    if len(windows) > MOST_WINDOWS:
        return Unexplained.TOO_LONG
    pauses = tuple(Pause(ends, min(begins, due)) for (_, ends), (begins, _) in pairwise(ran) if ends < due)
    days = explain.days(calendar, clock.started_at, due, windows)
    course = Course(windows, tuple(day for day in days if not _paused(day, pauses)), pauses, 0)
    return Course(windows, course.days, pauses, clock.seconds - course.counted)


def _paused(day: Step, pauses: Sequence[Pause]) -> bool:
    """Tell whether all of a day was paused."""
    return any(pause.start <= day.begins and day.ends <= (pause.until or 0) for pause in pauses)
