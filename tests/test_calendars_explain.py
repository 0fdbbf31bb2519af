"""Why a deadline is when it is, step by step."""

from datetime import date
from itertools import pairwise

import pytest

from chalicelib.calendars.arithmetic import due
from chalicelib.calendars.calendar import ALWAYS, Calendar
from chalicelib.calendars.explain import Kind, Step, steps
from chalicelib.calendars.public_holidays import in_year
from tests.opening_hours import DAY, DAY_AND_NIGHT, HOUR, NIGHTS, OFFICE, at, calendar, local


def told(of: Calendar, start: str, hours: float) -> list[str]:
    """Tell each step in a line: what, when, how long, why."""
    return [_line(step) for step in steps(of, at(start), round(hours * HOUR))]


def _line(step: Step) -> str:
    name = step.name and f"{step.name.de} / {step.name.en}"
    parts = (step.kind, local(step.begins), step.seconds / HOUR or "", step.cause, name)
    return " ".join(str(part) for part in parts if part)


def test_windows_and_closed_days_are_told_in_their_order() -> None:
    bavaria = calendar(country="DE", subdivision="BY", company_holidays=["2026-01-05"])

    assert told(bavaria, "2026-01-02T17:00", 3) == [
        "window 2026-01-02T17:00+01:00 1.0",
        "closed_day 2026-01-03T00:00+01:00 weekend",
        "closed_day 2026-01-04T00:00+01:00 weekend",
        "closed_day 2026-01-05T00:00+01:00 company_holiday",
        "closed_day 2026-01-06T00:00+01:00 public_holiday Heilige Drei Könige / Epiphany",
        "window 2026-01-07T08:00+01:00 2.0",
    ]


def test_a_half_day_and_a_weekday_without_hours_are_told() -> None:
    week = {name: windows for name, windows in OFFICE.items() if name != "wednesday"}

    assert told(calendar(week, half_days={"2026-11-26": ("10:00-12:00",)}), "2026-11-24T17:00", 2) == [
        "window 2026-11-24T17:00+01:00 1.0",
        "closed_day 2026-11-25T00:00+01:00 no_hours",
        "half_day 2026-11-26T00:00+01:00 half_day",
        "window 2026-11-26T10:00+01:00 1.0",
    ]


def test_a_change_of_the_clocks_is_told() -> None:
    assert told(calendar(DAY_AND_NIGHT), "2026-10-24T12:00", 24) == [
        "window 2026-10-24T12:00+02:00 24.0",
        "clock_change 2026-10-25T02:00+01:00 -1.0",
    ]
    assert told(calendar(NIGHTS), "2026-03-28T23:00", 6) == [
        "window 2026-03-28T23:00+01:00 6.0",
        "clock_change 2026-03-29T03:00+02:00 1.0",
    ]


def test_a_night_that_ends_on_a_closed_day_is_no_closed_day() -> None:
    weekdays = calendar({name: NIGHTS[name] for name in OFFICE})

    assert told(weekdays, "2026-11-20T21:00", 9) == [
        "window 2026-11-20T22:00+01:00 8.0",
        "closed_day 2026-11-22T00:00+01:00 weekend",
        "window 2026-11-23T22:00+01:00 1.0",
    ]


def test_a_night_that_a_holiday_cuts_is_told_with_it() -> None:
    germany = calendar(NIGHTS, country="DE")

    assert told(germany, "2026-09-30T23:00", 15) == [
        "window 2026-09-30T23:00+02:00 7.0",
        "window 2026-10-01T22:00+02:00 8.0",
    ]
    assert told(germany, "2026-10-02T21:00", 3) == [
        "window 2026-10-02T22:00+02:00 2.0",
        "closed_day 2026-10-03T00:00+02:00 public_holiday Tag der Deutschen Einheit / German Unity Day",
        "window 2026-10-04T22:00+02:00 1.0",
    ]


def test_a_day_that_samoa_skipped_is_not_told_as_closed() -> None:
    samoa = calendar(DAY_AND_NIGHT, zone="Pacific/Apia", company_holidays=["2011-12-30", "2011-12-31"])
    explained = steps(samoa, at("2011-12-29T12:00", "Pacific/Apia"), 13 * HOUR)

    assert [(step.kind, str(step.day), step.seconds // HOUR) for step in explained] == [
        (Kind.WINDOW, "None", 12),
        (Kind.CLOSED_DAY, "2011-12-31", 0),
        (Kind.CLOCK_CHANGE, "None", 24),
        (Kind.WINDOW, "None", 1),
    ]


def test_day_and_night_is_one_window() -> None:
    start = at("2026-11-23T12:00")

    assert steps(ALWAYS, start, 30 * DAY) == (Step(Kind.WINDOW, start, start + 30 * DAY, 30 * DAY),)


def test_a_year_is_explained_without_a_gap() -> None:
    """Every second of it is in a window, or in none; every day without one has its reason."""
    germany = calendar(country="DE")
    start = at("2026-01-01T00:00")
    windows = [step for step in steps(germany, start, 2500 * HOUR) if step.kind is Kind.WINDOW]
    reasons = [step for step in steps(germany, start, 2500 * HOUR) if step.kind is Kind.CLOSED_DAY]

    assert sum(step.seconds for step in windows) == 2500 * HOUR
    assert windows[-1].ends == due(germany, start, 2500 * HOUR)
    assert all(before.ends < after.begins for before, after in pairwise(windows))
    days = {local(step.begins)[:10] for step in windows}
    without = {local(step.begins)[:10] for step in reasons}
    every = {local(noon)[:10] for noon in range(start + DAY // 2, windows[-1].ends + DAY // 2, DAY)}
    assert (days & without, days | without, len(days)) == (set(), every, 250)


@pytest.mark.parametrize(
    ("country", "day", "de", "en"),
    [
        ("PL", date(2026, 1, 1), "Neujahr", "New Year's Day"),
        ("FR", date(2026, 5, 1), "Labor Day", "Labor Day"),
        ("NZ", date(2026, 4, 25), "Anzac Day", "Anzac Day"),
    ],
)
def test_a_holiday_is_named_in_german_and_english_whatever_the_machine_speaks(
    country: str, day: date, de: str, en: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "fr")
    in_year.cache_clear()

    name = in_year(country, None, 2026)[day]

    assert (name.de, name.en) == (de, en)
