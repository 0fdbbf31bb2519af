"""DynamoDB: which tickets a conversation has, the newest first.

The item lies under the conversation's id. It names a ticket before that is opened: whoever comes at the same
time finds who was first.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from chalicelib.table_reads import read_partition
from chalicelib.table_writes import Update, unchanged, update

NEWEST = "newest"
MOST_BEFORE = 4
"""Tickets of a conversation that are known beside its newest one."""


class Newest(NamedTuple):
    """The newest ticket of a conversation, when it was named (UTC epoch seconds), and those before it."""

    ticket: str | None = None
    named_at: int = 0
    before: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """All that are known."""
        return (self.ticket, *self.before) if self.ticket else ()


@dataclass(frozen=True, slots=True)
class ConversationStore:
    """The conversations of one table.

    All methods raise Unavailable (may work the next time) and Rejected (never will).
    """

    client: Any
    table: str

    def newest(self, conversation: str) -> Newest:
        """Read which tickets a conversation has, consistently."""
        for item in read_partition(self.client, self.table, conversation, between=(NEWEST, NEWEST)):
            return Newest(item["ticket"], int(item["named_at"]), tuple(item["before"]))
        return Newest()

    def name(self, conversation: str, ticket_id: str, seen: Newest, now: int) -> bool:
        """Name the newest ticket of a conversation; False if somebody has named one since it was read."""
        if ticket_id in seen.all:
            return True
        sets = {"ticket": ticket_id, "named_at": now, "before": list(seen.all[:MOST_BEFORE])}
        when, values = unchanged({"ticket": seen.ticket})
        change = Update(sets, when=when, values=values)
        return update(self.client, self.table, (conversation, NEWEST), change)
