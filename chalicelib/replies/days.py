"""Tells days from today on: weekdays, weeks, months, dates.

Pure; a day that no calendar holds is a ValueError or an OverflowError.
"""

from collections.abc import Callable
from datetime import date, timedelta

Day = Callable[[date, bool], date]
"""Tells a day, or the last one of a week or month, from today on; and from whether it is a bound ("by")."""


def after(days: int) -> Day:
    """Give the day so many days on."""
    return lambda today, _: today + timedelta(days=days)


def weekday(day: int, *, strictly: bool = False) -> Day:
    """Give the first such day from today on; `strictly`: from tomorrow on."""
    return lambda today, _: today + timedelta(days=(day - today.weekday() - strictly) % 7 + strictly)


def week(weeks: int, day: int) -> Day:
    """Give a day (0: Monday) of this week, or of one so many weeks on."""
    return lambda today, _: today + timedelta(days=7 * weeks + day - today.weekday())


def weekend(today: date, bound: bool) -> date:  # noqa: FBT001
    """Give Friday for "by the weekend", Sunday for "at the weekend"."""
    last = today + timedelta(days=6 - today.weekday())
    friday = last - timedelta(days=2)
    return friday if bound and friday >= today else last


def end_of_month(day: date) -> date:
    """Give the last day of its month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def in_month(month: int | None, until: int | None, months: int = 0) -> Day:
    """Give a day of a month, None: its last. No month: this one, or one so many months on."""

    def day(today: date, _: bool) -> date:  # noqa: FBT001
        first = today.replace(day=1)
        for _each in range(months):
            first = end_of_month(first) + timedelta(days=1)
        if month is not None:
            first = first.replace(month=month, year=today.year + (month < today.month))
        return first.replace(day=until) if until else end_of_month(first)

    return day


def on_date(day: int, month: int, year: int | None) -> Day:
    """Give a date; without a year the one that is nearest."""

    def nearest(today: date, _: bool) -> date:  # noqa: FBT001
        if year is not None:
            return date(year + 2000 * (year < 100), month, day)  # noqa: PLR2004
        years = (today.year - 1, today.year, today.year + 1)
        return min((date(one, month, day) for one in years), key=lambda one: abs((one - today).days))

    return nearest


def day_of_month(number: int) -> Day:
    """Give the next day with this number."""

    def day(today: date, _: bool) -> date:  # noqa: FBT001
        return today.replace(day=number) if number >= today.day else months_on(today, 1).replace(day=number)

    return day


def calendar_week(week: int) -> Day:
    """Give the Sunday of a calendar week (ISO 8601) that is not over."""

    def last(today: date, _: bool) -> date:  # noqa: FBT001
        year = today.isocalendar().year
        found = date.fromisocalendar(year, week, 7)
        return found if found >= today else date.fromisocalendar(year + 1, week, 7)

    return last


def months_on(today: date, count: int) -> date:
    """Give the same day so many months on, or the last of that month."""
    months = today.year * 12 + today.month - 1 + count
    first = date(months // 12, months % 12 + 1, 1)
    return first.replace(day=min(today.day, end_of_month(first).day))
