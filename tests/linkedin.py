"""Deliveries of LinkedIn, which limits how long we may keep them, and queues that forget as SQS does."""

import json
from typing import Any

from chalicelib import departments
from infra import names, queues
from tests.fakes import Queue

ORGANIZATION, MEMBER = "urn:li:organization:40500101", "urn:li:person:k3_Sv-9aQx"


def comment(
    number: int,
    text: str | None,
    action: str = "COMMENT",
    author: str | None = MEMBER,
    parent: int | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """Make a notification, of an answer to a comment if that is its parent; without author, undecorated."""
    urn = f"urn:li:comment:(activity:100,{number})"
    said = {"entity": f"urn:li:comment:(urn:li:activity:100,{number})", "owner": author, "text": text}
    if parent is not None:
        said["parentComment"] = f"urn:li:comment:(urn:li:activity:100,{parent})"
    decorated = {"decoratedGeneratedActivity": {"comment": said}} if author else {}
    return {
        "notificationId": number,
        "organizationalEntity": ORGANIZATION,
        "action": action,
        "sourcePost": "urn:li:activity:100",
        "generatedActivity": urn,
        "lastModifiedAt": 1764057605987,
        **decorated,
        **changes,
    }


def delivery(*notifications: dict[str, Any]) -> bytes:
    """Make a delivery; LinkedIn sends ten notifications at most, we take more."""
    document = {"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": notifications}
    return json.dumps(document, ensure_ascii=False).encode()


def forgetful_queues() -> dict[str, Queue]:
    """Describe the queues of the template as their stand-ins need it."""
    ids = departments.load().ids
    described = {name: each["Properties"] for name, each in queues.resources(ids).items()}
    found: dict[str, Queue] = {}
    for name in names.queues(ids):
        kept, dlq = described[names.logical(name)], names.dlq(name)
        retention = described[names.logical(dlq)]["MessageRetentionPeriod"]
        found[f"https://sqs/{dlq}"] = Queue(retention)
        receives = kept["RedrivePolicy"]["maxReceiveCount"]
        found[f"https://sqs/{name}"] = Queue(kept["MessageRetentionPeriod"], f"https://sqs/{dlq}", receives)
    return found
