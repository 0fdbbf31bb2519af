"""DynamoDB: what is personal in a ticket, in an item of its own: text, author, permalink.

With the text goes `because`: the words of it for which it was read as it was. The item may be erased alone,
by a deletion or a storage limit, and nothing that comes late brings it back.
"""

from dataclasses import dataclass
from typing import Any

from chalicelib import aws
from chalicelib.attributes import CONTENT, dumped
from chalicelib.correction import Reason
from chalicelib.message import Author
from chalicelib.storage_limits import Kept, StorageLimits
from chalicelib.table_writes import THERE, Update, update
from chalicelib.ticket import Ticket
from chalicelib.ticket_items import because_value, content_values

# Content with a storage limit is listed under what is to be erased next, and no more once all that is done.
NOTHING_IS_ERASED, TEXT_IS_KEPT = "#listed_under = :listed_under", "attribute_exists(#listed_under)"


@dataclass(frozen=True, slots=True)
class ContentStore:
    """The contents of one table's tickets.

    All methods raise Unavailable (may work the next time) and Rejected (never will).
    """

    client: Any
    table: str
    limits: StorageLimits

    def fill(self, ticket: Ticket, when: str = "") -> None:
        """Fill in what is missing, and make the item if there is none."""
        # Rank and time make it an item even if there is neither text nor author yet.
        once = {**content_values(ticket), "received_at": ticket.received_at, "rank": ticket.rank}
        once |= self.limits.content_expiry(ticket.platform, ticket.received_at)
        self._update(ticket.id, Update(once=once, when=when))

    def fill_kept(self, ticket: Ticket) -> None:
        """Fill the item that is there; what was erased stays away."""
        kept = self.limits.kept(ticket)
        if not self.limits.is_brief(kept.platform):
            self.fill(kept, THERE)
        else:
            self.fill(kept, NOTHING_IS_ERASED if kept.author != Author() else TEXT_IS_KEPT)

    def revise(self, ticket: Ticket) -> None:
        """Replace the text by that of an edit; one as it was created replaces nothing."""
        if ticket.version:
            sets = {
                "text": ticket.text,
                "because": because_value(ticket.decision),
                "permalink": ticket.permalink,
                "rank": ticket.rank,
            }
            self._update(ticket.id, Update(sets, when=f"#rank < :rank{self._kept(ticket)}"))

    def note_because(self, ticket: Ticket) -> None:
        """Note the words for which the text that is there was read anew, unless it is another one by now."""
        values = {":rank": ticket.rank if ticket.text_rank is None else ticket.text_rank}
        change = Update(
            {"because": because_value(ticket.decision)},
            when=f"#rank = :rank{self._kept(ticket)}",
            values=values,
        )
        self._update(ticket.id, change)

    def _kept(self, ticket: Ticket) -> str:
        """Write the condition that the text was not erased, where a storage limit may have done so."""
        return f" AND {TEXT_IS_KEPT}" if self.limits.is_brief(ticket.platform) else ""

    def raise_rank(self, ticket_id: str, rank: int) -> None:
        """Remember that the text was received again."""
        self._update(ticket_id, Update({"rank": rank}, when="#rank < :rank"))

    def give_reason(self, ticket: Ticket, reason: Reason) -> None:
        """Keep why a person corrected a ticket, as long as nothing of its content is erased."""
        expiry = self.limits.content_expiry(ticket.platform, ticket.received_at)
        over = self.limits.is_over(ticket.platform, Kept.DELIVERY, ticket.received_at)  # any of its limits
        if reason in ticket.reasons or over:
            return
        when, values = (
            (NOTHING_IS_ERASED, {":listed_under": expiry["listed_under"]}) if expiry else (THERE, {})
        )
        entry = {"number": reason.number, "by": reason.by, "text": reason.text}
        entry |= {"of_change": True} if reason.of_change else {}
        self._update(ticket.id, Update(once={"reasons": []}, when=when, values=values))
        there = f"{when} AND attribute_exists(#reasons)"
        self._update(ticket.id, Update(append={"reasons": [entry]}, when=there, values=values))

    def erase(self, ticket_id: str) -> None:
        """Take the item away, whether there is a ticket or not."""
        with aws.errors():
            self.client.delete_item(TableName=self.table, Key=dumped({"pk": ticket_id, "sk": CONTENT}))

    def _update(self, ticket_id: str, change: Update) -> None:
        update(self.client, self.table, (ticket_id, CONTENT), change)
