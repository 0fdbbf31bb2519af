"""The ticket API's verbs, for a caller whose token is verified; HTTP stays in `app.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chalicelib import listing, views
from chalicelib.categories import Category
from chalicelib.departments import Departments
from chalicelib.errors import BadRequest, Conflict, Forbidden, NotFound
from chalicelib.identity import Caller
from chalicelib.platforms import PLATFORMS
from chalicelib.quarantine import LISTED_UNDER, Quarantine, retried
from chalicelib.queues import Intake
from chalicelib.ticket import Status, Ticket
from chalicelib.ticket_index import TicketIndex
from chalicelib.ticket_items import listed_under
from chalicelib.ticket_store import TicketStore

OVERDUE = "overdue"

Query = TypeVar("Query", bound="PageQuery")


class PageQuery(BaseModel):
    """How much of a list, and from where."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=25, ge=1, le=100)
    cursor: str | None = Field(default=None, description="The `next` of an earlier page.")


class TicketQuery(PageQuery):
    """Which tickets. `overdue` lists the oldest deadline first, all else the newest first."""

    status: Literal["overdue", "open", "acknowledged", "no_answer_needed"] | None = None
    department: str | None = None
    platform: str | None = Field(default=None, pattern=f"^({'|'.join(PLATFORMS)})$")
    category: Category | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """What callers may ask. Every method answers with a model of `views.py`.

    All raise Unavailable, and NotFound for what the caller may not see.
    """

    tickets: TicketStore
    index: TicketIndex
    quarantine: Quarantine
    intake: Intake
    departments: Departments
    now: Callable[[], int]

    def list_tickets(self, caller: Caller, query: Mapping[str, str]) -> views.TicketPage:
        """List tickets the caller may see.

        Raises:
            BadRequest: names the parameter that is wrong.

        """
        asked = _read(TicketQuery, query)
        now = self.now()
        filters = {name: str(v) for name in ("platform", "category") if (v := getattr(asked, name))}
        read = partial(self.index.arrived, filters)
        if asked.status == OVERDUE:
            read = partial(self.index.overdue, now, filters)
        ids, next_ = listing.page(
            self._partitions(caller, asked),
            read,
            asked.limit,
            listing.positions(asked.cursor) if asked.cursor else {},
            newest_first=asked.status != OVERDUE,
        )
        found = self.tickets.read_all(ids)
        shown = [found[i] for i in ids if i in found and _fits(found[i], asked.status, now)]
        return views.TicketPage(
            tickets=[views.in_list(ticket, now) for ticket in shown], next=listing.cursor(next_)
        )

    def _partitions(self, caller: Caller, asked: TicketQuery) -> list[str]:
        """Name the partitions that hold what is asked for and is the caller's to see."""
        departments = [
            department
            for department in self.departments.ids
            if caller.may_see(department) and asked.department in {None, department}
        ]
        if asked.status == OVERDUE:
            return departments
        wanted = [Status(asked.status)] if asked.status else list(Status)
        partitions = [
            listed_under(department, status)
            for department in departments
            for status in wanted
            if status is not Status.NO_ANSWER_NEEDED
        ]
        unowned = Status.NO_ANSWER_NEEDED in wanted and caller.may_see(None) and not asked.department
        return [*partitions, *([listed_under(None, Status.NO_ANSWER_NEEDED)] if unowned else [])]

    def show_ticket(self, caller: Caller, ticket_id: str) -> views.SingleTicketView:
        """Show one ticket with its history."""
        return views.single(self._visible(caller, ticket_id), self.now())

    def acknowledge_ticket(self, caller: Caller, ticket_id: str) -> views.SingleTicketView:
        """Acknowledge a ticket in the caller's name; the same caller may repeat it.

        Raises:
            Conflict: somebody else has acknowledged it, or it awaits no answer.

        """
        ticket = self._visible(caller, ticket_id)
        if ticket.status is Status.OPEN:
            ticket = self.tickets.acknowledge(ticket, caller.subject, self.now()) or ticket
        if ticket.status is Status.NO_ANSWER_NEEDED:
            raise Conflict("this ticket needs no answer, so there is nothing to acknowledge")
        if ticket.acknowledged_by != caller.subject:
            when = views.moment(ticket.acknowledged_at or 0)
            raise Conflict(f"{ticket.acknowledged_by} acknowledged this ticket at {when:%Y-%m-%dT%H:%M:%SZ}")
        return views.single(ticket, self.now())

    def list_quarantine(self, caller: Caller, query: Mapping[str, str]) -> views.QuarantinePage:
        """List what could not be processed, newest first; for ops."""
        _ops_only(caller)
        asked = _read(PageQuery, query)
        positions = listing.positions(asked.cursor) if asked.cursor else {}
        ids, next_ = listing.page(
            [LISTED_UNDER], self.index.quarantined, asked.limit, positions, newest_first=True
        )
        entries = [views.quarantine_entry(entry) for entry in self.quarantine.read_all(ids)]
        return views.QuarantinePage(quarantine=entries, next=listing.cursor(next_))

    def retry_quarantined(self, caller: Caller, entry_id: str) -> views.QuarantineEntryView:
        """Send an entry through intake again; it disappears once it has been processed. For ops.

        Its deadline still runs from the moment the delivery was first received.
        """
        _ops_only(caller)
        found = self.quarantine.read(entry_id)
        if found is None:
            raise NotFound(f"there is no quarantine entry {entry_id}")
        entry, envelope = found
        self.quarantine.mark_retried(entry_id, self.now())
        self.intake.send(retried(entry_id, envelope).seal())
        return views.quarantine_entry(entry)

    def _visible(self, caller: Caller, ticket_id: str) -> Ticket:
        ticket = self.tickets.read(ticket_id)
        if ticket is None or not caller.may_see(ticket.decision.department):
            raise NotFound(f"there is no ticket {ticket_id}")
        return ticket


def _fits(ticket: Ticket, status: str | None, now: int) -> bool:
    """Tell whether the ticket still is what was asked for: indexes lag behind the table."""
    if status == OVERDUE:
        return ticket.is_overdue(now)
    return status in {None, ticket.status}


def _ops_only(caller: Caller) -> None:
    if not caller.is_ops:
        raise Forbidden("only the role `ops` may do this")


def _read(model: type[Query], query: Mapping[str, str]) -> Query:
    try:
        return model.model_validate(query)
    except ValidationError as error:
        problems = (
            f"`{'.'.join(str(step) for step in problem['loc'])}`: {problem['msg']}"
            for problem in error.errors(include_url=False)
        )
        raise BadRequest("; ".join(problems)) from error
