"""How a ticket lies in the table.

Two items share the ticket's id as `pk`: `ticket` (decision, state, history) and `content` (text, author,
permalink: what is personal), so that the personal one can expire or be erased alone. Sparse attributes:

awaiting      department id, only while the ticket awaits its answer; index `awaiting-by-deadline`
listed_under  department and status; index `listed-by-arrival`

None is not stored.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from chalicelib.message import Author
from chalicelib.ticket import Decision, Happened, HistoryEntry, Status, Ticket

type_serializer = TypeSerializer()
type_deserializer = TypeDeserializer()

Item = dict[str, Any]
"""Attribute values in Python types."""

TICKET, CONTENT = "ticket", "content"


def dumped(values: Mapping[str, Any]) -> dict[str, Any]:
    """Write attribute values as DynamoDB wants them, None left out."""
    return {name: type_serializer.serialize(_plain(v)) for name, v in values.items() if v is not None}


def loaded(item: Mapping[str, Any]) -> Item:
    """Read attribute values as DynamoDB gives them."""
    return {name: type_deserializer.deserialize(value) for name, value in item.items()}


def _plain(value: Any) -> Any:
    return Decimal(str(round(value, 4))) if isinstance(value, float) else value


def listed_under(department: str | None, status: Status) -> str:
    """Name the partition of `listed-by-arrival` for tickets of a department in a status."""
    return f"{department}/{status}" if department else str(status)


def ticket_item(ticket: Ticket) -> Item:
    """Write the item of a new ticket, without personal content."""
    decision = ticket.decision
    return {
        "pk": ticket.id,
        "sk": TICKET,
        "platform": ticket.platform,
        "message_id": ticket.message_id,
        "kind": str(ticket.kind),
        "account_id": ticket.account_id,
        "in_reply_to": ticket.in_reply_to,
        "incomplete": ticket.incomplete,
        "occurred_at": ticket.occurred_at,
        "received_at": ticket.received_at,
        "category": decision.category and str(decision.category),
        "confidence": decision.confidence,
        "topics": [str(topic) for topic in decision.topics],
        "decided_by": decision.decided_by,
        "department": decision.department,
        "acknowledge_by": decision.acknowledge_by,
        "status": str(ticket.status),
        "accounts": set(ticket.accounts) or None,
        "history": [history_item(entry) for entry in ticket.history],
        "awaiting": decision.department,
        "listed_under": listed_under(decision.department, ticket.status),
    }


def history_item(entry: HistoryEntry) -> Item:
    """Write one line of history."""
    item = {"at": entry.at, "what": str(entry.what), "by": entry.by, "account_id": entry.account_id}
    return {name: value for name, value in item.items() if value is not None}


def content_values(ticket: Ticket) -> Item:
    """Write what is personal, without the key."""
    return {
        "text": ticket.text,
        "author_id": ticket.author.id,
        "author_name": ticket.author.name,
        "permalink": ticket.permalink,
    }


def ticket_of(item: Item, content: Item) -> Ticket:
    """Read a ticket back from its two items; `content` is empty once it has expired."""
    return Ticket(
        id=item["pk"],
        platform=item["platform"],
        message_id=item["message_id"],
        kind=item["kind"],
        account_id=item.get("account_id"),
        in_reply_to=item.get("in_reply_to"),
        author=Author(content.get("author_id"), content.get("author_name")),
        text=content.get("text"),
        permalink=content.get("permalink"),
        incomplete=item["incomplete"],
        occurred_at=_seconds(item, "occurred_at"),
        received_at=int(item["received_at"]),
        decision=_decision(item),
        status=Status(item["status"]),
        accounts=frozenset(item.get("accounts", ())),
        dispatched_at=_seconds(item, "dispatched_at"),
        acknowledged_at=_seconds(item, "acknowledged_at"),
        acknowledged_by=item.get("acknowledged_by"),
        history=tuple(_history_entry(entry) for entry in item["history"]),
    )


def _decision(item: Item) -> Decision:
    return Decision(
        category=item.get("category"),
        confidence=float(item["confidence"]) if "confidence" in item else None,
        topics=tuple(item["topics"]),
        decided_by=item.get("decided_by"),
        department=item.get("department"),
        acknowledge_by=_seconds(item, "acknowledge_by"),
    )


def _history_entry(entry: Item) -> HistoryEntry:
    return HistoryEntry(int(entry["at"]), Happened(entry["what"]), entry.get("by"), entry.get("account_id"))


def _seconds(item: Item, name: str) -> int | None:
    return int(item[name]) if name in item else None
