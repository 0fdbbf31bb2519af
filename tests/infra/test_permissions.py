"""Each role allows what its function calls, and nothing else: held against what the handlers really call."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import app
from chalicelib import departments, wiring
from chalicelib.envelope import Envelope
from chalicelib.identity import Caller
from chalicelib.platforms.base import Ask
from chalicelib.platforms.tame import Json
from infra import names, roles
from infra.cloudformation import ref, sub
from infra.queues import DAY
from tests import linkedin
from tests.deliveries import comment, page
from tests.second_reader import Said, doubt_all
from tests.subscribed import asking, platforms, use
from tests.test_redrive import EVENT, strand
from tests.world import BRIEF_DLQ, NOW, World

OLGA = Caller("olga", "Olga", frozenset({"ops"}))
# The event source mapping receives and deletes on the worker's behalf; secrets are read from a file here.
MAPPING = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"}
SECRETS = {"ssm:GetParameter", "secretsmanager:GetSecretValue", "kms:Decrypt"}


def alternatives(statements: list[dict[str, Any]], choice: int) -> list[dict[str, Any]]:
    """Choose one side of each condition: 1, if it holds, or 2."""
    chosen = [each["Fn::If"][choice] if "Fn::If" in each else each for each in statements]
    return [each for each in chosen if each != ref("AWS::NoValue")]


def allowed(statements: list[dict[str, Any]]) -> set[str]:
    both = alternatives(statements, 1) + alternatives(statements, 2)
    return {action for statement in both for action in statement["Action"]}


def called(world: World) -> set[str]:
    """Take what was called since the last time, as actions of IAM."""
    services = {"send_message": "sqs", "receive_message": "sqs", "delete_message": "sqs"}
    asked = {"bedrock:InvokeModel"} if "converse" in world.calls else set()  # so Converse is allowed
    actions = {
        f"{services.get(call, 'dynamodb')}:{''.join(part.title() for part in call.split('_'))}"
        for call in world.calls
        if call != "converse"
    }
    world.calls.clear()
    return actions | asked


def test_the_api_may_do_what_it_does(world: World) -> None:
    poison = comment(2, message=42)
    world.post("facebook", page([comment(1), poison]))
    world.drain()
    (ticket,), (entry,) = world.tickets(), world.quarantined()
    called(world)
    world.post("facebook", page([comment(3)]))
    api = wiring.api()
    api.list_tickets(OLGA, {})
    api.list_tickets(OLGA, {"status": "overdue"})
    api.show_ticket(OLGA, ticket)
    wiring.acting().act("acknowledge", OLGA, ticket)
    wiring.telling().answer(OLGA, ticket, b'{"text": "Wir kommen heute vorbei."}')
    wiring.handovers().offer(OLGA, ticket, b'{"department": "investor_relations", "reason": "Kurs"}')
    wiring.handovers().accept(OLGA, ticket)
    wiring.handovers().list_handovers(OLGA, "investor_relations", {})
    api.list_quarantine(OLGA, {})
    api.retry_quarantined(OLGA, entry)

    assert called(world) == allowed(roles.api_handler()) - SECRETS


def test_the_worker_may_do_what_it_does(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECOND_READER_MODEL", "amazon.nova-micro-v1:0")
    doubt_all(monkeypatch)
    world.bedrock = Said()
    world.post("facebook", page([comment(n) for n in range(60)]))
    world.drain()
    world.post("facebook", page([comment(61, message=42)]))
    world.post("facebook", page([comment(1)], account="9"))
    world.drain()
    (entry,) = world.quarantined()
    wiring.worker().quarantine.remove(entry)
    queues = map(names.department, departments.load().ids)

    assert called(world) == allowed(roles.process_intake([*names.INTAKES, *queues])) - MAPPING - SECRETS


class OneComment:
    """An API that lists one comment."""

    def get(self, _api: str, _ask: Ask, _token: str, *, before: Callable[[], None]) -> Json:
        before()
        return {"items": [{"snippet": {"topLevelComment": {"id": "Ugz1"}}}]}


def test_the_poller_may_do_what_it_does(
    world: World, monkeypatch: pytest.MonkeyPatch, secrets_file: Path
) -> None:
    secrets_file.write_text(json.dumps({"access_tokens": {"youtube": {"*": "key"}}}))
    monkeypatch.setenv("OWN_ACCOUNTS", '{"youtube": ["UC1"]}')
    monkeypatch.setattr(wiring, "platform_apis", OneComment)
    app.poll_youtube(EVENT, None)

    assert called(world) == allowed(roles.poll_youtube()) - SECRETS


def test_the_check_of_subscriptions_may_do_what_it_does(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    notification = {"elements": [{"notificationId": 1}]}
    with platforms() as there:
        there.answers["GET", "/rest/eventSubscriptions"] = 200, {"elements": []}
        there.answers["GET", "/rest/organizationalEntityNotifications"] = 200, notification
        use(monkeypatch, world, there, linkedin=["urn:li:organization:5"])
        app.keep_subscriptions(asking({"do": "keep"}), None)
        since = {"do": "back_fill", "platform": "linkedin", "since": world.now - 60}
        app.keep_subscriptions(asking(since), None)

    assert called(world) == allowed(roles.keep_subscriptions()) - SECRETS


def test_the_erasure_may_do_what_it_does(world: World) -> None:
    world.post(
        "linkedin", linkedin.delivery(linkedin.comment(1, "Hallo"), linkedin.comment(2, "", sourcePost={}))
    )
    world.drain()
    world.now += DAY
    called(world)
    app.erase_expired(EVENT, None)

    assert called(world) == allowed(roles.erase_expired())


def test_what_tells_alarms_may_do_what_it_does(world: World) -> None:
    world.post("facebook", page([comment(1)]))
    world.drain()
    world.now += 4 * DAY
    called(world)
    app.tell_alarms(EVENT, None)
    queues = [names.OPS, *map(names.department, departments.load().ids)]

    assert called(world) == allowed(roles.tell_alarms(queues))


def test_the_redrive_may_do_what_it_does(world: World) -> None:
    strand(world)
    strand(world, redrives=99)
    brief = Envelope(platform="linkedin", received_at=NOW - DAY, body=b"{}").seal()
    world.sqs.send_message(QueueUrl=BRIEF_DLQ, MessageBody=brief)
    app.redrive_intake(EVENT, None)

    assert called(world) == allowed(roles.redrive_intake())


@pytest.mark.parametrize(
    ("choice", "read", "service", "context", "what"),
    [
        (1, "secretsmanager:GetSecretValue", "secretsmanager", "SecretARN", {"Ref": "SecretsArn"}),
        (
            2,
            "ssm:GetParameter",
            "ssm",
            "PARAMETER_ARN",
            sub("arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${SecretsParameter}"),
        ),
    ],
)
def test_secrets_are_read_where_they_lie_and_nowhere_else(
    choice: int, read: str, service: str, context: str, what: Any
) -> None:
    fetch, decrypt = alternatives(roles.read_secrets(), choice)

    assert (fetch["Action"], fetch["Resource"]) == ([read], [what])
    assert decrypt["Action"] == ["kms:Decrypt"]
    assert decrypt["Condition"]["StringEquals"] == {
        "kms:ViaService": sub(f"{service}.${{AWS::Region}}.amazonaws.com"),
        f"kms:EncryptionContext:{context}": what,
    }
