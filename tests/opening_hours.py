"""Calendars for tests, and local times as people write them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.calendars import hours, zones
from chalicelib.calendars.calendar import Calendar

HOUR = 3600
DAY = 24 * HOUR
NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
OFFICE: Mapping[str, Sequence[str]] = dict.fromkeys(NAMES[:5], ("08:00-18:00",))
DAY_AND_NIGHT: Mapping[str, Sequence[str]] = dict.fromkeys(NAMES, ("00:00-24:00",))
NIGHTS: Mapping[str, Sequence[str]] = dict.fromkeys(NAMES, ("22:00-06:00",))


def calendar(
    week: Mapping[str, Sequence[str]] = OFFICE,
    zone: str = "Europe/Berlin",
    company_holidays: Sequence[str] = (),
    half_days: Mapping[str, Sequence[str]] | None = None,
    **more: Any,
) -> Calendar:
    return Calendar(
        "test",
        "1",
        zones.zone(zone),
        tuple(hours.windows(week.get(name, ())) for name in NAMES),
        company_holidays=frozenset(map(hours.day, company_holidays)),
        half_days={hours.day(day): hours.windows(w) for day, w in (half_days or {}).items()},
        **more,
    )


def at(written: str, zone: str = "Europe/Berlin") -> int:
    """Read a local time, or one with an offset of its own, such as 2026-10-25T02:30+01:00."""
    time = datetime.fromisoformat(written)
    return int((time if time.tzinfo else time.replace(tzinfo=zones.zone(zone))).timestamp())


def local(instant: int, zone: str = "Europe/Berlin") -> str:
    """Write an instant as the clock there reads it, with its offset."""
    return datetime.fromtimestamp(instant, zones.zone(zone)).isoformat(timespec="minutes")
