"""DynamoDB: how far each channel was read, one item a channel."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from chalicelib import table_writes
from chalicelib.table_reads import read_keys
from chalicelib.table_writes import Update
from chalicelib.youtube_polling import packing
from chalicelib.youtube_polling.known import Known
from chalicelib.youtube_polling.poll import Outcome

PARTITION = "youtube-channels"
KEPT_FOR = 60 * 86_400
"""Seconds after the last poll: a channel that is no longer ours leaves nothing behind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What is remembered of a channel. Times are UTC epoch seconds.

    revision: counts polls that were saved. failures: those in a row that were not, or not whole.
    soon_at: when somebody last wanted it polled soon. newest_at: the newest comment's time.
    """

    id: str
    known: Known = field(default_factory=dict)
    revision: int = 0
    polled_at: int = 0
    next_poll_at: int = 0
    failures: int = 0
    soon_at: int = 0
    newest_at: int = 0
    was_empty: bool = False


@dataclass(frozen=True, slots=True)
class Channels:
    """The channels of one table. All methods raise Unavailable and Rejected."""

    client: Any
    table: str

    def read(self, ids: Collection[str]) -> list[Channel]:
        """Read what is remembered of these channels; of a new one, nothing."""
        keys = [{"pk": PARTITION, "sk": one} for one in sorted(ids)]
        found = {item["sk"]: item for item in read_keys(self.client, self.table, keys)}
        return [_channel(one, found.get(one, {})) for one in sorted(ids)]

    def save(self, channel: Channel, outcome: Outcome, polled_at: int, next_poll_at: int) -> bool:
        """Remember a poll, unless another one has been saved meanwhile; tell whether it was."""
        sets = {
            "known": packing.pack(outcome.known),
            "revision": channel.revision + 1,
            "polled_at": polled_at,
            "next_poll_at": next_poll_at,
            "failures": channel.failures + 1 if outcome.trouble else 0,
            "newest_at": max(channel.newest_at, outcome.newest_at),
            "was_empty": outcome.is_empty,
            "expires_at": polled_at + KEPT_FOR,
        }
        when = "#revision = :before" if channel.revision else "attribute_not_exists(#revision)"
        before = {":before": channel.revision} if channel.revision else {}
        return self._update(channel.id, Update(sets=sets, when=when, values=before))

    def save_failure(self, channel: Channel, next_poll_at: int) -> None:
        """Remember that a poll came to nothing, and when to try again."""
        expires_at = next_poll_at + KEPT_FOR
        sets = {"failures": channel.failures + 1, "next_poll_at": next_poll_at, "expires_at": expires_at}
        self._update(channel.id, Update(sets=sets))

    def poll_soon(self, channel: str, now: int) -> None:
        """Have a channel polled as soon as may be."""
        self._update(channel, Update(sets={"soon_at": now}, once={"expires_at": now + KEPT_FOR}))

    def _update(self, channel: str, change: Update) -> bool:
        return table_writes.update(self.client, self.table, (PARTITION, channel), change)


def _channel(channel: str, item: dict[str, Any]) -> Channel:
    numbers = ("revision", "polled_at", "next_poll_at", "failures", "soon_at", "newest_at")
    return Channel(
        id=channel,
        known=packing.unpack(bytes(item["known"])) if "known" in item else {},
        was_empty=bool(item.get("was_empty")),
        **{name: int(item[name]) for name in numbers if name in item},
    )
