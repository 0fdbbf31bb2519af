"""The ticket API's verbs of passing on: offer, accept, return, inform; and the ledger of a department."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from chalicelib import bodies, handover_views, listing, passing_on, views
from chalicelib.answering import Deed
from chalicelib.api import NO_SUCH_TICKET, Api, PageQuery, only_its_owner, read_query
from chalicelib.clockwork import Clockwork
from chalicelib.errors import BadRequest, Conflict, Forbidden, NotFound
from chalicelib.handover import Outcome
from chalicelib.history import Happened, HistoryEntry
from chalicelib.identity import Caller
from chalicelib.ledger import Entry, Ledger, partition
from chalicelib.ticket import STOPPED, Status, Ticket
from chalicelib.verbs import Reasoned, room_for_reason
from chalicelib.view import told_at

DAY = 86_400
MOST_SUMMED = 20_000
"""Rows of a ledger that are summed up: some three megabytes of them."""

MOST_INFORMED = 50
PASSING = {Happened.HANDOVER_OFFERED, Happened.HANDOVER_ACCEPTED, Happened.HANDOVER_RETURNED}
CLOSED = "this ticket is {}, so there is nothing to hand over"
NOTHING_OFFERED = "this ticket is not offered to anybody"
DONE = {Happened.HANDOVER_ACCEPTED: "accepted this ticket", Happened.HANDOVER_RETURNED: "ended the offer"}

DepartmentId = Annotated[str, Field(max_length=40, description="The id of a department.")]


class Offer(Reasoned):
    """To which department a ticket is offered, and why."""

    department: DepartmentId


class Informing(BaseModel):
    """Which departments may see a ticket, too."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    departments: Annotated[tuple[DepartmentId, ...], Field(min_length=1, max_length=MOST_INFORMED)]


class HandoverQuery(PageQuery):
    """Which hand-overs. `days`: for how many days back they are summed up."""

    days: Annotated[int, Field(ge=1, le=366)] = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Handovers:
    """What callers may ask of hand-overs.

    All raise Unavailable, and NotFound for what is not theirs to see.
    """

    api: Api
    clockwork: Clockwork
    ledger: Ledger

    def offer(self, caller: Caller, ticket_id: str, body: bytes) -> views.TicketWithHistory:
        """Offer a ticket to another department; its owner stays accountable until that accepts.

        Raises:
            BadRequest: names what is wrong with the body.
            Forbidden: the caller is not its owner.
            Conflict: it is offered already, or closed.

        """
        ticket = self._found(caller, ticket_id, Happened.HANDOVER_OFFERED)
        asked = bodies.read(Offer, body)
        self._check([asked.department], "department")
        make = partial(self._offered, caller, asked.department)
        return self._changed(caller, ticket, make, (caller.subject, asked.reason))

    def accept(self, caller: Caller, ticket_id: str) -> views.TicketWithHistory:
        """Accept a ticket for the department it is offered to, which owns it from now on.

        Raises:
            Forbidden: it is offered to somebody else.
            Conflict: it is not offered any more.

        """
        ticket = self._found(caller, ticket_id, Happened.HANDOVER_ACCEPTED)
        return self._changed(caller, ticket, partial(self._accepted, caller))

    def give_back(self, caller: Caller, ticket_id: str, body: bytes) -> views.TicketWithHistory:
        """Return what is offered to the caller's department, or take back what that has offered.

        Raises:
            BadRequest: names what is wrong with the body.
            Forbidden: the caller is on neither side.
            Conflict: it is not offered any more.

        """
        ticket = self._found(caller, ticket_id, Happened.HANDOVER_RETURNED)
        asked = bodies.read(Reasoned, body)
        return self._changed(caller, ticket, partial(self._returned, caller), (caller.subject, asked.reason))

    def inform(self, caller: Caller, ticket_id: str, body: bytes) -> views.TicketWithHistory:
        """Let other departments see a ticket; its owner stays accountable.

        Raises:
            BadRequest: names what is wrong with the body.
            Forbidden: the caller is not its owner.
            Conflict: its message was deleted.

        """
        ticket = self._found(caller, ticket_id)
        asked = bodies.read(Informing, body)
        self._check(asked.departments, "departments")
        return self._changed(caller, ticket, partial(self._informed, caller, frozenset(asked.departments)))

    def list_handovers(
        self, caller: Caller, department: str, query: Mapping[str, str]
    ) -> handover_views.HandoverPage:
        """List what a department passed on and got, the newest first, with totals.

        Raises:
            BadRequest: names the parameter that is wrong.

        """
        if department not in self.api.departments.ids or not caller.may_see(department):
            raise NotFound("there is no such department")
        asked = read_query(HandoverQuery, query)
        found: dict[str, Entry] = {}

        def read(_partition: str, start: listing.Start, limit: int) -> listing.Rows:
            return self.ledger.read(found, department, start, limit)

        cursor = listing.cursor(asked.cursor)
        page = listing.page([partition(department)], read, asked.limit, cursor, newest_first=True)
        return handover_views.HandoverPage(
            department=department,
            handovers=[handover_views.entry(*found[row]) for row in page.ids],
            totals=self._totals(department, self.api.now() - asked.days * DAY),
            next=page.cursor(len(page.ids)),
        )

    def _totals(self, department: str, since: int) -> handover_views.HandoverTotals:
        """Sum up what was offered since a time; where that is too much, since a later one."""
        rows = list(islice(self.ledger.since(department, since), MOST_SUMMED))
        since = rows[-1].handover.at if len(rows) == MOST_SUMMED else since
        return handover_views.totals(department, (row.handover for row in rows), since)

    def _found(self, caller: Caller, ticket_id: str, repeated: Happened | None = None) -> Ticket:
        """Read a ticket that the caller may see; who has just done what they ask for may repeat it."""
        ticket = self.api.find(ticket_id)
        if not any(map(caller.may_see, ticket.readers)) and _last_by(ticket, caller, repeated) is None:
            raise NotFound(NO_SUCH_TICKET)
        return ticket

    def _changed(
        self, caller: Caller, ticket: Ticket, make: passing_on.Make, why: tuple[str, str] | None = None
    ) -> views.TicketWithHistory:
        """Change a ticket and show it; to who only repeats what took it away from them, without its texts."""

        def in_room(old: Ticket) -> Ticket:
            new = make(old)
            if why and new != old:
                room_for_reason(old)
            return new

        changed = self.clockwork.change(ticket, in_room, why)
        may_read = any(map(caller.may_see, ticket.readers))
        return self.api.single(changed) if may_read else self.api.outline(changed)

    def _check(self, departments: Iterable[str], field: str) -> None:
        there = [each.id for each in self.api.departments.departments if not each.retired]
        if unknown := [each for each in departments if each not in there]:
            raise BadRequest(f"`{field}`: there is no {unknown[0][:40]!r}; there are {', '.join(there)}")

    def _offered(self, caller: Caller, to: str, ticket: Ticket) -> Ticket:
        owner, offer = ticket.decision.department, ticket.handover
        if _was_accepted(ticket, caller, to):
            return ticket
        only_its_owner(caller, ticket)
        if ticket.status in STOPPED:
            raise Conflict(CLOSED.format(ticket.status.replace("_", " ")))
        if offer and offer.to == to:
            return ticket
        if offer:
            raise Conflict(
                f"{offer.by} offered this ticket to {offer.to} at {told_at(offer.at)}:"
                " take that back first (return)"
            )
        if to == owner:
            raise Conflict(f"this ticket is {owner}'s already")
        return passing_on.offered(ticket, to, self._deed(caller, gives_reason=True))

    def _accepted(self, caller: Caller, ticket: Ticket) -> Ticket:
        offer = ticket.handover
        if offer is None:
            return _repeated(ticket, caller, Happened.HANDOVER_ACCEPTED)
        if not caller.may_see(offer.to):
            raise Forbidden(f"this ticket is offered to {offer.to}: only that may accept it")
        return passing_on.accepted(ticket, self._deed(caller), self.clockwork.policies)

    def _returned(self, caller: Caller, ticket: Ticket) -> Ticket:
        offer = ticket.handover
        if offer is None:
            return _repeated(ticket, caller, Happened.HANDOVER_RETURNED)
        if not any(map(caller.may_see, offer.sides)):
            raise Forbidden(f"this ticket is between {offer.giver} and {offer.to}")
        outcome = Outcome.RETURNED if caller.may_see(offer.to) else Outcome.TAKEN_BACK
        return passing_on.returned(ticket, self._deed(caller, gives_reason=True), outcome)

    def _informed(self, caller: Caller, departments: frozenset[str], ticket: Ticket) -> Ticket:
        only_its_owner(caller, ticket)
        if ticket.status is Status.WITHDRAWN:
            raise Conflict("the message of this ticket was deleted, so there is nothing to see")
        return passing_on.informed(ticket, departments, self._deed(caller))

    def _deed(self, caller: Caller, *, gives_reason: bool = False) -> Deed:
        return Deed(self.api.now(), caller.name, caller.subject, gives_reason=gives_reason)


def _last(ticket: Ticket) -> HistoryEntry | None:
    """Give the last line of a history that tells of a hand-over, or of a move."""
    told = (line for line in reversed(ticket.history) if line.what in PASSING or line.correction)
    return next(told, None)


def _last_by(ticket: Ticket, caller: Caller, what: Happened | None) -> HistoryEntry | None:
    """Give the last thing of a kind that was done, if the caller did it."""
    line = next((line for line in reversed(ticket.history) if line.what is what), None)
    return line if line and line.about.get("subject") == caller.subject else None


def _was_accepted(ticket: Ticket, caller: Caller, to: str) -> bool:
    """Tell whether what the caller asks for has come to its end: their offer was accepted."""
    last, offer = _last(ticket), _last_by(ticket, caller, Happened.HANDOVER_OFFERED)
    accepted = last is not None and last.what is Happened.HANDOVER_ACCEPTED
    return accepted and ticket.decision.department == to and offer is not None and offer.about["to"] == to


def _repeated(ticket: Ticket, caller: Caller, what: Happened) -> Ticket:
    """Give the ticket if the caller is who has ended the offer so; else tell who has."""
    last = _last(ticket)
    if last is None or last.what not in DONE:
        raise Conflict(NOTHING_OFFERED)
    if last.what is not what or last.about.get("subject") != caller.subject:
        raise Conflict(f"{last.by} {DONE[last.what]} at {told_at(last.at)}")
    return ticket
