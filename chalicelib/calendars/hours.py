"""Reads windows and days as people write them in `calendars.toml`."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from chalicelib.calendars.calendar import MINUTES, MonthDay, Window, Windows

WINDOW = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)", re.ASCII)
DAY = re.compile(r"(?:(\d{4})-)?(\d\d)-(\d\d)", re.ASCII)
LEAP_YEAR = 2000
LAST_MINUTE = MINUTES - 1


def window(written: str) -> Window:
    """Read a window such as 08:00-18:00; 22:00-06:00 runs into the next day.

    Raises:
        ValueError: it is none.

    """
    if not (read := WINDOW.fullmatch(written)):
        raise ValueError("write a window as in 08:00-18:00")
    begins, ends = _minute(read[1], read[2]), _minute(read[3], read[4])
    if begins == MINUTES:
        raise ValueError("24:00 is the end of a day: begin at 00:00 of the next one")
    if begins == ends:
        raise ValueError("this is empty: write 00:00-24:00 for a whole day")
    if ends == LAST_MINUTE:
        raise ValueError("a minute is missing before midnight: write 24:00")
    return begins, ends if begins < ends else ends + MINUTES


def windows(written: Sequence[str]) -> Windows:
    """Read the windows of a day.

    Raises:
        ValueError: one is none, or they overlap, or are not in their order.

    """
    read = tuple(window(each) for each in written)
    for n, (before, after) in enumerate(pairwise(read)):
        if after[0] < before[1]:
            raise ValueError(f"{written[n]} and {written[n + 1]} overlap, or are not in their order")
    if read and read[-1][1] - MINUTES > read[0][0]:
        raise ValueError(f"{written[-1]} and {written[0]} overlap on the next day")
    return read


def day(written: object) -> date | MonthDay:
    """Read a day: 2026-12-24 is a date, 12-24 that day of every year.

    Raises:
        ValueError: there is no such day.

    """
    if type(written) is date:
        return written
    if not isinstance(written, str) or not (read := DAY.fullmatch(written)):
        raise ValueError("write a date as in 2026-12-24, or as in 12-24 for every year")
    year, month, of_month = int(read[1] or LEAP_YEAR), int(read[2]), int(read[3])
    try:
        found = date(year, month, of_month)
    except ValueError:
        raise ValueError(f"{written} is no day") from None
    return found if read[1] else (month, of_month)


def _minute(hour: str, minute: str) -> int:
    read = int(hour) * 60 + int(minute)
    if int(minute) >= 60 or read > MINUTES:  # noqa: PLR2004
        raise ValueError(f"there is no {hour}:{minute} on a clock: times are from 00:00 to 24:00")
    return read
