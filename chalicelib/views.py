"""What the world sees: JSON of tickets, quarantine and problems, as pydantic models."""

import json
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from chalicelib import clock_views, explanations
from chalicelib.categories import Category, Topic
from chalicelib.clock_views import ClockView, HistoryLine, MessageAuthor, Reply, When
from chalicelib.clocks import ClockName
from chalicelib.correction import PERSON
from chalicelib.decision import Result
from chalicelib.further import FurtherMessage
from chalicelib.history import Happened, HistoryEntry
from chalicelib.message import Kind
from chalicelib.our_replies import Help
from chalicelib.quarantine import Entry
from chalicelib.ticket import Status, Ticket
from chalicelib.view import View, maybe, moment

__all__ = ["View", "maybe", "moment"]

TicketId = Annotated[
    str, Field(pattern=r"^[a-z0-9_]{1,40}$", examples=["t_3f9c0e6b1d2a4c58a7b6c5d4e3f20918"])
]


EntryId = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$", examples=["q_304aff5f95b8b29c2f72ac059b4d8238"])]


class CorrectionLine(HistoryLine):
    """A person read a ticket differently, or confirmed its reading. The reason is erased with the text."""

    what: Literal[Happened.RECLASSIFIED]
    from_category: Category | None
    to_category: Category | None
    from_topics: list[str]
    to_topics: list[str]
    from_department: str | None
    to_department: str | None
    reason: str | None


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
    topics: Annotated[list[Topic], Field(description="What it is about, whatever it asks.")]
    language: Annotated[
        str | None, Field(description="de, en, other, or unknown if there is too little to tell.")
    ]
    department: str | None
    for_review: Annotated[
        bool, Field(description="It needs no answer, and is looked at as part of the review sample.")
    ]
    incomplete: Annotated[
        bool, Field(description="A look-up must still fetch what the delivery only points at.")
    ]
    backfilled: Annotated[
        bool, Field(description="It was fetched late; its time runs from when it was said, not received.")
    ]
    occurred_at: AwareDatetime | None
    received_at: AwareDatetime
    acknowledge_by: AwareDatetime | None
    answer_by: AwareDatetime | None


class ListedTicket(OpenedTicket):
    """A ticket in a list."""

    proposed_department: Annotated[
        str | None, Field(description="Whose it would be by its edited text, if that is not its owner.")
    ]
    status: Status
    offered_to: Annotated[
        str | None, Field(description="Which department may accept it. Until then, its owner is accountable.")
    ]
    due_at: Annotated[AwareDatetime | None, Field(description="The earliest deadline that runs.")]
    due_reason: Annotated[ClockName | None, Field(description="Which clock has it.")]
    overdue: bool
    due_soon: Annotated[bool, Field(description="Not overdue, and near enough to be warned of.")]
    help: Annotated[Help, Field(description="What our replies are worth to who wrote.")]
    promised_by: AwareDatetime | None
    clocks: list[ClockView]
    edited_at: AwareDatetime | None
    withdrawn_at: AwareDatetime | None


class CategoryGuess(View):
    """What a message may be, and how likely that is (0 to 1)."""

    category: Category
    probability: float


class Explanation(View):
    """Why it was read so, for people; in German and in English."""

    de: str
    en: str


class Reading(View):
    """How the present text was read, and why.

    `result` is null for tickets that are older than it. `model` names the model, the rule or the second
    reader, or is `person`. `because`: words of the text that spoke most for the category; erased with it.
    """

    result: Result | None
    category: Category | None
    probability: float | None
    guesses: list[CategoryGuess]
    topics: list[Topic]
    language: str | None
    model: str | None
    because: list[str]
    explanation: Explanation


class Further(View):
    """What the person has added: it joined the ticket, and its id leads there. Deleted, it has no text."""

    id: TicketId
    message_id: str
    text: str | None
    permalink: str | None
    category: Category | None
    occurred_at: AwareDatetime | None
    received_at: AwareDatetime
    deleted_at: AwareDatetime | None


class TicketWithHistory(ListedTicket):
    """A ticket shown singly, with its reading, its history and the replies of ours that were observed."""

    reading: Reading
    informed: Annotated[list[str], Field(description="Departments that may see it beside its owner.")]
    history: list[CorrectionLine | HistoryLine]
    observed_replies: list[Reply]
    further_messages: list[Further]


class TicketPage(View):
    """Some tickets; `next` asks for more. A page may be short, even empty, and still have a next one."""

    tickets: list[ListedTicket]
    next: str | None


class QuarantineEntry(View):
    """A delivery or message that could not be processed. `size` is in bytes.

    `content_until`: when what it holds is erased, as its platform demands; it cannot be retried from then on.
    """

    id: EntryId
    platform: str
    error: str
    size: int
    attempts: int
    received_at: AwareDatetime
    quarantined_at: AwareDatetime
    retried_at: AwareDatetime | None
    content_until: AwareDatetime | None
    content_erased: bool


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


def in_list(ticket: Ticket, when: When) -> ListedTicket:
    """Show a ticket in a list; whether it is overdue is asked now."""
    return ListedTicket.model_validate(
        {
            **content(ticket),
            "proposed_department": ticket.proposed_department,
            **clock_views.state(ticket, when),
            "offered_to": ticket.handover and ticket.handover.to,
            "edited_at": maybe(ticket.edited_at),
            "withdrawn_at": maybe(ticket.withdrawn_at),
        }
    )


def size(view: View) -> int:
    """Tell how many bytes a view takes in an answer of Lambda: JSON within JSON, in ASCII."""
    return len(json.dumps(json.dumps(view.model_dump(mode="json"))))


def single(ticket: Ticket, when: When, names: Mapping[str, str]) -> TicketWithHistory:
    """Show a ticket with its history; `names` are those of the departments, by id."""
    more = {
        "reading": _reading(ticket, names),
        "informed": sorted(ticket.informed),
        "history": [clock_views.line(entry, ticket) | _corrected(entry, ticket) for entry in ticket.history],
        "observed_replies": clock_views.replies(ticket),
        "further_messages": [_further(one) for one in ticket.further],
    }
    return TicketWithHistory.model_validate({**in_list(ticket, when).model_dump(), **more})


def quarantine_entry(entry: Entry, now: int) -> QuarantineEntry:
    """Show a quarantine entry, without what it keeps."""
    return QuarantineEntry(
        id=entry.id,
        platform=entry.platform,
        error=entry.error,
        size=entry.size,
        attempts=entry.attempts,
        received_at=moment(entry.received_at),
        quarantined_at=moment(entry.quarantined_at),
        retried_at=maybe(entry.retried_at),
        content_until=maybe(entry.content_until),
        content_erased=entry.is_erased(now),
    )


def content(ticket: Ticket) -> dict[str, object]:
    """Write the fields of an `OpenedTicket`."""
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
        "topics": decision.topics,
        "language": decision.language,
        "department": decision.department,
        "for_review": decision.for_review,
        "incomplete": ticket.incomplete,
        "backfilled": ticket.backfilled,
        "occurred_at": maybe(ticket.occurred_at),
        "received_at": moment(ticket.received_at),
        "acknowledge_by": maybe(decision.acknowledge_by),
        "answer_by": maybe(decision.due(ClockName.ANSWER_BY)),
    }


def _further(one: FurtherMessage) -> dict[str, object]:
    return {
        "id": one.id,
        "message_id": one.message_id,
        "text": one.text,
        "permalink": one.permalink,
        "category": one.category,
        "occurred_at": maybe(one.occurred_at),
        "received_at": moment(one.received_at),
        "deleted_at": maybe(one.deleted_at),
    }


def _reading(ticket: Ticket, names: Mapping[str, str]) -> dict[str, object]:
    decision = ticket.decision
    return {
        "result": decision.result,
        "category": decision.category,
        "probability": decision.confidence,
        "guesses": [{"category": each, "probability": odds} for each, odds in decision.guesses],
        "topics": decision.topics,
        "language": decision.language,
        "model": decision.decided_by,
        "because": () if decision.decided_by == PERSON else decision.because,
        "explanation": explanations.explain(decision, names, incomplete=ticket.incomplete),
    }


def _corrected(entry: HistoryEntry, ticket: Ticket) -> dict[str, object]:
    made = entry.correction
    if made is None:
        return {}
    reasons = {(reason.number, reason.by): reason.text for reason in ticket.reasons if not reason.of_change}
    return {
        "from_category": made.was.category,
        "to_category": made.now.category,
        "from_topics": list(made.was.topics),
        "to_topics": list(made.now.topics),
        "from_department": made.was.department,
        "to_department": made.now.department,
        "reason": reasons.get((made.number, made.by)),
    }
