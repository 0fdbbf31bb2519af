"""Where the numbers of a clock come from: why it started then, who granted its time, what stopped it. Pure.

None of this is stored. It is found again in the ticket and the policies, and told where the numbers agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from chalicelib.answering import SEEN, start_of
from chalicelib.categories import Category, Topic
from chalicelib.clocks import Clock, ClockName
from chalicelib.decision import Result
from chalicelib.department_entries import POLICY_IS_FOR, Rule, Times
from chalicelib.departments import Departments, Owner, seconds
from chalicelib.history import Happened
from chalicelib.message import Kind
from chalicelib.our_replies import Help
from chalicelib.policies import About, Policies
from chalicelib.ticket import Ticket


class Since(StrEnum):
    """What a clock runs from."""

    RECEIVED = "received"
    SAID = "said"  # the message was fetched late
    REOPENED = "reopened"
    PROMISED = "promised"
    ANSWER_NEEDED = "answer_needed"  # a later text, or a person, made it need an answer


class GrantedBy(StrEnum):
    """What said how much time there is."""

    RULE = "rule"
    CATCH_ALL = "catch_all"
    DEADLINES = "deadlines"  # what holds for all
    POLICY = "policy"
    URGENT = "urgent"
    PROMISE = "promise"
    EARLIER = "earlier"  # an earlier file, owner or reading; it cannot be told any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What granted the time, and what that was for; None: for any."""

    by: GrantedBy
    department: str | None = None
    category: str | None = None
    topic: str | None = None
    priority: str | None = None
    platform: str | None = None


class StoppedBy(StrEnum):
    """What stopped a clock."""

    ACKNOWLEDGEMENT = "acknowledgement"
    RECEIPT = "receipt"
    SUBSTANTIVE = "substantive"
    RESOLVED = "resolved"


class Stop(NamedTuple):
    """When a clock was stopped (UTC epoch seconds), by what, by whom, and how many seconds too late."""

    at: int
    by: StoppedBy | None
    name: str | None
    late: int


class _Base(NamedTuple):
    """Times that may have been granted, whose they are, and the owner that they make."""

    by: GrantedBy
    times: Times
    owner: Owner


def since(ticket: Ticket, clock: Clock) -> Since:
    """Tell what a clock runs from."""
    if clock.name is ClockName.PROMISED_BY:
        return Since.PROMISED
    if any(line.what is Happened.REOPENED and line.at == clock.started_at for line in ticket.history):
        return Since.REOPENED
    if clock.started_at != start_of(ticket):
        return Since.ANSWER_NEEDED
    return Since.RECEIVED if clock.started_at == ticket.received_at else Since.SAID


def grant(ticket: Ticket, clock: Clock, policies: Policies) -> Grant:
    """Tell what granted a clock's time, if the policies still say the same."""
    if clock.name is ClockName.PROMISED_BY:
        return Grant(by=GrantedBy.PROMISE)
    if clock.policy == policies.version:
        for base in _bases(ticket, policies.departments):
            for granted, found in _granted(ticket, clock, policies, base):
                if granted == clock.seconds:
                    return found
    return Grant(by=GrantedBy.EARLIER)


def stop(ticket: Ticket, clock: Clock) -> Stop | None:
    """Tell what stopped a clock."""
    at = clock.stopped_at
    if at is None:
        return None
    by, name = next(
        ((by, name) for by, when, name in _stops(ticket, clock) if max(when, clock.started_at) == at),
        (None, None),
    )
    return Stop(at, by, name, max(0, at - clock.due_at))


def _stops(ticket: Ticket, clock: Clock) -> Iterator[tuple[StoppedBy, int, str | None]]:
    seen = clock.name is ClockName.ACKNOWLEDGE_BY
    if seen and ticket.acknowledged_at is not None:
        yield StoppedBy.ACKNOWLEDGEMENT, ticket.acknowledged_at, _who(ticket, Happened.ACKNOWLEDGED)
    for heard in ticket.heard_now:
        if heard.help in (SEEN if seen else {Help.SUBSTANTIVE}):
            yield StoppedBy(heard.help), heard.at, _who(ticket, Happened.REPLIED, heard.id)
    if ticket.resolved_at is not None:
        yield StoppedBy.RESOLVED, ticket.resolved_at, _who(ticket, Happened.RESOLVED)


def _who(ticket: Ticket, what: Happened, reply: str | None = None) -> str | None:
    lines = (line for line in reversed(ticket.history) if line.what is what)
    return next((line.by for line in lines if line.about.get("reply") == reply), None)


def _bases(ticket: Ticket, departments: Departments) -> list[_Base]:
    """Give the rule that a message falls under and the catch-all, its present owner's first."""
    decision, topics = ticket.decision, _topics(ticket)
    bases = []
    category = Category(decision.category) if decision.category else None
    sure = decision.result not in {Result.UNSURE, Result.NOT_READ}
    if (category or sure) and (found := departments.rule(category, topics)):
        bases.append(_Base(GrantedBy.RULE, found[1], departments.owner(category, topics)))
    all_ = departments.catch_all(topics)
    times = departments.named(all_.department).catch_all
    assert times
    bases.append(_Base(GrantedBy.CATCH_ALL, times, all_))
    return sorted(bases, key=lambda base: base.owner.department != decision.department)


def _granted(ticket: Ticket, clock: Clock, policies: Policies, base: _Base) -> Iterator[tuple[int, Grant]]:
    """Give what may have granted the time of a clock, in seconds, what counts first before the rest."""
    rules, answer = policies.departments, clock.name is ClockName.ANSWER_BY
    field = "answer_within_hours" if answer else "acknowledge_within_hours"
    owner = base.owner
    for department in dict.fromkeys((ticket.decision.department, owner.department)):
        theirs = owner.model_copy(update={"department": department or owner.department})
        calm = theirs.model_copy(update={"urgent": False})
        fitting = [*policies.fitting(theirs, _about(ticket)), *policies.fitting(calm, _about(ticket))]
        for policy in fitting:
            if (hours := getattr(policy, field)) is not None:
                told = {name: getattr(policy, name) for name in POLICY_IS_FOR}
                yield seconds(hours), Grant(by=GrantedBy.POLICY, **told)
                break
    if owner.urgent and rules.urgent:
        hurried = rules.urgent_owner(owner)
        granted = hurried.answer_within if answer else hurried.acknowledge_within
        yield granted, Grant(by=GrantedBy.URGENT, topic=rules.urgent.topic)
    yield _own(base, rules, answer=answer)


def _own(base: _Base, rules: Departments, *, answer: bool) -> tuple[int, Grant]:
    acknowledge = seconds(base.times.acknowledge_within_hours)
    about = (
        {"category": base.times.category, "topic": base.times.topic} if isinstance(base.times, Rule) else {}
    )
    own = Grant(by=base.by, department=base.owner.department, **about)
    if not answer:
        return acknowledge, own
    hours = base.times.answer_within_hours
    granted = seconds(hours or rules.deadlines.answer_within_hours)
    if hours is None and granted >= acknowledge:
        return granted, Grant(by=GrantedBy.DEADLINES)
    return max(granted, acknowledge), own


def _topics(ticket: Ticket) -> tuple[Topic, ...]:
    return tuple(map(Topic, ticket.decision.topics))


def _about(ticket: Ticket) -> About:
    unsure = ticket.incomplete or ticket.decision.result in {Result.UNSURE, Result.NOT_READ}
    category = None if unsure or not ticket.decision.category else Category(ticket.decision.category)
    return About(category, ticket.platform, Kind(ticket.kind))
