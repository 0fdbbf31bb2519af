"""Calendars, starts and lengths by chance: odd hours, short pauses, nights on which clocks are changed."""

from datetime import UTC, date, datetime
from random import Random

from chalicelib.calendars import zones
from chalicelib.calendars.calendar import Calendar, MonthDay, Windows
from tests.slow_calendar import DAY, HOUR, YEAR, changes

MINUTES = 24 * 60
ZONES = sorted(zones.names())
COUNTRIES = (
    ("DE", None),
    ("DE", "BY"),
    ("DE", "BE"),
    ("AT", None),
    ("CH", "ZH"),
    ("GB", "SCT"),
    ("US", "CA"),
    ("FR", None),
    ("JP", None),
    ("BR", "SP"),
    ("AU", "NSW"),
)
NEAR_A_CHANGE = 0.7  # of those whose zone has any in that year
FROM, TO = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (1975, 2040))


def moment(chance: Random, calendar: Calendar) -> int:
    """Draw a second of 65 years, as often as not near a change of the clocks."""
    at = chance.randrange(FROM, TO)
    if chance.random() < NEAR_A_CHANGE and (near := changes(calendar.zone, at // YEAR)):
        return chance.choice(near).at + (0 if chance.random() < 0.1 else chance.randint(-2 * DAY, DAY))
    return at


def length(chance: Random, calendar: Calendar) -> int:
    """Draw a length: a few seconds, or as much as three weeks have; at times just what a window has."""
    kind = chance.random()
    in_week = sum(ends - begins for windows in calendar.week for begins, ends in windows) * 60
    if kind < 0.05:
        return 0
    if kind < 0.2:
        begins, ends = chance.choice([window for windows in calendar.week for window in windows])
        return (ends - begins) * 60
    if kind < 0.5:
        return chance.randint(1, 4 * HOUR)
    return chance.randint(1, min(3 * in_week, 80 * HOUR))


def calendar(chance: Random) -> Calendar:
    week = [_windows(chance) if chance.random() < 0.75 else () for _ in range(7)]
    if not any(week):
        week[chance.randrange(7)] = _windows(chance)
    country, subdivision = chance.choice(COUNTRIES) if chance.random() < 0.3 else (None, None)
    return Calendar(
        "by_chance",
        "1",
        zones.zone(chance.choice(ZONES)),
        tuple(_apart(week)),
        country,
        subdivision,
    )


def with_days_off(chance: Random, there: Calendar, start: int) -> Calendar:
    """Give it a few holidays and half days soon after the start, of this or of every year."""
    days = [datetime.fromtimestamp(start + n * DAY, there.zone).date() for n in range(-2, 10)]
    closed = {_day(chance, day) for day in days if chance.random() < 0.1}
    short = {_day(chance, day): _windows(chance) for _ in range(2) for day in days if chance.random() < 0.1}
    return Calendar(
        there.id,
        there.version,
        there.zone,
        there.week,
        there.country,
        there.subdivision,
        frozenset(closed),
        short,
    )


def _day(chance: Random, day: date) -> date | MonthDay:
    return day if chance.random() < 0.5 else (day.month, day.day)


def _windows(chance: Random) -> Windows:
    kind = chance.random()
    if kind < 0.15:
        return ((0, MINUTES),)
    if kind < 0.4:
        begins = chance.randrange(12 * 60, MINUTES)
        night = (begins, MINUTES + chance.randrange(1, 10 * 60))
        return (night,) if chance.random() < 0.5 else ((10 * 60, chance.randrange(601, begins + 1)), night)
    step = chance.choice((1, 5, 30, 60))
    edges = sorted(chance.sample(range(0, MINUTES + 1, step), 2 * chance.randint(1, 3)))
    return tuple(zip(edges[::2], edges[1::2], strict=True))


def _apart(week: list[Windows]) -> list[Windows]:
    """Let no night run into the hours of the next day, as `calendars.toml` may not."""
    apart: list[Windows] = []
    for windows, after in zip(week, week[1:] + week[:1], strict=True):
        free = MINUTES + (after[0][0] if after else MINUTES)
        apart.append(tuple((b, min(e, max(free, b + 1))) for b, e in windows))
    return apart


def pause(chance: Random) -> int:
    """Draw the seconds that somebody waits: none, some hours, or days."""
    return chance.choice((0, chance.randint(0, 3 * HOUR), chance.randint(0, 4 * DAY)))
