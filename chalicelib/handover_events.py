"""What department queues hold of hand-overs, as CloudEvents. Nothing in them is personal; see `events.py`."""

import json
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from chalicelib.events import Event
from chalicelib.handover import Handover, Outcome
from chalicelib.message import Kind
from chalicelib.ticket import Ticket
from chalicelib.view import View, maybe, moment
from chalicelib.views import TicketId


class PassedTicket(View):
    """A ticket that one department passes on to another, and until when it must be seen or answered."""

    id: TicketId
    platform: str
    account_id: str | None
    message_id: str
    kind: Kind
    from_department: str | None
    to_department: str | None
    offered_at: AwareDatetime
    due_at: Annotated[
        AwareDatetime | None, Field(description="The earliest deadline that ran when it was offered.")
    ]


class EndedOffer(PassedTicket):
    """An offer that is over, and how it ended."""

    ended_at: AwareDatetime
    outcome: Literal[Outcome.ACCEPTED, Outcome.RETURNED, Outcome.TAKEN_BACK, Outcome.LAPSED]


class TicketOffered(Event):
    """A ticket is offered to the department: `from_department` owns it until the offer is accepted."""

    type: Literal["org.zustaendig.ticket.offered.v1"] = "org.zustaendig.ticket.offered.v1"
    data: PassedTicket


class TicketAccepted(Event):
    """What the department has offered was accepted: it owns the ticket no more."""

    type: Literal["org.zustaendig.ticket.accepted.v1"] = "org.zustaendig.ticket.accepted.v1"
    data: EndedOffer


class TicketReturned(Event):
    """An offer is over, and the ticket stays with `from_department`. Both sides are told."""

    type: Literal["org.zustaendig.ticket.returned.v1"] = "org.zustaendig.ticket.returned.v1"
    data: EndedOffer


class TicketInformed(Event):
    """The department may see a ticket; another one is accountable for it."""

    type: Literal["org.zustaendig.ticket.informed.v1"] = "org.zustaendig.ticket.informed.v1"
    data: PassedTicket


EVENTS: dict[str, type[Event]] = {
    "ticket.offered.v1": TicketOffered,
    "ticket.accepted.v1": TicketAccepted,
    "ticket.returned.v1": TicketReturned,
    "ticket.informed.v1": TicketInformed,
}
"""By the name of the schema that is published in `docs/schemas`."""


BOTH = ("giver", "to")
TOLD: dict[Outcome, tuple[type[Event], str, tuple[str, ...]]] = {
    Outcome.PENDING: (TicketOffered, "offered", ("to",)),
    Outcome.INFORMED: (TicketInformed, "informed", ("to",)),
    Outcome.ACCEPTED: (TicketAccepted, "accepted", ("giver",)),
    Outcome.RETURNED: (TicketReturned, "returned", BOTH),
    Outcome.TAKEN_BACK: (TicketReturned, "returned", BOTH),
    Outcome.LAPSED: (TicketReturned, "returned", BOTH),
}
"""What is told of which outcome, and to whom. Of a move, its new owner hears as of any ticket of its own."""


def events(handover: Handover, ticket: Ticket) -> Iterator[tuple[str, str]]:
    """Write what is told of a hand-over, and to which departments, in ASCII that SQS takes."""
    if handover.outcome not in TOLD:
        return
    model, what, sides = TOLD[handover.outcome]
    said = model.model_validate(_event(handover, ticket, what) | {"data": _data(handover, ticket, model)})
    for side in sides:
        if (department := getattr(handover, side)) is not None:
            yield department, json.dumps(said.model_dump(mode="json"))


def _event(handover: Handover, ticket: Ticket, what: str) -> dict[str, object]:
    time = moment(handover.at if handover.ended_at is None else handover.ended_at)
    return {"id": f"{ticket.id}:{what}:{handover.number}", "subject": ticket.id, "time": time}


def _data(handover: Handover, ticket: Ticket, model: type[Event]) -> dict[str, object]:
    ended = {"ended_at": maybe(handover.ended_at), "outcome": handover.outcome}
    return {
        "id": ticket.id,
        "platform": ticket.platform,
        "account_id": ticket.account_id,
        "message_id": ticket.message_id,
        "kind": ticket.kind,
        "from_department": handover.giver,
        "to_department": handover.to,
        "offered_at": moment(handover.at),
        "due_at": maybe(handover.due_at),
        **(ended if model in {TicketAccepted, TicketReturned} else {}),
    }
