"""The crash tests once more, over real queues and a real table on the local engine."""

from pathlib import Path
from typing import Any

import pytest

from chalicelib import departments
from infra import names, template
from infra.local import provision
from tests import world as worlds
from tests.crashes import crash_after_every_call
from tests.deliveries import comment, page
from tests.engine import Engine
from tests.world import BRIEF_DLQ, BRIEF_INTAKE, DLQ, INTAKE, World

STACK = "faults"
POISON = comment(5, message=42)


class EngineDynamoDB:
    """The engine's table, with the keys that `World` looks for."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def __getattr__(self, operation: str) -> Any:
        return getattr(self._client, operation)

    @property
    def items(self) -> list[tuple[str, str]]:
        found = self._client.get_paginator("scan").paginate(TableName=self._table)
        return [(item["pk"]["S"], item["sk"]["S"]) for page in found for item in page["Items"]]


class EngineSqs:
    """The engine's queues under the names of `World`; what is in flight can be made to come back at once."""

    def __init__(self, client: Any, urls: dict[str, str]) -> None:
        self._client, self._urls, self._in_flight = client, urls, dict[str, str]()

    def send_message(self, **message: Any) -> Any:
        return self._client.send_message(**{**message, "QueueUrl": self._urls[message["QueueUrl"]]})

    def receive_message(self, *, QueueUrl: str, **asked: Any) -> Any:  # noqa: N803
        answer = self._client.receive_message(QueueUrl=self._urls[QueueUrl], WaitTimeSeconds=0, **asked)
        self._in_flight |= {m["ReceiptHandle"]: self._urls[QueueUrl] for m in answer.get("Messages", [])}
        return answer

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> None:  # noqa: N803
        self._client.delete_message(QueueUrl=self._urls[QueueUrl], ReceiptHandle=ReceiptHandle)
        del self._in_flight[ReceiptHandle]

    def expire(self) -> None:
        for handle, url in self._in_flight.items():
            self._client.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=0)
        self._in_flight.clear()

    def bodies(self, url: str) -> list[str]:
        bodies: list[str] = []
        while messages := self.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            bodies += [message["Body"] for message in messages]
        return bodies


@pytest.fixture
def engine_world(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, engine: Engine, secrets_file: Path
) -> World:
    """Give a Zuständig over the engine."""
    ids = departments.load().ids
    described = template.owned(ids)
    # The crashes are ours: nothing may leave for the dead-letter queue in between.
    for resource in described.values():
        resource["Properties"].pop("RedrivePolicy", None)
    provision.create(engine, described, STACK)
    known = {INTAKE: names.INTAKE, DLQ: names.dlq(names.INTAKE)}
    known |= {BRIEF_INTAKE: names.BRIEF_INTAKE, BRIEF_DLQ: names.dlq(names.BRIEF_INTAKE)}
    known |= {worlds.queue(department): names.department(department) for department in ids}
    urls = {ours: provision.queue_url(engine, f"{STACK}-{name}") for ours, name in known.items()}
    table = f"{STACK}-{names.TABLE}"
    world = World(
        EngineDynamoDB(engine.client("dynamodb"), table), EngineSqs(engine.client("sqs"), urls), table=table
    )
    return worlds.build(monkeypatch, world, SECRETS_FILE=str(secrets_file), TABLE_NAME=table)


def test_a_crash_after_every_call_costs_nothing_on_the_engine(engine_world: World) -> None:
    crashes = crash_after_every_call(
        engine_world, page([comment(n) if n != 5 else POISON for n in range(10)])
    )

    owners: dict[str, set[str]] = {}
    for department in departments.load().ids:
        for event in engine_world.events(department):
            owners.setdefault(event["subject"], set()).add(department)
    tickets = engine_world.tickets()
    assert crashes >= 5 * 9 + 2
    assert len(tickets) == 9
    assert owners == {ticket.id: {ticket.decision.department} for ticket in tickets.values()}
    (entry,) = engine_world.quarantined().values()
    assert "is int, not a text" in entry.error
