"""The ticket API's verbs, for a caller whose token is verified; HTTP stays in `app.py`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from chalicelib import deadline_view, listing, reclassify, simulations, views
from chalicelib.categories import Category
from chalicelib.clock_views import When
from chalicelib.departments import Departments
from chalicelib.errors import BadRequest, Conflict, Forbidden, NotFound
from chalicelib.identity import Caller
from chalicelib.merging import MOST_REPLIES, answers, said_at
from chalicelib.message import Author
from chalicelib.platforms import PLATFORMS
from chalicelib.policies import Policies
from chalicelib.quarantine import LISTED_UNDER, Quarantine
from chalicelib.queues import Intake
from chalicelib.reply_store import ReplyStore
from chalicelib.storage_limits import StorageLimits
from chalicelib.ticket import Status, Ticket
from chalicelib.ticket_index import FILTERED_BY, Filters, TicketIndex
from chalicelib.ticket_items import listed_under
from chalicelib.ticket_store import TicketStore

OVERDUE, DUE_SOON, OFFERED = "overdue", "due_soon", "offered"
BY_DEADLINE = {OVERDUE, DUE_SOON}
STATUSES_OF_NOBODY = {Status.NO_ANSWER_NEEDED, Status.WITHDRAWN}
STATUSES_OF_AN_OWNER = {*Status} - {Status.NO_ANSWER_NEEDED}
NO_SUCH_TICKET = "there is no such ticket"
MOST_ENTRIES = 100  # of a page
ID = listing.ROW_ID

MOST_BYTES = 4 * 1024 * 1024
"""Bytes of tickets in a page. Lambda answers with 6 MB at most, and a single ticket may hold a tenth of it.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

Query = TypeVar("Query", bound="PageQuery")


def _known(platform: str) -> str:
    if platform not in PLATFORMS:
        raise ValueError(f"there are {', '.join(PLATFORMS)}")
    return platform


PlatformName = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": [*PLATFORMS]})]


class PageQuery(BaseModel):
    """How much of a list, and from where."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[
        int,
        Field(ge=1, description=f"More than {MOST_ENTRIES} are not shown at once."),
        AfterValidator(partial(min, MOST_ENTRIES)),
    ] = 25
    cursor: Annotated[str | None, Field(description="The `next` of an earlier page.")] = None


class TicketQuery(PageQuery):
    """Which tickets. `overdue` and `due_soon` list the oldest deadline first, all else the newest first.

    `offered`: those that other departments offer to the caller's, or to `department`.
    """

    status: (
        Literal[
            "overdue",
            "due_soon",
            "offered",
            "open",
            "acknowledged",
            "answered",
            "paused",
            "resolved",
            "withdrawn",
            "no_answer_needed",
        ]
        | None
    ) = None
    department: str | None = None
    platform: PlatformName | None = None
    category: Category | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """What callers may ask. Every method answers with a model of `views.py`.

    All raise Unavailable, and NotFound for what the caller may not see.
    """

    tickets: TicketStore
    replies: ReplyStore
    index: TicketIndex
    corrections: reclassify.Corrections
    policies: Policies
    quarantine: Quarantine
    limits: StorageLimits
    intake: Intake
    now: Callable[[], int]

    @property
    def departments(self) -> Departments:
        """The departments, retired ones too."""
        return self.policies.departments

    def list_tickets(self, caller: Caller, query: Mapping[str, str]) -> views.TicketPage:
        """List tickets the caller may see.

        Raises:
            BadRequest: names the parameter that is wrong.

        """
        asked = read_query(TicketQuery, query)
        if caller.is_ops and asked.department not in {None, *self.departments.ids}:
            raise BadRequest(f"`department`: there are {', '.join(self.departments.ids)}")
        now = self.now()
        filters = {name: str(v) for name in FILTERED_BY if (v := getattr(asked, name))}
        partitions = self._partitions(caller, asked)
        page = listing.page(
            partitions,
            self._reads(asked, filters, partitions, now),
            asked.limit,
            listing.cursor(asked.cursor),
            newest_first=asked.status not in BY_DEADLINE,
        )
        return self._page(page, caller, asked)

    def _reads(
        self, asked: TicketQuery, filters: Filters, partitions: Iterable[str], now: int
    ) -> listing.Read:
        """Choose how to read what is asked for."""
        if asked.status == OVERDUE:
            return partial(self.index.overdue, now, filters)
        if asked.status == DUE_SOON:
            spans = {owner: (now, self.policies.soon(owner, now)) for owner in partitions}
            return partial(self.index.due_soon, spans, filters)
        return partial(self.index.offered if asked.status == OFFERED else self.index.arrived, filters)

    def _page(self, page: listing.Page, caller: Caller, asked: TicketQuery) -> views.TicketPage:
        """Show the tickets of a page that still are what was asked for, as many as fit into an answer."""
        found = self.tickets.read_all(page.ids)
        when = self._when(found.values())
        shown: dict[str, views.ListedTicket] = {}  # a ticket that has just moved may be there twice
        size = done = 0
        for ticket_id in page.ids:
            if ticket_id in found and _fits(found[ticket_id], caller, asked, when):
                view = views.in_list(found[ticket_id], when)
                size += views.size(view)
                if shown and size > MOST_BYTES:
                    break
                shown[ticket_id] = view
            done += 1
        return views.TicketPage(tickets=list(shown.values()), next=page.cursor(done))

    def _partitions(self, caller: Caller, asked: TicketQuery) -> list[str]:
        """Name the partitions that hold what is asked for and is the caller's to see."""
        seen = [
            department
            for department in (*self.departments.ids, None)
            if caller.may_see(department) and asked.department in {None, department}
        ]
        if asked.status in BY_DEADLINE | {OFFERED}:
            return [department for department in seen if department]
        wanted = [Status(asked.status)] if asked.status else list(Status)
        return [
            listed_under(department, status)
            for department in seen
            for status in wanted
            if status in (STATUSES_OF_NOBODY if department is None else STATUSES_OF_AN_OWNER)
        ]

    def show_ticket(self, caller: Caller, ticket_id: str) -> views.TicketWithHistory:
        """Show one ticket with its history, and what our own accounts answered."""
        return self.single(self.readable(caller, ticket_id))

    def single(self, ticket: Ticket) -> views.TicketWithHistory:
        """Show a ticket with its history, and what was said in our name."""
        return views.single(self.with_replies(ticket), self._when([ticket]), self.departments.names)

    def outline(self, ticket: Ticket) -> views.TicketWithHistory:
        """Show a ticket with its history, and nothing that anybody wrote."""
        bare = replace(
            ticket,
            author=Author(),
            text=None,
            permalink=None,
            decision=ticket.decision.without_words(),
            reasons=(),
            further=(),
            observed_replies=(),
        )
        return views.single(bare, self._when([ticket]), self.departments.names)

    def with_replies(self, ticket: Ticket) -> Ticket:
        """Give a ticket with its replies; in a direct conversation, that is whatever we said later."""
        if ticket.conversation is None:
            return ticket
        said = answers(ticket, self.replies.of_conversation(ticket.conversation))
        counts = {each.id for each in ticket.heard}
        said = (*said[:MOST_REPLIES], *(each for each in said[MOST_REPLIES:] if each.id in counts))
        all_said = tuple(sorted([*ticket.observed_replies, *said], key=said_at))
        return self.limits.kept(replace(ticket, observed_replies=all_said))

    def explain_deadline(self, caller: Caller, ticket_id: str) -> deadline_view.DeadlineExplained:
        """Explain the deadlines of a ticket."""
        return deadline_view.show(self.readable(caller, ticket_id), self.policies)

    def simulate_deadline(self, caller: Caller, body: bytes) -> simulations.SimulatedDeadline:
        """Tell what would happen to a message; nothing is kept. For ops and departments.

        Raises:
            BadRequest: names what is wrong.
            BodyTooLarge: no calendar takes so much.
            Forbidden: the caller is neither.

        """
        if not any(map(caller.may_see, self.departments.ids)):
            raise Forbidden("only ops and departments may do this")
        return simulations.simulate(simulations.read(body), self.policies)

    def _when(self, tickets: Iterable[Ticket]) -> When:
        """Tell what time it is, and for the departments of tickets, until when something is due soon."""
        now, owners = self.now(), {ticket.decision.department for ticket in tickets}
        return When(now, {owner: self.policies.soon(owner, now) for owner in owners if owner})

    def reclassify_ticket(self, caller: Caller, ticket_id: str, body: bytes) -> views.TicketWithHistory:
        """Say what a ticket's message really is; whoever has just given it away by that may repeat it.

        Raises:
            BadRequest: names what is wrong with the body.
            BodyTooLarge: nobody has so much to say.
            Conflict: its message was deleted, or people cannot agree.

        """
        ticket = self.tickets.read(ticket_id) if ID.fullmatch(ticket_id) else None
        if ticket is None or not (caller.may_see(ticket.decision.department) or _gave_away(caller, ticket)):
            raise NotFound(NO_SUCH_TICKET)
        asked = reclassify.read(body)
        if not caller.may_see(ticket.decision.department) and self.corrections.changes(ticket, asked):
            raise NotFound(NO_SUCH_TICKET)
        return self.single(self.corrections.reclassify(ticket, asked, caller))

    def list_quarantine(self, caller: Caller, query: Mapping[str, str]) -> views.QuarantinePage:
        """List what could not be processed, newest first; for ops."""
        _ops_only(caller)
        asked = read_query(PageQuery, query)
        cursor = listing.cursor(asked.cursor)
        page = listing.page([LISTED_UNDER], self.index.quarantined, asked.limit, cursor, newest_first=True)
        now = self.now()
        entries = [views.quarantine_entry(entry, now) for entry in self.quarantine.read_all(page.ids)]
        return views.QuarantinePage(quarantine=entries, next=page.cursor(len(page.ids)))

    def retry_quarantined(self, caller: Caller, entry_id: str) -> views.QuarantineEntry:
        """Send an entry through intake again; it disappears once it has been processed. For ops.

        Its deadline still runs from the moment the delivery was first received. What it holds stays in the
        table, where it is erased in time: SQS might keep it longer than its platform allows.

        Raises:
            Conflict: what it held is erased.

        """
        _ops_only(caller)
        held, now = self.quarantine.read(entry_id) if ID.fullmatch(entry_id) else None, self.now()
        if held and held.entry.is_erased(now):
            raise Conflict(
                "what this entry held is erased, as its platform demands: look for it on the platform itself"
            )
        if held is None or held.envelope is None:  # there is none, or it is just being removed
            raise NotFound("there is no such quarantine entry")
        self.intake.send(held.envelope.kept().seal(), brief=False)
        self.quarantine.mark_retried(held.entry, now)
        return views.quarantine_entry(replace(held.entry, retried_at=now), now)

    def find(self, ticket_id: str) -> Ticket:
        """Read a ticket, whoever may see it; the id of a further message leads to the one it joined."""
        found = self.tickets.find(ticket_id) if ID.fullmatch(ticket_id) else None
        ticket = found and (self.tickets.read(found.joined) if found.joined else found.ticket)
        if ticket is None:
            raise NotFound(NO_SUCH_TICKET)
        return ticket

    def readable(self, caller: Caller, ticket_id: str) -> Ticket:
        """Read a ticket that the caller may see."""
        ticket = self.find(ticket_id)
        if not any(map(caller.may_see, ticket.readers)):
            raise NotFound(NO_SUCH_TICKET)
        return ticket

    def own(self, caller: Caller, ticket_id: str) -> Ticket:
        """Read a ticket that is the caller's to act on."""
        ticket = self.find(ticket_id)
        only_its_owner(caller, ticket)
        return ticket


def only_its_owner(caller: Caller, ticket: Ticket) -> None:
    """Let nobody act on a ticket but its owner and ops.

    Raises:
        Forbidden: the caller may see it: it is offered to their department, or that is informed.
        NotFound: the caller may not even know of it.

    """
    if caller.may_see(ticket.decision.department):
        return
    if any(map(caller.may_see, ticket.readers)):
        raise Forbidden(f"this ticket is {ticket.decision.department}'s: you may see it, and not change it")
    raise NotFound(NO_SUCH_TICKET)


def _fits(ticket: Ticket, caller: Caller, asked: TicketQuery, when: When) -> bool:
    """Tell whether the ticket still is the caller's, and what was asked for: indexes lag behind the table."""
    if asked.status == OFFERED:
        to = ticket.handover.to if ticket.handover else None
        return to is not None and caller.may_see(to) and asked.department in {None, to}
    owner = ticket.decision.department
    if not caller.may_see(owner) or asked.department not in {None, owner}:
        return False
    if asked.status == OVERDUE:
        return ticket.is_overdue(when.now)
    if asked.status == DUE_SOON:
        return when.is_due_soon(ticket)
    return asked.status in {None, ticket.status}


def _gave_away(caller: Caller, ticket: Ticket) -> bool:
    """Tell whether the caller is who has given the ticket to its owner."""
    made = [line.correction for line in ticket.history if line.correction]
    return bool(made) and made[-1].by == caller.subject and caller.may_see(made[-1].was.department)


def _ops_only(caller: Caller) -> None:
    if not caller.is_ops:
        raise Forbidden("only the role `ops` may do this")


def read_query(model: type[Query], query: Mapping[str, str]) -> Query:
    """Read the parameters of a call.

    Raises:
        BadRequest: names the parameter that is wrong.

    """
    try:
        return model.model_validate(query)
    except ValidationError as error:
        known = f"there is no such parameter; there are {', '.join(model.model_fields)}"
        problems = (
            f"`{problem['loc'][0]}`: {known if problem['type'] == 'extra_forbidden' else problem['msg']}"
            for problem in error.errors(include_url=False)
        )
        raise BadRequest("; ".join(problems)) from error
