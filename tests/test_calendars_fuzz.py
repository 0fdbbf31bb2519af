"""A slow reference agrees with the arithmetic: 5,000 cases here, 200,000 in `make fuzz`."""

import os
from itertools import islice
from random import Random

import pytest

from chalicelib.calendars.arithmetic import due, next_open, open_seconds_between, open_windows
from chalicelib.calendars.calendar import Calendar
from chalicelib.calendars.explain import Kind, steps
from tests import random_calendars as some
from tests.slow_calendar import SlowCalendar

BLOCKS = 10
EXACTLY_AT_AN_EDGE = 0.2
CASES = 200_000 if os.environ.get("HYPOTHESIS_PROFILE") == "fuzz" else 5_000


@pytest.mark.parametrize("block", range(BLOCKS))
def test_the_arithmetic_agrees_with_a_slow_reference(block: int) -> None:
    for number in range(block, CASES, BLOCKS):
        chance = Random(number)
        case = _agrees if number // BLOCKS % 2 else _agrees_over_pauses_and_hand_overs
        try:
            case(chance)
        except Exception as error:
            error.add_note(f"case {number}")
            raise


def _calendar(chance: Random) -> tuple[Calendar, int]:
    calendar = some.calendar(chance)
    start = some.moment(chance, calendar)
    return some.with_days_off(chance, calendar, start), start


def _agrees(chance: Random) -> None:
    calendar, start = _calendar(chance)
    slow, wanted = SlowCalendar(calendar), some.length(chance, calendar)
    if chance.random() < EXACTLY_AT_AN_EDGE:
        start = next(slow.watch(start)).ends
    end = slow.due(start, wanted)
    windows = [stretch for stretch in islice(slow.watch(start), 4) if stretch.is_open]

    assert due(calendar, start, wanted) == end
    assert open_seconds_between(calendar, start, end) == wanted
    assert [(w.opens, w.closes) for w in islice(open_windows(calendar, start), len(windows))] == [
        (w.begins, w.ends) for w in windows
    ]
    assert next_open(calendar, start) == windows[0].begins
    explained = steps(calendar, start, wanted)
    assert sum(step.seconds for step in explained if step.kind is Kind.WINDOW) == wanted


def _agrees_over_pauses_and_hand_overs(chance: Random) -> None:
    """Run on with the time that is left after each pause, under the calendar of who has the ticket then."""
    calendar, at = _calendar(chance)
    left = some.length(chance, calendar)
    for _ in range(chance.randint(1, 3)):
        slow, end = SlowCalendar(calendar), due(calendar, at, left)
        assert end == slow.due(at, left)
        paused = at + chance.randint(0, max(1, end - at))
        used = open_seconds_between(calendar, at, paused)
        assert used == slow.open_seconds_between(at, paused)
        left, at = max(0, left - used), paused + some.pause(chance)
        if chance.random() < 0.5:
            calendar = some.with_days_off(chance, some.calendar(chance), at)
    assert due(calendar, at, left) == SlowCalendar(calendar).due(at, left)
