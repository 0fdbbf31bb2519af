"""Where the deadlines and reminders of others break, and what happens here instead."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib import answering, wiring
from chalicelib.answering import Deed
from chalicelib.clocks import ClockName
from chalicelib.department_entries import Policy
from chalicelib.history import Happened, HistoryEntry
from chalicelib.our_replies import Heard, Help
from chalicelib.policies import Policies
from chalicelib.ticket import Status
from tests import watch
from tests.counted_table import Counting
from tests.fakes import FakeSqs
from tests.made import POLICIES
from tests.watch import HOUR, answered, ids, opened, pass_, read
from tests.world import NOW, World

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY_AT_FIVE = int(datetime(2025, 11, 28, 17, tzinfo=BERLIN).timestamp())


def with_policies(monkeypatch: pytest.MonkeyPatch, policies: Policies) -> Policies:
    monkeypatch.setattr(wiring, "policies", lambda: policies)
    return policies


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Policies:
    """Let communications work in the calendar `office`."""
    there = POLICIES.departments.departments
    all_ = tuple(each.model_copy(update={"calendar": "office"}) for each in there)
    changed = POLICIES.departments.model_copy(update={"departments": all_})
    return with_policies(monkeypatch, replace(POLICIES, departments=changed))


# ── a miss is only noticed if a sweep sees it; the time that counts is the sweep's ────────────────────────


def test_a_late_answer_between_two_passes_is_a_miss_all_the_same(world: World) -> None:
    """Elsewhere, what was answered late but before the next sweep never was a miss."""
    ticket = opened(world)
    world.now += 25 * HOUR
    answered(world, ticket)
    pass_(world, HOUR)

    assert [clock.in_time for clock in read(world, ticket).decision.clocks] == [False, False]
    assert ids(world) == []


def test_the_time_of_an_answer_is_when_it_was_said_and_not_when_a_pass_ran(world: World) -> None:
    """Elsewhere it is up to five minutes later, and a hit becomes a miss."""
    ticket = opened(world)
    world.now += 8 * HOUR
    answered(world, ticket)
    pass_(world, 300)

    clocks = read(world, ticket).decision.clocks
    assert [(clock.stopped_at, clock.in_time) for clock in clocks] == [(NOW + 8 * HOUR, True)] * 2


# ── a policy that sets one time and not the other stays pending for ever ──────────────────────────────────


@pytest.mark.parametrize("only", ["acknowledge_within_hours", "answer_within_hours"])
def test_a_policy_that_says_half_of_it_ends_like_any_other(
    world: World, monkeypatch: pytest.MonkeyPatch, only: str
) -> None:
    half = Policy.model_validate({"department": "communications", only: 3})
    departments = POLICIES.departments.model_copy(update={"policies": (half,)})
    ticket = opened(world, 1, with_policies(monkeypatch, replace(POLICIES, departments=departments)))
    world.now += HOUR
    answered(world, ticket)
    pass_(world, 99 * HOUR)

    ended = read(world, ticket)
    assert (ended.status, ended.running, ended.alarm_at) == (Status.ANSWERED, (), None)
    assert [clock.in_time for clock in ended.decision.clocks] == [True, True]
    assert ids(world) == []


# ── reminders at night and on weekends ────────────────────────────────────────────────────────────────────


def through(world: World, days: int, every: int = 600) -> Iterator[datetime]:
    """Let passes follow each other, and tell by the wall when somebody was told something."""
    known = 0
    for _ in range(days * 86_400 // every):
        pass_(world, every)
        if len(ids(world)) > known:
            known = len(ids(world))
            yield datetime.fromtimestamp(world.now, UTC).astimezone(BERLIN)


def is_open(at: datetime) -> bool:
    return at.weekday() < 5 and 8 <= at.hour < 18


def test_nobody_is_told_at_night_or_on_a_weekend(world: World, office: Policies) -> None:
    """In Zammad they were: https://github.com/zammad/zammad/issues/2157, and also issues/4432."""
    world.now = FRIDAY_AT_FIVE
    opened(world, 1, office)
    times = list(through(world, 9))

    assert len(ids(world)) == 2 * 4
    assert all(map(is_open, times))
    assert times[0] == datetime(2025, 12, 1, 14, 10, tzinfo=BERLIN)  # an hour before Monday at three


@pytest.mark.parametrize(
    ("hours", "first"), [(30, "Mon 08"), (54, "Mon 08"), (60, "Mon 08"), (61, "Mon 08"), (70, "Mon 16")]
)
def test_what_is_due_while_nobody_is_there_is_told_when_they_come(
    world: World, office: Policies, hours: int, first: str
) -> None:
    """A promise may name a Sunday; nobody is warned of it on that day."""
    world.now = FRIDAY_AT_FIVE + 2 * HOUR  # after closing
    ticket = opened(world, 1, office)
    said = Heard(id="1", at=world.now, read_as=Help.RECEIPT, promise=world.now + hours * HOUR)
    watch.changed(world, ticket, lambda it: answering.replied(it, said, Deed(world.now, "Mira"), office))
    times = list(through(world, 3))

    assert read(world, ticket).decision.clock(ClockName.PROMISED_BY) is not None
    assert f"{times[0]:%a %H}" == first
    assert all(map(is_open, times))


# ── every overdue ticket is touched again in each sweep, in whatever order ────────────────────────────────


def test_what_was_told_is_not_read_again_before_its_next_level_and_the_oldest_comes_first(
    world: World,
) -> None:
    for number in range(9):
        opened(world, number)
        world.now += 60
    world.dynamodb = Counting(world.dynamodb)
    wiring.alarms.cache_clear()
    world.sqs = FakeSqs()
    pass_(world, 8 * HOUR)
    assert sum(world.dynamodb.read.values()) == 9

    world.dynamodb.forget()
    for _ in range(20):
        pass_(world, 300)
    assert sum(world.dynamodb.read.values()) == 0
    assert set(world.dynamodb.calls) == {"query"}


# ── to reopen an old ticket, its whole history is played again ────────────────────────────────────────────


def test_a_deadline_comes_from_what_is_stored_and_not_from_the_history() -> None:
    """In Zammad, a ticket of 2013 took 40 s: https://github.com/zammad/zammad/issues/192."""
    ticket = watch.made()
    for at in range(NOW + 60, NOW + 60 * 40, 60):
        ticket = answering.paused(ticket, None, Deed(at, "Mira"), POLICIES)
        ticket = answering.resumed(ticket, Deed(at + 30), POLICIES)
    ticket = answering.paused(ticket, None, Deed(NOW + 3600, "Mira"), POLICIES)
    noise = tuple(HistoryEntry(NOW + n, Happened.RECEIVED_AGAIN) for n in range(20_000))
    told, untold, noisy = (
        answering.resumed(replace(ticket, history=lines), Deed(NOW + 7200), POLICIES)
        for lines in (ticket.history, (), noise)
    )

    assert told.decision == untold.decision == noisy.decision
    assert told.due_at == NOW + 8 * HOUR + 39 * 30 + 3600
