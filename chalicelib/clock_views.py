"""What the world sees of clocks, and of what stops them: replies, and lines of a ticket's history."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from pydantic import AwareDatetime, Field

from chalicelib.clocks import Clock, ClockName
from chalicelib.history import Happened, HistoryEntry
from chalicelib.our_replies import GuardReading, Heard, Help, ObservedReply
from chalicelib.ticket import Ticket
from chalicelib.view import View, maybe, moment

ARE_TIMES = ("_at", "until", "_due")
"""How the names of times end in what a line of history is about."""

TIES = {"subject", "reason"}
"""What ties a line of history to the reason that is kept with the text; nobody is shown them."""


class When(NamedTuple):
    """What time it is, and by department until when a deadline is due soon. UTC epoch seconds."""

    now: int
    soon: Mapping[str, int]

    def is_due_soon(self, ticket: Ticket) -> bool:
        """Tell whether a deadline that runs is not past, and would be warned of by now."""
        due, soon = ticket.due_at, self.soon.get(ticket.decision.department or "")
        return due is not None and soon is not None and self.now <= due <= soon


class ClockView(View):
    """One clock of a ticket: by whose terms it runs, when it is due, and when it was stopped."""

    name: ClockName
    started_at: AwareDatetime
    due_at: AwareDatetime
    stopped_at: AwareDatetime | None
    in_time: Annotated[bool | None, Field(description="Null while it was not stopped.")]
    calendar: str
    calendar_version: str
    policy: Annotated[str, Field(description="Version of the file that grants its hours.")]


class MessageAuthor(View):
    """Who wrote the message."""

    id: str | None
    name: str | None


class PromiseView(View):
    """By when a reply promises something, and in which words, which are erased with it."""

    text: str | None
    due: AwareDatetime


class ReplyReading(View):
    """What the brush-off guard read a reply as, and what a person says that it is.

    `automatic`: a machine said it, so that it stops nothing. `because`: words that speak for the label;
    erased with the reply. `counts`: whether the clocks heard it.
    """

    label: Help
    confidence: float
    automatic: bool
    because: list[str]
    promise: PromiseView | None
    overruled: Help | None
    counts: bool


class Reply(View):
    """What was said in our name: by one of our accounts, as the platform showed it, or as a person told us.

    A deleted one has no text any more. `where`: where a person says that they said it.
    """

    id: str
    message_id: Annotated[str | None, Field(description="Null for what a person told us.")]
    in_reply_to: str | None
    author: MessageAuthor
    text: str | None
    where: str | None
    occurred_at: AwareDatetime | None
    received_at: AwareDatetime
    deleted_at: AwareDatetime | None
    reading: Annotated[ReplyReading | None, Field(description="Null if nothing has read it.")]


class HistoryLine(View):
    """One thing that happened to a ticket; the reason that a person gave for it is erased with the text."""

    at: AwareDatetime
    what: Happened
    by: str | None = None
    account_id: str | None = None
    about: dict[str, str | int | AwareDatetime]
    reason: str | None


def clock(one: Clock) -> dict[str, object]:
    """Write the fields of a `ClockView`."""
    return {
        "name": one.name,
        "started_at": moment(one.started_at),
        "due_at": moment(one.due_at),
        "stopped_at": maybe(one.stopped_at),
        "in_time": one.in_time,
        "calendar": one.calendar,
        "calendar_version": one.calendar_version,
        "policy": one.policy,
    }


def state(ticket: Ticket, when: When) -> dict[str, object]:
    """Write how the clocks of a ticket stand; what is overdue or due soon is asked now."""
    return {
        "status": ticket.status,
        "due_at": maybe(ticket.due_at),
        "due_reason": ticket.due_reason,
        "overdue": ticket.is_overdue(when.now),
        "due_soon": when.is_due_soon(ticket),
        "help": ticket.help,
        "promised_by": maybe(ticket.decision.due(ClockName.PROMISED_BY)),
        "clocks": [clock(one) for one in ticket.decision.clocks],
    }


def replies(ticket: Ticket) -> list[dict[str, object]]:
    """Write the fields of each `Reply` to a ticket."""
    heard = {each.id: each for each in ticket.heard}
    return [_reply(reply, heard.get(reply.id)) for reply in ticket.observed_replies]


def _reply(reply: ObservedReply, heard: Heard | None) -> dict[str, object]:
    return {
        "id": reply.id,
        "message_id": reply.message_id,
        "in_reply_to": reply.in_reply_to,
        "author": {"id": reply.author.id, "name": reply.author.name},
        "text": reply.text,
        "where": reply.where,
        "occurred_at": maybe(reply.occurred_at),
        "received_at": moment(reply.received_at),
        "deleted_at": maybe(reply.deleted_at),
        "reading": reply.reading and _read(reply.reading, heard),
    }


def _read(reading: GuardReading, heard: Heard | None) -> dict[str, object]:
    due = reading.promise
    return {
        "label": reading.label,
        "confidence": reading.confidence,
        "automatic": reading.automatic,
        "because": list(reading.because),
        "promise": None if due is None else {"text": reading.promise_text, "due": moment(due)},
        "overruled": heard and heard.overruled,
        "counts": heard is not None,
    }


def line(entry: HistoryEntry, ticket: Ticket) -> dict[str, object]:
    """Write the fields of a `HistoryLine`."""
    return {
        "at": moment(entry.at),
        "what": entry.what,
        "by": entry.by,
        "account_id": entry.account_id,
        "about": {name: _told(name, value) for name, value in entry.about.items() if name not in TIES},
        "reason": _reason(entry, ticket),
    }


def _told(name: str, value: str | int) -> object:
    return moment(value) if isinstance(value, int) and name.endswith(ARE_TIMES) else value


def _reason(entry: HistoryEntry, ticket: Ticket) -> str | None:
    tie = (entry.about.get("reason"), entry.about.get("subject"))
    reasons = (each for each in ticket.reasons if each.of_change and (each.number, each.by) == tie)
    return next((each.text for each in reasons), None)
