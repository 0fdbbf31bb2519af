"""`calendars.toml`: what it may say, and what is wrong with a file that is wrong."""

import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

import app
from chalicelib.calendars import loading, public_holidays, zones
from chalicelib.calendars.arithmetic import due
from chalicelib.calendars.calendar import ALWAYS, Calendar
from chalicelib.errors import ConfigurationError
from tests.opening_hours import HOUR, at, local

SMALL = """
[[calendar]]
id = "desk"
zone = "Europe/Berlin"
country = "DE"
subdivision = "BY"
company_holidays = ["12-24", 2026-12-28]

[calendar.week]
monday = ["08:00-12:00", "13:00-18:00"]
friday = ["22:00-06:00"]

[calendar.half_days]
"2026-12-21" = ["08:00-10:00"]
"12-31" = ["08:00-12:00"]
"""


def load(tmp_path: Path, text: str) -> Mapping[str, Calendar]:
    file = tmp_path / "calendars.toml"
    file.write_text(text, "utf-8")
    return loading.load(file)


def test_the_office_that_is_shipped_is_there_on_weekdays() -> None:
    office = loading.load()["office"]

    assert local(due(office, at("2026-12-24T17:00"), 2 * HOUR)) == "2026-12-28T09:00+01:00"
    assert local(due(office, at("2026-11-20T17:55"), 4 * HOUR)) == "2026-11-23T11:55+01:00"


def test_always_is_there_without_being_written() -> None:
    assert loading.load()["always"] is ALWAYS


def test_a_file_without_calendars_has_always(tmp_path: Path) -> None:
    assert load(tmp_path, "") == {"always": ALWAYS}


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    desk = load(tmp_path, SMALL)["desk"]

    assert (desk.zone.key, desk.country, desk.subdivision) == ("Europe/Berlin", "DE", "BY")
    assert desk.week == (((480, 720), (780, 1080)), (), (), (), ((1320, 1800),), (), ())
    assert desk.company_holidays == {(12, 24), date(2026, 12, 28)}
    assert desk.half_days == {date(2026, 12, 21): ((480, 600),), (12, 31): ((480, 720),)}


def test_a_version_is_the_definitions_own(tmp_path: Path) -> None:
    version = load(tmp_path, SMALL)["desk"].version
    same = SMALL.replace('"12-24", 2026-12-28', '"2026-12-28", "12-24"').replace("# ", "#  ")

    assert len(version) == 12
    assert load(tmp_path, same)["desk"].version == version
    for old, new in (
        ("18:00", "18:01"),
        ('"BY"', '"BE"'),
        ("12-28", "12-29"),
        ("10:00", "10:01"),
        ("Berlin", "Vienna"),
    ):
        assert load(tmp_path, SMALL.replace(old, new))["desk"].version != version


@pytest.mark.parametrize("of", ["tzdata", "holidays"])
def test_a_version_is_another_with_other_data(
    tmp_path: Path, of: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = SMALL.replace('country = "DE"\nsubdivision = "BY"', "")
    before, before_without = (load(tmp_path, text)["desk"].version for text in (SMALL, without))
    if of == "tzdata":
        monkeypatch.setattr(zones, "VERSION", "1999a")
    else:
        monkeypatch.setattr(public_holidays, "version", lambda: "0.1")

    assert load(tmp_path, SMALL)["desk"].version != before
    assert (load(tmp_path, without)["desk"].version == before_without) is (of == "holidays")


HALF_DAY = '"2026-12-21" = ["08:00-10:00"]'


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('zone = "Europe/Berlin"', "", ['calendar "desk", `zone`', "is missing"]),
        ("Europe/Berlin", "Europe/Bonn", ['calendar "desk", `zone`', "no time zone 'Europe/Bonn'"]),
        ('"Europe/Berlin"', "1", ['calendar "desk", `zone`', "no time zone"]),
        ('"desk"', '"Der Tisch"', ['calendar "Der Tisch", `id`', "a–z"]),
        ('"desk"', '"always"', ['two calendars are called "always"', "rename"]),
        ("zone =", "time_zone =", ['calendar "desk", `time_zone`', "no such key"]),
        ('"DE"', '"DD"', ['calendar "desk"', "no holidays of a country 'DD'", "such as DE"]),
        ('"DE"', '"de"', ["no holidays of a country 'de'"]),
        ('"DE"', '"NYSE"', ["no holidays of a country 'NYSE'"]),
        ('"DE"', '"PUBLIC"', ["no holidays of a country 'PUBLIC'"]),
        ('"DE"', "49", ["`country`", "string"]),
        ('"BY"', '"Bayern"', ['calendar "desk"', "no subdivision 'Bayern'", "BE, ", "BY, "]),
        (
            '"DE"\nsubdivision = "BY"',
            '"VA"\nsubdivision = "BY"',
            ["VA has no subdivision 'BY': leave it out"],
        ),
        ('country = "DE"', "", ['calendar "desk"', "`subdivision` needs its `country`"]),
        ("monday", "montag", ["`week`, `montag`", "no such key"]),
        ("13:00", "11:59", ["`week`, `monday`", "08:00-12:00 and 11:59-18:00 overlap"]),
        ('"08:00-12:00", "13:00-18:00"', '"13:00-18:00", "08:00-12:00"', ["not in their order"]),
        ('"13:00-18:00"', '"13:00-09:00"', ["`monday`", "13:00-09:00 and 08:00-12:00 overlap on the next"]),
        ("08:00-12:00", "8-12", ["`week`, `monday`", "write a window as in 08:00-18:00"]),
        ("08:00-12:00", "08:00-08:00", ["`monday`", "empty", "00:00-24:00 for a whole day"]),
        ("13:00-18:00", "13:00-23:59", ["`monday`", "a minute is missing before midnight: write 24:00"]),
        ("13:00-18:00", "13:00-18:60", ["`monday`", "no 18:60 on a clock"]),
        ("13:00-18:00", "13:00-24:01", ["`monday`", "no 24:01 on a clock"]),
        ("13:00-18:00", "24:00-02:00", ["`monday`", "begin at 00:00"]),
        ('["08:00-12:00", "13:00-18:00"]', '"08:00-12:00"', ["`monday`", "write a list of windows"]),
        ('["08:00-12:00", "13:00-18:00"]', "[8]", ["`monday`", "write a list of windows"]),
        (
            'friday = ["22:00-06:00"]',
            'sunday = ["22:00-09:00"]',
            ["`week`", "last window of sunday overlaps the first of monday"],
        ),
        (
            'monday = ["08:00-12:00", "13:00-18:00"]\nfriday = ["22:00-06:00"]',
            "monday = []",
            ["`week`", "never open: give some day a window"],
        ),
        ("[calendar.week]", "[calendar.hours]", ["`week`", "is missing", "`hours`", "no such key"]),
        ('"12-24"', '"24.12."', ["company holiday 1", "write a date as in 2026-12-24"]),
        ('"12-24"', "1224", ["company holiday 1", "write a date"]),
        ("2026-12-28", "2026-12-28T10:00:00", ["company holiday 2", "write a date"]),
        ('"12-24"', '"02-30"', ["company holiday 1", "02-30 is no day"]),
        ('"12-24"', '"2026-02-29"', ["company holiday 1", "2026-02-29 is no day"]),
        ('"12-24"', '"12-24", "12-24"', ['calendar "desk"', "12-24 twice"]),
        ('"12-24"', '"12-31"', ["12-31 is both a company holiday and a half day"]),
        ('["12-24", 2026-12-28]', "true", ["`company_holidays`", "write a list"]),
        (HALF_DAY, '"2026-12-21" = []', ["`half_days`, `2026-12-21`", "write it into `company_holidays`"]),
        (HALF_DAY, '"2026-12-21" = 4', ["`half_days`, `2026-12-21`", "write a list of windows"]),
        (HALF_DAY, '"21.12." = ["08:00-10:00"]', ["`half_days`, `21.12.`", "write a date"]),
        (HALF_DAY, '"2026-12-22" = ["08:00-10:00"]', ["half day 2026-12-22 is a Tuesday", "no hours"]),
        (HALF_DAY, '"2027-12-24" = ["08:00-10:00"]', ["half day 2027-12-24 is a company holiday every year"]),
        (HALF_DAY, '"2026-05-25" = ["08:00-10:00"]', ["2026-05-25 is a public holiday ("]),
        ("[[calendar]]", "[[calendar", ["calendars.toml"]),
        ("[[calendar]]", "[[calender]]", ["`calender`", "no such key"]),
    ],
)
def test_a_wrong_entry_is_named_with_its_remedy(tmp_path: Path, old: str, new: str, told: list[str]) -> None:
    assert old in SMALL
    with pytest.raises(ConfigurationError) as error:
        load(tmp_path, SMALL.replace(old, new))

    assert [part for part in told if part not in str(error.value)] == [], str(error.value)


def test_a_company_that_is_closed_on_every_day_of_the_year_is_never_open(tmp_path: Path) -> None:
    lengths = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    days = [f"{m:02}-{d:02}" for m, length in enumerate(lengths, 1) for d in range(1, length + 1)]
    closed = SMALL.replace('["12-24", 2026-12-28]', str(days)).replace(HALF_DAY, "")

    with pytest.raises(ConfigurationError, match="never open: `company_holidays` has every day"):
        load(tmp_path, closed.replace('"12-31" = ["08:00-12:00"]', ""))


def test_two_calendars_of_one_name_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match='two calendars are called "desk": rename one'):
        load(tmp_path, SMALL + SMALL)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.toml"):
        loading.load(tmp_path / "nowhere.toml")


def test_holidays_are_loaded_only_for_a_calendar_that_has_some(tmp_path: Path) -> None:
    """In a process of its own: the library takes longer to load than most of what we do."""
    file = tmp_path / "calendars.toml"
    file.write_text(SMALL.replace('country = "DE"\nsubdivision = "BY"', ""), "utf-8")
    script = """
import sys
from pathlib import Path
from chalicelib.calendars import arithmetic, explain, loading
desk = loading.load(Path(sys.argv[1]))["desk"]
explain.steps(desk, 1_800_000_000, 1_000_000)
print("holidays" in sys.modules)
loading.load()
print("holidays" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)],
        cwd=Path(app.__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout.split(), done.returncode) == (["False", "True"], 0), done.stderr
