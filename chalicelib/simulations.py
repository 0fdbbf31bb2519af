"""What would happen to a message: its owner, its clocks and their deadlines, before it or a calendar is real.

Pure, and nothing is kept. The answer is made by the same code that sets and explains the clocks of a ticket.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from chalicelib import deadline_view
from chalicelib.calendars import loading, zones
from chalicelib.calendars.calendar import Calendar
from chalicelib.calendars.entries import Week
from chalicelib.categories import Category, Topic
from chalicelib.clocks import Pause
from chalicelib.decision import Decision, Result
from chalicelib.departments import Departments, Owner
from chalicelib.errors import BadRequest, BodyTooLarge, ConfigurationError
from chalicelib.merging import open_ticket
from chalicelib.message import Change, Kind, Message
from chalicelib.policies import About, Policies
from chalicelib.views import View

MOST_BYTES = 32 * 1024
MOST_COMPLAINTS, LONGEST_COMPLAINT = 5, 1000
MOST_DAYS, MOST_WINDOWS, MOST_PAUSES = 400, 12, 20
FIRST, LAST = 157_766_400, 5_680_281_600  # 1975-01-01, 2150-01-01
LONGEST = 366 * zones.DAY
UTC = "UTC"
NOWHERE = ""
"""A platform that does not limit when we may answer."""
DAYS = tuple(Week.model_fields)

Time = Annotated[str, Field(max_length=40, examples=["2026-11-27T17:55:00+01:00", "2026-11-27T17:55"])]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SimulatedPause(_Body):
    """A pause that is to be thought of."""

    begins: Time
    ends: Time


class Simulation(_Body):
    """A message that is to be thought of.

    Without category and department it is one that nobody can read for sure. With a department alone, it falls
    under the rule of that department with the least time; with both, the department has it with the
    time of the rule. `calendar` has the keys of an entry in `calendars.toml` and is taken for the owner's.
    """

    received_at: Annotated[Time, Field(description="RFC 3339, or a local time of `tz`.")]
    tz: Annotated[str | None, Field(examples=["Europe/Berlin"])] = None
    category: Category | None = None
    topics: Annotated[tuple[Topic, ...], Field(max_length=len(Topic))] = ()
    platform: str | None = None
    kind: Annotated[
        Kind | None, Field(description="Left out: the one that may be answered for the least time.")
    ] = None
    department: str | None = None
    calendar: dict[str, Any] | None = None
    pauses: Annotated[tuple[SimulatedPause, ...], Field(max_length=MOST_PAUSES)] = ()


class SimulatedOwner(View):
    """Whose the message would be."""

    department: str
    name: str
    urgent: bool


class SimulatedDeadline(View):
    """What would happen. `owner` is null, and there are no clocks, where no answer is needed."""

    received_at: deadline_view.Instant
    category: Category | None
    topics: list[Topic]
    platform: str | None
    kind: Kind | None
    owner: SimulatedOwner | None
    deadline: deadline_view.DeadlineExplained


@dataclass(frozen=True, slots=True)
class _Case:
    """What is to be thought of, once it is read."""

    at: int
    about: About
    topics: tuple[Topic, ...]
    owner: Owner | None
    pauses: tuple[Pause, ...]


NO_SUCH_FIELD = f"there is no such field; there are {', '.join(Simulation.model_fields)}"


def read(body: bytes) -> Simulation:
    """Read the body of a call.

    Raises:
        BadRequest: names what is wrong.
        BodyTooLarge: no calendar takes so much.

    """
    if len(body) > MOST_BYTES:
        raise BodyTooLarge(f"{len(body)} bytes are more than the {MOST_BYTES} that this takes")
    try:
        return Simulation.model_validate_json(body)
    except ValidationError as error:
        complaints = [
            f"{_place(problem['loc'])}{_complaint(problem)}"
            for problem in error.errors(include_url=False, include_input=False)
        ]
        raise BadRequest("; ".join(complaints[:MOST_COMPLAINTS])) from None


def simulate(asked: Simulation, policies: Policies) -> SimulatedDeadline:
    """Tell what would happen.

    Raises:
        BadRequest: names what is wrong, also with the calendar.

    """
    try:
        calendar = None if asked.calendar is None else _calendar(asked.calendar)
        case = _case(asked, policies)
        if calendar is not None and case.owner is not None:
            policies = _with_calendar(policies, case.owner.department, calendar)
        return _answer(asked, case, policies)
    except ConfigurationError as error:  # NeverOpen, and what is wrong in the calendar: both are the caller's
        raise BadRequest(f"`calendar`: {error}"[:LONGEST_COMPLAINT]) from error


def _answer(asked: Simulation, case: _Case, policies: Policies) -> SimulatedDeadline:
    owner, about = case.owner, case.about
    message = Message(platform=about.platform, change=Change.CREATED, kind=about.kind, message_id="simulated")
    decision = Decision(
        category=about.category,
        topics=case.topics,
        confidence=None,
        decided_by=None,
        result=Result.DECIDED if asked.category or asked.department else Result.UNSURE,
        department=owner.department if owner else None,
        clocks=policies.clocks(owner, about, case.at, case.pauses) if owner else (),
    )
    ticket = replace(open_ticket(message, decision, case.at), pauses=case.pauses)
    told = deadline_view.show(ticket, policies, zones.zone(asked.tz or UTC))
    return SimulatedDeadline(
        received_at=deadline_view.instant(case.at, zones.zone(told.zone)),
        category=about.category,
        topics=list(case.topics),
        platform=asked.platform,
        kind=about.kind if asked.platform or asked.kind else None,
        owner=_shown(owner, policies) if owner else None,
        deadline=told,
    )


def _shown(owner: Owner, policies: Policies) -> SimulatedOwner:
    name = policies.departments.named(owner.department).name
    return SimulatedOwner(department=owner.department, name=name, urgent=owner.urgent)


def _case(asked: Simulation, policies: Policies) -> _Case:
    if asked.tz is not None:
        _zone(asked.tz)
    at = _time("received_at", asked.received_at, asked.tz)
    _known("platform", asked.platform, tuple(policies.windows))
    _known("department", asked.department, policies.departments.ids)
    category, topics = asked.category, asked.topics
    if asked.department and category is None:
        category, topics = _soonest(asked.department, topics, policies.departments)
    topics = tuple(topic for topic in Topic if topic in topics)
    return _Case(
        at,
        About(category, asked.platform or NOWHERE, asked.kind or _kind(asked.platform, policies)),
        topics,
        _owner(category, topics, asked.department, policies.departments),
        tuple(_pauses(asked.pauses, asked.tz, at)),
    )


def _soonest(
    department: str, topics: tuple[Topic, ...], rules: Departments
) -> tuple[Category | None, tuple[Topic, ...]]:
    """Give category and topics by which a department has the least time; what it catches has neither."""
    there = rules.named(department)
    if there.owns:
        rule = min(there.owns, key=lambda rule: rule.acknowledge_within_hours)
        return rule.category, (*topics, *([rule.topic] if rule.topic else []))
    if there.catch_all:
        return None, topics
    raise BadRequest(f"`department`: {department} owns nothing by the rules: name a `category`, too")


def _owner(
    category: Category | None, topics: tuple[Topic, ...], department: str | None, rules: Departments
) -> Owner | None:
    if category is Category.OTHER and Topic.SAFETY not in topics:
        return None
    unsure = category is None and department is None
    caught = unsure or category is Category.OTHER
    owner = rules.catch_all(topics) if caught else rules.owner(category, topics)
    return owner.model_copy(update={"department": department}) if department else owner


def _kind(platform: str | None, policies: Policies) -> Kind:
    windows = policies.windows.get(platform or NOWHERE, {})
    return min(windows, key=lambda kind: windows[kind], default=Kind.COMMENT)


def _known(name: str, given: str | None, there: tuple[str, ...]) -> None:
    if given is not None and given not in there:
        raise BadRequest(f"`{name}`: there are {', '.join(there)}")


# ── times ─────────────────────────────────────────────────────────────────────────────────────────────────


def _time(name: str, written: str, tz: str | None) -> int:
    """Read a time as UTC epoch seconds."""
    try:
        time = datetime.fromisoformat(written)
        if time.tzinfo is None:
            time = _in_zone(time, tz)
        at = int(time.timestamp())
    except (ValueError, OverflowError) as error:
        ours = (
            str(error) if isinstance(error, _NoTimeError) else "write a time as in 2026-11-27T17:55:00+01:00"
        )
        raise BadRequest(f"`{name}`: {ours}") from None
    if not FIRST <= at < LAST:
        raise BadRequest(f"`{name}`: write a time from 1975 to 2149")
    return at


class _NoTimeError(ValueError):
    """A time that is none, in our words."""


def _zone(tz: str) -> None:
    try:
        zones.zone(tz)
    except ValueError as error:
        raise BadRequest(f"`tz`: {str(error)[:LONGEST_COMPLAINT]}") from None


def _in_zone(local: datetime, tz: str | None) -> datetime:
    if tz is None:
        raise _NoTimeError("give it an offset, such as +01:00, or name its zone in `tz`")
    zone = zones.zone(tz)
    there = local.replace(tzinfo=zone, fold=0)
    if datetime.fromtimestamp(there.timestamp(), zone).replace(tzinfo=None, fold=0) != local.replace(fold=0):
        raise _NoTimeError(f"the clocks of {tz} skip this time, since they are put forward")
    return there


def _pauses(asked: Sequence[SimulatedPause], tz: str | None, at: int) -> Iterator[Pause]:
    before = at
    for number, pause in enumerate(asked, 1):
        begins, ends = (
            _time(f"pauses.{number}.{name}", written, tz)
            for name, written in (("begins", pause.begins), ("ends", pause.ends))
        )
        if not before <= begins < ends <= at + LONGEST:
            raise BadRequest(
                f"`pauses.{number}`: it must begin after the message and the pause before it, end after that,"
                " and within a year of the message"
            )
        yield Pause(begins, before := ends)


# ── the calendar ──────────────────────────────────────────────────────────────────────────────────────────


def _calendar(entry: Mapping[str, Any]) -> Calendar:
    """Read a calendar, but none that would take long to count by."""
    for name, most in (("company_holidays", MOST_DAYS), ("half_days", MOST_DAYS), ("week", len(DAYS))):
        days = entry.get(name)
        if isinstance(days, list | dict) and len(days) > most:
            raise BadRequest(f"`calendar`: `{name}` has more than {most} entries")
        windows = days.values() if isinstance(days, dict) else ()
        if any(isinstance(each, list) and len(each) > MOST_WINDOWS for each in windows):
            raise BadRequest(f"`calendar`: a day of `{name}` has more than {MOST_WINDOWS} windows")
    return loading.tried(entry)


def _with_calendar(policies: Policies, department: str, calendar: Calendar) -> Policies:
    """Give policies by which a department has another calendar."""
    changed = tuple(
        each.model_copy(update={"calendar": calendar.id}) if each.id == department else each
        for each in policies.departments.departments
    )
    return replace(
        policies,
        departments=policies.departments.model_copy(update={"departments": changed}),
        calendars={**policies.calendars, calendar.id: calendar},
    )


def _complaint(problem: ErrorDetails) -> str:
    return NO_SUCH_FIELD if problem["type"] == "extra_forbidden" else problem["msg"]


def _place(path: tuple[int | str, ...]) -> str:
    return f"`{'.'.join(map(str, path))[:100]}`: " if path else ""
