"""Deliveries of platforms with storage limits: in no queue and no quarantine longer than they may be kept."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib import envelope, wiring
from chalicelib.errors import Conflict, NotFound
from chalicelib.identity import Caller
from chalicelib.parts import MESSAGES_AT_ONCE
from chalicelib.platforms import PLATFORMS
from chalicelib.platforms.base import UNLIMITED
from chalicelib.storage_limits import HOUR, LONGEST_STAY, MARGIN
from tests import deliveries, linkedin
from tests.fakes import FakeSqs
from tests.test_looking_up import Lookups, down
from tests.test_redrive import redrive
from tests.world import BRIEF_DLQ, BRIEF_INTAKE, DLQ, INTAKE, NOW, World

OLGA = Caller("olga", "Olga", frozenset({"ops"}))
CANARY = "Kanarienvogel"
DELIVERY = linkedin.delivery(linkedin.comment(1, f"{CANARY}: meine Rechnung fehlt, wer hilft mir weiter?"))
POISON = linkedin.delivery(linkedin.comment(1, CANARY, sourcePost={"no": "text"}))
OVER = NOW + 24 * HOUR - MARGIN


@pytest.fixture
def world(world: World) -> World:
    """Give a Zuständig whose queues forget."""
    world.sqs = FakeSqs(linkedin.forgetful_queues(), lambda: world.now)
    return world


def post(world: World, body: bytes = DELIVERY) -> None:
    assert world.post("linkedin", body)["statusCode"] == 200


def break_worker(world: World) -> None:
    """Let the table refuse everything, and all receives of the worker pass."""

    def fail(operation: str, _arguments: Any) -> None:
        if operation == "query":
            raise EndpointConnectionError(endpoint_url="https://aws")

    world.after_call = fail
    while world.work():
        world.sqs.expire()
    world.after_call = lambda *_: None


def strand(world: World, received_at: int = NOW, redrives: int = 0) -> str:
    """Put a delivery where five failed receives would have put it."""
    sealed = envelope.Envelope(platform="linkedin", received_at=received_at, body=DELIVERY).seal()
    attributes = {"redrives": {"DataType": "Number", "StringValue": str(redrives)}}
    world.sqs.send_message(QueueUrl=BRIEF_DLQ, MessageBody=sealed, MessageAttributes=attributes)
    return sealed


def in_table(world: World) -> str:
    """Write everything that lies in the table, with what is compressed."""
    held = [wiring.api().quarantine.read(pk) for pk, sk in world.dynamodb.items if sk == "quarantine"]
    return str(world.dynamodb.items) + str(held)


# ── which intake ──────────────────────────────────────────────────────────────────────────────────────────


def test_only_platforms_with_storage_limits_use_the_brief_intake(world: World) -> None:
    post(world)
    world.post("facebook", deliveries.page([deliveries.comment(1)]))

    assert [len(world.sqs.bodies(url)) for url in (BRIEF_INTAKE, INTAKE)] == [1, 1]
    assert CANARY in world.sqs.bodies(BRIEF_INTAKE)[0]
    world.drain()
    assert {ticket.platform for ticket in world.tickets().values()} == {"linkedin", "facebook"}


def test_every_limit_leaves_time_for_the_brief_intake() -> None:
    limited = [p.limits for p in PLATFORMS.values() if p.limits != UNLIMITED]

    assert limited
    assert all(limit - MARGIN > LONGEST_STAY for limits in limited for limit in limits if limit is not None)


def test_parts_of_a_delivery_stay_in_the_brief_intake(world: World) -> None:
    post(world, linkedin.delivery(*(linkedin.comment(n, "Danke!") for n in range(MESSAGES_AT_ONCE + 1))))
    world.work(batch=1)

    assert [len(world.sqs.bodies(url)) for url in (BRIEF_INTAKE, INTAKE)] == [2, 0]
    world.drain()
    assert len(world.tickets()) == MESSAGES_AT_ONCE + 1


def test_a_delivery_that_is_split_too_late_is_kept_in_parts_that_can_be_retried(world: World) -> None:
    post(world, linkedin.delivery(*(linkedin.comment(n, CANARY) for n in range(MESSAGES_AT_ONCE + 1))))
    (message,) = world.sqs.waiting[BRIEF_INTAKE]
    world.now = OVER - LONGEST_STAY + 1
    message["SentAt"] = world.now  # redriven
    world.drain()

    assert world.tickets() == {}
    assert not any(CANARY in body for body in world.sqs.everything())
    for entry in world.quarantined():
        wiring.api().retry_quarantined(OLGA, entry)
    assert not any(CANARY in body for body in world.sqs.everything())
    world.drain()
    assert world.quarantined() == {}
    assert len(world.tickets()) == MESSAGES_AT_ONCE + 1


@pytest.mark.parametrize(("age", "again"), [(0, 1), (OVER - LONGEST_STAY + 1 - NOW, 0)])
def test_what_is_to_be_looked_up_later_waits_in_the_brief_intake_if_it_still_may(
    world: World, monkeypatch: pytest.MonkeyPatch, age: int, again: int
) -> None:
    monkeypatch.setattr(wiring, "lookups", lambda: Lookups(down))
    post(world, linkedin.delivery(linkedin.comment(1, None, author=None)))
    (message,) = world.sqs.waiting[BRIEF_INTAKE]
    world.now = message["SentAt"] = NOW + age
    world.work()

    assert [len(world.sqs.bodies(url)) for url in (BRIEF_INTAKE, INTAKE)] == [again, 0]
    assert [ticket.incomplete for ticket in world.tickets().values()] == [True]
    assert world.quarantined() == {}


# ── how long ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("put", [post, strand])
def test_a_delivery_that_nobody_takes_leaves_sqs_by_itself(
    world: World, put: Callable[[World], object]
) -> None:
    put(world)
    assert CANARY in world.sqs.everything()[0]
    world.now += LONGEST_STAY

    assert world.sqs.everything() == []


@pytest.mark.parametrize(("each", "why"), [(HOUR // 2, "20 redrives"), (HOUR, "storage limit")])
def test_in_an_outage_nothing_is_sent_that_might_lie_in_sqs_for_too_long(
    world: World, each: int, why: str
) -> None:
    post(world)
    sent = []
    for _ in range(24):
        break_worker(world)
        world.now += each
        redrive()
        sent += [world.now - NOW for body in world.sqs.everything() if CANARY in body]

    assert 9 * HOUR < max(sent) <= OVER - NOW - LONGEST_STAY
    (entry,) = world.quarantined().values()
    assert why in entry.error


def test_a_delivery_in_the_dlq_is_redriven_as_long_as_it_may_lie_there_again(world: World) -> None:
    world.now = OVER - LONGEST_STAY
    sealed = strand(world)
    redrive()
    assert world.sqs.bodies(BRIEF_INTAKE) == [sealed]
    world.drain()
    assert len(world.tickets()) == 1


def test_later_it_waits_in_quarantine_and_can_be_retried_without_going_through_sqs(world: World) -> None:
    world.now = OVER - LONGEST_STAY + 1
    strand(world)
    redrive()

    assert world.sqs.everything() == []
    (entry,) = world.quarantined().values()
    assert "storage limit" in entry.error
    assert (entry.content_until, entry.received_at) == (OVER, NOW)
    world.now = OVER - 1
    wiring.api().retry_quarantined(OLGA, entry.id)
    assert not any(CANARY in body for body in world.sqs.everything())
    world.drain()
    assert world.quarantined() == {}
    (ticket,) = world.tickets().values()
    assert (ticket.received_at, CANARY in (ticket.text or "")) == (NOW, True)


def test_a_delivery_that_comes_through_too_late_ends_in_quarantine_without_content(world: World) -> None:
    post(world)
    (message,) = world.sqs.waiting[BRIEF_INTAKE]
    world.now = message["SentAt"] = OVER
    world.drain()

    assert world.tickets() == {}
    (entry,) = world.quarantined().values()
    assert (entry.platform, entry.size, entry.pieces) == ("linkedin", len(DELIVERY), 0)
    assert "storage limit" in wiring.api().list_quarantine(OLGA, {}).quarantine[0].error.lower()
    assert CANARY not in in_table(world)
    assert world.sqs.everything() == []


def test_the_dlq_gives_up_what_is_too_old_without_content(world: World) -> None:
    world.now = OVER
    strand(world)
    redrive()

    (entry,) = world.quarantined().values()
    assert entry.is_erased(world.now)
    assert CANARY not in in_table(world)
    assert world.sqs.everything() == []


def test_other_platforms_are_redriven_however_old_they_are(world: World) -> None:
    world.now = NOW + 1000 * HOUR
    body = deliveries.page([deliveries.comment(1)])
    sealed = envelope.Envelope(platform="facebook", received_at=NOW, body=body).seal()
    world.sqs.send_message(QueueUrl=DLQ, MessageBody=sealed)
    redrive()

    assert world.sqs.bodies(INTAKE) == [sealed]


# ── quarantine ────────────────────────────────────────────────────────────────────────────────────────────


def test_an_entry_tells_until_when_it_can_be_retried_and_that_it_cannot_any_more(world: World) -> None:
    post(world, POISON)
    world.drain()
    (shown,) = wiring.api().list_quarantine(OLGA, {}).quarantine
    assert (shown.content_erased, int(shown.content_until.timestamp())) == (False, OVER)  # type: ignore[union-attr]

    world.now = OVER
    (shown,) = wiring.api().list_quarantine(OLGA, {}).quarantine
    assert shown.content_erased
    with pytest.raises(Conflict, match="erased"):
        wiring.api().retry_quarantined(OLGA, shown.id)
    assert world.sqs.everything() == []


def test_a_retry_that_comes_through_too_late_leaves_the_entry(world: World) -> None:
    post(world, POISON)
    world.drain()
    (entry,) = world.quarantined()
    wiring.api().retry_quarantined(OLGA, entry)
    world.now = OVER
    world.drain()

    assert list(world.quarantined()) == [entry]
    assert world.tickets() == {}


def test_a_repeat_counts_from_the_first_time(world: World) -> None:
    post(world, POISON)
    world.drain()
    world.now = OVER - 1
    post(world, POISON)
    world.drain()
    (entry,) = world.quarantined().values()
    assert (entry.attempts, entry.received_at, entry.content_until) == (2, NOW, OVER)

    world.now = OVER
    wiring.api.cache_clear()
    held = wiring.api().quarantine.read(entry.id)
    assert held
    assert held.envelope is None


def test_a_repeat_does_not_bring_erased_content_back(world: World) -> None:
    post(world, POISON)
    world.drain()
    (entry,) = world.quarantined()
    del world.dynamodb.items[entry, "piece000"]
    world.now = OVER
    post(world, POISON)
    world.drain()

    assert (entry, "piece000") not in world.dynamodb.items
    assert world.quarantined()[entry].attempts == 2


def test_entries_of_other_platforms_keep_what_they_hold(world: World) -> None:
    world.post("facebook", deliveries.page([deliveries.comment(5, CANARY, created_time=1, message=42)]))
    world.drain()
    world.now += 10_000 * HOUR
    (entry,) = wiring.api().list_quarantine(OLGA, {}).quarantine

    assert (entry.content_until, entry.content_erased) == (None, False)
    wiring.api().retry_quarantined(OLGA, entry.id)
    world.drain()
    assert world.quarantined()[entry.id].attempts == 2


@pytest.mark.parametrize("queue", [BRIEF_INTAKE, BRIEF_DLQ, INTAKE])
def test_a_stranger_is_kept_no_longer_than_the_strictest_platform_allows(world: World, queue: str) -> None:
    """It may be anything; and if it tells its time, it is as old as that."""
    cut_off = f'{{"platform":"linkedin","received_at":{NOW},"encoding":"zlib"}}\n{CANARY}'
    world.now = NOW + 9 * HOUR
    world.sqs.send_message(QueueUrl=queue, MessageBody=cut_off)
    redrive()
    world.drain()

    (entry,) = world.quarantined().values()
    assert (entry.platform, entry.content_until) == ("unknown", OVER)
    world.now = OVER
    assert wiring.api().list_quarantine(OLGA, {}).quarantine[0].content_erased


def test_what_a_retry_sends_is_a_pointer_for_every_platform(world: World) -> None:
    world.post("facebook", deliveries.page([deliveries.comment(5, f"{CANARY} \ud83d")]))
    world.drain()
    (entry,) = world.quarantined()
    wiring.api().retry_quarantined(OLGA, entry)
    (sealed,) = world.sqs.bodies(INTAKE)

    pointer = envelope.unseal(sealed)
    assert (pointer.body, pointer.is_kept, pointer.quarantine_id) == (b"", True, entry)
    assert CANARY not in sealed


def test_a_pointer_that_fails_its_last_redrive_leaves_its_entry_whole(world: World) -> None:
    world.post("facebook", deliveries.page([deliveries.comment(5, message=42)]))
    world.drain()
    (entry,) = world.quarantined().values()
    wiring.api().retry_quarantined(OLGA, entry.id)
    (message,) = world.sqs.waiting.pop(INTAKE)
    attributes = {"redrives": {"DataType": "Number", "StringValue": "99"}}
    world.sqs.send_message(QueueUrl=DLQ, MessageBody=message["Body"], MessageAttributes=attributes)
    redrive()

    (after,) = world.quarantined().values()
    assert (after.attempts, after.size, after.pieces) == (2, entry.size, entry.pieces)
    assert "redrives" in after.error


def test_a_pointer_to_nothing_ends(world: World) -> None:
    pointer = envelope.Envelope("facebook", NOW, b"", quarantine_id="q_nowhere", is_kept=True)
    world.sqs.send_message(QueueUrl=INTAKE, MessageBody=pointer.seal())
    world.drain()

    assert world.quarantined() == {}
    assert world.sqs.everything() == []
    with pytest.raises(NotFound):
        wiring.api().retry_quarantined(OLGA, "q_nowhere")
