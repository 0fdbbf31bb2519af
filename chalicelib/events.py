"""What a department's queue holds: CloudEvents 1.0. https://github.com/cloudevents/spec.

An event's `id` is the same over redeliveries: who has seen it may drop a repeat.
"""

import json
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from chalicelib.categories import Category
from chalicelib.clocks import Alarm, Clock, ClockName
from chalicelib.history import Happened
from chalicelib.message import Kind
from chalicelib.our_replies import Help
from chalicelib.ticket import Ticket
from chalicelib.views import OpenedTicket, TicketId, View, content, maybe, moment

LONGEST_TEXT = 60_000
"""Characters of a text in an event: in ASCII each of them may be twelve, and SQS takes a mebibyte."""


class UpdatedTicket(OpenedTicket):
    """A ticket whose text was edited, or whose missing parts were fetched; owner and deadline stay."""

    proposed_department: str | None
    edited_at: AwareDatetime | None
    follow_ups: Annotated[int, Field(description="How many further messages of its person have joined it.")]


class WithdrawnTicket(View):
    """A ticket whose message was deleted: nothing of it is left to answer."""

    id: TicketId
    platform: str
    account_id: str | None
    message_id: str
    kind: Kind
    department: str
    withdrawn_at: AwareDatetime


class AlarmedTicket(View):
    """A ticket with a clock that has reached a level. It quotes nobody: text and author are in the ticket."""

    id: TicketId
    platform: str
    account_id: str | None
    message_id: str
    kind: Kind
    permalink: str | None
    category: Category | None
    department: Annotated[str, Field(description="The owner, whoever hears of this.")]
    level: Annotated[str, Field(description="warning, overdue, or escalation_1 and on.")]
    clock: ClockName
    due_at: AwareDatetime
    minutes_late: Annotated[int, Field(description="Negative: so many are left.")]
    help: Annotated[Help, Field(description="What our replies were worth so far.")]
    held_since: Annotated[AwareDatetime, Field(description="When the owner got it.")]
    held_minutes: int


class Event(View):
    """What all events have in common."""

    specversion: Literal["1.0"] = "1.0"
    id: Annotated[str, Field(examples=["t_3f9c0e6b1d2a4c58a7b6c5d4e3f20918:opened:1"])]
    source: Literal["/zustaendig"] = "/zustaendig"
    subject: TicketId
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"


class TicketOpened(Event):
    """A ticket is the department's: it owns it from now on."""

    type: Literal["org.zustaendig.ticket.opened.v1"] = "org.zustaendig.ticket.opened.v1"
    data: OpenedTicket


class TicketUpdated(Event):
    """What the message says has changed."""

    type: Literal["org.zustaendig.ticket.updated.v1"] = "org.zustaendig.ticket.updated.v1"
    data: UpdatedTicket


class TicketWithdrawn(Event):
    """The message was deleted."""

    type: Literal["org.zustaendig.ticket.withdrawn.v1"] = "org.zustaendig.ticket.withdrawn.v1"
    data: WithdrawnTicket


class TicketAlarmed(Event):
    """A clock of a ticket has reached a level, and nobody has stopped it."""

    type: Literal["org.zustaendig.ticket.alarmed.v1"] = "org.zustaendig.ticket.alarmed.v1"
    data: AlarmedTicket


EVENTS: dict[str, type[Event]] = {
    "ticket.opened.v1": TicketOpened,
    "ticket.updated.v1": TicketUpdated,
    "ticket.withdrawn.v1": TicketWithdrawn,
    "ticket.alarmed.v1": TicketAlarmed,
}
"""By the name of the schema that is published in `docs/schemas`."""


def event(what: Happened, ticket: Ticket) -> str:
    """Write what a department is told of its ticket, in ASCII that SQS takes."""
    updated = {Happened.EDITED: _updated, Happened.FOLLOWED_UP: _followed_up}
    write = {**updated, Happened.WITHDRAWN: _withdrawn}.get(what, _opened)
    return json.dumps(write(ticket).model_dump(mode="json"))


def _opened(ticket: Ticket) -> Event:
    return TicketOpened.model_validate(
        _event(ticket, "opened", ticket.moves + 1, moment(ticket.received_at)) | {"data": _content(ticket)}
    )


def _updated(ticket: Ticket, more: str = "") -> Event:
    changed = {
        "proposed_department": ticket.proposed_department,
        "edited_at": maybe(ticket.edited_at),
        "follow_ups": ticket.follow_ups,
    }
    time = moment(ticket.edited_at or ticket.received_at)
    return TicketUpdated.model_validate(
        _event(ticket, "updated", _telling(ticket) + more, time) | {"data": _content(ticket) | changed}
    )


def _followed_up(ticket: Ticket) -> Event:
    """Tell what is new in its further messages; where its text has changed as well, that was told before."""
    return _updated(ticket, f"f{len(ticket.joined)}")


def _telling(ticket: Ticket) -> str:
    """Tell apart what is told of one text: at first as far as it is known, then completely."""
    completed = any(line.what is Happened.COMPLETED for line in ticket.history)
    return f"{ticket.rank}c" if completed else f"{ticket.rank}"


def _withdrawn(ticket: Ticket) -> Event:
    time = moment(ticket.withdrawn_at or ticket.received_at)
    kept = {name: value for name, value in content(ticket).items() if name in WithdrawnTicket.model_fields}
    return TicketWithdrawn.model_validate(
        _event(ticket, "withdrawn", 1, time) | {"data": kept | {"withdrawn_at": time}}
    )


def alarmed(ticket: Ticket, clock: Clock, alarm: Alarm) -> str:
    """Write what is told of an alarm: under the same id each time, with the times of its first claim."""
    at = alarm.at if alarm.claimed_at is None else alarm.claimed_at
    held_since = ticket.received_at if ticket.held_since is None else ticket.held_since
    kept = {name: value for name, value in content(ticket).items() if name in AlarmedTicket.model_fields}
    data = kept | {
        "level": alarm.level,
        "clock": clock.name,
        "due_at": moment(clock.due_at),
        "minutes_late": _minutes(at - clock.due_at),
        "help": ticket.help,
        "held_since": moment(held_since),
        "held_minutes": _minutes(at - held_since),
    }
    event = _event(ticket, "alarm", f"{clock.run}:{alarm.level}", moment(at)) | {"data": data}
    return json.dumps(TicketAlarmed.model_validate(event).model_dump(mode="json"))


def _minutes(seconds: int) -> int:
    """Tell whole minutes, towards zero."""
    return int(seconds / 60)


def _content(ticket: Ticket) -> dict[str, object]:
    text = ticket.text
    cut = text if text is None or len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "…"
    return content(ticket) | {"text": cut}


def _event(ticket: Ticket, what: str, number: int | str, time: datetime) -> dict[str, object]:
    return {"id": f"{ticket.id}:{what}:{number}", "subject": ticket.id, "time": time}
