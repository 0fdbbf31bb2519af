"""Phrases of time with which somebody promises something, and those that only look like it."""

import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest

from chalicelib.replies.legible import Legible
from chalicelib.replies.promises import Promise, find_promise
from chalicelib.replies.times import WorkingDay, monday_to_friday

PHRASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "training/replies/promises.jsonl")
    .read_text("utf-8")
    .splitlines()
]
BERLIN = ZoneInfo("Europe/Berlin")
WEDNESDAY = "2026-11-25T10:00:00+01:00"


def promise(
    reply: str,
    at: str = WEDNESDAY,
    zone: ZoneInfo = BERLIN,
    working_day: WorkingDay = monday_to_friday,
) -> Promise | None:
    moment = int(datetime.fromisoformat(at).timestamp())
    return find_promise(Legible(reply), at=moment, zone=zone, working_day=working_day)


def due(reply: str, at: str = WEDNESDAY, **where: Any) -> str | None:
    found = promise(reply, at, **where)
    return datetime.fromtimestamp(found.due, where.get("zone", BERLIN)).isoformat() if found else None


@pytest.mark.parametrize("row", PHRASES, ids=lambda row: row["id"])
def test_our_phrases_are_read_to_the_second(row: dict[str, Any]) -> None:
    zone = ZoneInfo(row["tz"])
    found = promise(row["reply"], row["at"], zone)
    if row["promise"] is None:
        assert found is None
    else:
        expected = int(datetime.fromisoformat(row["promise"]["due"]).timestamp())
        assert found == Promise(row["promise"]["text"], expected)


def test_there_are_more_than_a_hundred_phrases_in_both_languages_and_some_that_promise_nothing() -> None:
    assert min(Counter(row["lang"] for row in PHRASES).values()) > 70
    assert sum(row["promise"] is not None for row in PHRASES) >= 100
    assert sum(row["promise"] is None for row in PHRASES) >= 50


def test_a_weekday_that_is_today_means_today_unless_the_next_one_is_named() -> None:
    friday = "2026-11-27T15:00:00+01:00"
    assert due("Wir melden uns bis Freitag.", friday) == "2026-11-27T23:59:59+01:00"
    assert due("Wir melden uns bis nächsten Freitag.", friday) == "2026-12-04T23:59:59+01:00"


def test_days_end_with_their_last_second_on_the_days_on_which_clocks_change() -> None:
    for day in ("2026-10-25", "2027-03-28"):
        eve = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=BERLIN)
        found = due("Wir melden uns heute noch.", eve.isoformat())
        assert found is not None
        assert found.startswith(f"{day}T23:59:59")


def test_hours_are_real_hours_over_a_change_of_clocks() -> None:
    found = promise("Wir melden uns innerhalb von 24 Stunden.", "2026-10-24T12:00:00+02:00")
    assert found is not None
    assert found.due - int(datetime.fromisoformat("2026-10-24T12:00:00+02:00").timestamp()) == 24 * 3600


def test_a_time_that_the_clock_shows_twice_lasts_until_its_second_showing() -> None:
    said = "Wir melden uns bis morgen 2:30 Uhr."
    assert due(said, "2026-10-24T12:00:00+02:00") == "2026-10-25T02:30:00+01:00"


def test_a_time_that_the_clock_skips_is_as_long_after_midnight_as_it_says() -> None:
    said = "Wir melden uns bis morgen 2:30 Uhr."
    assert due(said, "2027-03-27T12:00:00+01:00") == "2027-03-28T03:30:00+02:00"


def test_working_days_are_those_of_the_calendar_that_is_handed_in() -> None:
    def closed_on_thursday(day: date) -> bool:
        return monday_to_friday(day) and day != date(2026, 11, 26)

    said = "Wir melden uns innerhalb von zwei Werktagen."
    assert due(said) == "2026-11-27T23:59:59+01:00"
    assert due(said, working_day=closed_on_thursday) == "2026-11-30T23:59:59+01:00"


def test_a_calendar_without_working_days_ends_in_no_promise() -> None:
    assert promise("Wir melden uns innerhalb von zwei Werktagen.", working_day=lambda _: False) is None


def test_the_promise_of_an_answer_goes_before_others() -> None:
    said = "Ich schaue morgen im Lager nach, und wir melden uns bis Freitag."
    assert due(said) == "2026-11-27T23:59:59+01:00"


def test_the_words_are_given_as_they_stand_in_the_reply() -> None:
    found = promise("Wir melden uns SPÄTESTENS  bis\u00a0Frei\u00adtag!")
    assert found is not None
    assert found.text == "SPÄTESTENS  bis\u00a0Frei\u00adtag"


@pytest.mark.parametrize(
    "reply",
    [
        "Wir melden uns spaetestens uebermorgen.",
        "Wir melden uns bis ü\u0308bermorgen.".replace("ü\u0308", "u\u0308"),
        "Wir melden uns bis über\u200bmorgen.",
        "Wir melden uns bis übermоrgen.",  # its o is Cyrillic
    ],
)
def test_other_spellings_change_nothing(reply: str) -> None:
    assert due(reply) == "2026-11-27T23:59:59+01:00"


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "bis",
        "Wir melden uns bis 31.2.",
        "Wir melden uns bis zum 31. November.",
        "Wir melden uns in KW 99.",
        "Wir melden uns in KW 0.",
        "Wir melden uns um 25:99 Uhr.",
        "Wir melden uns in 9999 Wochen, nein, in 9999 Monaten und 99999999999 Tagen.",
        "Wir melden uns bis 1.1.9999",
        "Wir melden uns ٣ bis ٤ Uhr, in ² Tagen",
        "bis " * 3000,
        "bis morgen " * 900,
        "x" * 10_000,
        "9" * 10_000,
        "1." * 5_000,
        "\ud83d in 2 Tagen",
    ],
    ids=lambda reply: ascii(reply[:20]),
)
def test_hostile_text_ends_in_a_promise_or_none(reply: str) -> None:
    found = promise(reply)
    assert found is None or found.due > 0


@pytest.mark.parametrize("at", [0, -(10**12), 10**12, 2**62, 253402300799])
def test_moments_that_no_calendar_holds_end_in_a_promise_or_none(at: int) -> None:
    found = find_promise(Legible("Wir melden uns in 2 Wochen."), at=at, zone=BERLIN)
    assert found is None or found.due > at


def test_every_zone_can_be_promised_in() -> None:
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        assert (
            due("We'll get back to you by tomorrow 5pm.", "2026-03-07T12:00:00+00:00", zone=zone) is not None
        )
