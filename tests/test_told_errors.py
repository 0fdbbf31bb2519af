"""Errors are told, in logs and in quarantine, without a word that people wrote: their texts may quote it."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from botocore.exceptions import ParamValidationError

import app
from chalicelib import aws, wiring
from chalicelib.errors import (
    ConditionFailed,
    PayloadError,
    Rejected,
    Unavailable,
    ZustaendigError,
    told,
    traced,
)
from chalicelib.message import Message
from chalicelib.platforms import PLATFORMS
from tests import recorded
from tests.deliveries import comment, page
from tests.fakes import refusal
from tests.test_redrive import EVENT, strand
from tests.world import INTAKE, World

CANARY = "Kanarienvogel"
OF_ANOTHER_TYPE: tuple[Any, ...] = (
    CANARY,
    [CANARY],
    [[CANARY]],
    {CANARY: CANARY},
    [{CANARY: CANARY}],
    f"{CANARY} \ud83d",
    {"id": f"\ud83d {CANARY}"},
)
SAMPLES = [sample for sample in recorded.deliveries() if sample.body.lstrip()[:1] == b"{"]


def quoting(*_arguments: Any, **_named: Any) -> Any:
    """Fail as Python does: its errors quote what they could not read."""
    return int(CANARY)


def variants(node: Any) -> Iterator[Any]:
    """Replace each value of a delivery, one at a time, by something of another type."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        for other in (*OF_ANOTHER_TYPE, *variants(child)):
            changed = node.copy()
            changed[key] = other
            yield changed


@pytest.mark.parametrize("name", sorted({sample.platform for sample in SAMPLES}))
def test_no_platform_quotes_what_it_cannot_read(name: str) -> None:
    platform, errors = PLATFORMS[name], list[Exception]()
    samples = [json.loads(sample.body) for sample in SAMPLES if sample.platform == name]
    for variant in (variant for sample in samples for variant in variants(sample)):
        try:
            for payload in platform.split(platform.parse(json.dumps(variant).encode())):
                assert isinstance(platform.read(payload), Message | str)
        except Exception as error:  # noqa: BLE001
            errors.append(error)

    assert errors
    assert not [error for error in errors if CANARY in told(error) + str(traced(error))]


@pytest.mark.parametrize(
    "body", [CANARY.encode(), f'{{"{CANARY}": '.encode(), CANARY.encode("utf-16"), f'"{CANARY}"'.encode()]
)
def test_a_body_that_is_no_delivery_is_not_quoted(world: World, logged: StringIO, body: bytes) -> None:
    world.post("facebook", body)
    world.drain()

    (entry,) = world.quarantined().values()
    assert CANARY not in entry.error + logged.getvalue()


@pytest.mark.parametrize(
    "sealed",
    [
        CANARY,
        f'{{"platform": "{CANARY}", "received_at": 1, "encoding": "plain"}}\n{{}}',
        f'{{"platform": "x", "received_at": 1, "encoding": "plain", "{CANARY}": 1}}\n{{}}',
        f'{{"platform": "x", "received_at": 1, "encoding": "{CANARY}"}}\n{{}}',
        f'{{"platform": "x", "received_at": "{CANARY}", "encoding": "base64"}}\n{CANARY}!',
    ],
)
def test_a_stranger_in_intake_is_not_quoted(world: World, logged: StringIO, sealed: str) -> None:
    world.sqs.send_message(QueueUrl=INTAKE, MessageBody=sealed)
    world.drain()

    (entry,) = world.quarantined().values()
    assert CANARY not in entry.error + logged.getvalue()


def test_a_worker_that_fails_tells_where_but_not_at_what(
    world: World, logged: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.events.event", quoting)
    world.post("facebook", page([comment(1)]))
    world.work()

    line = json.loads(logged.getvalue())
    assert (line["message"], line["level"]) == ("delivery not processed yet", "ERROR")
    assert line["error"].startswith("ValueError in chalicelib.")
    assert any("_process_record" in place for place in line["trace"])
    assert CANARY not in logged.getvalue()
    assert world.sqs.in_flight


def test_a_function_that_fails_gives_lambda_nothing_to_quote(
    world: World, logged: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.envelope.unseal", quoting)
    strand(world, redrives=99)
    with pytest.raises(ZustaendigError) as failed:
        app.redrive_intake(EVENT, None)

    assert str(failed.value).startswith("ValueError in chalicelib.redrive:")
    assert failed.value.__suppress_context__
    assert "redrive failed" in logged.getvalue()
    assert CANARY not in logged.getvalue()


@pytest.mark.parametrize("path", ["/tickets", "/webhooks/facebook"])
def test_a_request_that_fails_is_answered_and_quotes_nothing(
    world: World, logged: StringIO, monkeypatch: pytest.MonkeyPatch, capfd: Any, path: str
) -> None:
    monkeypatch.setattr(wiring, "verifier", quoting)
    monkeypatch.setattr(wiring, "secrets", quoting)
    method = "GET" if path == "/tickets" else "POST"
    answer = world.request(method, path, body=b"{}", headers={"Content-Type": "application/json"})

    printed = capfd.readouterr()
    assert answer["statusCode"] == 500
    assert "ValueError" in logged.getvalue()
    assert CANARY not in answer["body"] + logged.getvalue() + printed.out + printed.err


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ParamValidationError(report=f"value: {CANARY}"), "Unavailable: ParamValidationError"),
        (refusal("ValidationException", "PutItem", CANARY), "Rejected: PutItem: ValidationException"),
        (
            refusal("AccessDeniedException", "PutItem", "no dynamodb:PutItem on tickets"),
            "Unavailable: PutItem: AccessDeniedException (no dynamodb:PutItem on tickets)",
        ),
        (
            refusal("ConditionalCheckFailedException", "PutItem", "The conditional request failed"),
            "ConditionFailed: PutItem: ConditionalCheckFailedException (The conditional request failed)",
        ),
    ],
)
def test_what_aws_says_is_quoted_unless_it_may_quote_an_item(error: Exception, text: str) -> None:
    with pytest.raises((Unavailable, Rejected, ConditionFailed)) as failed, aws.errors():
        raise error

    assert told(failed.value) == text
    assert CANARY not in str(traced(failed.value))


def test_errors_that_came_from_others_are_traced_to_the_first() -> None:
    error = PayloadError("not what was documented")
    error.__cause__ = ValueError(CANARY)

    assert traced(error) == ["PayloadError: not what was documented", "ValueError"]
