"""DynamoDB: tickets. Every write is one call and safe to repeat."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from chalicelib.attributes import CONTENT, FURTHER, REPLY, TICKET, Item
from chalicelib.content_store import ContentStore
from chalicelib.history import Happened, HistoryEntry
from chalicelib.history_items import history_item
from chalicelib.merging import said_at, withdrawn
from chalicelib.reply_items import further_of
from chalicelib.storage_limits import StorageLimits
from chalicelib.table_reads import read_keys, read_partition
from chalicelib.table_writes import NOT_THERE, Update, put, unchanged, update
from chalicelib.ticket import KNOWS_LESS, Status, Ticket
from chalicelib.ticket_items import (
    content_values,
    listed_under,
    reading_values,
    state_values,
    ticket_item,
    ticket_of,
)

IS_TICKET = "attribute_exists(#status)"
NOTHING: Item = {}
OVER = ("awaiting", "due_at", "alarms", "alarm_at", "proposed_department", "offered_to", "offered_at")
"""What a withdrawn ticket has no more. That a hand-over has lapsed is still to be told."""

ANEW = ("dispatched_at", "told_rank", "proposed_department")
"""What a ticket has no more when it has a new owner."""

MOST_LINES = 200
"""Lines of a history; what comes after them is done, but not told there. An item holds 400 KB."""


class Found(NamedTuple):
    """What lies under an id: a ticket; that the message was deleted; what it answers, if it is ours.

    joined: the ticket that the message has joined.
    """

    ticket: Ticket | None
    deleted: bool = False
    answers: frozenset[str] = frozenset()
    joined: str | None = None


@dataclass(frozen=True, slots=True)
class TicketStore:
    """The tickets of one table.

    All methods raise Unavailable (may work the next time) and Rejected (never will).
    """

    client: Any
    table: str
    limits: StorageLimits

    @property
    def contents(self) -> ContentStore:
        """What is personal in them."""
        return ContentStore(self.client, self.table, self.limits)

    def find(self, ticket_id: str) -> Found:
        """Read what lies under an id, consistently, in one query."""
        items = read_partition(self.client, self.table, ticket_id)
        by_sk = {item["sk"]: item for item in items}
        there = by_sk.get(TICKET, {})
        answers = frozenset(there.get("answers", ()))
        ticket = self._ticket(by_sk)
        return Found(ticket, "deleted_at" in there, answers, None if ticket else there.get("joined"))

    def is_there(self, ticket_id: str) -> bool:
        """Tell whether anything is known of a message: its ticket, that it has joined one, its deletion."""
        items = read_partition(self.client, self.table, ticket_id, between=(TICKET, TICKET))
        return next(items, None) is not None

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
        self.contents.fill(ticket)
        self.contents.revise(ticket)
        if put(self.client, self.table, ticket_item(ticket), NOT_THERE):
            return ticket
        found = self.find(ticket.id)
        if found.ticket is None and found.deleted:
            return self.open_withdrawn(ticket, found)
        return found.ticket or self._open_over(ticket, found)

    def open_withdrawn(self, ticket: Ticket, found: Found) -> Ticket:
        """Put the ticket of a message whose deletion came first, as withdrawn and without content."""
        self.contents.erase(ticket.id)
        return self._open_over(withdrawn(ticket), found)

    def _open_over(self, ticket: Ticket, found: Found) -> Ticket:
        """Put a ticket in the place of what is none; what a message of ours answers is kept with it.

        A message may be ours for one account and somebody else's for another: better a ticket too many.
        """
        item = ticket_item(ticket) | {"answers": set(found.answers) or None}
        put(self.client, self.table, item, "attribute_not_exists(#status)")
        return ticket

    def enrich(self, old: Ticket, new: Ticket) -> None:
        """Write what a repeat has added; a decision or a status is never written here.

        Content that has expired or was erased stays away.
        """
        if content_values(old) != content_values(new):
            self.contents.fill_kept(new)
        once = {n: getattr(new, n) for n in ("account_id", "in_reply_to") if getattr(old, n) is None}
        if any(once.values()):
            self._update(new.id, Update(once=once, when=IS_TICKET))
        if new.occurred_at != old.occurred_at:
            said = {"occurred_at": new.occurred_at}
            self._update(new.id, Update(once=said, when=IS_TICKET))
            self._update(new.id, Update(said, when="#occurred_at > :occurred_at"))
        if new.accounts != old.accounts:
            self._note_account(new)

    def _note_account(self, ticket: Ticket) -> None:
        line = next(e for e in reversed(ticket.history) if e.what is Happened.RECEIVED_AGAIN)
        change = Update(
            add={"accounts": {line.account_id}},
            append=_appended(ticket, [line]),
            when=f"{IS_TICKET} AND NOT contains(#accounts, :account)",
            values={":account": line.account_id},
        )
        self._update(ticket.id, change)

    def rewrite(self, old: Ticket, new: Ticket) -> bool:
        """Write a text and how it is read, and an owner if it has one now; False if others have changed it.

        The content goes first; if that is all that is done, `text_rank` is ahead, and the rest is done again.
        """
        if new.rank > old.rank:
            self.contents.revise(new)
        elif new.decision.because != old.decision.because:
            self.contents.note_because(new)
        sets = {
            **reading_values(new),
            "rank": new.rank,
            "edited_at": new.edited_at,
            "incomplete": new.incomplete,
            **({} if new.told_rank == old.told_rank else {"told_rank": new.told_rank}),
        }
        gets_owner = new.status is not old.status
        if gets_owner:
            sets |= {**state_values(new), "for_review": new.decision.for_review or None}
        as_read = {"rank": old.rank, "status": str(old.status), "incomplete": old.incomplete}
        as_read |= {"revision": old.revision or None} if gets_owner else {}
        others = {"corrections": old.corrections or None, "moves": old.moves or None}
        when, values = unchanged({**as_read, **others})
        add = {"revision": 1} if gets_owner else {}
        append = _appended(old, new.history[len(old.history) :])
        change = Update(sets, add=add, append=append, when=when, values=values)
        return update(self.client, self.table, (new.id, TICKET), change)

    def change(self, old: Ticket, new: Ticket, sets: Item = NOTHING, was: Item = NOTHING) -> bool:
        """Write what people and clocks have changed; False if others have changed the ticket since.

        sets: what else is to be set. was: what else must be as it was read.
        """
        moved = dict.fromkeys(ANEW) if new.moves != old.moves else {}
        as_read = {"revision": old.revision or None, "status": str(old.status)}
        when, values = unchanged({**as_read, **was})
        change = Update(
            {**state_values(new), **moved, **sets},
            add={"revision": 1},
            append=_appended(old, new.history[len(old.history) :]),
            when=when,
            values=values,
        )
        return update(self.client, self.table, (new.id, TICKET), change)

    def note_repeat(self, ticket: Ticket, rank: int) -> None:
        """Remember that a text was received again: of those of one version the last received counts."""
        self.contents.raise_rank(ticket.id, rank)
        told = {"told_rank": rank} if ticket.told_rank == ticket.rank else {}
        change = Update({"rank": rank, **told}, when="#rank = :old", values={":old": ticket.rank})
        self._update(ticket.id, change)

    def withdraw(self, ticket: Ticket, now: int) -> bool:
        """Withdraw a ticket whose message was deleted, and erase what is personal in it.

        Returns:
            Whether that is done; not, if others have changed it meanwhile: a message may have joined it.

        """
        as_read = {"department": ticket.decision.department, "revision": ticket.revision or None}
        same, values = unchanged(as_read)
        listed = _listed(ticket.decision.department, Status.WITHDRAWN)
        change = Update(
            {**listed, "withdrawn_at": now, "edited_at": None, **dict.fromkeys(OVER)},
            add={"revision": 1},
            append={"history": [history_item(HistoryEntry(now, Happened.WITHDRAWN))]},
            when=f"{IS_TICKET} AND #status <> :status AND {same}",
            values=values,
        )
        done = update(self.client, self.table, (ticket.id, TICKET), change)
        self.contents.erase(ticket.id)
        return done or ticket.status is Status.WITHDRAWN

    def mark_told(self, ticket: Ticket, what: Happened, now: int) -> None:
        """Remember what the owner has been told, if it still is; of the dispatch, the first time counts."""
        here, moves = unchanged({"moves": ticket.moves or None})
        if what is Happened.WITHDRAWN:
            change = Update({"told_withdrawn": True}, when=IS_TICKET)
        elif what is Happened.FOLLOWED_UP:
            less = (
                "#told_joined < :told_joined" if ticket.told_joined else "attribute_not_exists(#told_joined)"
            )
            said = {"told_joined": len(ticket.joined)}
            change = Update(said, when=f"{IS_TICKET} AND {here} AND {less}", values=moves)
        elif what is Happened.EDITED:
            told_more = f"#told_rank < :told_rank AND {here}"
            change = Update({"told_rank": ticket.rank}, when=told_more, values=moves)
        else:
            told = KNOWS_LESS if ticket.changed_since_opened else ticket.rank
            change = Update(
                {"dispatched_at": now, "told_rank": told},
                append={"history": [history_item(HistoryEntry(now, Happened.DISPATCHED))]},
                when=f"{IS_TICKET} AND attribute_not_exists(#dispatched_at) AND {here}",
                values=moves,
            )
        self._update(ticket.id, change)

    def reclassify(self, old: Ticket, new: Ticket) -> bool:
        """Write how a person reads a ticket, and its new owner if any; False if others have changed it.

        A text that comes meanwhile is read by rank and status, a state by its revision.
        """
        read = {**reading_values(new), "corrections": new.corrections, "for_review": None}
        return self.change(old, new, read, {"rank": old.rank, "corrections": old.corrections or None})

    def _ticket(self, items: dict[str, Item]) -> Ticket | None:
        if "status" not in items.get(TICKET, {}):
            return None
        replies = [item for sk, item in items.items() if sk.startswith(REPLY)]
        ticket = ticket_of(items[TICKET], items.get(CONTENT, {}), replies)
        said = tuple(sorted(ticket.observed_replies, key=said_at))
        further = [further_of(item) for sk, item in items.items() if sk.startswith(FURTHER)]
        in_order = tuple(sorted(further, key=lambda one: (one.occurred_at or one.received_at, one.id)))
        return self.limits.kept(replace(ticket, observed_replies=said, further=in_order))

    def _update(self, ticket_id: str, change: Update) -> None:
        update(self.client, self.table, (ticket_id, TICKET), change)


def _appended(ticket: Ticket, lines: Sequence[HistoryEntry]) -> Item:
    """Append to a history, as long as it leaves room in the item for all else that may happen."""
    if len(ticket.history) >= MOST_LINES or not lines:
        return {}
    return {"history": [history_item(line) for line in lines]}


def _listed(department: str | None, status: Status) -> Item:
    return {"status": str(status), "listed_under": listed_under(department, status)}
