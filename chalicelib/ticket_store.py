"""DynamoDB: tickets. Every write is one call and safe to repeat."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from chalicelib import aws
from chalicelib.identity import Caller
from chalicelib.merging import withdrawn
from chalicelib.message import Author
from chalicelib.storage_limits import StorageLimits
from chalicelib.table_reads import read_keys, read_partition
from chalicelib.table_writes import NOT_THERE, THERE, Update, put, update
from chalicelib.ticket import Happened, HistoryEntry, Status, Ticket
from chalicelib.ticket_items import (
    CONTENT,
    REPLY,
    TICKET,
    Item,
    content_values,
    dumped,
    history_item,
    listed_under,
    reading_values,
    ticket_item,
    ticket_of,
)

IS_TICKET = "attribute_exists(#status)"
NOT_WITHDRAWN = "#status <> :withdrawn"
# Content with a storage limit is listed under what is to be erased next, and no more once all that is done.
NOTHING_IS_ERASED, TEXT_IS_KEPT = "#listed_under = :listed_under", "attribute_exists(#listed_under)"
WITHDRAWN = {":withdrawn": str(Status.WITHDRAWN)}


class Found(NamedTuple):
    """What lies under an id: a ticket, or that the message was deleted before we knew it, or neither."""

    ticket: Ticket | None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class TicketStore:
    """The tickets of one table.

    All methods raise Unavailable (may work the next time) and Rejected (never will).
    """

    client: Any
    table: str
    limits: StorageLimits

    def find(self, ticket_id: str) -> Found:
        """Read what lies under an id, consistently, in one query."""
        items = read_partition(self.client, self.table, ticket_id)
        by_sk = {item["sk"]: item for item in items}
        return Found(self._ticket(by_sk), "deleted_at" in by_sk.get(TICKET, {}))

    def read(self, ticket_id: str) -> Ticket | None:
        """Read a ticket with its content and observed replies; None if there is none."""
        return self.find(ticket_id).ticket

    def read_all(self, ticket_ids: Iterable[str]) -> dict[str, Ticket]:
        """Read tickets with their content, consistently; ids that are not there are left out."""
        ids = list(dict.fromkeys(ticket_ids))
        found: dict[str, dict[str, Item]] = {}
        keys = [{"pk": ticket_id, "sk": sk} for ticket_id in ids for sk in (TICKET, CONTENT)]
        for item in read_keys(self.client, self.table, keys):
            found.setdefault(item["pk"], {})[item["sk"]] = item
        tickets = {i: self._ticket(found.get(i, {})) for i in ids}
        return {i: ticket for i, ticket in tickets.items() if ticket}

    def open(self, ticket: Ticket) -> Ticket:
        """Put a ticket unless it is there already, and return the one that is there.

        The content goes first, so that a ticket that exists has its text. A twin of ours may have written
        a poorer or older content a moment ago: content is filled and revised, not put.
        """
        self._fill_content(ticket)
        self._revise_content(ticket)
        if put(self.client, self.table, ticket_item(ticket), NOT_THERE):
            return ticket
        found = self.find(ticket.id)
        if found.ticket is None:
            return self.open_withdrawn(ticket)
        if found.ticket.status is Status.WITHDRAWN:
            self._erase(ticket.id)
        return found.ticket

    def open_withdrawn(self, ticket: Ticket) -> Ticket:
        """Put the ticket of a message whose deletion came first, as withdrawn and without content."""
        self._erase(ticket.id)
        gone = withdrawn(ticket)
        put(self.client, self.table, ticket_item(gone), "attribute_not_exists(#status)")
        return gone

    def enrich(self, old: Ticket, new: Ticket) -> None:
        """Write what a repeat has added; a decision or a status is never written here.

        Content that has expired or was erased stays away.
        """
        if content_values(old) != content_values(new):
            self._fill_kept(self.limits.kept(new))
        once = {n: getattr(new, n) for n in ("account_id", "in_reply_to") if getattr(old, n) is None}
        if any(once.values()):
            self._update(new.id, Update(once=once, when=IS_TICKET))
        if new.occurred_at != old.occurred_at:
            known = old.occurred_at is not None
            earlier = "#occurred_at > :occurred_at" if known else "attribute_not_exists(#occurred_at)"
            change = Update({"occurred_at": new.occurred_at}, when=f"{IS_TICKET} AND {earlier}")
            self._update(new.id, change)
        if new.accounts != old.accounts:
            self._note_account(new)

    def _note_account(self, ticket: Ticket) -> None:
        line = next(e for e in reversed(ticket.history) if e.what is Happened.RECEIVED_AGAIN)
        change = Update(
            add={"accounts": {line.account_id}},
            append={"history": [history_item(line)]},
            when=f"{IS_TICKET} AND NOT contains(#accounts, :account)",
            values={":account": line.account_id},
        )
        self._update(ticket.id, change)

    def revise(self, ticket: Ticket) -> None:
        """Write a newer text, how it is read and whose it would be; an older one changes nothing."""
        self._revise_content(ticket)
        sets = {**reading_values(ticket), "rank": ticket.rank, "edited_at": ticket.edited_at}
        self._update(ticket.id, _noted(ticket, sets, f"{NOT_WITHDRAWN} AND #rank < :rank", WITHDRAWN))

    def complete(self, ticket: Ticket) -> None:
        """Write that an incomplete ticket is complete, once; its owner is to be told."""
        sets = {**reading_values(ticket), "incomplete": False, "told_rank": None}
        values = {**WITHDRAWN, ":yes": True}
        self._update(ticket.id, _noted(ticket, sets, f"{NOT_WITHDRAWN} AND #incomplete = :yes", values))

    def give_owner(self, ticket: Ticket) -> None:
        """Write the owner of a ticket that needed no answer until now."""
        department = ticket.decision.department
        sets = {
            "department": department,
            "acknowledge_by": ticket.decision.acknowledge_by,
            "awaiting": department,
            **_listed(department, Status.OPEN),
        }
        values = {":none": str(Status.NO_ANSWER_NEEDED)}
        self._update(ticket.id, _noted(ticket, sets, "#status = :none", values))

    def withdraw(self, ticket: Ticket, now: int) -> None:
        """Withdraw a ticket whose message was deleted, and erase what is personal in it."""
        listed = _listed(ticket.decision.department, Status.WITHDRAWN)
        change = Update(
            {**listed, "withdrawn_at": now, "awaiting": None, "edited_at": None, "proposed_department": None},
            append={"history": [history_item(HistoryEntry(now, Happened.WITHDRAWN))]},
            when=f"{IS_TICKET} AND #status <> :status",
        )
        self._update(ticket.id, change)
        self._erase(ticket.id)

    def mark_told(self, ticket: Ticket, what: Happened, now: int) -> None:
        """Remember what the owner has been told; of the dispatch, the first time counts."""
        if what is Happened.WITHDRAWN:
            change = Update({"told_withdrawn": True}, when=IS_TICKET)
        elif what is Happened.EDITED:
            change = Update({"told_rank": ticket.rank}, when=IS_TICKET)
        else:
            change = Update(
                {"dispatched_at": now, "told_rank": ticket.rank},
                append={"history": [history_item(HistoryEntry(now, Happened.DISPATCHED))]},
                when=f"{IS_TICKET} AND attribute_not_exists(#dispatched_at)",
            )
        self._update(ticket.id, change)

    def acknowledge(self, ticket: Ticket, by: Caller, now: int) -> Ticket | None:
        """Acknowledge an open ticket; it leaves `awaiting-by-deadline` in the same write.

        Returns:
            The ticket as it is afterwards, whoever acknowledged it.

        """
        change = Update(
            {
                **_listed(ticket.decision.department, Status.ACKNOWLEDGED),
                "acknowledged_at": now,
                "acknowledged_by": by.subject,
                "awaiting": None,
            },
            append={"history": [history_item(HistoryEntry(now, Happened.ACKNOWLEDGED, by=by.name))]},
            when="#status = :open",
            values={":open": str(Status.OPEN)},
        )
        self._update(ticket.id, change)
        return self.read(ticket.id)

    def _fill_content(self, ticket: Ticket, when: str = "") -> None:
        # Rank and time make it an item even if there is neither text nor author yet.
        once = {**content_values(ticket), "received_at": ticket.received_at, "rank": ticket.rank}
        once |= self.limits.content_expiry(ticket.platform, ticket.received_at)
        self._update(ticket.id, Update(once=once, when=when), sk=CONTENT)

    def _fill_kept(self, ticket: Ticket) -> None:
        """Fill the content that is there; that of a storage limit which was erased meanwhile stays away."""
        if not self.limits.is_brief(ticket.platform):
            self._fill_content(ticket, THERE)
        else:
            self._fill_content(ticket, NOTHING_IS_ERASED if ticket.author != Author() else TEXT_IS_KEPT)

    def _revise_content(self, ticket: Ticket) -> None:
        """Replace the text by that of an edit; one as it was created replaces nothing."""
        if ticket.version:
            sets = {"text": ticket.text, "permalink": ticket.permalink, "rank": ticket.rank}
            there = f" AND {TEXT_IS_KEPT}" if self.limits.is_brief(ticket.platform) else ""
            self._update(ticket.id, Update(sets, when=f"#rank < :rank{there}"), sk=CONTENT)

    def _erase(self, ticket_id: str) -> None:
        with aws.errors():
            self.client.delete_item(TableName=self.table, Key=dumped({"pk": ticket_id, "sk": CONTENT}))

    def _ticket(self, items: dict[str, Item]) -> Ticket | None:
        if "status" not in items.get(TICKET, {}):
            return None
        replies = [item for sk, item in sorted(items.items()) if sk.startswith(REPLY)]
        return self.limits.kept(ticket_of(items[TICKET], items.get(CONTENT, {}), replies))

    def _update(self, ticket_id: str, change: Update, *, sk: str = TICKET) -> None:
        update(self.client, self.table, (ticket_id, sk), change)


def _noted(ticket: Ticket, sets: Item, when: str, values: Item) -> Update:
    """Write what the last line of a ticket's history tells, with that line."""
    return Update(sets, append={"history": [history_item(ticket.history[-1])]}, when=when, values=values)


def _listed(department: str | None, status: Status) -> Item:
    return {"status": str(status), "listed_under": listed_under(department, status)}
