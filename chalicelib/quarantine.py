"""DynamoDB: what could not be processed, kept visible and whole until somebody tries it again.

An entry has an item of its own in the index `listed-by-arrival`; what it holds (personal) lies beside it in
pieces that fit DynamoDB's 400 KB.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html

Pieces of a platform with storage limits stand in the same index, under what is to be erased. Their entry
stays, and tells so.
"""

import zlib
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NamedTuple

from chalicelib import aws
from chalicelib.attributes import dumped
from chalicelib.envelope import Envelope
from chalicelib.errors import ConditionFailed
from chalicelib.storage_limits import Kept, StorageLimits
from chalicelib.table_reads import read_keys, read_partition

ENTRY, PIECE = "quarantine", "piece"
LISTED_UNDER = "quarantine"
PIECE_SIZE = 350_000  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One quarantined delivery or message. Times are UTC epoch seconds; `size` is in bytes."""

    id: str
    platform: str
    error: str
    size: int
    pieces: int
    attempts: int
    received_at: int
    quarantined_at: int
    retried_at: int | None
    content_until: int | None

    def is_erased(self, now: int) -> bool:
        """Tell whether what it held has been given up to its platform's storage limit."""
        return self.content_until is not None and self.content_until <= now


class Held(NamedTuple):
    """An entry and what it holds, None if that is erased, or just being removed."""

    entry: Entry
    envelope: Envelope | None


def entry_id(envelope: Envelope) -> str:
    """Derive the id from what is quarantined, so that a repeat meets its entry."""
    return "q_" + blake2b(f"{envelope.platform}\0".encode() + envelope.body, digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Quarantine:
    """The quarantine of one table. All methods raise Unavailable and Rejected."""

    client: Any
    table: str
    limits: StorageLimits

    def put(self, envelope: Envelope, error: str, now: int) -> str:
        """Keep an envelope and why; what it holds goes first, so that an entry is never empty.

        Of a delivery whose storage limit has passed, counted from when it first came, only the entry is kept.
        """
        key = envelope.quarantine_id or entry_id(envelope)
        received_at = self._first_received(key, envelope)
        until = self.limits.until(envelope.platform, Kept.DELIVERY, received_at)
        packed = zlib.compress(envelope.body) if until is None or now < until else b""
        pieces = [packed[i : i + PIECE_SIZE] for i in range(0, len(packed), PIECE_SIZE)]
        expiry = self.limits.expiry(envelope.platform, Kept.DELIVERY, received_at)
        for number, piece in enumerate(pieces):
            with aws.errors():
                item = {"pk": key, "sk": _piece(number), "bytes": piece, **expiry}
                self.client.put_item(TableName=self.table, Item=dumped(item))
        values = {
            ":platform": envelope.platform,
            ":received": received_at,
            # AWS takes not every character.
            ":error": error[:1000].encode("ascii", "backslashreplace").decode(),
            ":now": now,
            ":size": len(envelope.body),
            ":part": envelope.is_part,
            ":backfilled": envelope.backfilled,
            ":pieces": len(pieces),
            ":listed": LISTED_UNDER,
            ":until": until,
            ":one": 1,
        }
        limited = "" if until is None else ", content_until = :until"
        with aws.errors():
            self.client.update_item(
                TableName=self.table,
                Key=dumped({"pk": key, "sk": ENTRY}),
                UpdateExpression="SET platform = :platform, #error = :error, #size = :size, is_part = :part,"
                " backfilled = :backfilled,"
                " pieces = :pieces, listed_under = :listed, quarantined_at = :now,"
                f" received_at = if_not_exists(received_at, :received){limited}"
                " ADD attempts :one REMOVE retried_at",
                ExpressionAttributeNames={"#error": "error", "#size": "size"},
                ExpressionAttributeValues=dumped(values),
            )
        return key

    def _first_received(self, key: str, envelope: Envelope) -> int:
        """Tell when what is to be kept came first: from then on its storage limit counts, if it has one."""
        if self.limits.until(envelope.platform, Kept.DELIVERY, envelope.received_at) is None:
            return envelope.received_at
        items = read_partition(self.client, self.table, key, "received_at")
        return min([int(item["received_at"]) for item in items] + [envelope.received_at])

    def read(self, key: str) -> Held | None:
        """Read an entry and the envelope it keeps, addressed so that the entry goes once it is processed."""
        items = {item["sk"]: item for item in read_partition(self.client, self.table, key)}
        if ENTRY not in items:
            return None
        entry = _entry(items[ENTRY])
        names = [_piece(number) for number in range(entry.pieces)]
        if entry.is_erased(self.limits.now()) or not names or not items.keys() >= set(names):
            return Held(entry, None)
        packed = b"".join(bytes(items[name]["bytes"]) for name in names)
        return Held(entry, _envelope(items[ENTRY], zlib.decompress(packed)))

    def read_all(self, keys: list[str]) -> list[Entry]:
        """Read entries without what they keep, in the order of the keys."""
        wanted = [{"pk": key, "sk": ENTRY} for key in dict.fromkeys(keys)]
        found = {item["pk"]: _entry(item) for item in read_keys(self.client, self.table, wanted)}
        return [found[key] for key in keys if key in found]

    def mark_retried(self, entry: Entry, now: int) -> None:
        """Remember that an entry is on its way through intake again, unless its fate is known already."""
        try:
            with aws.errors():
                self.client.update_item(
                    TableName=self.table,
                    Key=dumped({"pk": entry.id, "sk": ENTRY}),
                    UpdateExpression="SET retried_at = :now",
                    ConditionExpression="attribute_exists(pk) AND attempts = :attempts",
                    ExpressionAttributeValues=dumped({":now": now, ":attempts": entry.attempts}),
                )
        except ConditionFailed:
            return  # the worker was quicker

    def remove(self, key: str) -> None:
        """Forget an entry that has been processed, and all that it kept; goes on where it was cut off."""
        found = [item["sk"] for item in read_partition(self.client, self.table, key, "sk")]
        # The entry goes last: as long as anything is left, it can be found.
        for sk in sorted(found, key=lambda sk: sk == ENTRY):
            with aws.errors():
                self.client.delete_item(TableName=self.table, Key=dumped({"pk": key, "sk": sk}))


def _piece(number: int) -> str:
    return f"{PIECE}{number:03}"


def _entry(item: dict[str, Any]) -> Entry:
    return Entry(
        id=item["pk"],
        platform=item["platform"],
        error=item["error"],
        size=int(item["size"]),
        pieces=int(item["pieces"]),
        attempts=int(item["attempts"]),
        received_at=int(item["received_at"]),
        quarantined_at=int(item["quarantined_at"]),
        retried_at=int(item["retried_at"]) if "retried_at" in item else None,
        content_until=int(item["content_until"]) if "content_until" in item else None,
    )


def _envelope(entry: dict[str, Any], body: bytes) -> Envelope:
    return Envelope(
        platform=entry["platform"],
        received_at=int(entry["received_at"]),
        body=body,
        is_part=bool(entry["is_part"]),
        backfilled=bool(entry.get("backfilled")),
        quarantine_id=entry["pk"],
    )
