"""What `GET /tickets/{id}/deadline` answers: every number of a ticket's clocks, in data and in words."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, Field

from chalicelib import deadline_explained, deadline_sentences
from chalicelib.calendars.calendar import ALWAYS, Cause
from chalicelib.clocks import Alarm, ClockName
from chalicelib.deadline_explained import ExplainedClock, Unexplained, explained, zone_of
from chalicelib.deadline_origins import GrantedBy, Since, StoppedBy
from chalicelib.policies import Policies
from chalicelib.ticket import Status, Ticket
from chalicelib.views import Explanation, View, moment


class Instant(View):
    """A time, and the same as the calendar's clock reads it."""

    utc: AwareDatetime
    local: AwareDatetime


class Granted(View):
    """How much time there is, and what grants it: `by`, with what that is for. `version`: of that file."""

    seconds: int
    by: GrantedBy
    department: str | None
    category: str | None
    topic: str | None
    priority: str | None
    platform: str | None
    version: str
    changed_since: bool


class ByCalendar(View):
    """By which calendar it counts. `version_now` is another one if that was changed, null if it is gone."""

    id: str
    version: str
    version_now: str | None
    zone: str


class CountedWindow(View):
    """Open time that counts."""

    opens: Instant
    closes: Instant
    seconds: int


class HolidayName(View):
    """What a public holiday is called."""

    de: str
    en: str


class ClosedDay(View):
    """A day that does not count, or is shorter (`half_day`)."""

    day: date
    cause: Cause
    name: HolidayName | None


class ClockChange(View):
    """The clocks are put forward by so many seconds, or back, if negative."""

    at: Instant
    seconds: int


class CountedPause(View):
    """A pause; what is open in it does not count."""

    begins: Instant
    ends: Instant
    seconds: int


class Stopped(View):
    """What stopped a clock; `late_seconds` is 0 in time."""

    at: Instant
    by: StoppedBy | None
    name: str | None
    in_time: bool
    late_seconds: int


class AlarmLine(View):
    """A level of alarm."""

    level: str
    at: Instant
    told_at: Instant | None


class DeadlineOfClock(View):
    """One clock and all that is behind its numbers."""

    name: ClockName
    due_at: Instant
    started_at: Instant
    started_because: Since
    granted: Granted
    calendar: ByCalendar
    explained: Annotated[
        bool, Field(description="False: what was counted can no longer be told; `unexplained` says why.")
    ]
    unexplained: Unexplained | None
    windows: list[CountedWindow]
    counted_seconds: Annotated[
        int | None, Field(description="Sum of the windows; with `cut_seconds` it is what was granted.")
    ]
    cut_seconds: Annotated[
        int | None, Field(description="Granted, but beyond the time in which the platform lets us answer.")
    ]
    closed_days: list[ClosedDay]
    clock_changes: list[ClockChange]
    pauses: list[CountedPause]
    no_later_than: Annotated[
        Instant | None, Field(description="Until when the platform lets us answer, if it limits that.")
    ]
    stopped: Stopped | None
    alarms: list[AlarmLine]
    words: Explanation


class DeadlineExplained(View):
    """Why the deadlines of a ticket are when they are. `due_reason`: the clock whose deadline is `due_at`."""

    status: Status
    zone: str
    due_at: Instant | None
    due_reason: ClockName | None
    paused_since: Instant | None
    clocks: list[DeadlineOfClock]
    words: Explanation


def show(ticket: Ticket, policies: Policies, home: ZoneInfo = ALWAYS.zone) -> DeadlineExplained:
    """Explain all deadlines of a ticket; `home`: whose local time to tell where its owner has none."""
    zone = zone_of(ticket, policies) or home
    clocks = explained(ticket, policies, zone)
    names = policies.departments.names
    paused = ticket.pauses[-1].start if ticket.status is Status.PAUSED else None
    return DeadlineExplained(
        status=ticket.status,
        zone=zone.key,
        due_at=_maybe(ticket.due_at, zone),
        due_reason=ticket.due_reason,
        paused_since=_maybe(paused, zone),
        clocks=[_clock(each, names) for each in clocks],
        words=Explanation(**deadline_sentences.of_ticket(ticket, clocks, zone)),
    )


def _clock(told: ExplainedClock, names: deadline_sentences.Names) -> DeadlineOfClock:
    clock, zone, course = told.clock, told.zone, told.course
    return DeadlineOfClock(
        name=clock.name,
        due_at=instant(clock.due_at, zone),
        started_at=instant(clock.started_at, zone),
        started_because=told.since,
        granted=_granted(told),
        calendar=ByCalendar(
            id=clock.calendar, version=clock.calendar_version, version_now=told.version_now, zone=zone.key
        ),
        explained=course is not None,
        unexplained=told.unexplained,
        windows=list(_windows(course, zone)) if course else [],
        counted_seconds=course.counted if course else None,
        cut_seconds=course.cut if course else None,
        closed_days=list(_days(course)) if course else [],
        clock_changes=[ClockChange(at=instant(c.at, zone), seconds=c.seconds) for c in told.changes],
        pauses=list(_pauses(course, zone)) if course else [],
        no_later_than=_maybe(clock.no_later_than, zone),
        stopped=_stopped(told),
        alarms=[_alarm(alarm, zone) for alarm in clock.alarms],
        words=Explanation(**deadline_sentences.of_clock(told, names)),
    )


def _granted(told: ExplainedClock) -> Granted:
    grant = told.grant
    return Granted(
        seconds=told.clock.seconds,
        by=grant.by,
        department=grant.department,
        category=grant.category,
        topic=grant.topic,
        priority=grant.priority,
        platform=grant.platform,
        version=told.clock.policy,
        changed_since=told.policy_changed,
    )


def _windows(course: deadline_explained.Course, zone: ZoneInfo) -> Iterator[CountedWindow]:
    for window in course.windows:
        opens, closes = instant(window.opens, zone), instant(window.closes, zone)
        yield CountedWindow(opens=opens, closes=closes, seconds=window.closes - window.opens)


def _days(course: deadline_explained.Course) -> Iterator[ClosedDay]:
    for step in course.days:
        if step.day and step.cause:
            name = HolidayName(de=step.name.de, en=step.name.en) if step.name else None
            yield ClosedDay(day=step.day, cause=step.cause, name=name)


def _pauses(course: deadline_explained.Course, zone: ZoneInfo) -> Iterator[CountedPause]:
    for pause in course.pauses:
        ends = pause.until or pause.start
        begins, until = instant(pause.start, zone), instant(ends, zone)
        yield CountedPause(begins=begins, ends=until, seconds=ends - pause.start)


def _stopped(told: ExplainedClock) -> Stopped | None:
    stop = told.stop
    if stop is None:
        return None
    return Stopped(
        at=instant(stop.at, told.zone),
        by=stop.by,
        name=stop.name,
        in_time=not stop.late,
        late_seconds=stop.late,
    )


def _alarm(alarm: Alarm, zone: ZoneInfo) -> AlarmLine:
    return AlarmLine(level=alarm.level, at=instant(alarm.at, zone), told_at=_maybe(alarm.told_at, zone))


def instant(at: int, zone: ZoneInfo) -> Instant:
    """Tell UTC epoch seconds as a time, also as the clock there reads it."""
    return Instant(utc=moment(at), local=datetime.fromtimestamp(at, zone))


def _maybe(at: int | None, zone: ZoneInfo) -> Instant | None:
    return None if at is None else instant(at, zone)
