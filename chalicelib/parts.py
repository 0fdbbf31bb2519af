"""Sends parts of a delivery back to intake: of a large one all, of others what must be looked up later."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.envelope import Envelope
from chalicelib.errors import DeliveryTooLarge, StorageLimitReached, ZustaendigError
from chalicelib.platforms.tame import Json
from chalicelib.storage_limits import StorageLimits

if TYPE_CHECKING:
    from chalicelib.queues import Intake

MESSAGES_AT_ONCE = 50
"""Messages of one envelope that are worked off in one go; a larger delivery is split into parts first."""

LOOK_UP_AFTER = (60, 120, 300, 600, 900, 900, 900, 900)
"""Seconds after which what was put off is looked up again."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The way back to intake.

    Both methods raise Unavailable.
    """

    intake: "Intake"
    limits: StorageLimits

    def split(self, envelope: Envelope, payloads: list[Json]) -> Iterator[tuple[Envelope, ZustaendigError]]:
        """Send a delivery in parts, each as large as a worker and SQS take; yield what cannot be sent."""
        waiting = [
            payloads[start : start + MESSAGES_AT_ONCE] for start in range(0, len(payloads), MESSAGES_AT_ONCE)
        ]
        while waiting:
            some = waiting.pop(0)
            part, half = envelope.part(some), len(some) // 2
            try:
                self._send(part)
            except DeliveryTooLarge as error:
                if half:
                    waiting += [some[:half], some[half:]]
                else:
                    yield part, error
            except StorageLimitReached as error:
                yield part, error

    def put_off(self, envelope: Envelope, payloads: list[Json]) -> None:
        """Have messages looked up later, unless that was done often enough or they may wait no more."""
        if not payloads or envelope.lookups == len(LOOK_UP_AFTER):
            return
        part = envelope.part(payloads)._replace(lookups=envelope.lookups + 1)
        with suppress(StorageLimitReached):
            self._send(part, LOOK_UP_AFTER[envelope.lookups])

    def _send(self, part: Envelope, delay: int = 0) -> None:
        if not self.limits.may_wait(part.platform, part.received_at):
            raise StorageLimitReached(
                "it came too late to go through intake in parts: have this part retried"
            )
        self.intake.send(part.seal(), brief=self.limits.is_brief(part.platform), delay=delay)
