"""What lies in the intake queue: one delivery, as it came, in ASCII that SQS takes.

An envelope is a line of JSON about the delivery, then its body: as it is if it is plain ASCII (Meta's always
are), else in base64; compressed first where that pays. Not one character of it is looked at more than that.
"""

import json
import re
import zlib
from base64 import b64decode, b64encode
from typing import Any, NamedTuple

from chalicelib.errors import DeliveryTooLarge, PayloadError

MAX_BODY = 3 * 1024 * 1024
"""Bytes of a raw body that we accept."""

MAX_ENVELOPE = 1024 * 1024 - 1024
"""Characters of an envelope: what SQS takes, less room for what a redrive or a retry adds to it.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
"""

COMPRESS_FROM = 256 * 1024
"""Bytes from which compressing pays.

SQS bills every started 64 KiB; for less than four of them, compressing would take longer than all the rest
that happens before we answer, and save next to nothing (docs/decisions/0002).
"""

FOLLOW_UP = "follow-up"
"""In the place of a platform: nobody said anything, a person has changed the ticket whose id is the body."""

TOLD_TIME = re.compile(r'"received_at": ?(\d{1,12})\b')

# SQS refuses control characters; what is not in here travels in base64.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
PLAIN = bytes([*b"\t\n\r", *range(0x20, 0x7F)])


class Envelope(NamedTuple):
    """A delivery on its way to the worker.

    `received_at` is UTC epoch seconds. `is_part`: the body is a JSON list of payloads that one larger
    delivery was split into. `quarantine_id`: it is tried again from quarantine. `is_kept`: its body is not in
    here but there. `signature_form`: which of several tolerated forms its signature had. `backfilled`: no
    platform sent it, we fetched it later, so that `received_at` is no measure of how long its messages have
    been waiting. `lookups`: how many times look-ups for its messages were put off.
    """

    platform: str
    received_at: int
    body: bytes
    is_part: bool = False
    quarantine_id: str | None = None
    signature_form: str | None = None
    backfilled: bool = False
    lookups: int = 0
    is_kept: bool = False

    def seal(self) -> str:
        """Write it for SQS.

        Raises:
            DeliveryTooLarge: SQS would not take it even compressed, or `unseal` would not inflate it.

        """
        if len(self.body) > MAX_BODY:
            raise DeliveryTooLarge(f"{len(self.body)} bytes are more than the {MAX_BODY} we take")
        encoding, body = _encoded(self.body)
        # Written by hand, for speed: these names and numbers are ours and need no escaping.
        about = f'{{"platform":"{self.platform}","received_at":{self.received_at},"encoding":"{encoding}"'
        if self.is_part:
            about += ',"is_part":true'
        if self.quarantine_id:
            about += f',"quarantine_id":"{self.quarantine_id}"'
        if self.signature_form:
            about += f',"signature_form":"{self.signature_form}"'
        if self.backfilled:
            about += ',"backfilled":true'
        if self.lookups:
            about += f',"lookups":{self.lookups}'
        if self.is_kept:
            about += ',"is_kept":true'
        sealed = f"{about}}}\n{body}"
        if len(sealed) > MAX_ENVELOPE:
            raise DeliveryTooLarge(f"{len(self.body)} bytes do not fit into one SQS message")
        return sealed

    def part(self, payloads: list[Any]) -> "Envelope":
        """Put some payloads of this delivery into an envelope of their own."""
        body = json.dumps(payloads).encode()
        return Envelope(
            platform=self.platform,
            received_at=self.received_at,
            body=body,
            is_part=True,
            backfilled=self.backfilled,
            lookups=self.lookups,
        )

    def kept(self) -> "Envelope":
        """Point to a delivery that lies in quarantine, without its body."""
        return self._replace(body=b"", is_kept=True)


def _encoded(body: bytes) -> tuple[str, str]:
    plain = body.isascii() and not body.translate(None, PLAIN)
    if len(body) > COMPRESS_FROM:
        # Level 1: on JSON the higher levels cost several times as much for a few per cent.
        packed = b64encode(zlib.compress(body, 1)).decode()
        if len(packed) < len(body) or not plain:
            return "zlib", packed
    return ("plain", body.decode()) if plain else ("base64", b64encode(body).decode())


def unseal(sealed: str) -> Envelope:
    """Read what `seal` wrote.

    Raises:
        PayloadError: something else lies in the queue.

    """
    first, _, rest = sealed.partition("\n")
    try:
        about = json.loads(first)
        body = DECODERS[about.pop("encoding")](rest)
        _check_types(about)
        return Envelope(body=body, **about)
    except (ValueError, TypeError, KeyError, AttributeError, zlib.error, RecursionError) as error:
        raise PayloadError(f"not an envelope ({type(error).__name__})") from None


def follow_up(ticket_id: str, now: int) -> str:
    """Write what has the worker do what follows from a person's change to a ticket."""
    return Envelope(platform=FOLLOW_UP, received_at=now, body=ticket_id.encode()).seal()


def foreign(sealed: str, now: int) -> Envelope:
    """Wrap what lies in our queue but is no envelope, so that it can be kept; as old as it says it is."""
    told = TOLD_TIME.search(sealed.partition("\n")[0])
    return Envelope(
        platform="unknown",
        received_at=min(now, int(told[1])) if told else now,
        body=sealed.encode("utf-8", "surrogatepass"),
    )


def _check_types(about: dict[str, Any]) -> None:
    if not isinstance(about["platform"], str) or not isinstance(about["received_at"], int):
        raise PayloadError("platform or time of the envelope is of the wrong type")


def _decompress(body: str) -> bytes:
    """Decompress no further than a body we would have accepted: the queue is not a place for bombs."""
    decompressor = zlib.decompressobj()
    plain = decompressor.decompress(b64decode(body, validate=True), MAX_BODY + 1)
    if len(plain) > MAX_BODY or not decompressor.eof:
        raise PayloadError("the body is cut off, or larger than any we accept")
    return plain


DECODERS = {
    "plain": lambda body: body.encode(),
    "base64": lambda body: b64decode(body, validate=True),
    "zlib": _decompress,
}
