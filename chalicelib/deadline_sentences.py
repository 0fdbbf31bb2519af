"""Explains deadlines in sentences, German and English. Pure; the words are in `deadline_words.py`."""

from collections.abc import Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

from chalicelib import local_words as local
from chalicelib.calendars.calendar import ALWAYS, Cause
from chalicelib.calendars.explain import Step
from chalicelib.categories import Category, Topic
from chalicelib.clocks import ESCALATION, Alarm, ClockName
from chalicelib.deadline_explained import Course, ExplainedClock
from chalicelib.deadline_origins import Grant, GrantedBy, Stop
from chalicelib.deadline_words import ENGLISH, GERMAN, Words
from chalicelib.ticket import Status, Ticket

MOST_WINDOWS, MOST_DAYS = 8, 6
"""As many as a sentence bears."""

Names = Mapping[str, str]
"""Of the departments, by id."""


def of_clock(told: ExplainedClock, names: Names) -> dict[str, str]:
    """Explain one clock, by language."""
    return {
        language: " ".join(_clock(told, names, words))
        for language, words in (("de", GERMAN), ("en", ENGLISH))
    }


def of_ticket(ticket: Ticket, told: Iterable[ExplainedClock], zone: ZoneInfo) -> dict[str, str]:
    """Tell which deadline of a ticket is the earliest, or why none runs, by language."""
    clocks = {each.clock.name: each for each in told}
    return {
        language: " ".join(_ticket(ticket, clocks, zone, words))
        for language, words in (("de", GERMAN), ("en", ENGLISH))
    }


def _ticket(
    ticket: Ticket, clocks: Mapping[ClockName, ExplainedClock], zone: ZoneInfo, words: Words
) -> Iterator[str]:
    paused = ticket.status is Status.PAUSED
    if ticket.due_reason is not None:
        yield words.earliest
        yield _head(clocks[ticket.due_reason], words)
        if paused:
            yield words.paused_now.format(start=local.moment(ticket.pauses[-1].start, zone, words))
    elif paused:
        yield words.waits.format(start=local.moment(ticket.pauses[-1].start, zone, words))
    else:
        yield words.no_clock.get(ticket.status, words.nothing_runs)


def _clock(told: ExplainedClock, names: Names, words: Words) -> Iterator[str]:
    yield _head(told, words)
    yield words.since[told.since]
    yield from _grant(told, names, words)
    yield from _calendar(told, words)
    if told.course:
        yield from _course(told, told.course, words)
    for change in told.changes:
        put = words.forward if change.seconds > 0 else words.back
        at, length = local.moment(change.at, told.zone, words), local.long(abs(change.seconds), words)
        yield put.format(at=at, length=length)
    if told.stop:
        yield _stop(told.stop, told.zone, words)
    if alarms := [_alarm(alarm, told.zone, words) for alarm in told.clock.alarms]:
        yield words.alarms.format(alarms=", ".join(alarms))


def _head(told: ExplainedClock, words: Words) -> str:
    clock, zone = told.clock, told.zone
    return words.heads[clock.name].format(
        due=local.moment(clock.due_at, zone, words, year=True),
        zone=local.place(zone),
        granted=local.long(clock.seconds, words),
        start=local.moment(clock.started_at, zone, words),
    )


def _grant(told: ExplainedClock, names: Names, words: Words) -> Iterator[str]:
    grant = told.grant
    yield words.granted[grant.by].format(
        about=_about(grant, names, words),
        department=names.get(grant.department or "", grant.department),
        policy=told.clock.policy,
    )
    if told.policy_changed and grant.by is not GrantedBy.PROMISE:
        yield words.policy_changed


def _about(grant: Grant, names: Names, words: Words) -> str:
    """Write what a rule or policy is for; the department of a rule is told beside it."""
    said = words.categories
    department = grant.department if grant.by is GrantedBy.POLICY else None
    parts = [
        grant.category and said.categories[Category(grant.category)],
        grant.topic and said.topics[Topic(grant.topic)],
        department and names.get(department, department),
        grant.priority,
        grant.platform,
    ]
    return ", ".join(filter(None, parts)) or words.for_all


def _calendar(told: ExplainedClock, words: Words) -> Iterator[str]:
    clock = told.clock
    if clock.calendar == ALWAYS.id:
        yield words.by_day_and_night
    elif told.version_now is not None:
        yield words.by_calendar.format(
            calendar=clock.calendar, zone=told.zone.key, version=clock.calendar_version
        )
    if told.unexplained:
        yield words.unexplained[told.unexplained].format(
            calendar=clock.calendar, version=clock.calendar_version, now=told.version_now
        )
    elif told.calendar_changed:
        yield words.changed_alike


def _course(told: ExplainedClock, course: Course, words: Words) -> Iterator[str]:
    yield _windows(course, told.zone, words)
    if days := _days(course.days, words, half=False):
        yield words.not_counted.format(days=days)
    if days := _days(course.days, words, half=True):
        yield words.shortened.format(days=days)
    if course.pauses:
        yield words.paused.format(pauses=", ".join(_pauses(course, told.zone, words)))
    if course.cut:
        yield words.limited.format(
            until=local.moment(told.clock.due_at, told.zone, words),
            cut=local.long(course.cut, words),
            granted=local.long(told.clock.seconds, words),
        )


def _windows(course: Course, zone: ZoneInfo, words: Words) -> str:
    windows = [(local.span(w.opens, w.closes, zone, words), w.closes - w.opens) for w in course.windows]
    if not windows:
        return words.nothing_counted
    told = [words.window.format(when=when, length=local.short(length)) for when, length in windows]
    if len(told) > MOST_WINDOWS:
        half = MOST_WINDOWS // 2
        rest = windows[half:-1]
        more = words.and_more.format(n=len(rest), length=local.short(sum(length for _, length in rest)))
        told = [*told[:half], more, told[-1]]
    return words.counted.format(windows=", ".join(told))


def _pauses(course: Course, zone: ZoneInfo, words: Words) -> Iterator[str]:
    for pause in course.pauses:
        ends = pause.until or pause.start
        begins, until = (local.moment(at, zone, words) for at in (pause.start, ends))
        yield words.pause.format(begins=begins, ends=until, length=local.short(ends - pause.start))


def _days(days: Iterable[Step], words: Words, *, half: bool) -> str:
    """Write days by their cause, those of a cause together; a public holiday by its name."""
    causes: dict[str, list[Step]] = {}
    for step in days:
        if step.cause and (step.cause is Cause.HALF_DAY) is half:
            own = step.name and (step.name.de if words is GERMAN else step.name.en)
            causes.setdefault(own or words.causes[step.cause], []).append(step)
    return ", ".join(f"{_listed(steps, words)} ({cause})" for cause, steps in causes.items())


def _listed(steps: list[Step], words: Words) -> str:
    if len(steps) > MOST_DAYS:
        return words.several_days.format(n=len(steps))
    *others, last = (local.day(step.day, words) for step in steps if step.day)
    return f"{', '.join(others)} {words.categories.and_} {last}" if others else last


def _stop(stop: Stop, zone: ZoneInfo, words: Words) -> str:
    return (words.stopped[stop.by] if stop.by else words.stopped_somehow).format(
        by=words.by.format(name=stop.name) if stop.name else "",
        at=local.moment(stop.at, zone, words),
        hit=words.late.format(length=local.long(stop.late, words)) if stop.late else words.in_time,
    )


def _alarm(alarm: Alarm, zone: ZoneInfo, words: Words) -> str:
    level = words.levels[ESCALATION if alarm.level.startswith(ESCALATION) else alarm.level]
    return words.alarm.format(
        level=level.format(n=alarm.level.removeprefix(ESCALATION)),
        at=local.moment(alarm.at, zone, words),
        told=words.not_told if alarm.told_at is None else words.told,
    )
