"""Silence: told when a platform is far too quiet for the hour, and not on every quiet night."""

import math
import random
from collections.abc import Callable
from itertools import pairwise

import pytest

from chalicelib.silence import AT_LEAST, HOUR, LOOK_BACK, WEEK, WINDOWS, poisson_tail, silence
from tests.world import NOW

END = NOW - NOW % HOUR
Rate = Callable[[int], float]


def hour_of_week(at: int) -> tuple[int, int]:
    """Tell weekday (0 is Monday) and hour; the epoch began on a Thursday."""
    return (at // 86_400 + 3) % 7, at // HOUR % 24


def office_hours(at: int) -> float:
    """Write on working days between 7 and 20 UTC, hardly at night, little at weekends."""
    day, hour = hour_of_week(at)
    if not 7 <= hour < 20:
        return 0.2
    return 4 if day > 4 else 20


def arrived(rate: Rate, weeks: float, seed: int = 1, until: int = END) -> dict[int, int]:
    """Let deliveries arrive by chance at a rate; hours without any are left out, as in the table."""
    chance = random.Random(seed)
    hours = range(END - round(weeks * WEEK / HOUR) * HOUR, until, HOUR)
    return {at: count for at in hours if (count := drawn(chance, rate(at)))}


def drawn(chance: random.Random, mean: float) -> int:
    """Draw a Poisson number (Knuth's way)."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def asked(by_hour: dict[int, int], days: int) -> list[int]:
    """Ask each hour of the last days, as the check does; list when it says silent."""
    times = range(END - days * 86_400, END, HOUR)
    return [now for now in times if silence({at: n for at, n in by_hour.items() if at < now}, now)]


@pytest.mark.parametrize("seed", range(3))
def test_nights_weekends_and_chance_are_no_silence(seed: int) -> None:
    assert asked(arrived(office_hours, LOOK_BACK, seed), days=14) == []


@pytest.mark.parametrize("seed", range(3))
def test_a_weekday_on_which_nothing_comes_is_silence_within_hours(seed: int) -> None:
    monday = next(at for at in range(END - HOUR, 0, -HOUR) if hour_of_week(at) == (0, 9))
    by_hour = arrived(office_hours, LOOK_BACK, seed, until=monday)

    told = next(now for now in range(monday, monday + 86_400, HOUR) if silence(by_hour, now))
    assert told - monday <= 3 * HOUR


def test_the_longest_silent_window_is_told_with_what_is_usual() -> None:
    by_hour = arrived(lambda _: 30, 6, until=END - 30 * HOUR)
    found = silence(by_hour, END + 1234)

    assert found is not None
    assert (found.since, found.hours, found.came) == (END - 24 * HOUR, 24, 0)
    assert 600 < found.usual < 800


def test_the_hour_that_has_just_begun_is_not_looked_at() -> None:
    by_hour = arrived(lambda _: 50, 6)

    assert silence(by_hour, END) == silence(by_hour, END + HOUR - 1) is None
    assert silence(by_hour, END + HOUR) is not None


def test_a_trickle_where_there_was_a_stream_is_silence() -> None:
    by_hour = arrived(lambda at: 2 if at >= END - 8 * HOUR else 40, 6)
    found = silence(by_hour, END)

    assert found is not None
    assert (found.hours, found.since) == (8, END - 8 * HOUR)
    assert 0 < found.came < 40


def test_a_tenth_less_of_very_many_is_improbable_but_no_silence() -> None:
    by_hour = {at: 90_000 if at >= END - HOUR else 100_000 for at in range(END - 6 * WEEK, END, HOUR)}

    assert poisson_tail(90_000, 100_000) < 1e-9
    assert silence(by_hour, END) is None


@pytest.mark.parametrize("weeks", [0, 1, 2, AT_LEAST - 0.1])
def test_a_new_installation_is_never_silent(weeks: float) -> None:
    by_hour = arrived(lambda _: 40, weeks, until=END - 24 * HOUR)

    assert silence(by_hour, END) is None


def test_three_weeks_and_a_day_are_enough_to_be_missed() -> None:
    by_hour = arrived(lambda _: 40, AT_LEAST + 0.2, until=END - HOUR)

    assert silence(by_hour, END) is not None


def test_few_deliveries_are_never_missed() -> None:
    assert silence(arrived(lambda _: 0.15, LOOK_BACK, until=END - 48 * HOUR), END) is None


def test_growth_is_no_silence_and_after_growth_silence_is_noticed() -> None:
    def growing(at: int) -> float:
        return 20 * math.exp((at - END) / WEEK / 10)

    by_hour = arrived(growing, LOOK_BACK)
    assert asked(by_hour, days=7) == []
    assert silence({at: n for at, n in by_hour.items() if at < END - 3 * HOUR}, END) is not None


def test_one_week_in_which_everybody_wrote_does_not_make_the_next_ones_silent() -> None:
    def stormy(at: int) -> float:
        return 400 if END - 2 * WEEK <= at < END - WEEK else 10

    assert asked(arrived(stormy, LOOK_BACK), days=7) == []


def test_a_moody_platform_needs_more_to_be_silent() -> None:
    """Its weeks differ by far more than chance: a tenth of what is usual has been seen before."""

    def moody(at: int) -> float:
        return 60 * random.Random(at // 86_400).choice([0.1, 0.5, 1.0, 2.0])

    by_hour = arrived(moody, LOOK_BACK)
    quieter = {at: n for at, n in by_hour.items() if at < END - 3 * HOUR} | {END - HOUR: 15}
    steady = arrived(lambda _: 54, LOOK_BACK, until=END - 3 * HOUR) | {END - HOUR: 15}

    assert silence(quieter, END) is None
    assert silence(steady, END) is not None


def test_a_changed_clock_is_no_silence() -> None:
    """From one week to the next, people write an hour later by UTC."""
    changed = END - 3 * 86_400

    def by_local_time(at: int) -> float:
        hour = hour_of_week(at - HOUR if at >= changed else at)[1]
        return 60 if 8 <= hour < 18 else 0.5

    assert asked(arrived(by_local_time, LOOK_BACK), days=3) == []


@pytest.mark.parametrize("days", [1, 6, 8, 13, 20, 27])
def test_a_silence_lasts_until_deliveries_come_again(days: int) -> None:
    began = END - days * 86_400
    by_hour = arrived(lambda _: 30, 8, until=began)

    assert silence(by_hour, END, began) is not None
    resumed = by_hour | {END - n * HOUR: 30 for n in range(1, 25)}
    assert silence(resumed, END, began) is None


def test_without_knowing_when_it_began_two_silent_weeks_become_usual() -> None:
    by_hour = arrived(lambda _: 30, 8, until=END - 15 * 86_400)

    assert silence(by_hour, END) is None
    assert silence(by_hour, END, END - 15 * 86_400) is not None


def test_nothing_at_all_is_no_silence() -> None:
    assert silence({}, END) is None


@pytest.mark.parametrize(("count", "mean"), [(0, 3), (2, 9.5), (30, 40), (39, 40), (11, 11.5)])
def test_the_tail_is_the_sum_of_the_probabilities(count: int, mean: float) -> None:
    summed = math.fsum(math.exp(-mean) * mean**n / math.factorial(n) for n in range(count + 1))

    assert poisson_tail(count, mean) == pytest.approx(summed)


@pytest.mark.parametrize(("count", "mean"), [(10**6, 10.0**6), (7, 7), (8, 7)])
def test_what_is_not_below_the_mean_is_not_improbable(count: int, mean: float) -> None:
    assert poisson_tail(count, mean) == 1


def test_the_tail_of_large_numbers_neither_underflows_nor_overflows() -> None:
    tails = [poisson_tail(count, 10.0**6) for count in (990_000, 997_000, 999_000, 999_999)]

    assert all(before < after for before, after in pairwise(tails))
    assert tails[-1] == pytest.approx(0.5, abs=0.01)
    assert poisson_tail(0, 10.0**6) == 0


def test_the_windows_grow() -> None:
    assert list(WINDOWS) == sorted(WINDOWS)
