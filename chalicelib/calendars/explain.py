"""Tells step by step why a deadline is when it is. All times are UTC epoch seconds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chalicelib.calendars import arithmetic, zones
from chalicelib.calendars.arithmetic import ONE_DAY, OpenWindow
from chalicelib.calendars.calendar import Calendar, Cause
from chalicelib.calendars.public_holidays import Name


class Kind(StrEnum):
    """What a step tells."""

    WINDOW = "window"
    CLOSED_DAY = "closed_day"
    HALF_DAY = "half_day"
    CLOCK_CHANGE = "clock_change"


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `begins` and `ends` are those of the counted time, or of the day, or when clocks change.

    `seconds`: the open time that was counted in a window; by how much the clocks were put forward (or back,
    if negative); 0 for a day. `cause` and `name` tell why a day is closed; `day` is a local date.
    """

    kind: Kind
    begins: int
    ends: int
    seconds: int = 0
    day: date | None = None
    cause: Cause | None = None
    name: Name | None = None


def steps(calendar: Calendar, start: int, open_seconds: int) -> tuple[Step, ...]:
    """Explain `due`: the windows that were used (their seconds are `open_seconds`), and what lay between.

    A closed day is told unless some of it was counted: a night's window may end in it. Steps are in the order
    of time, a day before its windows.

    Raises:
        NeverOpen, BadRequest, ValueError: as `due` does.

    """
    end = arithmetic.due(calendar, start, open_seconds)
    used = tuple(arithmetic.open_windows(calendar, start, end))
    found = [*days(calendar, start, end, used), *_changes(calendar, start, end), *map(_counted, used)]
    return tuple(sorted(found, key=lambda step: step.begins))


def _counted(window: OpenWindow) -> Step:
    return Step(Kind.WINDOW, window.opens, window.closes, window.closes - window.opens)


def _changes(calendar: Calendar, start: int, end: int) -> Iterator[Step]:
    for change in zones.changes(calendar.zone, start, end):
        yield Step(Kind.CLOCK_CHANGE, change.at, change.at, change.seconds)


def days(calendar: Calendar, start: int, end: int, used: Sequence[OpenWindow]) -> Iterator[Step]:
    """Tell the days that are closed, unless some of them was used, and the half days."""
    day, last = (zones.local_date(calendar.zone, at) for at in (start, end))
    while day <= last:
        about = calendar.day(day)
        begins = zones.opening(calendar.zone, day, 0)
        ends = zones.opening(calendar.zone, day + ONE_DAY, 0)
        counted = any(window.opens < ends and begins < window.closes for window in used)
        if about.cause is Cause.HALF_DAY:
            yield Step(Kind.HALF_DAY, begins, ends, day=day, cause=about.cause)
        elif about.cause and not counted and begins < ends:  # a day may be skipped, as in Samoa in 2011
            yield Step(Kind.CLOSED_DAY, begins, ends, day=day, cause=about.cause, name=about.name)
        day += ONE_DAY
