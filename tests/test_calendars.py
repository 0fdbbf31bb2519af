"""Sums of open time: what others got wrong (each by name), and what we have chosen."""

from itertools import islice

import pytest

from chalicelib.calendars.arithmetic import (
    LATEST,
    OpenWindow,
    due,
    next_open,
    open_seconds_between,
    open_windows,
)
from chalicelib.calendars.calendar import ALWAYS, Calendar
from chalicelib.calendars.zones import names, zone
from chalicelib.errors import BadRequest, NeverOpen
from tests.opening_hours import DAY, DAY_AND_NIGHT, HOUR, NIGHTS, OFFICE, at, calendar, local

NOON_OF_MONDAY = at("2026-11-23T12:00")


def shown(of: Calendar, start: str, hours: float) -> str:
    """Tell, in local time, when so many open hours have passed."""
    return local(due(of, at(start, of.zone.key), round(hours * HOUR)), of.zone.key)


def windows(of: Calendar, start: str, number: int) -> list[tuple[str, str]]:
    found = islice(open_windows(of, at(start, of.zone.key)), number)
    return [(local(w.opens, of.zone.key), local(w.closes, of.zone.key)) for w in found]


# What others got wrong


def test_next_day_hours_are_the_next_days_own() -> None:
    """Chatwoot counted Monday by Friday's closing time: Friday 18:00 and four hours gave Monday 14:00."""
    short_monday = calendar({**OFFICE, "monday": ("09:00-12:00",), "tuesday": ("10:00-18:00",)})

    assert shown(short_monday, "2026-11-20T18:00", 4) == "2026-11-24T11:00+01:00"


def test_business_hours_are_not_a_setting_that_does_nothing() -> None:
    """In Chatwoot it was: https://github.com/chatwoot/chatwoot/pull/13392."""
    friday_evening = "2026-11-20T17:55"

    assert shown(calendar(), friday_evening, 4) == "2026-11-23T11:55+01:00"
    assert due(ALWAYS, at(friday_evening), 4 * HOUR) == at("2026-11-20T21:55")


def test_a_closure_of_thirty_days_is_waited_for() -> None:
    """Libredesk gave up after 25 days."""
    closed = calendar(company_holidays=[f"2026-11-{day:02}" for day in range(1, 31)])

    assert shown(closed, "2026-10-30T17:30", 1) == "2026-12-01T08:30+01:00"


def test_a_shift_over_midnight_is_one_window() -> None:
    """Libredesk took 22:00-06:00 for an error."""
    night = calendar(NIGHTS)

    assert shown(night, "2026-11-23T23:00", 7) == "2026-11-24T06:00+01:00"
    assert shown(night, "2026-11-23T23:00", 8) == "2026-11-24T23:00+01:00"
    assert shown(night, "2026-11-23T12:00", 1) == "2026-11-23T23:00+01:00"
    assert shown(night, "2026-11-24T03:00", 4) == "2026-11-24T23:00+01:00"


def test_a_window_until_midnight_ends_and_the_next_day_follows() -> None:
    """Zammad looped for ever on 09:00-00:00: https://github.com/zammad/zammad/issues/2497."""
    until_midnight = calendar({"monday": ("09:00-00:00",), "tuesday": ("09:00-24:00",)})

    assert shown(until_midnight, "2026-11-23T20:00", 4) == "2026-11-24T00:00+01:00"
    assert shown(until_midnight, "2026-11-23T20:00", 5) == "2026-11-24T10:00+01:00"


def test_years_of_closure_end_in_an_error() -> None:
    """Others looped: here it is told within ten years, and says which calendar."""
    closed = calendar(company_holidays=[f"{m:02}-{d:02}" for m in range(1, 13) for d in range(1, 29)])
    short = calendar({"sunday": ("10:00-10:01",)})

    assert shown(closed, "2026-11-23T12:00", 1) == "2026-11-30T09:00+01:00"
    with pytest.raises(NeverOpen, match=r'"test" is not open for 2592000 s in ten years'):
        due(short, NOON_OF_MONDAY, 30 * DAY)
    with pytest.raises(NeverOpen):
        next_open(calendar({}), NOON_OF_MONDAY)
    assert list(open_windows(calendar({}), NOON_OF_MONDAY)) == []
    assert open_seconds_between(calendar({}), NOON_OF_MONDAY, NOON_OF_MONDAY + 10 * DAY) == 0


def test_a_week_with_one_day_is_looked_at_further_than_three_days() -> None:
    """OsTicket looked 72 hours ahead, saw nothing open, and had the ticket overdue at once."""
    tuesdays = calendar({"tuesday": ("09:00-17:00",)})

    assert shown(tuesdays, "2026-11-25T10:00", 2) == "2026-12-01T11:00+01:00"
    assert shown(tuesdays, "2026-11-25T10:00", 26) == "2026-12-22T11:00+01:00"


def test_day_and_night_loses_no_minute_at_midnight() -> None:
    """00:00-23:59 for 24/7 loses a minute a day: https://github.com/zammad/zammad/issues/3180."""
    always = calendar(DAY_AND_NIGHT)

    assert due(always, NOON_OF_MONDAY, 7 * DAY) == NOON_OF_MONDAY + 7 * DAY
    assert due(ALWAYS, NOON_OF_MONDAY, 365 * DAY) == NOON_OF_MONDAY + 365 * DAY
    assert windows(always, "2026-11-23T12:00", 9) == [("2026-11-23T12:00+01:00", "2036-11-23T12:00+01:00")]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-10-24T12:00", "2026-10-25T11:00+01:00"),
        ("2026-03-28T12:00", "2026-03-29T13:00+02:00"),
    ],
)
def test_a_day_of_24_hours_is_24_hours_whatever_the_clocks_do(start: str, end: str) -> None:
    """In Python, noon and 24 hours is noon of the next day, be it 23 or 25 hours later."""
    assert shown(calendar(DAY_AND_NIGHT), start, 24) == end


@pytest.mark.parametrize(("day", "hours"), [("2026-10-25", 9), ("2026-03-29", 7), ("2026-06-01", 8)])
def test_a_window_lasts_as_long_as_the_night_really_was(day: str, hours: int) -> None:
    """00:00-08:00 subtracts to eight hours, and lasts nine when the clocks are put back."""
    early = calendar(dict.fromkeys(DAY_AND_NIGHT, ("00:00-08:00",)))
    night = calendar(NIGHTS)

    assert open_seconds_between(early, at(f"{day}T00:00"), at(f"{day}T12:00")) == hours * HOUR
    assert open_seconds_between(night, at(f"{day}T00:00") - 6 * HOUR, at(f"{day}T12:00")) == hours * HOUR


def test_hours_keep_their_local_time_after_the_clocks_were_changed() -> None:
    """In Grafana OnCall schedules moved by an hour: https://github.com/grafana/oncall/issues/3261."""
    assert shown(calendar(), "2026-10-23T17:00", 2) == "2026-10-26T09:00+01:00"
    assert shown(calendar(), "2026-03-27T17:00", 2) == "2026-03-30T09:00+02:00"


def test_an_old_time_is_read_by_the_offset_of_its_day() -> None:
    """Not by today's, as in https://github.com/fivetran/dbt_zendesk/issues/25; Moscow has had several."""
    moscow = calendar(zone="Europe/Moscow")

    assert shown(moscow, "2012-12-03T12:00", 1) == "2012-12-03T13:00+04:00"
    assert shown(moscow, "2010-12-06T19:00", 1) == "2010-12-07T09:00+03:00"
    assert next_open(moscow, at("2012-12-03T03:00Z")) == at("2012-12-03T04:00Z")
    assert next_open(moscow, at("2026-12-07T03:00Z")) == at("2026-12-07T05:00Z")


def test_what_comes_up_at_night_can_be_held_until_somebody_is_there() -> None:
    """Zammad reminds at 02:00 and on weekends: https://github.com/zammad/zammad/issues/4432."""
    assert local(next_open(calendar(), at("2026-11-24T02:00"))) == "2026-11-24T08:00+01:00"
    assert local(next_open(calendar(), at("2026-11-21T12:00"))) == "2026-11-23T08:00+01:00"
    assert next_open(calendar(), NOON_OF_MONDAY) == NOON_OF_MONDAY


def test_a_pause_takes_no_time_and_gives_none() -> None:
    """GLPI lost pauses: https://github.com/glpi-project/glpi/issues/6902; here what is left is carried on."""
    start, paused, resumed = (at(f"2026-11-{t}") for t in ("20T15:00", "20T17:00", "25T08:30"))
    left = 4 * HOUR - open_seconds_between(calendar(), start, paused)

    assert local(due(calendar(), resumed, left)) == "2026-11-25T10:30+01:00"
    assert due(calendar(), paused, left) == due(calendar(), start, 4 * HOUR)


# What we have chosen


def test_what_is_used_up_at_closing_is_due_then() -> None:
    assert shown(calendar(), "2026-11-23T14:00", 4) == "2026-11-23T18:00+01:00"
    assert due(calendar(), at("2026-11-23T14:00"), 4 * HOUR + 1) == at("2026-11-24T08:00") + 1


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-23T12:00", "2026-11-23T12:00+01:00"),
        ("2026-11-23T08:00", "2026-11-23T08:00+01:00"),
        ("2026-11-23T18:00", "2026-11-23T18:00+01:00"),
        ("2026-11-23T18:01", "2026-11-24T08:00+01:00"),
        ("2026-11-20T20:00", "2026-11-23T08:00+01:00"),
    ],
)
def test_no_time_at_all_is_due_at_once_if_somebody_is_there(start: str, end: str) -> None:
    assert shown(calendar(), start, 0) == end


def test_a_closing_is_not_open_any_more() -> None:
    assert local(next_open(calendar(), at("2026-11-23T18:00"))) == "2026-11-24T08:00+01:00"
    assert windows(calendar(), "2026-11-23T18:00", 1) == [
        ("2026-11-24T08:00+01:00", "2026-11-24T18:00+01:00")
    ]


def test_less_than_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="open_seconds must be 0 or more"):
        due(ALWAYS, NOON_OF_MONDAY, -1)


@pytest.mark.parametrize("start", [-1, LATEST, 10**18])
def test_times_that_no_calendar_knows_are_refused(start: int) -> None:
    with pytest.raises(BadRequest, match="from 1970 to 2199"):
        due(calendar(), start, 1)
    with pytest.raises(BadRequest, match="from 1970 to 2199"):
        open_seconds_between(calendar(), 0, start)


def test_the_end_of_time_is_no_trap() -> None:
    assert due(calendar(zone="Pacific/Kiritimati"), LATEST - 1, 1000 * HOUR) > LATEST
    assert due(calendar(zone="Pacific/Honolulu"), 0, HOUR) > 0


def test_open_time_until_then_is_none_if_then_is_earlier() -> None:
    assert open_seconds_between(calendar(), NOON_OF_MONDAY, NOON_OF_MONDAY) == 0
    assert open_seconds_between(calendar(), NOON_OF_MONDAY, NOON_OF_MONDAY - DAY) == 0


def test_lunch_is_not_counted() -> None:
    lunch = calendar(dict.fromkeys(OFFICE, ("08:00-12:00", "13:00-17:00")))

    assert shown(lunch, "2026-11-23T11:00", 2) == "2026-11-23T14:00+01:00"
    assert shown(lunch, "2026-11-23T12:30", 1) == "2026-11-23T14:00+01:00"


def test_windows_that_meet_are_one() -> None:
    meeting = calendar({"monday": ("08:00-12:00", "12:00-18:00", "20:00-24:00"), "tuesday": ("00:00-06:00",)})

    assert windows(meeting, "2026-11-23T00:00", 3) == [
        ("2026-11-23T08:00+01:00", "2026-11-23T18:00+01:00"),
        ("2026-11-23T20:00+01:00", "2026-11-24T06:00+01:00"),
        ("2026-11-30T08:00+01:00", "2026-11-30T18:00+01:00"),
    ]


def test_a_list_of_windows_ends_where_it_is_told_to() -> None:
    assert list(open_windows(calendar(), NOON_OF_MONDAY, NOON_OF_MONDAY + HOUR)) == [
        OpenWindow(NOON_OF_MONDAY, NOON_OF_MONDAY + HOUR)
    ]
    assert list(open_windows(calendar(), NOON_OF_MONDAY, NOON_OF_MONDAY)) == []


def test_an_opening_that_the_clocks_skip_is_when_they_are_put_forward() -> None:
    of = calendar(dict.fromkeys(DAY_AND_NIGHT, ("02:30-05:00",)))

    assert windows(of, "2026-03-29T00:00", 1) == [("2026-03-29T03:00+02:00", "2026-03-29T05:00+02:00")]


def test_a_closing_that_the_clocks_skip_is_when_they_are_put_forward() -> None:
    of = calendar(dict.fromkeys(DAY_AND_NIGHT, ("01:00-02:30",)))

    assert windows(of, "2026-03-29T00:00", 1) == [("2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00")]


def test_a_window_that_the_clocks_skip_is_none() -> None:
    of = calendar(dict.fromkeys(DAY_AND_NIGHT, ("02:10-02:50",)))

    assert windows(of, "2026-03-29T00:00", 1) == [("2026-03-30T02:10+02:00", "2026-03-30T02:50+02:00")]
    assert shown(of, "2026-03-29T03:00+02:00", 0) == "2026-03-30T02:10+02:00"  # nor does it close


def test_in_an_hour_that_comes_twice_it_opens_the_first_and_closes_the_second_time() -> None:
    opens = calendar(dict.fromkeys(DAY_AND_NIGHT, ("02:30-05:00",)))
    closes = calendar(dict.fromkeys(DAY_AND_NIGHT, ("01:00-02:30",)))

    assert windows(opens, "2026-10-25T00:00", 1) == [("2026-10-25T02:30+02:00", "2026-10-25T05:00+01:00")]
    assert windows(closes, "2026-10-25T00:00", 1) == [("2026-10-25T01:00+02:00", "2026-10-25T02:30+01:00")]


def test_a_day_ends_once_even_where_its_midnight_comes_twice() -> None:
    """In Havana clocks go from 01:00 back to 00:00: that hour is Sunday's both times."""
    weekend = at("2024-11-01T00:00Z"), at("2024-11-05T00:00Z")
    saturdays, sundays = (
        calendar({day: ("00:00-24:00",)}, zone="America/Havana") for day in ("saturday", "sunday")
    )

    assert open_seconds_between(saturdays, *weekend) == 24 * HOUR
    assert open_seconds_between(sundays, *weekend) == 25 * HOUR


def test_a_day_that_samoa_skipped_has_no_hours() -> None:
    samoa = calendar(DAY_AND_NIGHT, zone="Pacific/Apia", company_holidays=["2011-12-31"])

    assert windows(samoa, "2011-12-29T12:00", 2) == [
        ("2011-12-29T12:00-10:00", "2011-12-31T00:00+14:00"),
        ("2012-01-01T00:00+14:00", "2021-12-30T11:00+13:00"),  # ten years from its start
    ]


def test_a_night_belongs_to_the_day_it_begins_on() -> None:
    nights = calendar(NIGHTS, company_holidays=["2026-11-24"])

    assert windows(nights, "2026-11-22T12:00", 3) == [
        ("2026-11-22T22:00+01:00", "2026-11-23T06:00+01:00"),
        ("2026-11-23T22:00+01:00", "2026-11-24T00:00+01:00"),  # what runs into a holiday is cut
        ("2026-11-25T22:00+01:00", "2026-11-26T06:00+01:00"),  # what would begin on it is not there
    ]
    weekdays = calendar({name: NIGHTS[name] for name in OFFICE})
    assert windows(weekdays, "2026-11-20T12:00", 1) == [("2026-11-20T22:00+01:00", "2026-11-21T06:00+01:00")]


def test_bavaria_is_not_berlin() -> None:
    bavaria = calendar(country="DE", subdivision="BY")
    berlin = calendar(country="DE", subdivision="BE")

    assert shown(bavaria, "2027-01-05T17:30", 1) == "2027-01-07T08:30+01:00"  # Epiphany
    assert shown(berlin, "2027-01-05T17:30", 1) == "2027-01-06T08:30+01:00"
    assert shown(bavaria, "2027-03-05T17:30", 1) == "2027-03-08T08:30+01:00"
    assert shown(berlin, "2027-03-05T17:30", 1) == "2027-03-09T08:30+01:00"  # Women's Day


def test_only_public_holidays_close() -> None:
    """Austria's banks rest on Good Friday, and its offices do not."""
    austria, germany = calendar(country="AT"), calendar(country="DE")

    assert shown(austria, "2026-04-02T17:30", 1) == "2026-04-03T08:30+02:00"
    assert shown(germany, "2026-04-02T17:30", 1) == "2026-04-07T08:30+02:00"

    assert shown(germany, "2026-12-24T09:00", 1) == "2026-12-24T10:00+01:00"
    assert shown(germany, "2026-12-24T17:00", 2) == "2026-12-28T09:00+01:00"


def test_a_company_has_holidays_of_its_own() -> None:
    of = calendar(company_holidays=["12-24", "2026-12-31", "02-29"])

    assert shown(of, "2026-12-23T17:30", 1) == "2026-12-25T08:30+01:00"
    assert shown(of, "2026-12-30T17:30", 1) == "2027-01-01T08:30+01:00"
    assert shown(of, "2027-12-30T17:30", 1) == "2027-12-31T08:30+01:00"
    assert shown(of, "2028-02-28T17:30", 1) == "2028-03-01T08:30+01:00"


def test_a_half_day_has_windows_of_its_own() -> None:
    of = calendar(half_days={"12-24": ("08:00-12:00",), "2026-12-24": ("10:00-11:00",)})

    assert shown(of, "2025-12-24T08:00", 5) == "2025-12-25T09:00+01:00"
    assert shown(of, "2026-12-24T08:00", 2) == "2026-12-25T09:00+01:00"  # a date goes before every year


def test_a_half_day_opens_no_day_that_is_closed() -> None:
    of = calendar(country="DE", half_days={"12-25": ("08:00-12:00",), "12-27": ("08:00-12:00",)})

    assert shown(of, "2026-12-24T17:30", 1) == "2026-12-28T08:30+01:00"


def test_windows_that_overlap_count_once() -> None:
    """A half day may begin while the night before it still runs."""
    of = calendar(
        {"monday": ("20:00-10:00",), "tuesday": ("12:00-18:00",)}, half_days={"11-24": ("08:00-12:00",)}
    )

    assert open_seconds_between(of, at("2026-11-23T00:00"), at("2026-11-25T00:00")) == 16 * HOUR
    assert windows(of, "2026-11-23T00:00", 1) == [("2026-11-23T20:00+01:00", "2026-11-24T12:00+01:00")]


def test_every_zone_of_the_database_is_there() -> None:
    assert len(names()) > 500
    assert {zone(name).key for name in names()} == names()
    with pytest.raises(ValueError, match=r"no time zone '\.\./UTC'"):
        zone("../UTC")
