"""A hand-over never resets a clock: whatever calendars, pauses and departments a ticket goes through."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import answering, passing_on
from chalicelib.answering import Deed
from chalicelib.categories import Category
from chalicelib.clocks import ClockName, Pause
from chalicelib.decision import Decision
from chalicelib.departments import Departments
from chalicelib.handover import Outcome
from chalicelib.merging import open_ticket
from chalicelib.message import Change, Kind, Message
from chalicelib.our_replies import Heard, Help
from chalicelib.policies import About, Policies
from chalicelib.ticket import Status, Ticket
from tests import made, random_calendars
from tests.world import NOW

HOUR = 3600
IDS = ("desk", "press", "shop", "night")
ACKNOWLEDGE, ANSWER, PROMISED = ClockName
ABOUT = About(Category.CRITICISM, "facebook", Kind.COMMENT)


def some_policies(chance: Random) -> Policies:
    """Make four departments, each with a calendar and hours of its own; the first one owns all."""
    calendars = {each: replace(random_calendars.calendar(chance), id=each) for each in IDS}
    categories = [each for each in Category if each is not Category.OTHER]

    def hours() -> float:
        return chance.choice((0.5, 1, 4, 8, 20, 40))

    owns = [{"category": str(each), "acknowledge_within_hours": hours()} for each in categories]
    policy = [
        {"department": each, "acknowledge_within_hours": (least := hours()), "answer_within_hours": least * 2}
        for each in IDS[1:]
        if chance.random() < 0.7
    ]
    departments = Departments.model_validate(
        {
            "department": [
                {"id": each, "name": each, "calendar": each if chance.random() < 0.8 else None}
                | ({"owns": owns} if each == "desk" else {})
                | ({"catch_all": {"acknowledge_within_hours": hours()}} if each == "shop" else {})
                for each in IDS
            ],
            "policy": policy,
        }
    )
    return Policies(departments=departments, calendars=calendars, windows={}, version="1")


def opened(policies: Policies, at: int) -> Ticket:
    message = Message(
        platform="facebook", change=Change.CREATED, kind=Kind.COMMENT, message_id="1", text="Zu laut!"
    )
    owner = policies.departments.owner(Category.CRITICISM, ())
    decision = Decision(
        category=Category.CRITICISM,
        confidence=0.9,
        decided_by="test",
        department=owner.department,
        clocks=policies.clocks(owner, ABOUT, at),
    )
    return open_ticket(message, decision, at)


def passed_on(ticket: Ticket, to: str, at: int, policies: Policies) -> Ticket:
    offered = passing_on.offered(ticket, to, Deed(at, "Mira", "mira"))
    assert offered.decision == ticket.decision
    return passing_on.accepted(offered, Deed(at, "Nora", "nora"), policies)


def step(ticket: Ticket, chance: Random, at: int, policies: Policies) -> Ticket:
    """Do something to a ticket that is no hand-over."""
    deed = Deed(at, "Mira", "mira")
    kind = chance.random()
    if ticket.status is Status.PAUSED:
        return answering.resumed(ticket, deed, policies) if kind < 0.8 else ticket
    if kind < 0.4:
        until = at + chance.randint(1, 60) * HOUR if chance.random() < 0.3 else None
        return answering.paused(ticket, until, deed, policies)
    if kind < 0.6:
        return answering.acknowledged(ticket, deed, policies)
    if kind < 0.8:
        said = Heard(id=str(at), at=at, read_as=Help.RECEIPT, promise=at + chance.randint(1, 90) * HOUR)
        return answering.replied(ticket, said, deed, policies)
    offered = passing_on.offered(ticket, chance.choice(IDS), deed)
    returned = passing_on.returned(offered, deed, Outcome.RETURNED)
    assert (returned.decision, returned.pauses, returned.heard) == (
        ticket.decision,
        ticket.pauses,
        ticket.heard,
    )
    return returned


@given(seed=st.integers(0, 2**32))
def test_a_hand_over_never_resets_a_clock_and_makes_no_deadline_later(seed: int) -> None:
    chance = Random(seed)
    policies = some_policies(chance)
    at = random_calendars.moment(chance, policies.calendars["desk"])
    ticket = twin = opened(policies, at)
    paused_since = False
    for _ in range(chance.randint(2, 10)):
        at += chance.randint(0, 30) * HOUR
        if chance.random() < 0.5:
            before, to = ticket, chance.choice([each for each in IDS if each != ticket.decision.department])
            ticket = passed_on(ticket, to, at, policies)
            stays_as_it_is(before, ticket)
        else:
            drawn = chance.getrandbits(32)
            paused_since |= ticket.moves > 0
            ticket, twin = (step(each, Random(drawn), at, policies) for each in (ticket, twin))
    if not paused_since:  # nothing but hand-overs came after the first of them
        for clock in ticket.decision.clocks:
            alone = twin.decision.clock(clock.name)
            assert alone is not None
            assert (clock.started_at, clock.stopped_at) == (alone.started_at, alone.stopped_at)
            assert clock.due_at <= alone.due_at


def stays_as_it_is(before: Ticket, after: Ticket) -> None:
    for clock in before.decision.clocks:
        now = after.decision.clock(clock.name)
        assert now is not None
        assert now.due_at <= clock.due_at
        assert (now.started_at, now.stopped_at) == (clock.started_at, clock.stopped_at)
        if clock.stopped_at is not None:
            assert now == clock  # what was kept or missed stays so
    assert len(after.decision.clocks) == len(before.decision.clocks)
    assert (after.pauses, after.heard, after.acknowledged_at) == (
        before.pauses,
        before.heard,
        before.acknowledged_at,
    )
    assert after.status is before.status
    assert after.moves == before.moves + 1


def test_a_change_of_policy_keeps_what_was_paused() -> None:
    """GLPI lost pauses: https://github.com/glpi-project/glpi/issues/6902."""
    policies = made.POLICIES
    owner = policies.departments.owner(Category.PRAISE, ())
    about = About(Category.PRAISE, "facebook", Kind.COMMENT)
    decision = Decision(
        category=Category.PRAISE,
        confidence=0.9,
        decided_by="test",
        department=owner.department,
        clocks=policies.clocks(owner, about, NOW),
    )
    message = Message(
        platform="facebook", change=Change.CREATED, kind=Kind.COMMENT, message_id="1", text="Danke!"
    )
    ticket = open_ticket(message, decision, NOW)
    ticket = answering.paused(ticket, None, Deed(NOW + HOUR, "Mira"), policies)
    ticket = answering.resumed(ticket, Deed(NOW + 11 * HOUR, "Mira"), policies)
    ticket = answering.replied(
        ticket, Heard(id="r", at=NOW + 11 * HOUR, read_as=Help.BRUSH_OFF), Deed(NOW, "Mira"), policies
    )
    assert ticket.decision.due(ACKNOWLEDGE) == NOW + 34 * HOUR

    desk = policies.departments.catch_all().department
    stricter = replace_hours(policies, desk, 8)
    after = passed_on(ticket, desk, NOW + 12 * HOUR, stricter)
    assert after.decision.due(ACKNOWLEDGE) == NOW + 18 * HOUR  # eight hours, and ten in which nothing ran
    assert after.pauses == (Pause(NOW + HOUR, NOW + 11 * HOUR),)


def replace_hours(policies: Policies, department: str, hours: float) -> Policies:
    """Give a department so many hours for everything."""
    file = policies.departments.model_dump(by_alias=True)
    file["policy"] = [{"department": department, "acknowledge_within_hours": hours}]
    return replace(policies, departments=Departments.model_validate(file))


@pytest.mark.parametrize(("seen_at", "kept"), [(HOUR, True), (30 * HOUR, False)])
def test_what_was_kept_or_missed_stays_so_under_a_stricter_owner(seen_at: int, *, kept: bool) -> None:
    policies = replace_hours(made.POLICIES, "investor_relations", 0.5)
    ticket = answering.acknowledged(opened(policies, NOW), Deed(NOW + seen_at, "Mira", "mira"), policies)
    after = passed_on(ticket, "investor_relations", NOW + seen_at, policies)

    clock = after.decision.clock(ACKNOWLEDGE)
    assert clock == ticket.decision.clock(ACKNOWLEDGE)
    assert clock is not None
    assert clock.in_time is kept


def test_the_receiver_s_own_rules_count_the_strictest_of_those_that_fit() -> None:
    departments = made.POLICIES.departments
    ticket = opened(made.POLICIES, NOW)
    receiver = passing_on.receiver(ticket, "customer_service", made.POLICIES)

    assert departments.by_own_rules("customer_service", Category.CRITICISM, ()) is None
    assert receiver.acknowledge_within == 8 * HOUR  # as its giver had: no rule of its own fits
    mine = departments.by_own_rules("communications", Category.CRITICISM, ())
    assert mine is not None
    assert mine.acknowledge_within == 8 * HOUR
