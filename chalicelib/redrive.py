"""Gives deliveries that ran into an outage another chance, a bounded time: from the intake DLQ to intake.

A long outage burns the receive count of good deliveries (docs/decisions/0001). After the last chance a
delivery becomes a quarantine entry, which a person sees and can retry.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib import aws
from chalicelib import envelope as envelopes
from chalicelib.errors import PayloadError, Rejected, Unavailable

if TYPE_CHECKING:
    from chalicelib.quarantine import Quarantine

CHANCES = 20
"""Each takes about half an hour (5 receives, 6 minutes of visibility): some ten hours of outage."""

AT_ONCE = 500  # messages of one run, so that it ends before its time-out

Message = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Redrive:
    """Moves what lies in the intake DLQ. Raises Unavailable; what was moved stays moved."""

    client: Any
    intake_url: str
    dlq_url: str
    quarantine: "Quarantine"
    now: Callable[[], int]

    def run(self) -> int:
        """Move up to AT_ONCE messages; return how many.

        Raises:
            Unavailable: AWS did not move one; the others were moved all the same.

        """
        moved, failed = 0, None
        while moved < AT_ONCE and (messages := self._receive()):
            for message in messages:
                try:
                    self._move(message)
                except Unavailable as error:
                    failed = error  # it comes back after its visibility time-out
                moved += 1
        if failed:
            raise failed
        return moved

    def _receive(self) -> list[Message]:
        with aws.errors():
            answer = self.client.receive_message(
                QueueUrl=self.dlq_url, MaxNumberOfMessages=10, MessageAttributeNames=["redrives"]
            )
        messages: list[Message] = answer.get("Messages", [])
        return messages

    def _move(self, message: Message) -> None:
        """Send first, delete then: a crash in between makes a duplicate, never a loss."""
        redrives = int(message.get("MessageAttributes", {}).get("redrives", {}).get("StringValue", 0))
        try:
            if redrives >= CHANCES:
                self._give_up(message["Body"], f"failed {CHANCES} redrives")
            else:
                self._send(message["Body"], redrives + 1)
        except Rejected as error:
            self._give_up(message["Body"], str(error))
        with aws.errors():
            self.client.delete_message(QueueUrl=self.dlq_url, ReceiptHandle=message["ReceiptHandle"])

    def _send(self, sealed: str, redrives: int) -> None:
        with aws.errors():
            self.client.send_message(
                QueueUrl=self.intake_url,
                MessageBody=sealed,
                MessageAttributes={"redrives": {"DataType": "Number", "StringValue": str(redrives)}},
            )

    def _give_up(self, sealed: str, why: str) -> None:
        try:
            envelope = envelopes.unseal(sealed)
        except PayloadError:
            envelope = envelopes.foreign(sealed, self.now())
        self.quarantine.put(envelope, why, self.now())
