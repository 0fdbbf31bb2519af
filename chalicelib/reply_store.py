"""DynamoDB: what our own accounts said, beside the ticket it answers; and what was deleted.

A message of our own has an item under its own id, which says what it `answers`; the reply itself lies under
the id of that ticket or direct conversation, whether there is a ticket or not yet. So a deletion, which names
nothing but the message, finds its reply; a deletion that comes first leaves its mark; and the end is the same
in whatever order all this arrives.
"""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from chalicelib.attributes import REPLY, TICKET, Item
from chalicelib.message import Message
from chalicelib.our_replies import GuardReading, ObservedReply
from chalicelib.reply_items import guard_values, reply_of
from chalicelib.storage_limits import Kept, StorageLimits
from chalicelib.table_reads import read_partition
from chalicelib.table_writes import NOT_THERE, Update, put, update
from chalicelib.ticket import Ticket, conversation_id, rank_of, ticket_id

KEEP_DELETIONS = 30 * 24 * 60 * 60
"""Seconds for which we remember that a message we never saw was deleted; platforms retry for a week."""

MOST = 2000
"""Replies of a conversation that are read at once; a robot may have said more."""


WORDS = ("because", "promise_text")
OF_ITS_TEXT = ("text", "rank", "text_at", "reading", *WORDS, "read_for")
"""What an edit replaces."""

OF_A_DELETED = ("message_id", "in_reply_to", "occurred_at", "received_at", "rank", "text_at", "reading")
"""What is kept of a deleted reply: somebody may have read it, so that it counts as it did."""


def answered(message: Message) -> str | None:
    """Tell under which id a message of our own belongs: a conversation, else a ticket; None if nowhere."""
    if (conversation := conversation_id(message)) is not None:
        return conversation
    return ticket_id(message.platform, message.in_reply_to) if message.in_reply_to else None


@dataclass(frozen=True, slots=True)
class ReplyStore:
    """The observed replies and deletions of one table.

    All methods raise Unavailable (may work the next time) and Rejected (never will).
    """

    client: Any
    table: str
    limits: StorageLimits

    def observe(self, message: Message, target: str, received_at: int, reading: GuardReading | None) -> bool:
        """Record what our account said, or its newer text, under the id of what it answers, and how it reads.

        Returns:
            Whether a ticket stands under its own id: it was taken for somebody else's before.

        """
        own_id = ticket_id(message.platform, message.message_id)
        own = self._point(own_id, target)
        deleted_at = int(own["deleted_at"]) if "deleted_at" in own else None
        item = _reply_item(message, target, received_at) | (guard_values(reading) if reading else {})
        item |= self.limits.expiry(message.platform, Kept.TEXT, received_at)
        if deleted_at is not None:
            self._erase(item, deleted_at)
        elif not put(self.client, self.table, item, NOT_THERE):
            newer = {name: item.get(name) for name in OF_ITS_TEXT}
            there = "attribute_not_exists(#deleted_at) AND #rank <= :rank"
            if "expires_at" in item:  # what a storage limit has erased stays away
                there += " AND attribute_exists(#expires_at)"
            self._update((item["pk"], item["sk"]), Update(newer, when=there))
        if message.occurred_at is not None:  # an edit may have come before what it edits
            said = {"occurred_at": message.occurred_at}
            self._update((item["pk"], item["sk"]), Update(once=said))
            self._update((item["pk"], item["sk"]), Update(said, when="#occurred_at > :occurred_at"))
        return "status" in own

    def tell(self, ticket: Ticket, reply: ObservedReply) -> bool:
        """Keep what a person tells us that they said, beside its ticket; False if it is there already.

        It may quote the text of the message, so its words are kept no longer than that.
        """
        expiry = self.limits.expiry(ticket.platform, Kept.TEXT, ticket.received_at)
        if self.limits.is_over(ticket.platform, Kept.TEXT, ticket.received_at):
            expiry, reply = {}, reply.without_words()
        item = {
            "pk": ticket.id,
            "sk": REPLY + reply.id,
            "text": reply.text,
            "author_name": reply.author.name,
            "told_at": reply.received_at,
            "received_at": reply.received_at,
            "where": reply.where,
            **(guard_values(reply.reading) if reply.reading else {}),
            **expiry,  # by when its ticket was received
        }
        return put(self.client, self.table, item, NOT_THERE)

    def _point(self, own_id: str, target: str) -> Item:
        """Note what a message of our own answers, and give back what lies under its id.

        It may answer several: a delivery without details names the post, one with details the comment.
        """
        pointer = {"pk": own_id, "sk": TICKET, "answers": {target}}
        if put(self.client, self.table, pointer, NOT_THERE):
            return pointer
        self._update((own_id, TICKET), Update({"expires_at": None}, add={"answers": {target}}))
        return self._own(own_id)

    def delete(self, message: Message, now: int) -> None:
        """Note that a message was deleted, and erase the reply if it was ours; tickets are not touched."""
        own_id = ticket_id(message.platform, message.message_id)
        mark = {"pk": own_id, "sk": TICKET, "deleted_at": now, "expires_at": now + KEEP_DELETIONS}
        if put(self.client, self.table, mark, NOT_THERE):
            return
        self._update((own_id, TICKET), Update(once={"deleted_at": now}))
        found = self._own(own_id)
        for target in found.get("answers", ()):
            item = {"pk": target, "sk": REPLY + own_id, "message_id": message.message_id}
            self._erase(item | {"received_at": now}, int(found["deleted_at"]))

    def note_reading(self, target: str, reply: ObservedReply, reading: GuardReading, ticket: str) -> None:
        """Note how a reply reads as one to a ticket's message, unless it has another text by now."""
        sets = {**dict.fromkeys(WORDS), **guard_values(reading), "read_for": ticket}
        still = Update(sets, when="#text = :text", values={":text": reply.text})
        self._update((target, REPLY + reply.id), still)

    def of_conversation(self, conversation: str) -> tuple[ObservedReply, ...]:
        """Read what our account said in a direct conversation, whichever message it was an answer to."""
        items = islice(read_partition(self.client, self.table, conversation), MOST)
        return tuple(reply_of(item) for item in items if item["sk"].startswith(REPLY))

    def _own(self, own_id: str) -> Item:
        items = read_partition(self.client, self.table, own_id)
        return next((item for item in items if item["sk"] == TICKET), {})

    def _erase(self, item: Item, deleted_at: int) -> None:
        """Leave of a reply that it was there and was deleted."""
        kept = {name: item.get(name) for name in OF_A_DELETED}
        sets = {"deleted_at": deleted_at, "text": None, "author_id": None, "author_name": None}
        sets |= dict.fromkeys(WORDS)
        self._update((item["pk"], item["sk"]), Update(sets, once=kept))

    def _update(self, key: tuple[str, str], change: Update) -> None:
        update(self.client, self.table, key, change)


def _reply_item(message: Message, target: str, received_at: int) -> Item:
    return {
        "pk": target,
        "sk": REPLY + ticket_id(message.platform, message.message_id),
        "message_id": message.message_id,
        "in_reply_to": message.in_reply_to,
        "text": message.text,
        "author_id": message.author.id,
        "author_name": message.author.name,
        "occurred_at": message.occurred_at,
        "received_at": received_at,
        "rank": rank_of(message, received_at),
        "text_at": message.occurred_at or received_at,
    }
