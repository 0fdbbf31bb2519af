"""The intake DLQ: another chance for what ran into an outage, a bounded time, and never a loss."""

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

import app
from chalicelib import envelope
from chalicelib.errors import Unavailable
from chalicelib.redrive import AT_ONCE, CHANCES
from tests.deliveries import comment, page
from tests.fakes import Crash
from tests.world import DLQ, INTAKE, NOW, World

EVENT = {
    "version": "0",
    "account": "000000000000",
    "region": "eu-central-1",
    "detail": {},
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "time": "2025-11-25T08:00:00Z",
    "id": "1",
    "resources": [],
}


def strand(world: World, number: int = 1, redrives: int | None = None) -> str:
    """Put a delivery where five failed receives would have put it."""
    sealed = envelope.Envelope(platform="facebook", received_at=NOW, body=page([comment(number)])).seal()
    attribute = {"DataType": "Number", "StringValue": str(redrives)}
    attributes = {"redrives": attribute} if redrives else None
    world.sqs.send_message(QueueUrl=DLQ, MessageBody=sealed, MessageAttributes=attributes)
    return sealed


def redrive() -> None:
    app.redrive_intake(EVENT, None)


def test_a_stranded_delivery_is_moved_back_and_processed(world: World) -> None:
    sealed = strand(world)
    redrive()

    assert world.sqs.bodies(INTAKE) == [sealed]
    assert world.sqs.bodies(DLQ) == []
    world.drain()
    assert len(world.tickets()) == 1


def test_every_redrive_is_counted_with_the_delivery(world: World) -> None:
    strand(world)
    for redrives in range(1, 4):
        redrive()
        (message,) = world.sqs.waiting[INTAKE]
        assert message["MessageAttributes"]["redrives"]["StringValue"] == str(redrives)
        world.sqs.waiting[DLQ] = world.sqs.waiting.pop(INTAKE)


def test_after_its_last_chance_a_delivery_becomes_visible(world: World) -> None:
    sealed = strand(world, redrives=CHANCES)
    redrive()

    (entry,) = world.quarantined().values()
    assert str(CHANCES) in entry.error
    assert entry.size == len(envelope.unseal(sealed).body)
    assert world.sqs.bodies(INTAKE) == world.sqs.bodies(DLQ) == []
    assert not world.sqs.in_flight


def test_a_stranger_in_the_dlq_becomes_visible_too(world: World) -> None:
    attribute = {"redrives": {"DataType": "Number", "StringValue": str(CHANCES)}}
    world.sqs.send_message(QueueUrl=DLQ, MessageBody="no envelope", MessageAttributes=attribute)
    redrive()

    (entry,) = world.quarantined().values()
    assert entry.platform == "unknown"


@pytest.mark.parametrize("redrives", [0, CHANCES])
def test_a_crash_after_any_call_costs_nothing(world: World, redrives: int) -> None:
    for step in range(1, 6):
        world.dynamodb.items.clear()
        world.dynamodb.by_ticket.clear()
        world.sqs.waiting.clear()
        strand(world, redrives=redrives)
        world.calls.clear()

        def crash(_operation: str, _arguments: Any, step: int = step) -> None:
            if len(world.calls) == step:
                raise Crash

        world.after_call = crash
        try:
            redrive()
        except Crash:
            world.sqs.expire()
        world.after_call = lambda *_: None
        redrive()
        world.drain()

        assert len(world.tickets()) + len(world.quarantined()) == 1
        assert world.sqs.bodies(DLQ) == []


def test_one_run_ends_before_its_time_out(world: World) -> None:
    for number in range(AT_ONCE + 1):
        strand(world, number)
    redrive()

    assert AT_ONCE <= len(world.sqs.bodies(INTAKE)) < AT_ONCE + 10


def test_what_intake_will_never_take_becomes_visible_and_the_others_go_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.fakes.MAX_SQS", 10**7)
    world.sqs.send_message(QueueUrl=DLQ, MessageBody="x" * (1024 * 1024 + 1))
    strand(world)
    monkeypatch.setattr("tests.fakes.MAX_SQS", 1024 * 1024)
    redrive()

    assert len(world.quarantined()) == len(world.sqs.bodies(INTAKE)) == 1
    assert world.sqs.bodies(DLQ) == []


def test_one_that_is_not_moved_stays_and_the_others_go_on(world: World) -> None:
    stays = strand(world, 1)
    strand(world, 2)

    def fail(_operation: str, arguments: dict[str, Any]) -> None:
        if arguments.get("MessageBody") == stays:
            world.sqs.waiting[INTAKE].pop()
            raise EndpointConnectionError(endpoint_url="https://aws")

    world.after_call = fail
    with pytest.raises(Unavailable):
        redrive()

    assert len(world.sqs.bodies(INTAKE)) == len(world.sqs.in_flight) == 1
