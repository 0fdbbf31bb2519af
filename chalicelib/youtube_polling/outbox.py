"""Sends what a poll found to intake, in the API's own shape: the worker reads it like any delivery."""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from chalicelib.envelope import Envelope
from chalicelib.errors import DeliveryTooLarge
from chalicelib.platforms.base import UNLIMITED
from chalicelib.platforms.youtube import PLATFORM
from chalicelib.platforms.youtube_comments import COMMENTS, VANISHED
from chalicelib.youtube_polling.known import Missing
from chalicelib.youtube_polling.listed import Comment

if TYPE_CHECKING:
    from chalicelib.queues import Intake

AT_ONCE = 50  # as many as the worker settles in one go


def items(channel: str, fresh: Sequence[Comment], gone: Sequence[Missing]) -> Iterator[dict[str, Any]]:
    """Write comments and what is gone, each as an item of a list."""
    yield from (comment.resource for comment in fresh)
    for missing in gone:
        parent = {"parentId": missing.parent} if missing.parent else {}
        yield {"kind": VANISHED, "id": missing.id, "snippet": {"channelId": channel, **parent}}


def send(intake: "Intake", found: Sequence[dict[str, Any]], now: int) -> None:
    """Send items in envelopes, each as large as SQS takes.

    Raises:
        Unavailable: SQS did not say that it has them all. Sending all of them again changes nothing.

    """
    waiting = [list(found[start : start + AT_ONCE]) for start in range(0, len(found), AT_ONCE)]
    while waiting:
        some = waiting.pop(0)
        body = json.dumps({"kind": COMMENTS, "items": some}).encode()
        try:
            envelope = Envelope(PLATFORM.name, received_at=now, body=body, backfilled=True)
            intake.send(envelope.seal(), brief=PLATFORM.limits != UNLIMITED)
        except DeliveryTooLarge:
            half = len(some) // 2
            if not half:  # a comment has ten thousand characters at most
                raise
            waiting[:0] = [some[:half], some[half:]]
