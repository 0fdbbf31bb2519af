"""Sums of open time. All times are UTC epoch seconds; local time only finds the edges of windows.

A window is the shortest stretch of real time that holds every instant at which the clock reads a time within
it. So it has no holes, opens when the clocks skip its first minute, and is as long as the night really was.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.calendars import zones
from chalicelib.calendars.calendar import MINUTES, Calendar
from chalicelib.errors import BadRequest, NeverOpen

LOOK_AHEAD = 3653 * zones.DAY
"""Ten years: what is not reached by then is never reached."""

LATEST = 7_258_118_400  # 2200-01-01
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """Somebody is there from `opens` on, and not any more at `closes`."""

    opens: int
    closes: int


def due(calendar: Calendar, start: int, open_seconds: int) -> int:
    """Tell when so much open time has passed since `start`.

    What is used up at the very instant of closing is due then, not at the next opening. Of 0 seconds that is
    `start` itself if it is in a window or at its closing, or else the next opening.

    Raises:
        NeverOpen: there is not so much open time in the next ten years.
        BadRequest: `start` is before 1970, or after 2199.
        ValueError: `open_seconds` is negative.

    """
    if open_seconds < 0:
        raise ValueError(f"open_seconds must be 0 or more, not {open_seconds}")
    left = open_seconds
    for piece in _pieces(calendar, start):
        length = piece.closes - piece.opens
        if left <= length:
            return piece.opens + left
        left -= length
    raise NeverOpen(
        f'calendar "{calendar.id}" is not open for {open_seconds} s in ten years: '
        "give its week more hours, or take closed days out"
    )


def next_open(calendar: Calendar, at: int) -> int:
    """Give `at` itself if the calendar is open then, or else the next opening.

    Raises:
        NeverOpen, BadRequest: as `due` does.

    """
    return due(calendar, at, 1) - 1


def open_seconds_between(calendar: Calendar, start: int, end: int) -> int:
    """Sum the open time from `start` to `end`; it is 0 if that is no later.

    Raises:
        BadRequest: `start` or `end` is before 1970, or after 2199.

    """
    _check(end)
    pieces = _pieces(calendar, start, max(start, end))
    return sum(piece.closes - piece.opens for piece in pieces)


def open_windows(calendar: Calendar, start: int, end: int | None = None) -> Iterator[OpenWindow]:
    """Give the windows from `start` on in their order, merged where they meet; the first may be open already.

    They end with `end`, or after ten years; a window that goes on is cut there.

    Raises:
        BadRequest: `start` is before 1970, or after 2199.

    """
    last: OpenWindow | None = None
    for piece in _pieces(calendar, start, end):
        if piece.opens == piece.closes:
            continue
        if last and last.closes == piece.opens:
            last = OpenWindow(last.opens, piece.closes)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last


def _pieces(calendar: Calendar, start: int, end: int | None = None) -> Iterator[OpenWindow]:
    """Give what is open from `start` to `end`: disjoint and in order, day by day.

    The first one is empty if a window closes at `start`.
    """
    _check(start)
    end = start + LOOK_AHEAD if end is None else end
    done = start
    for window in _windows(calendar, start, end):
        opens, closes = max(window.opens, done), min(window.closes, end)
        if opens <= closes and (opens < closes or closes == start):
            done = closes
            yield OpenWindow(opens, closes)


def _windows(calendar: Calendar, start: int, end: int) -> Iterator[OpenWindow]:
    """Give the windows of each day from the eve of `start` on: in order, whole, maybe overlapping."""
    day = zones.local_date(calendar.zone, start) - ONE_DAY
    while zones.opening(calendar.zone, day, 0) <= end:
        yield from _of_day(calendar, day)
        day += ONE_DAY


def _of_day(calendar: Calendar, day: date) -> Iterator[OpenWindow]:
    for begins, ends in calendar.day(day).windows:
        cut = ends > MINUTES and calendar.day(day + ONE_DAY).is_holiday
        window = OpenWindow(
            zones.opening(calendar.zone, day, begins),
            zones.closing(calendar.zone, day, MINUTES if cut else ends),
        )
        if window.opens < window.closes:  # else the clocks skip all of it
            yield window


def _check(at: int) -> None:
    if not 0 <= at < LATEST:
        raise BadRequest(f"{at} is no time from 1970 to 2199, in UTC epoch seconds")
