"""A whole Zuständig for tests: the real handlers of `app.py` over given AWS clients and our own clock."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

import app
from chalicelib import aws, departments, observability, wiring
from chalicelib.platforms import PLATFORMS
from chalicelib.quarantine import Entry, Quarantine
from chalicelib.storage_limits import StorageLimits, storage_limits
from chalicelib.ticket import Ticket
from chalicelib.ticket_store import TicketStore
from tests import signing
from tests.fakes import Watched

TABLE = "tickets"
NOW = signing.NOW
INTAKE, DLQ = "https://sqs/intake", "https://sqs/intake-dlq"
OPS = "https://sqs/ops"
BRIEF_INTAKE, BRIEF_DLQ = "https://sqs/brief-intake", "https://sqs/brief-intake-dlq"

SECRETS: dict[str, dict[str, Any]] = {
    "signing": {
        name: [signing.spelt(name, f"{name}-{age}") for age in ("current", "previous")] for name in PLATFORMS
    },
    "verify_tokens": {
        name: f"{name}-token" for name, platform in PLATFORMS.items() if platform.has_verify_token
    },
}


def queue(department: str) -> str:
    return f"https://sqs/department-{department}"


ENVIRONMENT = {
    "TABLE_NAME": TABLE,
    "INTAKE_QUEUE_URL": INTAKE,
    "INTAKE_DLQ_URL": DLQ,
    "BRIEF_INTAKE_QUEUE_URL": BRIEF_INTAKE,
    "BRIEF_INTAKE_DLQ_URL": BRIEF_DLQ,
    "OPS_QUEUE_URL": OPS,
    "DEPARTMENT_QUEUE_URLS": json.dumps({d: queue(d) for d in departments.load().ids}),
    "OIDC_ISSUER": "https://issuer.example",
    "OIDC_AUDIENCE": "zustaendig",
    "OWN_ACCOUNTS": json.dumps({"x": ["4711"]}),
}


@dataclass
class World:
    """Handlers, clients and clock."""

    dynamodb: Any
    sqs: Any
    table: str = TABLE
    bedrock: Any = None
    now: int = NOW
    calls: list[str] = field(default_factory=list)
    counted: list[tuple[str, int, dict[str, str]]] = field(default_factory=list)
    after_call: Callable[[str, dict[str, Any]], None] = lambda _operation, _arguments: None

    def client(self, service: str, config: object = None, endpoint_url: str | None = None) -> Watched:
        del config, endpoint_url
        clients = {"dynamodb": self.dynamodb, "sqs": self.sqs, "bedrock-runtime": self.bedrock}
        return Watched(clients[service], self._called)

    def _called(self, operation: str, arguments: dict[str, Any]) -> None:
        self.calls.append(operation)
        self.after_call(operation, arguments)

    def count(self, metric: str, times: int = 1, /, **dimensions: str) -> None:
        self.counted.append((metric, times, dimensions))

    def request(
        self,
        method: str,
        path: str,
        *,
        body: bytes | str | None = None,
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        **event: Any,
    ) -> dict[str, Any]:
        """Send an API Gateway event through `app.app`."""
        route = _route(app.app.routes, path)
        names = [part[1:-1] for part in route.split("/") if part.startswith("{")]
        values = [p for p, r in zip(path.split("/"), route.split("/"), strict=True) if r.startswith("{")]
        return app.app(
            {
                "requestContext": {"httpMethod": method, "resourcePath": route, "path": path},
                "headers": headers or {},
                "multiValueQueryStringParameters": {k: [v] for k, v in query.items()} if query else None,
                "pathParameters": dict(zip(names, values, strict=True)),
                "stageVariables": None,
                "body": body,
                "isBase64Encoded": False,
                **event,
            },
            None,
        )

    def post(self, platform: str, delivery: bytes, **event: Any) -> dict[str, Any]:
        """Post a delivery as the platform would; `event` may say otherwise."""
        headers = signing.signed(platform, signing.spelt(platform, f"{platform}-current"), delivery, self.now)
        return self.request(
            "POST", f"/webhooks/{platform}", **{"body": delivery, "headers": headers, **event}
        )

    def work(self, batch: int = 5) -> int:
        """Hand waiting envelopes to `app.process_intake` by Lambda's rule; return how many it was given."""
        return self._work(INTAKE, batch) or self._work(BRIEF_INTAKE, batch)

    def _work(self, intake: str, batch: int) -> int:
        messages = self.sqs.receive_message(QueueUrl=intake, MaxNumberOfMessages=batch).get("Messages", [])
        if not messages:
            return 0
        records = [
            {"messageId": m["MessageId"], "body": m["Body"], "eventSource": "aws:sqs"} for m in messages
        ]
        answer = app.process_intake({"Records": records}, None)
        failed = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
        for message in messages:
            if message["MessageId"] not in failed:
                self.sqs.delete_message(QueueUrl=intake, ReceiptHandle=message["ReceiptHandle"])
        return len(messages)

    def accepted(self) -> list[str]:
        """Read what waits in either intake."""
        return [*self.sqs.bodies(INTAKE), *self.sqs.bodies(BRIEF_INTAKE)]

    def drain(self) -> None:
        """Work until intake is empty."""
        while self.work():
            pass

    def limits(self) -> StorageLimits:
        return storage_limits(PLATFORMS, lambda: self.now)

    def tickets(self) -> dict[str, Ticket]:
        """Read every ticket there is, by id."""
        store = TicketStore(self.dynamodb, self.table, self.limits())
        ids = {pk for pk, sk in self.dynamodb.items if sk == "ticket"}
        return {i: ticket for i in sorted(ids) if (ticket := store.read(i))}

    def joined(self) -> set[str]:
        """Tell the ids of the messages that have joined a ticket in place of having their own."""
        tickets = self.tickets()
        said = {one.id for ticket in tickets.values() for one in ticket.further}
        assert not said & tickets.keys()
        return said

    def quarantined(self) -> dict[str, Entry]:
        """Read every quarantine entry there is, by id."""
        quarantine = Quarantine(self.dynamodb, self.table, self.limits())
        ids = sorted(pk for pk, sk in self.dynamodb.items if sk == "quarantine")
        return {entry.id: entry for entry in quarantine.read_all(ids)}

    def events(self, department: str) -> list[dict[str, Any]]:
        """Read what waits for a department."""
        return [json.loads(body) for body in self.sqs.bodies(queue(department))]


def _route(routes: Any, path: str) -> str:
    def fits(route: str) -> bool:
        pairs = list(zip(route.split("/"), path.split("/"), strict=False))
        same_length = route.count("/") == path.count("/")
        return same_length and all(r == p or r.startswith("{") for r, p in pairs)

    return min((str(route) for route in routes if fits(route)), key=lambda route: route.count("{"))


def build(monkeypatch: pytest.MonkeyPatch, world: World, **environment: str) -> World:
    """Wire the app to the world's clients; the caches of an earlier world are emptied."""
    for name, value in {**ENVIRONMENT, **environment}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(aws, "client", world.client)
    monkeypatch.setattr(wiring, "now", lambda: world.now)
    for module in (wiring, observability):
        monkeypatch.setattr(module, "count", world.count)
    clear()
    return world


def clear() -> None:
    """Forget everything that was wired."""
    for name in dir(wiring):
        if hasattr(getattr(wiring, name), "cache_clear"):
            getattr(wiring, name).cache_clear()
