"""What `calendars.toml` may say: its entries, and what is wrong with them."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from chalicelib.calendars import hours, public_holidays
from chalicelib.calendars.calendar import ALWAYS, MINUTES, MonthDay, Windows
from chalicelib.calendars.zones import zone

LEAP_YEAR = (date(2000, 1, 1) + timedelta(days=n) for n in range(366))
EVERY_DAY = frozenset((day.month, day.day) for day in LEAP_YEAR)


def _windows(value: Any) -> Windows:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError('write a list of windows, such as ["08:00-12:00", "13:00-18:00"]')
    return hours.windows(value)


def _some_windows(value: Any) -> Windows:
    if not (read := _windows(value)):
        raise ValueError("a half day has windows: write it into `company_holidays` if all of it is closed")
    return read


def _zone(value: Any) -> str:
    zone(value if isinstance(value, str) else "")
    return str(value)


OfDay = Annotated[Windows, BeforeValidator(_windows)]
OfHalfDay = Annotated[Windows, BeforeValidator(_some_windows)]
Day = Annotated[Any, BeforeValidator(hours.day)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Week(_Entry):
    """The windows that begin on each day; a day that is left out is closed."""

    monday: OfDay = ()
    tuesday: OfDay = ()
    wednesday: OfDay = ()
    thursday: OfDay = ()
    friday: OfDay = ()
    saturday: OfDay = ()
    sunday: OfDay = ()

    @property
    def days(self) -> tuple[Windows, ...]:
        """Monday to Sunday."""
        return tuple(getattr(self, day) for day in type(self).model_fields)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not any(self.days):
            raise ValueError("never open: give some day a window")
        names = list(type(self).model_fields)
        for n, (windows, after) in enumerate(zip(self.days, self.days[1:] + self.days[:1], strict=True)):
            if windows and after and windows[-1][1] - MINUTES > after[0][0]:
                raise ValueError(f"the last window of {names[n]} overlaps the first of {names[(n + 1) % 7]}")
        return self


class Entry(_Entry):
    """One calendar."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    zone: Annotated[str, BeforeValidator(_zone)]
    week: Week
    country: str | None = None
    subdivision: str | None = None
    company_holidays: tuple[Day, ...] = ()
    half_days: dict[Day, OfHalfDay] = {}

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.subdivision is not None and self.country is None:
            raise ValueError("a `subdivision` needs its `country`: add it")
        if self.country is not None:
            public_holidays.check(self.country, self.subdivision)
        if complaints := [*_doubles(self), *_idle(self)]:
            raise ValueError("; ".join(complaints))
        if frozenset(self.company_holidays) >= EVERY_DAY:
            raise ValueError("never open: `company_holidays` has every day of the year")
        return self


class Calendars(_Entry):
    """All calendars of a file."""

    calendars: Annotated[tuple[Entry, ...], Field(alias="calendar")] = ()

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        ids = Counter([ALWAYS.id, *(entry.id for entry in self.calendars)])
        if doubles := [f'two calendars are called "{id_}": rename one' for id_, n in ids.items() if n > 1]:
            raise ValueError("; ".join(doubles))
        return self


def written(day: date | MonthDay) -> str:
    """Write a day as people do."""
    return day.isoformat() if isinstance(day, date) else "{:02}-{:02}".format(*day)


def _doubles(entry: Entry) -> list[str]:
    closed = Counter(entry.company_holidays)
    return [
        f"`company_holidays` has {written(day)} twice: drop one" for day, n in closed.items() if n > 1
    ] + [
        f"{written(day)} is both a company holiday and a half day: drop one"
        for day in entry.half_days
        if day in closed
    ]


def _idle(entry: Entry) -> Iterator[str]:
    """Find half days of which nothing would be seen."""
    for day in entry.half_days:
        if isinstance(day, date) and (why := _closed(entry, day)):
            yield f"the half day {written(day)} is {why}: drop it"


def _closed(entry: Entry, day: date) -> str | None:
    if not entry.week.days[day.weekday()]:
        return f"a {day:%A}, which has no hours"
    if (day.month, day.day) in entry.company_holidays:
        return "a company holiday every year"
    if entry.country and (
        name := public_holidays.in_year(entry.country, entry.subdivision, day.year).get(day)
    ):
        return f"a public holiday ({name.en})"
    return None
