"""Which clocks a message gets: whose hours, by which calendar, and never beyond its platform's reply window.

Pure; times are UTC epoch seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from chalicelib import departments
from chalicelib.calendars import arithmetic, loading
from chalicelib.calendars.calendar import ALWAYS, Calendar
from chalicelib.categories import Category, Topic
from chalicelib.clocks import (
    Clock,
    ClockName,
    Levels,
    Pause,
    Terms,
    alarmed,
    named_time,
    shifted,
    sooner,
    started,
)
from chalicelib.department_entries import POLICY_IS_FOR, Policy, Priority
from chalicelib.departments import CATEGORIES_WITH_AN_OWNER, Departments, Owner, seconds
from chalicelib.errors import ConfigurationError
from chalicelib.message import Kind
from chalicelib.platforms import PLATFORMS

CHECKED_FROM = 1_767_225_600  # 2026-01-01, UTC

ReplyWindows = Mapping[str, Mapping[Kind, int]]
"""By platform and kind: for how many seconds after a message the platform lets us answer it."""


class About(NamedTuple):
    """What of a message its policy depends on."""

    category: Category | None
    platform: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """All policies: the rules of the departments, their calendars, and the platforms' reply windows.

    version: of `departments.toml`; every clock tells by which it was set.
    """

    departments: Departments
    calendars: Mapping[str, Calendar]
    windows: ReplyWindows
    version: str

    def clocks(
        self, owner: Owner, about: About, start: int, pauses: Sequence[Pause] = ()
    ) -> tuple[Clock, ...]:
        """Start the clocks of a message that this owner has.

        start: when the person began to wait. pauses: what has been paused since.
        """
        calm = owner.model_copy(update={"urgent": False})
        chosen = self._clocks(self._adjusted(calm, about), about, start, pauses)
        if not owner.urgent:
            return chosen
        hurried = self._adjusted(self.departments.urgent_owner(owner), about)
        urgent = self._clocks(hurried, about, start, pauses)
        return tuple(map(sooner, chosen, urgent))

    def promised(self, department: str, at: int, due: int) -> Clock:
        """Start the clock of a promise that was made at a time."""
        return named_time(ClockName.PROMISED_BY, self._terms(self.calendar_of(department), 0, None), at, due)

    def shifted(self, department: str, clock: Clock, pauses: Sequence[Pause]) -> Clock:
        """Give a clock with what pauses make of its deadline; a calendar that is gone is never closed."""
        calendar = self.calendars.get(clock.calendar, ALWAYS)
        terms = self._terms(calendar, clock.seconds, clock.no_later_than)
        moved = shifted(clock, replace(terms, policy=clock.policy), pauses)
        if clock.name is not ClockName.PROMISED_BY:
            return moved
        return alarmed(moved, self._terms(self.calendar_of(department), clock.seconds, None))

    def restarted(self, clock: Clock, at: int) -> Clock:
        """Start a clock anew by the terms it had; the platform lets us answer for as long as before."""
        until = None if clock.no_later_than is None else at + clock.no_later_than - clock.started_at
        calendar = self.calendars.get(clock.calendar, ALWAYS)
        terms = self._terms(calendar, clock.seconds, until)
        return started(clock.name, replace(terms, policy=clock.policy), at)

    def calendar_of(self, department: str) -> Calendar:
        """Give the calendar of a department: around the clock, if it names none, or is gone from the file."""
        named = (each.calendar for each in self.departments.departments if each.id == department)
        return self.calendars.get(next(named, None) or "", ALWAYS)

    def soon(self, department: str, now: int) -> int:
        """Tell until when a deadline of a department is due soon: it would be warned of by now."""
        return arithmetic.due(self.calendar_of(department), now, self.levels.warn_before)

    @property
    def levels(self) -> Levels:
        """When alarms go off."""
        said = self.departments.deadlines
        return Levels(
            warn_before=seconds(said.warn_before_hours),
            escalate_after=tuple(map(seconds, said.escalate_after_hours)),
            only_when_open=said.alarms_only_when_open,
        )

    def _clocks(self, owner: Owner, about: About, start: int, pauses: Sequence[Pause]) -> tuple[Clock, ...]:
        calendar = ALWAYS if owner.urgent else self.calendar_of(owner.department)
        window = self.windows.get(about.platform, {}).get(about.kind)
        until = None if window is None else start + window
        within = {
            ClockName.ACKNOWLEDGE_BY: owner.acknowledge_within,
            ClockName.ANSWER_BY: owner.answer_within,
        }
        return tuple(
            started(name, self._terms(calendar, granted, until), start, pauses)
            for name, granted in within.items()
        )

    def _terms(self, calendar: Calendar, granted: int, no_later_than: int | None) -> Terms:
        return Terms(
            seconds=granted,
            calendar=calendar,
            levels=self.levels,
            policy=self.version,
            no_later_than=no_later_than,
        )

    def _adjusted(self, owner: Owner, about: About) -> Owner:
        """Give an owner with the hours of the policies that hold for it."""
        changed: dict[str, int] = {}
        for policy in self.fitting(owner, about):
            if policy.acknowledge_within_hours is not None:
                changed.setdefault("acknowledge_within", seconds(policy.acknowledge_within_hours))
            if policy.answer_within_hours is not None:
                changed.setdefault("answer_within", seconds(policy.answer_within_hours))
        return owner.model_copy(update=changed)

    def fitting(self, owner: Owner, about: About) -> list[Policy]:
        """Give the policies that hold for a message of an owner, the most specific first.

        The hours of an urgent owner pass by day and night: only what is said for urgent messages holds then.
        """
        is_so = {
            "department": owner.department,
            "category": about.category,
            "priority": Priority.URGENT if owner.urgent else Priority.NORMAL,
            "platform": about.platform,
        }
        fitting = [policy for policy in self.departments.policies if _fits(policy, is_so)]
        if owner.urgent:
            fitting = [policy for policy in fitting if policy.priority is Priority.URGENT]
        return sorted(fitting, key=_said, reverse=True)


def _said(policy: Policy) -> int:
    return sum(getattr(policy, name) is not None for name in POLICY_IS_FOR)


def _fits(policy: Policy, is_so: Mapping[str, str | None]) -> bool:
    return all(getattr(policy, name) in {None, is_so[name]} for name in POLICY_IS_FOR)


def load(file: Path = departments.FILE) -> Policies:
    """Read and check departments and calendars.

    Raises:
        ConfigurationError: names the entry that is wrong and the remedy.

    """
    rules, found = departments.load(file), loading.load()
    windows = {name: platform.reply_windows for name, platform in PLATFORMS.items()}
    for department in rules.departments:
        if department.calendar not in {None, *found}:
            raise ConfigurationError(
                f'{file.name}: department "{department.id}" has the calendar "{department.calendar}":'
                f" there are {', '.join(found) or 'none'}, add it to calendars.toml"
            )
    for policy in rules.policies:
        if policy.platform not in {None, *windows}:
            raise ConfigurationError(
                f'{file.name}: a policy is for the platform "{policy.platform}":'
                f" there are {', '.join(windows)}"
            )
    version = blake2b(file.read_bytes(), digest_size=6).hexdigest()
    policies = Policies(departments=rules, calendars=found, windows=windows, version=version)
    _check_hours(policies)
    return policies


def _check_hours(policies: Policies) -> None:
    """Start every clock there may be once: hours that are never over must not be found by a message.

    Raises:
        NeverOpen: names the calendar.

    """
    rules = policies.departments
    owners = [rules.owner(category, (topic,)) for category in CATEGORIES_WITH_AN_OWNER for topic in Topic]
    kinds = [About(None, "", Kind.POST)]
    kinds += [About(policy.category, policy.platform or "", Kind.POST) for policy in rules.policies]
    for owner in {*owners, rules.catch_all()}:
        for about in kinds:
            policies.clocks(owner, about, CHECKED_FROM)
