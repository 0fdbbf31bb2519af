"""What accepting costs against a bare handler, and in imports against boto3: ratios of one run, side by side.

    make bench

The bare handler does what must be done at least: HMAC, `json.loads`, building the messages, one send.
Each pair is timed in turn, so that a machine that changes its pace changes it for both.
"""

import hashlib
import hmac
import json
import os
import sys
import time
from typing import Any

from ratios import ROOT, ROUNDS, ratio, starting, told

SECRET = "bench-secret"  # noqa: S105
GOALS = {"1 entry": 1.5, "100 entries": 0.5, "imports": 1.6}

ENVIRONMENT = {
    "TABLE_NAME": "tickets",
    "INTAKE_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/000000000000/intake",
    "BRIEF_INTAKE_QUEUE_URL": "https://sqs.eu-central-1.amazonaws.com/000000000000/brief-intake",
    "BRIEF_INTAKE_DLQ_URL": "https://sqs.eu-central-1.amazonaws.com/000000000000/brief-intake-dlq",
    "INTAKE_DLQ_URL": "https://sqs.eu-central-1.amazonaws.com/000000000000/intake-dlq",
    "DEPARTMENT_QUEUE_URLS": "{}",
    "OIDC_ISSUER": "https://issuer.example",
    "OIDC_AUDIENCE": "zustaendig",
    "AWS_DEFAULT_REGION": "eu-central-1",
}


def delivery(entries: int) -> bytes:
    """Make a delivery of so many comments, about 1.5 kB each, escaped as Meta does."""
    sentence = "Seit drei Wochen warte ich auf Ersatz für meine Kaffeemaschine, und niemand antwortet. "
    value = {
        "item": "comment",
        "verb": "add",
        "comment_id": "401000000000001_601000000000001",
        "post_id": "301000000000001_401000000000001",
        "parent_id": "301000000000001_401000000000001",
        "from": {"id": "501000000000001", "name": "Jonas Feld"},
        "created_time": 1764057605,
        "message": sentence * 12,
    }
    change = {"field": "feed", "value": value}
    entry = {"id": "301000000000001", "time": 1764057610, "changes": [change]}
    return json.dumps({"object": "page", "entry": [entry] * entries}, separators=(",", ":")).encode()


def bare(event: dict[str, Any], sent: list[Any]) -> dict[str, Any]:
    """Accept in the least code there is."""
    body = event["body"].encode()
    headers = {name.lower(): value for name, value in event["headers"].items()}
    expected = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(headers["x-hub-signature-256"], expected):
        return {"statusCode": 403}
    messages = [
        {
            "account_id": entry["id"],
            "message_id": change["value"]["comment_id"],
            "in_reply_to": change["value"]["parent_id"],
            "author": change["value"]["from"],
            "text": change["value"]["message"],
            "occurred_at": change["value"]["created_time"],
        }
        for entry in json.loads(body)["entry"]
        for change in entry["changes"]
    ]
    sent.append(json.dumps(messages))
    return {"statusCode": 200, "headers": {}, "body": ""}


def event_of(body: bytes) -> dict[str, Any]:
    """Make the event of API Gateway."""
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return {
        "requestContext": {"httpMethod": "POST", "resourcePath": "/webhooks/{platform}"},
        "headers": {"Content-Type": "application/json", "X-Hub-Signature-256": signature},
        "multiValueQueryStringParameters": None,
        "pathParameters": {"platform": "facebook"},
        "stageVariables": None,
        "body": body.decode(),
        "isBase64Encoded": False,
    }


class StubbedSqs:
    """Takes a message and does nothing."""

    def __init__(self, sent: list[Any]) -> None:
        self.sent = sent

    def send_message(self, **message: Any) -> None:
        """Take it."""
        self.sent.append(message)


def accepting(entries: int) -> list[float]:
    """Compare `app.app` with the bare handler."""
    os.environ.update(ENVIRONMENT)
    sys.path.insert(0, str(ROOT))
    import app  # noqa: PLC0415
    from chalicelib import wiring  # noqa: PLC0415
    from chalicelib.queues import Intake  # noqa: PLC0415
    from chalicelib.secrets import Secrets  # noqa: PLC0415

    sent: list[Any] = []
    document = json.dumps({"signing": {"facebook": [SECRET]}})
    secrets, intake = (
        Secrets(lambda: document, time.monotonic),
        Intake(StubbedSqs(sent), "https://sqs/intake", "https://sqs/brief-intake"),
    )
    wiring.secrets, wiring.intake = (lambda: secrets), (lambda: intake)  # type: ignore[assignment]
    event = event_of(delivery(entries))

    def ours() -> None:
        assert app.app(event, None)["statusCode"] == 200  # noqa: PLR2004
        sent.clear()

    def theirs() -> None:
        assert bare(event, sent)["statusCode"] == 200  # noqa: PLR2004
        sent.clear()

    for function in (ours, theirs):
        function()
    return ratio(ours, theirs, 300 if entries == 1 else 10)


ACCEPT = "import app; from chalicelib import aws, wiring; wiring.intake()"
# What `wiring.warm_up` adds at the start of the API function, but for the question itself.
SECRETS = {
    "ssm": "from aws_lambda_powertools.utilities.parameters import SSMProvider as Provider",
    "secretsmanager": "from aws_lambda_powertools.utilities.parameters import SecretsProvider as Provider",
}


def imports(*more: str) -> list[float]:
    """Compare a new process that can accept, and does more, with one that has imported boto3."""
    return starting("\n".join([ACCEPT, *more]), "import boto3", ENVIRONMENT)


def main() -> None:
    """Print the table."""
    print(f"accept path, median of {ROUNDS} paired rounds, against a bare handler / `import boto3`\n")
    told("1 entry", accepting(1), GOALS["1 entry"])
    told("100 entries", accepting(100), GOALS["100 entries"])
    told("imports", imports(), GOALS["imports"])
    for service, provider in SECRETS.items():
        client = f"client = aws.client({service!r}, aws.HASTY)"
        told(f"… and a client of {service}", imports(client))
        told("    … and Powertools to ask it", imports(client, provider, "Provider(boto3_client=client)"))


if __name__ == "__main__":
    main()
