"""The calendars of a company, read from `calendars.toml` and checked entry by entry."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from chalicelib import checked_toml
from chalicelib.calendars import hours, public_holidays, zones
from chalicelib.calendars.calendar import ALWAYS, MINUTES, Calendar, MonthDay, Windows
from chalicelib.calendars.zones import zone

FILE = Path(__file__).parents[1] / "calendars.toml"
LEAP_YEAR = (date(2000, 1, 1) + timedelta(days=n) for n in range(366))
EVERY_DAY = frozenset((day.month, day.day) for day in LEAP_YEAR)
LENGTH_OF_VERSION = 12


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


def load(file: Path = FILE) -> Mapping[str, Calendar]:
    """Read and check the calendars, by id; `always` is among them.

    Raises:
        ConfigurationError: names the entry that is wrong and the remedy.

    """
    entries = checked_toml.load(Calendars, file).calendars
    return MappingProxyType({ALWAYS.id: ALWAYS} | {entry.id: _calendar(entry) for entry in entries})


def _calendar(entry: Entry) -> Calendar:
    return Calendar(
        id=entry.id,
        version=_version(entry),
        zone=zone(entry.zone),
        week=entry.week.days,
        country=entry.country,
        subdivision=entry.subdivision,
        company_holidays=frozenset(entry.company_holidays),
        half_days=MappingProxyType(dict(entry.half_days)),
    )


def _version(entry: Entry) -> str:
    """Give what a deadline was computed with a short name; the order of days in the file does not matter."""
    said = {
        **entry.model_dump(include={"id", "zone", "country", "subdivision"}),
        "week": entry.week.days,
        "company_holidays": sorted(_written(day) for day in entry.company_holidays),
        "half_days": sorted((_written(day), windows) for day, windows in entry.half_days.items()),
        "tzdata": zones.VERSION,
        "holidays": entry.country and public_holidays.version(),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:LENGTH_OF_VERSION]


def _written(day: date | MonthDay) -> str:
    return day.isoformat() if isinstance(day, date) else "{:02}-{:02}".format(*day)


def _doubles(entry: Entry) -> list[str]:
    closed = Counter(entry.company_holidays)
    return [
        f"`company_holidays` has {_written(day)} twice: drop one" for day, n in closed.items() if n > 1
    ] + [
        f"{_written(day)} is both a company holiday and a half day: drop one"
        for day in entry.half_days
        if day in closed
    ]


def _idle(entry: Entry) -> Iterator[str]:
    """Find half days of which nothing would be seen."""
    for day in entry.half_days:
        if isinstance(day, date) and not entry.week.days[day.weekday()]:
            yield f"the half day {_written(day)} is a {day:%A}, which has no hours: drop it"
