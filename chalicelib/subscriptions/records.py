"""DynamoDB: what is remembered of subscriptions, beside what `handshakes.py` writes into the same items."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.attributes import Item
from chalicelib.handshakes import KEPT_FOR, PARTITION, sort_key
from chalicelib.table_reads import read_partition
from chalicelib.table_writes import Update, update


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is remembered of one account. Times are UTC epoch seconds; 0: never.

    lease_until: until when the platform has promised to send. denied_at: when it refused to.
    asked_at: when we last asked it to; asks: how often without having been answered.
    token_seen_at: when we first saw the access token whose fingerprint is `token`.
    fields: what was subscribed when all was well, comma-separated.
    silent_since: since when too little comes. backfilled_until: up to when we have fetched what did not come.
    expires_at: when all of it is forgotten, unless something is noted again.
    """

    handshake_at: int = 0
    lease_until: int = 0
    denied_at: int = 0
    asked_at: int = 0
    asks: int = 0
    token: str = ""
    token_seen_at: int = 0
    fields: str = ""
    silent_since: int = 0
    backfilled_until: int = 0
    expires_at: int = 0


NOTHING = Record()
Key = tuple[str, str]
"""Platform and account, or `reach.WHOLE`."""


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one table. All methods raise Unavailable and Rejected."""

    client: Any
    table: str

    def read(self) -> dict[Key, Record]:
        """Read all records, in one query."""
        items = read_partition(self.client, self.table, PARTITION)
        return {_key(item["sk"]): _record(item) for item in items}

    def note(self, platform: str, account: str, now: int, values: Mapping[str, int | str]) -> None:
        """Remember something; all else stays as it is."""
        written = Update(sets={**values, "expires_at": now + KEPT_FOR})
        update(self.client, self.table, (PARTITION, sort_key(platform, account)), written)


def _key(sk: str) -> Key:
    platform, _, account = sk.partition("#")
    return platform, account


def _record(item: Item) -> Record:
    names = Record.__dataclass_fields__.keys() & item.keys()
    held: Item = {}
    for name in names:  # numbers come as Decimal
        held[name] = item[name] if isinstance(item[name], str) else int(item[name])
    return Record(**held)
