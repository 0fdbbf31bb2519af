"""Makes of what a pattern has found how long it lasts. A ValueError or KeyError: it was no time after all."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from chalicelib.replies import days
from chalicelib.replies.calendar_words import HOUR, MONTHS, NOON, PARTS, SHORT_WEEKDAYS, WEEKDAYS, number
from chalicelib.replies.days import Day


@dataclass(frozen=True, slots=True)
class Lasting:
    """What a word of time says; None where it says nothing of that.

    `second`: of the day; `at_bound`: likewise, where it is a bound. `vague`: "at 5" may be the afternoon.
    `seconds`, `workdays`: from now on. `weekly`: a weekday. `whole_day`: so "before" it is the day before.
    `is_span`: counted from now on ("in 2 days").
    """

    day: Day | None = None
    second: int | None = None
    at_bound: int | None = None
    seconds: int | None = None
    workdays: int | None = None
    vague: bool = False
    weekly: bool = False
    whole_day: bool = False
    is_span: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A word of time, by its place in `Legible.said`."""

    lasts: Lasting
    start: int
    end: int


def _seconds(hours: str, minutes: str | None, half: str | None = None) -> tuple[int, bool]:
    """Seconds of a day out of a clock time, and whether it may be the afternoon that is meant."""
    hour, minute = int(hours), int(minutes or 0)
    if hour > 24 or minute > 59:  # noqa: PLR2004
        raise ValueError("no clock shows this")
    if half in {"pm", "nachmittags", "abends"} and hour < 12:  # noqa: PLR2004
        hour += 12
    if half == "am" and hour == 12:  # noqa: PLR2004
        hour = 0
    return hour * HOUR + minute * 60, half is None and 0 < hour < 12 and minutes is None  # noqa: PLR2004


Maker = Callable[[re.Match[str]], Lasting]


_WORKED = ("werk", "arbeit", "bank", "work", "business")
_SECONDS = {"se": 1, "min": 60, "h": HOUR, "st": HOUR}
_EARLY_IN_WEEK = {"anfang": 1, "early": 1, "beginning": 1, "start": 1, "mitte": 2, "mid": 2, "middle": 2}
_EARLY_IN_MONTH = {
    "anfang": 10,
    "early": 10,
    "beginning": 10,
    "start": 10,
    "mitte": 20,
    "mid": 20,
    "middle": 20,
}
_LUNCH = frozenset({"mittag", "mittags", "lunchtime", "lunch"})


def span(found: re.Match[str]) -> Lasting:
    """Read "in 2 days": hours to the second, longer spans to the end of their last day."""
    count, unit = number(found["count"]), found["unit"]
    if unit.startswith("working h"):
        return Lasting(workdays=1, is_span=True)  # the next working day has as many hours
    if unit.startswith(_WORKED):
        return Lasting(workdays=count, is_span=True)
    for start, seconds in _SECONDS.items():
        if unit.startswith(start):
            return Lasting(seconds=seconds * count, is_span=True)
    if unit.startswith("m"):
        return Lasting(day=lambda today, _: days.months_on(today, count), is_span=True)
    return Lasting(day=days.after(count * {"w": 7, "f": 14}.get(unit[0], 1)), is_span=True)


def clock(found: re.Match[str]) -> Lasting:
    """Read "17:30 Uhr", "5 pm"."""
    hours, _, minutes = re.sub("[.:]", ":", found["clock"]).partition(":")
    second, vague = _seconds(hours, minutes or None, found.groupdict().get("half"))
    return Lasting(second=second, vague=vague and "uhr" not in found[0])


def half_past(found: re.Match[str]) -> Lasting:
    """Read "halb sechs"."""
    return Lasting(second=number(found["count"]) * HOUR - 1800, vague=True)


def half_after(found: re.Match[str]) -> Lasting:
    """Read "half past three"."""
    return Lasting(second=number(found["count"]) * HOUR + 1800, vague=True)


def on_day_of_month(found: re.Match[str]) -> Lasting:
    """Read "zum 12.", "the 3rd": of this month, or of the next."""
    return Lasting(day=days.day_of_month(int(found["of_month"])), whole_day=True)


def part(found: re.Match[str]) -> Lasting:
    """Read "nachmittags", "noon"."""
    ends = PARTS[found["part"]]
    return Lasting(second=ends, at_bound=NOON if found["part"] in _LUNCH else ends)


def part_of_today(found: re.Match[str]) -> Lasting:
    """Read "this afternoon"."""
    of_day = part(found)
    return Lasting(day=days.after(0), second=of_day.second, at_bound=of_day.at_bound)


def on_weekday(found: re.Match[str]) -> Lasting:
    """Read "Montag", "nächsten Freitag", "Montagabend", "Wednesday next week"."""
    said = found.groupdict()
    day = {**SHORT_WEEKDAYS, **WEEKDAYS}[found["day"]]
    if said.get("of_week"):
        return Lasting(day=days.week(1, day), whole_day=True)
    named = Lasting(day=days.weekday(day, strictly=bool(said.get("coming"))), weekly=True, whole_day=True)
    if said.get("part"):
        of_day = part(found)
        return Lasting(day=named.day, second=of_day.second, at_bound=of_day.at_bound, weekly=True)
    return named


def of_week(found: re.Match[str]) -> Lasting:
    """Read "Anfang nächster Woche", "this week"."""
    weeks = 2 if "über" in found[0] or "after next" in found[0] else 1 if found["coming"] else 0
    return Lasting(day=days.week(weeks, _EARLY_IN_WEEK.get(found["when"] or "", 6)), whole_day=True)


def of_month(found: re.Match[str]) -> Lasting:
    """Read "Ende November", "next month"."""
    said = found.groupdict()
    month = MONTHS[said["month"]] if said.get("month") else None
    until = _EARLY_IN_MONTH.get(said.get("when") or "")
    return Lasting(day=days.in_month(month, until, bool(said.get("coming"))))


def on_date(found: re.Match[str]) -> Lasting:
    """Read "3. Dezember", "December 3rd"."""
    year = found.groupdict().get("year")
    day, month = int(found["date"]), MONTHS[found["month"]]
    date(2000, month, day)
    return Lasting(day=days.on_date(day, month, int(year) if year else None), whole_day=True)


def in_digits(found: re.Match[str]) -> Lasting:
    """Read "3.12.", "3/12/2026", "2026-12-03": day first, unless only month first is a date."""
    parts = [int(part) for part in re.split("[./-]", found["digits"].strip(".")) if part]
    if "-" in found["digits"]:
        parts.reverse()
    day, month = parts[:2]
    if month > 12:  # noqa: PLR2004
        day, month = month, day
    date(2000, month, day)
    return Lasting(day=days.on_date(day, month, parts[2] if len(parts) > 2 else None), whole_day=True)  # noqa: PLR2004


def always(lasts: Lasting) -> Maker:
    """Read what says the same each time."""
    return lambda _: lasts
