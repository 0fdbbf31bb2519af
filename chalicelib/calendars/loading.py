"""The calendars of a company, read from `calendars.toml`."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from chalicelib import checked_toml
from chalicelib.calendars import public_holidays, zones
from chalicelib.calendars.calendar import ALWAYS, Calendar
from chalicelib.calendars.entries import Calendars, Entry, written

FILE = Path(__file__).parents[1] / "calendars.toml"
LENGTH_OF_VERSION = 12


def load(file: Path = FILE) -> Mapping[str, Calendar]:
    """Read and check the calendars, by id; `always` is among them.

    Raises:
        ConfigurationError: names the entry that is wrong and the remedy.

    """
    entries = checked_toml.load(Calendars, file).calendars
    return MappingProxyType({ALWAYS.id: ALWAYS} | {entry.id: _calendar(entry) for entry in entries})


def tried(entry: Mapping[str, Any]) -> Calendar:
    """Read and check one entry, as `calendars.toml` might have it.

    Raises:
        ConfigurationError: names what is wrong and the remedy.

    """
    return _calendar(checked_toml.checked(Calendars, {"calendar": [entry]}).calendars[0])


def _calendar(entry: Entry) -> Calendar:
    return Calendar(
        id=entry.id,
        version=_version(entry),
        zone=zones.zone(entry.zone),
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
        "company_holidays": sorted(written(day) for day in entry.company_holidays),
        "half_days": sorted((written(day), windows) for day, windows in entry.half_days.items()),
        "tzdata": zones.VERSION,
        "holidays": entry.country and public_holidays.version(),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:LENGTH_OF_VERSION]
