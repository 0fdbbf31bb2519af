"""Feeds a queue's messages to a handler, as Lambda's event source mapping does."""

import json
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from infra.local import events, partial_batch

logger = logging.getLogger(__name__)

LONG_POLL = 2  # seconds, so that a stop does not wait long

# What the engine says of a message that is deleted already; AWS takes it as done.
GONE = "ReceiptHandleIsInvalid"


@dataclass(frozen=True)
class Poller:
    """One queue and its handler."""

    sqs: Any
    url: str
    arn: str
    handler: Callable[[Any, Any], Any]
    context: Callable[[], Any]
    batch_size: int

    def turn(self) -> None:
        """Receive a batch, have it handled, delete what is done; the rest comes back after its time-out."""
        answer = self.sqs.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=self.batch_size,
            WaitTimeSeconds=LONG_POLL,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        messages = {message["MessageId"]: message for message in answer.get("Messages", [])}
        if messages:
            self._delete([messages[id_] for id_ in self._handle(messages)])

    def _handle(self, messages: Mapping[str, Mapping[str, Any]]) -> Collection[str]:
        event = events.sqs(list(messages.values()), self.arn)
        try:
            # What cannot be written as JSON is a failure on AWS, too.
            answer = json.loads(json.dumps(self.handler(event, self.context())))
        except Exception:
            logger.exception("the whole batch failed and will come back")
            return ()
        return partial_batch.done(answer, messages)

    def _delete(self, messages: list[Mapping[str, Any]]) -> None:
        if not messages:
            return
        entries = [
            {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
            for number, message in enumerate(messages)
        ]
        answer = self.sqs.delete_message_batch(QueueUrl=self.url, Entries=entries)
        for failed in answer.get("Failed", []):
            if failed["Code"] != GONE:
                logger.error("not deleted, it will come back: %s", failed)
