"""The first door: one send for a signed delivery, and none for anything else."""

import json
import random
import socket
import subprocess
import sys
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

import app
from chalicelib import aws, wiring
from chalicelib.envelope import MAX_BODY
from chalicelib.platforms import PLATFORMS
from chalicelib.queues import Intake
from tests.fakes import Watched
from tests.signing import signed
from tests.test_platforms import META
from tests.world import BRIEF_INTAKE, ENVIRONMENT, INTAKE, NOW, SECRETS, World

BODY = '{"object":"page","entry":[],"ü":"😀 \\u00e4\\/"}'.encode()
each_platform = pytest.mark.parametrize("platform", sorted(PLATFORMS))


def problem(answer: dict[str, Any]) -> int:
    """Hold an answer against RFC 9457 and return its status."""
    body = json.loads(answer["body"])
    assert answer["headers"]["Content-Type"] == "application/problem+json"
    assert body.keys() == {"type", "title", "status", "detail"}
    assert body["status"] == answer["statusCode"]
    assert body["detail"]
    status: int = answer["statusCode"]
    return status


def refused(world: World, answer: dict[str, Any]) -> int:
    assert world.calls == []
    return problem(answer)


def test_an_unknown_platform_is_told(world: World) -> None:
    assert refused(world, world.post("myspace", BODY)) == 404


@pytest.mark.parametrize("size", [MAX_BODY + 1, 6 * 1024 * 1024])
def test_a_body_that_is_too_large_is_refused_and_counted(world: World, size: int) -> None:
    assert refused(world, world.post("x", b"a" * size)) == 413
    assert ("RequestsRefused", 1, {"status": "413", "error": "DeliveryTooLarge"}) in world.counted


def test_a_body_that_sqs_would_not_take_is_refused(world: World) -> None:
    assert refused(world, world.post("x", random.Random(1).randbytes(1024 * 1024))) == 413


def test_the_largest_body_is_accepted(world: World) -> None:
    assert world.post("x", b"[" + b"1234567," * (MAX_BODY // 8 - 1) + b"1]")["statusCode"] == 200


@pytest.mark.parametrize("body", ["%%%", "ä"])
def test_broken_base64_of_a_gateway_is_told(world: World, body: str) -> None:
    assert refused(world, world.post("x", BODY, body=body, isBase64Encoded=True)) in {400, 403}


def test_half_a_surrogate_pair_in_the_body_is_told(world: World) -> None:
    assert refused(world, world.post("x", BODY, body='{"a":"\ud83d"}')) == 400


# ── SQS slow or down ──────────────────────────────────────────────────────────────────────────────────────


def test_sqs_down_is_a_503_that_platforms_try_again(world: World) -> None:
    def fail(_operation: str, _arguments: dict[str, Any]) -> None:
        raise EndpointConnectionError(endpoint_url="https://sqs.example/123456789012/intake")

    world.after_call = fail
    answer = world.post("x", BODY)

    assert problem(answer) == 503
    assert answer["headers"]["Retry-After"]
    assert "sqs" not in answer["body"].lower()  # our addresses are nobody's business


@pytest.fixture
def silent() -> Any:
    """Listen, accept, and never answer; count who comes."""
    server, came = socket.create_server(("127.0.0.1", 0)), []

    def listen() -> None:
        while True:
            try:
                came.append(server.accept()[0])
            except OSError:
                return

    thread = Thread(target=listen)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}", came
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()
    for connection in came:
        connection.close()


def test_an_sqs_that_accepts_and_stays_silent_is_tried_once(
    world: World, monkeypatch: pytest.MonkeyPatch, silent: tuple[str, list[socket.socket]]
) -> None:
    endpoint, came = silent
    session = aws._session()
    client = session.create_client(
        "sqs",
        "eu-central-1",
        endpoint_url=endpoint,
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=aws.IMPATIENT,
    )
    monkeypatch.setattr(
        wiring, "intake", lambda: Intake(Watched(client, world._called), INTAKE, BRIEF_INTAKE)
    )

    assert problem(world.post("x", BODY)) == 503
    assert len(came) == 1
    client.close()


def test_the_patience_of_the_accept_path_ends_within_three_seconds() -> None:
    configs: list[Any] = [aws.HASTY, aws.IMPATIENT]  # a parameter, then the queue
    waits = [c.retries["total_max_attempts"] * (c.connect_timeout + c.read_timeout) for c in configs]

    assert sum(waits) < 3


# ── handshakes and how answers look ───────────────────────────────────────────────────────────────────────


def test_a_delivery_is_no_handshake(world: World) -> None:
    assert refused(world, world.request("GET", "/webhooks/x", query={"crc_token": '{"data":{}}'})) == 400
    assert refused(world, world.request("GET", "/webhooks/x")) == 400
    assert refused(world, world.request("GET", "/webhooks/facebook", query=META)) == 403
    assert refused(world, world.request("GET", "/webhooks/myspace")) == 404


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "image/png", "text/html"])
def test_every_answer_works_with_and_without_an_accept_header(world: World, accept: str | None) -> None:
    headers = {"Accept": accept} if accept else {}

    assert world.request("GET", "/health", headers=headers)["statusCode"] == 200
    assert world.request("GET", "/openapi.json", headers=headers)["statusCode"] == 200
    assert world.post("x", BODY, headers={**signed("x", "x-current", BODY), **headers})["statusCode"] == 200


def test_chalices_own_refusals_are_problems_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {**signed("x", "x-current", BODY), "Content-Type": "text/csv"}
    method = world.request("DELETE", "/webhooks/x")

    assert refused(world, world.post("x", BODY, headers=headers)) == 415
    assert refused(world, method) == 405
    assert "POST" in method["headers"]["Allow"]

    monkeypatch.setattr(wiring, "intake", lambda: 1 / 0)
    crashed = world.post("x", BODY)
    assert problem(crashed) == 500
    assert "Zero" not in crashed["body"]


@pytest.mark.parametrize("missing", ["OIDC_ISSUER", "DEPARTMENT_QUEUE_URLS", "OWN_ACCOUNTS", "TABLE_NAME"])
def test_what_others_need_does_not_close_the_door(
    world: World, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setenv(missing, "")

    assert world.post("x", BODY)["statusCode"] == 200


class Ssm:
    """A Parameter Store with the secrets, which counts who asks."""

    asked = 0

    def get_parameter(self, **_: Any) -> Any:
        self.asked += 1
        return {"Parameter": {"Value": json.dumps(SECRETS)}}


def test_on_lambda_secrets_are_there_before_the_first_caller(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ssm = Ssm()
    monkeypatch.setattr(aws, "client", lambda service, _config=None: {"ssm": ssm, "sqs": world.sqs}[service])
    monkeypatch.delenv("SECRETS_FILE")
    monkeypatch.setenv("SECRETS_PARAMETER", "/zustaendig/secrets")
    monkeypatch.setenv("_HANDLER", "app.process_intake")
    wiring.warm_up()
    assert ssm.asked == 0  # the worker needs none

    monkeypatch.setenv("_HANDLER", "app.app")
    wiring.warm_up()
    assert ssm.asked == 1
    for _ in range(20):
        assert refused(world, world.post("x", BODY, headers={})) == 403
    assert world.post("x", BODY)["statusCode"] == 200
    assert ssm.asked == 1


def test_a_missing_setting_is_our_fault_and_told_in_the_log_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INTAKE_QUEUE_URL")
    answer = world.post("x", BODY)

    assert problem(answer) == 500
    assert "INTAKE_QUEUE_URL" not in answer["body"]


def test_nothing_heavy_is_loaded_to_accept_a_delivery() -> None:
    """In a process of its own, so that other tests' imports do not count."""
    script = """
import os, sys
os.environ.update(TABLE_NAME="t",
                  INTAKE_QUEUE_URL="https://sqs/i", INTAKE_DLQ_URL="d",
                  BRIEF_INTAKE_QUEUE_URL="https://sqs/b", BRIEF_INTAKE_DLQ_URL="e",
                  DEPARTMENT_QUEUE_URLS="{}",
                  OIDC_ISSUER="i", OIDC_AUDIENCE="a", AWS_DEFAULT_REGION="eu-central-1")
import app
from chalicelib import wiring
wiring.intake()
heavy = {"boto3", "pydantic", "jwt", "httpx", "aws_lambda_powertools", "cryptography",
         "chalicelib.classifier", "chalicelib.api", "chalicelib.ticket_store", "multiprocessing",
         "chalicelib.calendars", "holidays", "tzdata"}
print(sorted(heavy & set(sys.modules)))
"""
    root = Path(app.__file__).parent
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=root, check=False
    )

    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def test_accepting_a_delivery_loads_nothing_that_reads_it(tmp_path: Path) -> None:
    """In a process of its own, through the real door, with nothing but SQS replaced."""
    secrets = tmp_path / "secrets.json"
    secrets.write_text(json.dumps({"signing": {"facebook": ["s"]}}))
    event = {
        "requestContext": {"httpMethod": "POST", "resourcePath": "/webhooks/{platform}"},
        "headers": signed("facebook", "s", BODY, NOW),
        "multiValueQueryStringParameters": None,
        "pathParameters": {"platform": "facebook"},
        "stageVariables": None,
        "body": BODY.decode(),
        "isBase64Encoded": False,
    }
    script = """
import json, sys
import app
from chalicelib import wiring
from chalicelib.queues import Intake
sent = []
class Sqs:
    def send_message(self, **message): sent.append(message)
wiring.intake = lambda: Intake(Sqs(), "https://sqs/i", "https://sqs/b")
answer = app.app(json.loads(sys.argv[1]), None)
reading = "chalicelib.classifier", "chalicelib.recruiting", "chalicelib.triage", "chalicelib.second_reader"
print(answer["statusCode"], len(sent), [name for name in sys.modules if name.startswith(reading)])
"""
    done = subprocess.run(
        [sys.executable, "-c", script, json.dumps(event)],
        cwd=Path(app.__file__).parent,
        env={**ENVIRONMENT, "SECRETS_FILE": str(secrets)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout.strip(), done.returncode) == ("200 1 []", 0), done.stderr
