"""Lambda's events and context, shaped as AWS shapes them."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from chalice.local import LambdaContext

from infra import names
from infra.local.clients import ACCOUNT, REGION

Event = dict[str, Any]


def sqs(messages: Sequence[Mapping[str, Any]], queue_arn: str) -> Event:
    """Wrap received messages. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html."""
    return {"Records": [_record(message, queue_arn) for message in messages]}


def _record(message: Mapping[str, Any], queue_arn: str) -> Event:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {
            name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": REGION,
    }


def _attribute(value: Mapping[str, Any]) -> Event:
    lists: Event = {"stringListValues": [], "binaryListValues": []}
    given = {
        name[0].lower() + name[1:]: value[name] for name in ("StringValue", "BinaryValue") if name in value
    }
    return {**given, **lists, "dataType": value["DataType"]}


def schedule(now: datetime, function: str = "RedriveIntake") -> Event:
    """Tell that it is time. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-run-lambda-schedule.html."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{names.STACK}-{function}"],
        "detail": {},
    }


def context(function: str, timeout: int, memory: int = 512) -> Any:
    """Give a function its context; `timeout` in seconds."""
    made = LambdaContext(f"{names.STACK}-{function}", memory, timeout * 1000)
    made.invoked_function_arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{made.function_name}"
    return made
