"""Counting deliveries by the hour: what a platform sent, when it sent it, and at nobody's expense."""

from typing import Any

import pytest

import app
from chalicelib import wiring
from chalicelib.envelope import Envelope
from chalicelib.volume import HOUR, KEPT_FOR, Volume
from tests.deliveries import comment, page
from tests.fakes import refusal
from tests.world import INTAKE, NOW, TABLE, World

HERE = NOW - NOW % HOUR


@pytest.fixture
def volume(table: tuple[Any, str]) -> Volume:
    return Volume(*table)


def envelope(received_at: int = NOW, **fields: Any) -> Envelope:
    return Envelope(**{"platform": "x", "body": b"{}", "received_at": received_at, **fields})


def test_deliveries_are_counted_by_platform_and_hour(volume: Volume) -> None:
    for at in (HERE, HERE + 60, HERE + HOUR - 1, HERE + HOUR, HERE - 3 * HOUR):
        volume.note(envelope(at))
    volume.note(envelope(HERE, platform="facebook"))
    counts = volume.read("x", HERE - 3 * HOUR, HERE + HOUR)

    assert counts.by_hour == {HERE: 3, HERE - 3 * HOUR: 1}
    assert counts.last_at == HERE + HOUR - 1
    assert volume.read("x", HERE + HOUR, HERE + 2 * HOUR).by_hour == {HERE + HOUR: 1}


def test_what_never_sent_anything_has_no_last_delivery(volume: Volume) -> None:
    counts = volume.read("x", 0, NOW)

    assert (counts.by_hour, counts.last_at) == ({}, None)


@pytest.mark.parametrize("fields", [{"is_part": True}, {"quarantine_id": "q_1"}, {"backfilled": True}])
def test_what_no_platform_sent_just_then_is_not_counted(volume: Volume, fields: dict[str, Any]) -> None:
    volume.note(envelope(**fields))

    assert volume.read("x", NOW - HOUR, NOW + HOUR).by_hour == {}


def test_a_counter_expires(world: World) -> None:
    Volume(world.dynamodb, TABLE).note(envelope())
    (item,) = world.dynamodb.items.values()

    assert item["expires_at"] == {"N": str(NOW + KEPT_FOR)}
    assert KEPT_FOR >= 57 * 86_400  # eight weeks and a day are compared


def test_the_worker_counts_a_delivery_in_the_hour_in_which_it_came(world: World) -> None:
    world.post("facebook", page([comment(n) for n in range(120)]))
    world.post("facebook", page([comment(1)]))
    world.now += 5 * HOUR
    world.post("x", b"not even JSON")
    world.drain()

    read = wiring.worker().volume.read
    assert read("facebook", 0, NOW + 10 * HOUR).by_hour == {HERE: 2}
    assert read("x", 0, NOW + 10 * HOUR).by_hour == {HERE + 5 * HOUR: 1}


def test_what_is_no_envelope_is_not_counted(world: World) -> None:
    world.sqs.send_message(QueueUrl=INTAKE, MessageBody="a stranger")
    world.drain()

    assert not [pk for pk, _ in world.dynamodb.items if pk.startswith("volume#")]


def test_a_count_that_fails_fails_nothing_else(world: World, caplog: pytest.LogCaptureFixture) -> None:
    update = world.dynamodb.update_item

    def failing(**arguments: Any) -> Any:
        if arguments["Key"]["pk"]["S"].startswith("volume#"):
            raise refusal("ProvisionedThroughputExceededException", "UpdateItem")
        return update(**arguments)

    world.dynamodb.update_item = failing
    world.post("facebook", page([comment(1)]))
    answer = app.process_intake(
        {
            "Records": [
                {"messageId": "1", "body": world.sqs.bodies(INTAKE)[0], "eventSource": "aws:sqs"},
            ]
        },
        None,
    )

    assert answer == {"batchItemFailures": []}
    assert len(world.tickets()) == 1
    assert "not counted" in caplog.text
