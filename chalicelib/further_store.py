"""DynamoDB: further messages, each beside the content of the ticket that it has joined.

Under its own id there is an item that says which ticket that is (`joined`), so that its edits, its deletion
and whoever asks for it find it.
"""

from dataclasses import dataclass
from typing import Any

from chalicelib.attributes import FURTHER, TICKET, Item
from chalicelib.decision import Decision
from chalicelib.message import Message
from chalicelib.storage_limits import Kept, StorageLimits
from chalicelib.table_writes import NOT_THERE, Update, put, update
from chalicelib.ticket import rank_of, ticket_id

OF_ITS_TEXT = ("text", "permalink", "category", "rank")


@dataclass(frozen=True, slots=True)
class FurtherStore:
    """The further messages of one table.

    All methods raise Unavailable (may work the next time) and Rejected (never will).
    """

    client: Any
    table: str
    limits: StorageLimits

    def point(self, own_id: str, ticket: str) -> bool:
        """Say which ticket a message has joined; False if something lies under its id already."""
        return put(self.client, self.table, {"pk": own_id, "sk": TICKET, "joined": ticket}, NOT_THERE)

    def keep(self, ticket: str, message: Message, read: Decision, received_at: int) -> None:
        """Keep what a further message says, or its newer text; nothing of one that was deleted or erased."""
        item = _item(ticket, message, read, received_at)
        item |= self.limits.expiry(message.platform, Kept.TEXT, received_at)
        if put(self.client, self.table, item, NOT_THERE):
            return
        there = "attribute_not_exists(#deleted_at) AND #rank < :rank"
        if "expires_at" in item:
            there += " AND attribute_exists(#expires_at)"
        newer = {name: item[name] for name in OF_ITS_TEXT}
        update(self.client, self.table, (item["pk"], item["sk"]), Update(newer, when=there))

    def erase(self, ticket: str, message: Message, now: int) -> None:
        """Leave of a further message that it was there and was deleted."""
        own_id = ticket_id(message.platform, message.message_id)
        sets = {"deleted_at": now, "text": None, "permalink": None}
        once = {"message_id": message.message_id, "received_at": now, "rank": 0}
        update(self.client, self.table, (ticket, FURTHER + own_id), Update(sets, once=once))


def _item(ticket: str, message: Message, read: Decision, received_at: int) -> Item:
    return {
        "pk": ticket,
        "sk": FURTHER + ticket_id(message.platform, message.message_id),
        "message_id": message.message_id,
        "text": message.text,
        "permalink": message.permalink,
        "category": read.category and str(read.category),
        "occurred_at": message.occurred_at,
        "received_at": received_at,
        "rank": rank_of(message, received_at),
    }
