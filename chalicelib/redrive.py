"""Gives deliveries that ran into an outage another chance, a bounded time: from the intake DLQ to intake.

A long outage burns the receive count of good deliveries (docs/decisions/0001). After the last chance a
delivery becomes a quarantine entry, which a person sees and can retry. So does one of a platform with storage
limits as soon as it might lie in SQS, where a new age begins with each redrive, beyond them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from chalicelib import aws
from chalicelib import envelope as envelopes
from chalicelib.envelope import Envelope
from chalicelib.errors import PayloadError, Rejected, Unavailable, told

if TYPE_CHECKING:
    from chalicelib.quarantine import Quarantine
    from chalicelib.storage_limits import StorageLimits

CHANCES = 20
"""Each takes about half an hour (5 receives, 6 minutes of visibility): some ten hours of outage."""

AT_ONCE = 500  # messages of one run, so that it ends before its time-out

Message = dict[str, Any]


class Route(NamedTuple):
    """URLs of a dead-letter queue and of the intake it belongs to."""

    dlq: str
    intake: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Redrive:
    """Moves what lies in the DLQs of intake and brief intake. What was moved stays moved."""

    client: Any
    routes: Sequence[Route]
    quarantine: "Quarantine"
    limits: "StorageLimits"
    now: Callable[[], int]

    def run(self) -> None:
        """Move up to AT_ONCE messages on each route.

        Raises:
            Unavailable: AWS did not move one; the others were moved all the same.

        """
        failed = [error for route in self.routes if (error := self._run(route))]
        if failed:
            raise failed[0]

    def _run(self, route: Route) -> Unavailable | None:
        moved, failed = 0, None
        try:
            while moved < AT_ONCE and (messages := self._receive(route)):
                for message in messages:
                    try:
                        self._move(route, message)
                    except Unavailable as error:
                        failed = error  # it comes back after its visibility time-out
                    moved += 1
        except Unavailable as error:
            return error
        return failed

    def _receive(self, route: Route) -> list[Message]:
        with aws.errors():
            answer = self.client.receive_message(
                QueueUrl=route.dlq, MaxNumberOfMessages=10, MessageAttributeNames=["redrives"]
            )
        messages: list[Message] = answer.get("Messages", [])
        return messages

    def _move(self, route: Route, message: Message) -> None:
        """Send first, delete then: a crash in between makes a duplicate, never a loss."""
        redrives = int(message.get("MessageAttributes", {}).get("redrives", {}).get("StringValue", 0))
        envelope, why_not = self._read(message["Body"], redrives)
        if why_not is None:
            try:
                self._send(route, message["Body"], redrives + 1)
            except Rejected as error:
                why_not = told(error)
        if why_not is not None:
            self._give_up(envelope, why_not)
        with aws.errors():
            self.client.delete_message(QueueUrl=route.dlq, ReceiptHandle=message["ReceiptHandle"])

    def _read(self, sealed: str, redrives: int) -> tuple[Envelope, str | None]:
        """Read what failed, and tell why it must not be sent again, if it must not."""
        try:
            envelope = envelopes.unseal(sealed)
        except PayloadError as error:
            return envelopes.foreign(sealed, self.now()), told(error)
        if redrives >= CHANCES:
            return envelope, f"failed {CHANCES} redrives"
        if not envelope.is_kept and not self.limits.may_wait(envelope.platform, envelope.received_at):
            return envelope, "failed until its storage limit came too near for another redrive"
        return envelope, None

    def _send(self, route: Route, sealed: str, redrives: int) -> None:
        with aws.errors():
            self.client.send_message(
                QueueUrl=route.intake,
                MessageBody=sealed,
                MessageAttributes={"redrives": {"DataType": "Number", "StringValue": str(redrives)}},
            )

    def _give_up(self, envelope: Envelope, why: str) -> None:
        if not envelope.is_kept:
            self.quarantine.put(envelope, why, self.now())
        elif (held := self.quarantine.read(envelope.quarantine_id or "")) and held.envelope:
            self.quarantine.put(held.envelope, why, self.now())
