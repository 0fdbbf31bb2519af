"""DynamoDB: what could not be processed, kept visible and whole until somebody tries it again.

An entry has an item of its own in the index `listed-by-arrival`; what it holds (personal) lies beside it in
pieces that fit DynamoDB's 400 KB.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
"""

import zlib
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from chalicelib import aws
from chalicelib.envelope import Envelope
from chalicelib.errors import ConditionFailed
from chalicelib.ticket_items import dumped, loaded

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


def entry_id(envelope: Envelope) -> str:
    """Derive the id from what is quarantined, so that a repeat meets its entry."""
    return "q_" + blake2b(f"{envelope.platform}\0".encode() + envelope.body, digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Quarantine:
    """The quarantine of one table. All methods raise Unavailable and Rejected."""

    client: Any
    table: str

    def put(self, envelope: Envelope, error: str, now: int) -> str:
        """Keep an envelope and why; what it holds goes first, so that an entry is never empty."""
        key = envelope.quarantine_id or entry_id(envelope)
        packed = zlib.compress(envelope.body)
        pieces = [packed[i : i + PIECE_SIZE] for i in range(0, len(packed), PIECE_SIZE)]
        for number, piece in enumerate(pieces):
            with aws.errors():
                item = {"pk": key, "sk": f"{PIECE}{number:03}", "bytes": piece}
                self.client.put_item(TableName=self.table, Item=dumped(item))
        values = {
            ":platform": envelope.platform,
            ":received": envelope.received_at,
            ":error": error[:1000],
            ":now": now,
            ":size": len(envelope.body),
            ":part": envelope.is_part,
            ":pieces": len(pieces),
            ":listed": LISTED_UNDER,
            ":one": 1,
        }
        with aws.errors():
            self.client.update_item(
                TableName=self.table,
                Key=dumped({"pk": key, "sk": ENTRY}),
                UpdateExpression="SET platform = :platform, #error = :error, #size = :size, is_part = :part,"
                " pieces = :pieces, listed_under = :listed, quarantined_at = :now,"
                " received_at = if_not_exists(received_at, :received) ADD attempts :one REMOVE retried_at",
                ExpressionAttributeNames={"#error": "error", "#size": "size"},
                ExpressionAttributeValues=dumped(values),
            )
        return key

    def read(self, key: str) -> tuple[Entry, Envelope] | None:
        """Read an entry and the envelope it keeps; consistently, in as many queries as 1 MB pages need."""
        items: dict[str, dict[str, Any]] = {}
        start: dict[str, Any] = {}
        while True:
            with aws.errors():
                answer = self.client.query(
                    TableName=self.table,
                    ConsistentRead=True,
                    KeyConditionExpression="pk = :id",
                    ExpressionAttributeValues=dumped({":id": key}),
                    **start,
                )
            items |= {item["sk"]: item for item in map(loaded, answer["Items"])}
            if "LastEvaluatedKey" not in answer:
                break
            start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}
        return (_entry(items[ENTRY]), _envelope(items)) if ENTRY in items else None

    def read_all(self, keys: list[str]) -> list[Entry]:
        """Read entries without what they keep, in the order of the keys; at most 100."""
        if not keys:
            return []
        wanted = {
            self.table: {"Keys": [dumped({"pk": k, "sk": ENTRY}) for k in keys], "ConsistentRead": True}
        }
        with aws.errors():
            answer = self.client.batch_get_item(RequestItems=wanted)
        found = {item["pk"]: _entry(item) for item in map(loaded, answer["Responses"].get(self.table, []))}
        return [found[k] for k in keys if k in found]

    def mark_retried(self, key: str, now: int) -> None:
        """Remember that an entry is on its way through intake again."""
        try:
            with aws.errors():
                self.client.update_item(
                    TableName=self.table,
                    Key=dumped({"pk": key, "sk": ENTRY}),
                    UpdateExpression="SET retried_at = :now",
                    ConditionExpression="attribute_exists(pk)",
                    ExpressionAttributeValues=dumped({":now": now}),
                )
        except ConditionFailed:
            return  # the worker was quicker: it is processed already

    def remove(self, key: str) -> None:
        """Forget an entry that has been processed. The entry goes last: what is visible can be retried."""
        found = self.read(key)
        if found is None:
            return
        for sk in [*(f"{PIECE}{number:03}" for number in range(found[0].pieces)), ENTRY]:
            with aws.errors():
                self.client.delete_item(TableName=self.table, Key=dumped({"pk": key, "sk": sk}))


def retried(key: str, envelope: Envelope) -> Envelope:
    """Address an envelope so that the worker closes the entry once it is processed."""
    return envelope._replace(quarantine_id=key)


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
    )


def _envelope(items: dict[str, dict[str, Any]]) -> Envelope:
    entry = items[ENTRY]
    packed = b"".join(bytes(items[f"{PIECE}{number:03}"]["bytes"]) for number in range(int(entry["pieces"])))
    return Envelope(
        platform=entry["platform"],
        received_at=int(entry["received_at"]),
        body=zlib.decompress(packed),
        is_part=bool(entry["is_part"]),
    )
