"""Local times and lengths of time as people write them, in the words of one language. Pure.

Instants are UTC epoch seconds; seconds of a minute are only written where there are any.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.deadline_words import Words

UNITS = (3600, 60, 1)
SHORT = ("h", "min", "s")


def moment(at: int, zone: ZoneInfo, words: Words, *, year: bool = False) -> str:
    """Write when something is."""
    there = datetime.fromtimestamp(at, zone)
    return words.moment.format(date=day(there.date(), words, year=year), time=_time(there))


def day(of: date, words: Words, *, year: bool = False) -> str:
    """Write a day."""
    return (words.date_of_year if year else words.date).format(
        day=words.days[of.weekday()], number=of.day, month=words.months[of.month - 1], year=of.year
    )


def span(begins: int, ends: int, zone: ZoneInfo, words: Words) -> str:
    """Write from when to when; midnight is the end of its day."""
    first, last = datetime.fromtimestamp(begins, zone), datetime.fromtimestamp(ends, zone)
    eve = datetime.fromtimestamp(ends - 1, zone)
    midnight = (last.hour, last.minute, last.second) == (0, 0, 0) and eve.date() == first.date()
    if midnight or first.date() == last.date():
        until = "24:00" if midnight else _time(last)
        return words.within_a_day.format(date=day(first.date(), words), begins=_time(first), ends=until)
    return words.beyond_a_day.format(begins=moment(begins, zone, words), ends=moment(ends, zone, words))


def short(seconds: int) -> str:
    """Write a length of time, such as 1 h 30 min."""
    return " ".join(f"{n} {unit}" for n, unit in zip(_split(seconds), SHORT, strict=True) if n) or "0 s"


def long(seconds: int, words: Words) -> str:
    """Write a length of time in whole words."""
    pieces = (f"{n} {unit[n != 1]}" for n, unit in zip(_split(seconds), words.units, strict=True) if n)
    return " ".join(pieces) or f"0 {words.units[-1][1]}"


def place(zone: ZoneInfo) -> str:
    """Write what people call a zone: its city."""
    return zone.key.rpartition("/")[2].replace("_", " ")


def _split(seconds: int) -> tuple[int, ...]:
    hours, rest = divmod(seconds, UNITS[0])
    return hours, *divmod(rest, UNITS[1])


def _time(there: datetime) -> str:
    return f"{there.hour}:{there:%M:%S}" if there.second else f"{there.hour}:{there:%M}"
