"""Whether a platform has fallen silent: far fewer deliveries than in the same hours of earlier weeks. Pure.

The last full hours are compared with the same hours of the week, four weeks back. If people wrote
independently of each other, what comes would be a Poisson count; they do not, so how much such counts differ
from week to week widens it (a quasi-Poisson model: counts are divided by variance over mean).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import fmean, median, variance
from typing import NamedTuple

HOUR, WEEK = 3600, 7 * 86_400
WINDOWS = (1, 3, 8, 24)
"""Hours that are looked at together: the busier a platform, the sooner it is missed."""

COMPARED, AT_LEAST, LOOK_BACK = 4, 3, 8
"""Weeks: compared, needed for any answer, and at most looked back while a silence lasts."""

USUAL = 5
"""Deliveries that are usual in a window: with fewer, none at all means nothing."""

FAR_BELOW, CHANCE = 0.5, 0.0001
"""Less than this part of what is usual, and by chance no likelier than that. It is asked anew each hour."""


class Silence(NamedTuple):
    """In `hours` hours from `since` (UTC epoch seconds) on, `came` deliveries came, `usual` are usual."""

    since: int
    hours: int
    came: int
    usual: float


class _History(NamedTuple):
    """Deliveries by hour, and between which times they tell what is usual."""

    by_hour: Mapping[int, int]
    first: int
    before: int

    def total(self, start: int, hours: int) -> int:
        return sum(self.by_hour.get(start + n * HOUR, 0) for n in range(hours))

    def weeks(self, start: int, hours: int, shifts: Sequence[int] = (0,)) -> list[float]:
        """Count the same hours of earlier weeks that lie within; of each week the quietest shift."""
        found: list[float] = []
        for week in range(1, LOOK_BACK + 1):
            begin = start - week * WEEK
            begins = [begin + shift for shift in shifts]
            if begins[0] >= self.first and begins[-1] + hours * HOUR <= self.before:
                found.append(min(self.total(at, hours) for at in begins))
        return _capped(found[:COMPARED])


def silence(by_hour: Mapping[int, int], now: int, began: int | None = None) -> Silence | None:
    """Find the longest window before `now` that is far too quiet; None if none is, or nothing can be said.

    by_hour: deliveries by the hour's first second (UTC epoch seconds); hours without any may be left out.
    began: since when it has been silent, if it was silent the last time: what came since is no measure.
    """
    end = now - now % HOUR
    history = _History(by_hour, min(by_hour, default=end), began or end)
    found = (_quiet(history, end, hours) for hours in reversed(WINDOWS))
    return next((quiet for quiet in found if quiet), None)


def _quiet(history: _History, end: int, hours: int) -> Silence | None:
    start = end - hours * HOUR
    # Clocks change, habits do not: an hour earlier or later counts as the same hour.
    weeks = history.weeks(start, hours, (-HOUR, 0, HOUR))
    if len(weeks) < AT_LEAST:
        return None
    came, usual = history.total(start, hours), fmean(weeks)
    if usual < USUAL or came >= FAR_BELOW * usual:
        return None
    spread = _spread(history, end, hours)
    by_chance = poisson_tail(math.ceil(came / spread), usual / spread)
    return Silence(start, hours, came, usual) if by_chance < CHANCE else None


def _spread(history: _History, end: int, hours: int) -> float:
    """Tell how much more than by chance such windows differ between weeks: variance over mean of them all.

    A week of windows is taken together, since three or four weeks alone tell little of their spread.
    """
    windows = [history.weeks(start, hours) for start in _starts(end, hours)]
    known = [weeks for weeks in windows if len(weeks) >= AT_LEAST]
    mean = sum(map(fmean, known))
    return max(1.0, sum(map(variance, known)) / mean) if mean else 1.0


def _starts(end: int, hours: int) -> Iterator[int]:
    return iter(range(end - hours * HOUR, end - WEEK, -hours * HOUR))


def _capped(weeks: list[float]) -> list[float]:
    """Let one week in which everybody wrote not become what is usual."""
    limit = 2 * median(weeks) if weeks else 0
    return [min(week, limit) for week in weeks]


def poisson_tail(count: int, mean: float) -> float:
    """Tell how probable `count` or fewer are where `mean` are expected; 1 for what is not below it."""
    if count >= mean:
        return 1.0
    term = total = math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
    while count and term > total * 1e-12:
        term *= count / mean
        count -= 1
        total += term
    return total
