"""Finds phrases of time in a reply, and tells until when they last. Local time only finds the edges.

A day ends with its last second, a week on Sunday; "early" in a week is until Tuesday, in a month until the
10th, "mid" is Wednesday and the 20th. Parts of a day end as `calendar_words.PARTS` says.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.replies.calendar_words import END, HOUR, NOON
from chalicelib.replies.lasting import Found, Lasting
from chalicelib.replies.legible import Legible
from chalicelib.replies.time_groups import AGO, BOUNDS, EXCLUSIVE, STARTS, groups, lead, trail

WorkingDay = Callable[[date], bool]
_LOOK_AHEAD = 400  # days, for a working day


def monday_to_friday(day: date) -> bool:
    """Tell whether people usually work on a day."""
    return day.weekday() < 5  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Now:
    """From when and where a phrase is said: UTC epoch seconds, zone, and which days are worked."""

    at: int
    zone: ZoneInfo
    working_day: WorkingDay = monday_to_friday

    @property
    def local(self) -> datetime:
        """The local time."""
        return datetime.fromtimestamp(self.at, UTC).astimezone(self.zone)

    def utc(self, day: date, second: int) -> int:
        """Give the last instant at which the clock shows this; one that it skips, as if it did not."""
        shown = datetime.combine(day, datetime.min.time()) + timedelta(seconds=second)
        return max(int(shown.replace(tzinfo=self.zone, fold=fold).timestamp()) for fold in (0, 1))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of time, by its place in `Legible.said`, and the last second of it (UTC epoch seconds)."""

    start: int
    end: int
    due: int
    begins: bool  # it only tells from when on
    bound: bool  # it is named as one ("by", "within"), not only as a time


def phrases(reply: Legible, now: Now) -> list[Phrase]:
    """Find the phrases of time in a reply that are not over; what no calendar holds is passed over."""
    found = []
    for group in groups(reply.said):
        start, leads = lead(reply.said, group[0].start)
        end, trailed = trail(reply.said, group[-1].end)
        if _is_vague(group, leads):
            continue
        try:
            due = _due([one.lasts for one in group], now, leads)
        except (OverflowError, ValueError, OSError):
            continue
        if due is not None and due >= now.at and not trailed & AGO:
            bound = bool(leads & BOUNDS) or group[0].lasts.is_span
            found.append(Phrase(start, end, due, begins=bool(leads & STARTS), bound=bound))
    return found


def _is_vague(group: list[Found], leads: set[str]) -> bool:
    """Tell whether only a part of some day is named, with nothing that leads to it: "that evening"."""
    return not leads and all(one.lasts.at_bound is not None and one.lasts.day is None for one in group)


def _due(parts: list[Lasting], now: Now, leads: set[str]) -> int | None:
    """Add up what the parts of a phrase say."""
    today = now.local.date()
    days = [part.day for part in parts if part.day]
    clocks = [part for part in parts if part.second is not None]
    if parts[0].seconds is not None:
        return now.at + parts[0].seconds
    if parts[0].workdays:
        return now.utc(_after_workdays(today, parts[0].workdays, now.working_day), END)
    bound = bool(leads & BOUNDS)
    if not clocks:
        day = _last_day(days, today, bound=bound)
        return now.utc(day - timedelta(days=bool(leads & EXCLUSIVE and parts[-1].whole_day)), END)
    clock = clocks[-1]
    second = clock.at_bound if bound and clock.at_bound is not None else clock.second or 0
    if not days:
        return _next(today, second, now, by_half_days=clock.vague)
    day = _last_day(days, today, bound=bound)
    if clock.vague and second < 8 * HOUR:
        second += NOON
    due = now.utc(day, second)
    weekly = any(part.weekly for part in parts) and day == today
    return now.utc(day + timedelta(days=7), second) if due < now.at and weekly else due


def _last_day(days: list[Callable[[date, bool], date]], today: date, *, bound: bool) -> date:
    """Give the later of the days that are named; each is counted from the one before."""
    last = today
    for day in days:
        last = max(last, day(last, bound)) if len(days) > 1 else day(today, bound)
    return last


def _next(today: date, second: int, now: Now, *, by_half_days: bool) -> int:
    """Give the next time the clock shows this; "at 5" may mean the afternoon."""
    candidates = [now.utc(today, second)]
    if by_half_days and second < NOON:
        late = now.utc(today, second + NOON)
        candidates = [late] if second < 7 * HOUR else [*candidates, late]
    tomorrow = now.utc(
        today + timedelta(days=1), second + (NOON if by_half_days and second < 7 * HOUR else 0)
    )
    return next((due for due in candidates if due >= now.at), tomorrow)


def _after_workdays(today: date, count: int, works: WorkingDay) -> date:
    """Count working days from tomorrow on."""
    day = today
    for _ in range(_LOOK_AHEAD):
        day += timedelta(days=1)
        count -= works(day)
        if not count:
            return day
    raise ValueError("no working day in sight")
