"""What the world sees: JSON of tickets, events, quarantine and problems, as pydantic models."""

import json
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from chalicelib.categories import Category
from chalicelib.message import Kind
from chalicelib.quarantine import Entry
from chalicelib.ticket import Happened, HistoryEntry, Status, Ticket

TicketId = Annotated[
    str, Field(pattern=r"^[a-z0-9_]{1,40}$", examples=["t_3f9c0e6b1d2a4c58a7b6c5d4e3f20918"])
]


EntryId = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$", examples=["q_304aff5f95b8b29c2f72ac059b4d8238"])]


class View(BaseModel):
    """Closed to unknown fields when we write it; open to more, later, for those who read it."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra=lambda schema: schema.pop("additionalProperties", None),
        json_schema_serialization_defaults_required=True,
    )


class MessageAuthor(View):
    """Who wrote the message."""

    id: str | None
    name: str | None


class HistoryLine(View):
    """One thing that happened to a ticket."""

    at: AwareDatetime
    what: Happened
    by: str | None = None
    account_id: str | None = None


class OpenedTicket(View):
    """A ticket as it was opened; times are RFC 3339 in UTC, what a platform does not tell is null."""

    id: TicketId
    platform: str
    account_id: str | None
    message_id: str
    kind: Kind
    in_reply_to: str | None
    author: MessageAuthor
    text: str | None
    permalink: str | None
    category: Category | None
    confidence: float | None
    department: str | None
    incomplete: Annotated[
        bool, Field(description="A look-up must still fetch what the delivery only points at.")
    ]
    occurred_at: AwareDatetime | None
    received_at: AwareDatetime
    acknowledge_by: AwareDatetime | None


class ListedTicket(OpenedTicket):
    """A ticket in a list."""

    status: Status
    overdue: bool


class TicketWithHistory(ListedTicket):
    """A ticket shown singly, with its history."""

    history: list[HistoryLine]


class TicketPage(View):
    """Some tickets; `next` asks for more. A page may be short, even empty, and still have a next one."""

    tickets: list[ListedTicket]
    next: str | None


class TicketOpened(View):
    """What a department's queue holds: a CloudEvent 1.0. https://github.com/cloudevents/spec.

    `id` is the same over redeliveries: who has seen it may drop a repeat.
    """

    specversion: Literal["1.0"] = "1.0"
    id: Annotated[str, Field(examples=["t_3f9c0e6b1d2a4c58a7b6c5d4e3f20918:opened:1"])]
    source: Literal["/zustaendig"] = "/zustaendig"
    type: Literal["org.zustaendig.ticket.opened.v1"] = "org.zustaendig.ticket.opened.v1"
    subject: TicketId
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    data: OpenedTicket


class QuarantineEntry(View):
    """A delivery or message that could not be processed. `size` is in bytes."""

    id: EntryId
    platform: str
    error: str
    size: int
    attempts: int
    received_at: AwareDatetime
    quarantined_at: AwareDatetime
    retried_at: AwareDatetime | None


class QuarantinePage(View):
    """Some quarantine entries, newest first."""

    quarantine: list[QuarantineEntry]
    next: str | None


class Problem(View):
    """Problem details. https://www.rfc-editor.org/rfc/rfc9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


def moment(seconds: int) -> datetime:
    """Tell UTC epoch seconds as a time."""
    return datetime.fromtimestamp(seconds, UTC)


def _maybe(seconds: int | None) -> datetime | None:
    return None if seconds is None else moment(seconds)


def in_list(ticket: Ticket, now: int) -> ListedTicket:
    """Show a ticket in a list; whether it is overdue is asked now."""
    return ListedTicket.model_validate(
        {**_content(ticket), "status": ticket.status, "overdue": ticket.is_overdue(now)}
    )


def size(view: View) -> int:
    """Tell how many bytes a view takes in an answer of Lambda: JSON within JSON, in ASCII."""
    return len(json.dumps(json.dumps(view.model_dump(mode="json"))))


def single(ticket: Ticket, now: int) -> TicketWithHistory:
    """Show a ticket with its history."""
    history = [_history(entry) for entry in ticket.history]
    return TicketWithHistory.model_validate({**in_list(ticket, now).model_dump(), "history": history})


def opened_event(ticket: Ticket) -> str:
    """Write the event that tells a department of its ticket, in ASCII that SQS takes."""
    event = TicketOpened.model_validate(
        {
            "id": f"{ticket.id}:opened:1",
            "subject": ticket.id,
            "time": moment(ticket.received_at),
            "data": _content(ticket),
        }
    )
    return json.dumps(event.model_dump(mode="json"))


def quarantine_entry(entry: Entry) -> QuarantineEntry:
    """Show a quarantine entry, without what it keeps."""
    return QuarantineEntry(
        id=entry.id,
        platform=entry.platform,
        error=entry.error,
        size=entry.size,
        attempts=entry.attempts,
        received_at=moment(entry.received_at),
        quarantined_at=moment(entry.quarantined_at),
        retried_at=_maybe(entry.retried_at),
    )


def _content(ticket: Ticket) -> dict[str, object]:
    decision = ticket.decision
    return {
        "id": ticket.id,
        "platform": ticket.platform,
        "account_id": ticket.account_id,
        "message_id": ticket.message_id,
        "kind": ticket.kind,
        "in_reply_to": ticket.in_reply_to,
        "author": {"id": ticket.author.id, "name": ticket.author.name},
        "text": ticket.text,
        "permalink": ticket.permalink,
        "category": decision.category,
        "confidence": decision.confidence,
        "department": decision.department,
        "incomplete": ticket.incomplete,
        "occurred_at": _maybe(ticket.occurred_at),
        "received_at": moment(ticket.received_at),
        "acknowledge_by": _maybe(decision.acknowledge_by),
    }


def _history(entry: HistoryEntry) -> dict[str, object]:
    return {"at": moment(entry.at), "what": entry.what, "by": entry.by, "account_id": entry.account_id}
