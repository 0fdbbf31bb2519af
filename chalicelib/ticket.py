"""The ticket: a message with an owner and a deadline. Pure rules; times are UTC epoch seconds."""

from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import blake2b

from chalicelib.message import Author, Message


class Status(StrEnum):
    """Where a ticket stands. Overdue is no status: it is asked of the clock at read time."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    NO_ANSWER_NEEDED = "no_answer_needed"


class Happened(StrEnum):
    """What the history of a ticket tells."""

    OPENED = "opened"
    RECEIVED_AGAIN = "received_again"  # by another account or product
    DISPATCHED = "dispatched"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of a ticket's history."""

    at: int
    what: Happened
    by: str | None = None
    account_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was made of the message when it was first seen; stored before the first send, never remade.

    `category`, `confidence` and `decided_by` are None where there was no text to classify.
    `department` and `acknowledge_by` are None where no answer is needed.
    """

    category: str | None
    confidence: float | None
    topics: tuple[str, ...] = ()
    decided_by: str | None
    department: str | None
    acknowledge_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One message, its decision, and what has happened since. The same for all its accounts."""

    id: str
    platform: str
    message_id: str
    kind: str
    account_id: str | None
    in_reply_to: str | None
    author: Author
    text: str | None
    permalink: str | None
    incomplete: bool
    occurred_at: int | None
    received_at: int
    decision: Decision
    status: Status
    accounts: frozenset[str] = frozenset()
    dispatched_at: int | None = None
    acknowledged_at: int | None = None
    acknowledged_by: str | None = None
    history: tuple[HistoryEntry, ...] = ()

    def is_overdue(self, now: int) -> bool:
        """Tell whether the answer is still awaited and late."""
        due = self.decision.acknowledge_by
        return self.status is Status.OPEN and due is not None and due < now


MAY_LACK = ("account_id", "in_reply_to", "text", "permalink", "occurred_at")


def ticket_id(platform: str, message_id: str) -> str:
    """Derive the id from platform and message id and nothing else, so that every repeat meets its ticket."""
    return "t_" + blake2b(f"{platform}\0{message_id}".encode(), digest_size=16).hexdigest()


def open_ticket(message: Message, decision: Decision, received_at: int) -> Ticket:
    """Open the ticket of a message that was seen for the first time."""
    return Ticket(
        id=ticket_id(message.platform, message.message_id),
        platform=message.platform,
        message_id=message.message_id,
        kind=message.kind,
        account_id=message.account_id,
        in_reply_to=message.in_reply_to,
        author=message.author,
        text=message.text,
        permalink=message.permalink,
        incomplete=message.needs_lookup,
        occurred_at=message.occurred_at,
        received_at=received_at,
        decision=decision,
        status=Status.OPEN if decision.department else Status.NO_ANSWER_NEEDED,
        accounts=frozenset(filter(None, [message.account_id])),
        history=(HistoryEntry(received_at, Happened.OPENED, account_id=message.account_id),),
    )


def enriched(ticket: Ticket, message: Message, now: int) -> Ticket:
    """Take over from a repeat what the ticket lacks; the same ticket if there is nothing new.

    The decision stands: a repeat never classifies or routes again.
    """
    gaps = {name: getattr(message, name) for name in MAY_LACK if getattr(ticket, name) is None}
    filled = replace(
        ticket,
        **gaps,
        author=Author(ticket.author.id or message.author.id, ticket.author.name or message.author.name),
        incomplete=ticket.incomplete and message.needs_lookup,
    )
    account = message.account_id
    if account is None or account in ticket.accounts:
        return filled
    again = HistoryEntry(now, Happened.RECEIVED_AGAIN, account_id=account)
    return replace(filled, accounts=filled.accounts | {account}, history=(*filled.history, again))
