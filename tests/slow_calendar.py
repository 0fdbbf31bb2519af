"""Opening hours once more, slowly: a clock is watched, and asked again and again whether it is open now.

The product finds edges in local time and turns them into UTC. This here only ever turns UTC into local time,
goes from one reading of the clock to the next, minute by minute around a change of the clocks, and shares no
code with the product but the fields of a calendar. Times are UTC epoch seconds.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

from chalicelib.calendars.calendar import Calendar

MINUTE, HOUR, DAY = 60, 3600, 86_400
YEAR = 360 * DAY
SHORTEST_SUMMER = 5 * DAY  # the shortest was a week, in Recife in 2000
ONE_DAY = timedelta(days=1)


class Change(NamedTuple):
    """The clocks are changed; this far around it they are watched minute by minute."""

    at: int
    reach: int


class Stretch(NamedTuple):
    """It is open, or closed, for so long."""

    begins: int
    ends: int
    is_open: bool


@cache
def changes(zone: ZoneInfo, year: int) -> tuple[Change, ...]:
    """Find the changes of a zone's clocks in a year (one of 360 days since 1970)."""
    begins = year * YEAR
    found, ahead = [], offset(zone, begins)
    for at in range(begins, begins + YEAR, SHORTEST_SUMMER):
        if by := offset(zone, at + SHORTEST_SUMMER) - ahead:
            found.append(Change(_when(zone, at, ahead), abs(by) + HOUR))
            ahead += by
    return tuple(found)


def _when(zone: ZoneInfo, begins: int, ahead: int) -> int:
    ends = begins + SHORTEST_SUMMER
    while ends - begins > 1:
        middle = (begins + ends) // 2
        begins, ends = (middle, ends) if offset(zone, middle) == ahead else (begins, middle)
    return ends


def reading(zone: ZoneInfo, at: int) -> datetime:
    return datetime.fromtimestamp(at, zone).replace(tzinfo=None, fold=0)


def offset(zone: ZoneInfo, at: int) -> int:
    ahead = datetime.fromtimestamp(at, zone).utcoffset()
    assert ahead is not None
    return ahead // timedelta(seconds=1)


@cache
def public_holidays(country: str, subdivision: str | None) -> holidays.HolidayBase:
    return holidays.country_holidays(country, subdiv=subdivision)


@dataclass
class SlowCalendar:
    """A calendar that is watched."""

    about: Calendar
    hours: dict[date, list[tuple[int, int]]] = field(default_factory=dict)

    def is_holiday(self, day: date) -> bool:
        closed = self.about.company_holidays
        if any(day.timetuple()[:3] == (c if isinstance(c, tuple) else c.timetuple()[:3]) for c in closed):
            return True
        if any(isinstance(c, tuple) and c == (day.month, day.day) for c in closed):
            return True
        return bool(self.about.country and day in public_holidays(self.about.country, self.about.subdivision))

    def hours_of(self, day: date) -> list[tuple[int, int]]:
        """Tell what begins on a day, in its minutes; nothing runs into a holiday."""
        if day not in self.hours:
            self.hours[day] = self._hours_of(day)
        return self.hours[day]

    def _hours_of(self, day: date) -> list[tuple[int, int]]:
        usual = self.about.week[day.weekday()]
        if self.is_holiday(day) or not usual:
            return []
        for half in (day, (day.month, day.day)):
            if half in self.about.half_days:
                usual = self.about.half_days[half]
                break
        if self.is_holiday(day + ONE_DAY):
            return [(begins, min(ends, 24 * 60)) for begins, ends in usual]
        return list(usual)

    def near(self, at: int) -> list[Change]:
        """Give the changes of the clocks within 26 hours."""
        begins, ends = at - 26 * HOUR, at + 26 * HOUR
        years = range(begins // YEAR, ends // YEAR + 1)
        return [c for year in years for c in changes(self.about.zone, year) if begins <= c.at <= ends]

    def is_open(self, at: int) -> bool:
        """See whether a window has begun and has not ended.

        It has begun if its first minute, or a later one, was read. It has not ended if a minute of it, or an
        earlier one, is still to be read.
        """
        zone, now = self.about.zone, reading(self.about.zone, at)
        latest = max([now, *(reading(zone, c.at - 1) for c in self.near(at) if c.at <= at)])
        earliest = min([now, *(reading(zone, c.at) for c in self.near(at) if c.at > at)])
        day = earliest.date() - ONE_DAY
        while day <= latest.date():
            midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001
            for begins, ends in self.hours_of(day):
                has_begun = latest >= midnight + timedelta(minutes=begins)
                if has_begun and earliest < midnight + timedelta(minutes=ends):
                    return True
            day += ONE_DAY
        return False

    def next_look(self, at: int) -> int:
        """Tell when to look at the clock again: nothing opens or closes in between."""
        to_full_minute = MINUTE - at % MINUTE
        ahead = [c for c in self.near(at) if at < c.at + c.reach]
        if ahead and at >= ahead[0].at - ahead[0].reach:
            return at + to_full_minute
        now = reading(self.about.zone, at)
        seconds = now.hour * HOUR + now.minute * MINUTE + now.second
        edges = [24 * 60, *(ends - 24 * 60 for _, ends in self.hours_of(now.date() - ONE_DAY))]
        edges += [edge for window in self.hours_of(now.date()) for edge in window]
        look = at + min(edge * MINUTE for edge in edges if edge * MINUTE > seconds) - seconds
        return min([look, *(c.at - c.reach for c in ahead)])

    def watch(self, at: int) -> Iterator[Stretch]:
        """Tell what is seen from now on, stretch by stretch."""
        begins, is_open = at, self.is_open(at)
        while True:
            at = self.next_look(at)
            if self.is_open(at) != is_open:
                yield Stretch(begins, at, is_open)
                begins, is_open = at, not is_open
            elif at - begins > 400 * DAY:
                yield Stretch(begins, at, is_open)
                begins = at

    def due(self, start: int, open_seconds: int) -> int:
        if open_seconds == 0 and (self.is_open(start) or self.is_open(start - 1)):
            return start
        for stretch in self.watch(start):
            if stretch.is_open:
                if open_seconds <= stretch.ends - stretch.begins:
                    return stretch.begins + open_seconds
                open_seconds -= stretch.ends - stretch.begins
        raise AssertionError

    def open_seconds_between(self, start: int, end: int) -> int:
        total = 0
        for stretch in self.watch(start):
            if stretch.is_open:
                total += max(0, min(stretch.ends, end) - stretch.begins)
            if stretch.ends >= end:
                return total
        raise AssertionError
