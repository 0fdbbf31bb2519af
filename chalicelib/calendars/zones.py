"""Time zones, and the one place where local time becomes UTC.

The data are those of the `tzdata` package that we lock, not those of the machine: a deadline is the same on a
laptop and on Lambda. https://docs.python.org/3/library/zoneinfo.html#zoneinfo.ZoneInfo.from_file

All times without a zone are local, all ints are UTC epoch seconds. An instant is only ever moved as an int:
Python adds hours to a local time as if the clocks were never changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

import tzdata

VERSION: str = tzdata.IANA_VERSION
DAY = 86_400
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  (a local time)
SECOND = timedelta(seconds=1)


@cache
def names() -> frozenset[str]:
    """Name all zones of the database, such as `Europe/Berlin`."""
    return frozenset(resources.files(tzdata).joinpath("zones").read_text("utf-8").split())


@cache
def zone(name: str) -> ZoneInfo:
    """Load a zone.

    Raises:
        ValueError: there is no zone of this name.

    """
    if name not in names():
        raise ValueError(f"there is no time zone {name!r}: write one such as Europe/Berlin")
    with resources.files(tzdata).joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def local_date(in_zone: ZoneInfo, at: int) -> date:
    """Tell which day it is there."""
    return datetime.fromtimestamp(at, in_zone).date()


def opening(in_zone: ZoneInfo, day: date, minute: int) -> int:
    """Give the first instant at which the clock reads this minute of the day, or a later one.

    Where the clocks skip it, that is when they are put forward; where they read it twice, the first time.

    Args:
        in_zone: whose clock.
        day: a local date.
        minute: of that day; from 1440 on it is one of the next.

    """
    first, second = _readings(in_zone, day, minute)
    return first if first <= second else _change(in_zone, second, first)


def closing(in_zone: ZoneInfo, day: date, minute: int) -> int:
    """Give the instant from which on the clock never again reads a time before this minute of the day.

    Where the clocks skip it, that is when they are put forward; where they read it twice, the second time.
    If it is the very minute that they are put back to, the first time: no earlier minute is read again.
    Arguments are those of `opening`.
    """
    first, second = _readings(in_zone, day, minute)
    if first > second:
        return _change(in_zone, second, first)
    return first if _offset(in_zone, second - 1) != _offset(in_zone, second) else second


@dataclass(frozen=True, slots=True)
class Change:
    """The clocks were put forward (or back, if negative) by so many seconds, at this instant."""

    at: int
    seconds: int


def changes(in_zone: ZoneInfo, start: int, end: int) -> Iterator[Change]:
    """Find when the clocks were changed after `start` and no later than `end`."""
    before = start
    while before < end:
        after = min(before + DAY // 4, end)  # no two changes are so close to each other
        if seconds := _offset(in_zone, after) - _offset(in_zone, before):
            yield Change(_change(in_zone, before, after), seconds)
        before = after


def _readings(in_zone: ZoneInfo, day: date, minute: int) -> tuple[int, int]:
    """Read a local time by the offset from before a change of the clocks, and from after it.

    Of a time that is skipped, the first is the later. https://peps.python.org/pep-0495/
    """
    local = datetime.combine(day, time.min) + timedelta(minutes=minute)
    seconds = (local - EPOCH) // SECOND
    before = in_zone.utcoffset(local)
    after = in_zone.utcoffset(local.replace(fold=1))
    assert before is not None
    assert after is not None
    return seconds - before // SECOND, seconds - after // SECOND


def _offset(in_zone: ZoneInfo, at: int) -> int:
    """Tell how far the clock is ahead of UTC."""
    there = datetime.fromtimestamp(at, UTC).astimezone(in_zone)
    return (there.replace(tzinfo=None) - EPOCH) // SECOND - at


def _change(in_zone: ZoneInfo, before: int, after: int) -> int:
    """Find the instant between them from which on the later offset holds."""
    late = _offset(in_zone, after)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(in_zone, middle) == late:
            after = middle
        else:
            before = middle
    return after
