"""A calendar: in which hours of which days a department is there. Pure, and without a clock of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.calendars import public_holidays, zones
from chalicelib.calendars.public_holidays import Name

MINUTES = 1440
"""Of a day, by the clock on the wall."""

Window = tuple[int, int]
"""Opens and closes, in minutes of the day it begins on; beyond 1440 it runs into the next day."""

Windows = tuple[Window, ...]
MonthDay = tuple[int, int]
"""The same day of every year, such as (12, 24)."""

WHOLE_DAY: Windows = ((0, MINUTES),)
SATURDAY = 5


class Cause(StrEnum):
    """Why a day is closed, or shorter than its weekday."""

    WEEKEND = "weekend"
    NO_HOURS = "no_hours"
    PUBLIC_HOLIDAY = "public_holiday"
    COMPANY_HOLIDAY = "company_holiday"
    HALF_DAY = "half_day"


HOLIDAYS = frozenset({Cause.PUBLIC_HOLIDAY, Cause.COMPANY_HOLIDAY})


@dataclass(frozen=True, slots=True)
class Day:
    """What begins on a day, and why it is not what the weekday says; `name` is a public holiday's."""

    windows: Windows
    cause: Cause | None = None
    name: Name | None = None

    @property
    def is_holiday(self) -> bool:
        """Whether nothing may run into this day, either."""
        return self.cause in HOLIDAYS


@dataclass(frozen=True, slots=True)
class Calendar:
    """Opening hours of a zone.

    `version` is short and changes with the definition, and with the data of `tzdata` and `holidays` that it
    is read with. `week` has the windows of Monday to Sunday, in order. A half day has windows of its own
    where the weekday has some; it opens no day that is closed. Holidays go before half days, and half days of
    a date before those of every year.
    """

    id: str
    version: str
    zone: ZoneInfo
    week: tuple[Windows, ...]
    country: str | None = None
    subdivision: str | None = None
    company_holidays: frozenset[date | MonthDay] = frozenset()
    half_days: Mapping[date | MonthDay, Windows] = field(default_factory=dict, hash=False)

    def day(self, day: date) -> Day:
        """Tell what begins on a local date."""
        yearly, weekday = (day.month, day.day), self.week[day.weekday()]
        if day in self.company_holidays or yearly in self.company_holidays:
            return Day((), Cause.COMPANY_HOLIDAY)
        if name := self._public_holiday(day):
            return Day((), Cause.PUBLIC_HOLIDAY, name)
        if not weekday:
            return Day((), Cause.WEEKEND if day.weekday() >= SATURDAY else Cause.NO_HOURS)
        half = self.half_days.get(day, self.half_days.get(yearly))
        return Day(weekday) if half is None else Day(half, Cause.HALF_DAY)

    def _public_holiday(self, day: date) -> Name | None:
        if self.country is None:
            return None
        return public_holidays.in_year(self.country, self.subdivision, day.year).get(day)


ALWAYS = Calendar("always", "always", zones.zone("UTC"), (WHOLE_DAY,) * 7)
"""Day and night: what a department has that names no calendar."""
