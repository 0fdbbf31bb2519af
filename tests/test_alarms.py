"""Alarms: who hears what when a deadline comes near or passes, each level once, none after an answer."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import app
from chalicelib import alarming, events, wiring
from chalicelib.alarms import BEGIN_NO_MORE_AFTER
from chalicelib.errors import ConfigurationError, Unavailable
from chalicelib.history import Happened
from chalicelib.our_replies import Help
from chalicelib.policies import Policies
from chalicelib.ticket import Status, Ticket
from infra import functions
from tests import watch
from tests import world as worlds
from tests.fakes import Crash, FakeSqs
from tests.made import POLICIES
from tests.test_redrive import EVENT
from tests.watch import ACK, ANSWER, HOUR, Interleaved, answered, ids, levels, opened, pass_, paused, read
from tests.world import NOW, World, queue

ALL = ["warning", "overdue", "escalation_1", "escalation_2"]


@pytest.fixture
def both(monkeypatch: pytest.MonkeyPatch, secrets_file: Path, table: tuple[Any, str]) -> World:
    """Give a Zuständig over the fake table, and one over the local engine's."""
    client, name = table
    world = World(client, FakeSqs(), table=name)
    return worlds.build(monkeypatch, world, SECRETS_FILE=str(secrets_file), TABLE_NAME=name)


def with_departments(monkeypatch: pytest.MonkeyPatch, **changes: dict[str, Any]) -> Policies:
    """Let departments be otherwise than the file says."""
    all_ = tuple(
        each.model_copy(update=changes.get(each.id, {})) for each in POLICIES.departments.departments
    )
    policies = replace(POLICIES, departments=POLICIES.departments.model_copy(update={"departments": all_}))
    monkeypatch.setattr(wiring, "policies", lambda: policies)
    return policies


# ── what is told, when, and to whom ───────────────────────────────────────────────────────────────────────


def test_each_level_is_told_once_when_its_second_has_passed(both: World) -> None:
    ticket = opened(both)
    seen = []
    for hour in (7, 8, 12, 32):
        both.now = NOW + hour * HOUR
        pass_(both)
        before = levels(both)
        pass_(both, 1)
        pass_(both, 600)
        seen.append(levels(both)[len(before) :])

    assert seen == [[level] for level in ALL]
    assert len(ids(both)) == len(set(ids(both)))
    lines = [line for line in read(both, ticket).history if line.what is Happened.ALARMED]
    assert [line.about["level"] for line in lines if line.about["clock"] == ACK] == ALL


def test_owners_are_warned_and_escalations_go_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with_departments(monkeypatch, communications={"escalates_to": "human_resources"})
    opened(world)
    for hour in (7, 8, 12, 32):
        world.now = NOW + hour * HOUR
        pass_(world, 1)

    told = [(to, event["data"]["level"]) for to, event in watch.events(world) if ACK in event["id"]]
    assert sorted(told) == [
        ("department-communications", "overdue"),
        ("department-communications", "warning"),
        ("department-human_resources", "escalation_1"),
        ("ops", "escalation_2"),
    ]


def test_the_first_escalation_stays_with_an_owner_who_names_nobody_and_ops_hear_of_owners_that_are_gone() -> (
    None
):
    ticket, departments = watch.made(), POLICIES.departments
    gone = replace(ticket, decision=replace(ticket.decision, department="legal"))

    assert alarming.recipient(ticket, "escalation_1", departments) == "communications"
    assert alarming.recipient(ticket, "escalation_9", departments) is None
    assert alarming.recipient(gone, "warning", departments) is None


def test_an_alarm_tells_what_is_late_and_how_long_it_was_held_and_quotes_nobody(world: World) -> None:
    ticket = opened(world)
    world.now += HOUR
    answered(world, ticket, Help.BRUSH_OFF)
    pass_(world, 9 * HOUR)

    ((to, event),) = watch.events(world)
    assert to == "department-communications"
    assert event["id"] == f"{ticket.id}:alarm:{ACK}:{NOW}:overdue"
    assert (event["subject"], event["time"]) == (ticket.id, event["data"]["held_since"].replace("08:", "18:"))
    data = event["data"]
    assert (data["level"], data["clock"], data["minutes_late"]) == ("overdue", ACK, 120)
    assert (data["help"], data["held_minutes"]) == ("brush_off", 600)
    assert data["permalink"] == "https://facebook.example/1"
    assert "Zu laut!" not in str(event)
    assert "Jonas" not in str(event)


def test_what_was_missed_while_nobody_looked_makes_no_storm(both: World) -> None:
    ticket = opened(both)
    pass_(both, 40 * HOUR)
    pass_(both, HOUR)

    assert (levels(both), levels(both, ANSWER)) == (["escalation_2"], ["escalation_1"])
    clock = read(both, ticket).decision.clocks[0]
    assert [alarm.passed_at is not None for alarm in clock.alarms] == [True, True, True, False]
    assert clock.alarm_at is None


def test_nothing_is_told_of_what_was_answered_or_closed(both: World) -> None:
    ticket, other = opened(both, 1), opened(both, 2)
    both.now += 7 * HOUR - 1
    answered(both, ticket)
    watch.changed(both, other, lambda it: replace(it, status=Status.RESOLVED, resolved_at=both.now))
    pass_(both, 100 * HOUR)

    assert ids(both) == []


def test_an_acknowledged_ticket_is_still_told_when_its_answer_is_late(both: World) -> None:
    ticket = opened(both)
    both.now += HOUR
    answered(both, ticket, Help.RECEIPT)
    pass_(both, 24 * HOUR)

    assert (levels(both), levels(both, ANSWER)) == ([], ["overdue"])


def test_a_promise_that_an_edit_moves_is_told_anew() -> None:
    friday = POLICIES.promised("communications", NOW, NOW + 50 * HOUR)
    monday = POLICIES.promised("communications", NOW, NOW + 99 * HOUR)
    ticket = watch.made()

    one, other = (events.alarmed(ticket, clock, clock.alarms[0]) for clock in (friday, monday))
    assert one.split('"')[7] != other.split('"')[7]


# ── pauses ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_pause_ends_by_itself_and_its_alarms_come_later(both: World) -> None:
    ticket = opened(both)
    both.now += HOUR
    paused(both, ticket, NOW + 11 * HOUR)
    pass_(both, 9 * HOUR)
    assert read(both, ticket).status is Status.PAUSED

    pass_(both, HOUR + 60)
    resumed = read(both, ticket)
    assert (resumed.status, resumed.due_at) == (Status.OPEN, NOW + 18 * HOUR)
    assert (resumed.history[-1].what, resumed.history[-1].by) == (Happened.RESUMED, None)
    assert ids(both) == []
    both.now = NOW + 18 * HOUR
    pass_(both, 1)
    assert levels(both) == ["overdue"]


def test_nobody_is_told_while_we_wait_even_of_what_was_late_before(both: World) -> None:
    ticket = opened(both)
    pass_(both, 9 * HOUR)
    paused(both, ticket, NOW + 20 * HOUR)
    pass_(both, 10 * HOUR)
    assert levels(both) == ["overdue"]

    pass_(both, 2 * HOUR)
    assert levels(both) == ["overdue", "escalation_1"]


# ── cut off, at once, again ───────────────────────────────────────────────────────────────────────────────


def crash_at(world: World, step: int) -> bool:
    """Cut a pass off behind its call number `step`; tell whether it got so far."""
    left = [step]

    def crash(_operation: str, _arguments: dict[str, Any]) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Crash

    world.after_call = crash
    try:
        pass_(world)
    except Crash:
        return True
    finally:
        world.after_call = lambda *_: None
    return False


def finished(world: World) -> None:
    """Let passes follow until nothing can be left."""
    for _ in range(3):
        pass_(world, alarming.LEASE + 1)


def test_a_pass_that_is_cut_off_after_any_call_loses_nothing(both: World) -> None:
    """Cut off between sending and marking, the same id comes again; everything else comes once."""
    for step in range(1, 40):
        first = opened(both, 2 * step), opened(both, 2 * step + 1)
        both.now += 8 * HOUR + 1
        got_there = crash_at(both, step)
        finished(both)

        ours = [each for each in ids(both) if each.split(":")[0] in {it.id for it in first}]
        assert set(ours) == {f"{it.id}:alarm:{it.decision.clocks[0].run}:overdue" for it in first}
        assert len(ours) <= 3
        for ticket in first:
            answered(both, ticket)
        if not got_there:
            assert len(ours) == 2
            break
    assert 10 < step < 39


def test_a_pass_that_is_cut_off_after_every_call_still_ends(both: World) -> None:
    ticket = opened(both)
    both.now += 8 * HOUR + 1
    seen: set[str] = set()

    def crash(operation: str, arguments: dict[str, Any]) -> None:
        call = f"{operation} {arguments.get('MessageBody') or arguments.get('UpdateExpression')}"
        if call not in seen:
            seen.add(call)
            raise Crash

    both.after_call = crash
    for _ in range(20):
        try:
            pass_(both, alarming.LEASE + 1)
        except Crash:
            continue
    both.after_call = lambda *_: None

    assert set(ids(both)) == {f"{ticket.id}:alarm:{ACK}:{NOW}:overdue"}
    assert len(ids(both)) == 2  # cut off once between sending and marking
    assert len([line for line in read(both, ticket).history if line.what is Happened.ALARMED]) == 1


def test_nothing_is_told_after_an_answer_wherever_a_pass_was_cut_off(both: World) -> None:
    for step in range(1, 40):
        ticket = opened(both, step)
        both.now += 8 * HOUR + 1
        got_there = crash_at(both, step)
        before = ids(both)
        answered(both, ticket)
        finished(both)

        assert ids(both) == before
        if not got_there:
            break
    assert 7 < step < 39


def test_nothing_is_told_after_an_answer_that_comes_in_the_middle_of_a_pass(world: World) -> None:
    """Only what is said between the last look and SQS's yes comes too late to be seen."""
    was_told = []
    for step in range(1, 12):
        ticket = opened(world, step)
        world.now += 8 * HOUR + 1
        calls = answered_at(world, ticket, step)
        finished(world)

        was_told.append(any(each.startswith(ticket.id) for each in ids(world)))
        assert was_told[-1] == ("send_message" in calls)
        if was_told[-1]:
            sent = calls.index("send_message")
            assert calls[sent - 1] == "batch_get_item"
            assert step >= sent

    assert set(was_told) == {True, False}


def answered_at(world: World, ticket: Ticket, step: int) -> list[str]:
    """Let a pass run, and an answer come in behind its call number `step`; return all calls."""
    calls: list[str] = []

    def between(operation: str, _arguments: dict[str, Any]) -> None:
        calls.append(operation)
        if len(calls) == step:
            answered(world, ticket)

    world.after_call = between
    pass_(world)
    world.after_call = lambda *_: None
    return calls


@pytest.mark.parametrize("seed", range(60))
def test_two_runners_at_once_tell_each_level_once_however_their_calls_alternate(
    world: World, seed: int
) -> None:
    for number in range(3):
        opened(world, number)
    chance = random.Random(seed)
    for hour in (7, 8, 40):
        world.now = NOW + hour * HOUR + 1
        Interleaved(world, chance.randrange).run(*[lambda: app.tell_alarms(EVENT, None)] * 2)
        finished(world)

    told = ids(world)
    assert len(told) == len(set(told)) == 3 * (3 + 1)


@pytest.mark.parametrize("seed", range(4))
def test_two_runners_at_once_tell_each_level_once_on_the_engine_too(both: World, seed: int) -> None:
    opened(both)
    chance = random.Random(seed)
    both.now += 8 * HOUR + 1
    Interleaved(both, chance.randrange).run(*[lambda: app.tell_alarms(EVENT, None)] * 2)
    finished(both)

    assert len(ids(both)) == len(set(ids(both))) == 1


@pytest.mark.parametrize("seed", range(40))
def test_a_runner_beside_one_that_is_killed_loses_nothing_and_an_answer_ends_it(
    world: World, seed: int
) -> None:
    tickets = [opened(world, number) for number in range(3)]
    chance = random.Random(seed)
    world.now += 8 * HOUR + 1
    step = chance.randrange(1, 16)

    def killed() -> None:
        calls = len(world.calls)
        watched = world.after_call

        def crash(operation: str, arguments: dict[str, Any]) -> None:
            watched(operation, arguments)
            if len(world.calls) - calls >= step:
                raise Crash

        world.after_call = crash
        app.tell_alarms(EVENT, None)

    with pytest.raises(Crash):
        Interleaved(world, chance.randrange).run(killed, killed)
    world.after_call = lambda *_: None
    before = set(ids(world))
    answered(world, tickets[0])
    finished(world)

    after = ids(world)
    assert {each.split(":")[0] for each in set(after) - before} <= {it.id for it in tickets[1:]}
    assert {each.split(":")[0] for each in after} >= {it.id for it in tickets[1:]}
    assert len(after) <= len(set(after)) + 2  # each that is killed may have been between sending and marking


def test_a_claim_is_left_alone_for_longer_than_the_function_may_run() -> None:
    assert alarming.LEASE > functions.TELL_ALARMS_TIMEOUT > 2 * BEGIN_NO_MORE_AFTER


# ── what fails, and how long it takes ─────────────────────────────────────────────────────────────────────


def test_a_queue_that_fails_holds_up_nobody_else_and_hears_of_it_later(world: World) -> None:
    for number in range(3):
        opened(world, number)
    world.now += 9 * HOUR
    broken = [True]

    def fail(operation: str, _arguments: dict[str, Any]) -> None:
        if operation == "send_message" and broken[0]:
            world.sqs.waiting[queue("communications")].pop()
            broken[0] = False
            raise Unavailable("SQS is slow")

    world.after_call = fail
    with pytest.raises(Unavailable):
        pass_(world)
    assert len(ids(world)) == 2
    finished(world)
    assert len(set(ids(world))) == len(ids(world)) == 3


def test_a_department_without_a_queue_is_told_as_what_it_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPARTMENT_QUEUE_URLS", "{}")
    opened(world)
    with pytest.raises(ConfigurationError, match="DEPARTMENT_QUEUE_URLS"):
        pass_(world, 9 * HOUR)


def test_a_pass_ends_before_its_time_out_and_the_next_one_goes_on(world: World) -> None:
    for number in range(5):
        opened(world, number)
    world.now += 9 * HOUR
    ticks = iter([0.0, 1.0, 2.0, float(BEGIN_NO_MORE_AFTER)])
    replace(wiring.alarms(), elapsed=lambda: next(ticks)).run()
    assert len(ids(world)) == 2

    pass_(world)
    assert len(set(ids(world))) == len(ids(world)) == 5


def test_what_the_index_says_late_is_read_again(world: World) -> None:
    """The index may lag behind: it still names what was told or answered a moment ago."""
    told, answered_ = opened(world, 1), opened(world, 2)
    world.now += 9 * HOUR
    rows = {k: v for k, v in world.dynamodb.items.items() if k[1] == "ticket"}
    stale = {key: {n: item[n] for n in ("pk", "sk", "alarms", "alarm_at")} for key, item in rows.items()}
    pass_(world)
    answered(world, answered_)
    world.dynamodb.indexed = lambda *_: stale
    pass_(world, 1)

    assert [each.split(":")[0] for each in ids(world)].count(told.id) == 1
    assert len(ids(world)) == 2


def test_what_is_told_is_counted(world: World) -> None:
    opened(world)
    pass_(world, 9 * HOUR)

    assert ("Alarmed", 1, {"level": "overdue", "clock": ACK}) in world.counted
