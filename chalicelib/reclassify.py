"""A person reads a ticket differently: its category and topics change, its owner only if that is asked for.

The worker then tells a new owner and keeps the example. What has it do so is sent before anything is
written, to arrive after that: whatever is cut off in between, somebody comes (docs/decisions/0019).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chalicelib import bodies, envelope
from chalicelib.answering import Deed, settled
from chalicelib.categories import Category, Topic
from chalicelib.clockwork import SAFE_DELAY
from chalicelib.correction import MOST_CORRECTIONS, PERSON, Correction, Reading, Reason
from chalicelib.decision import Decision, Result
from chalicelib.departments import Departments, Owner
from chalicelib.errors import Conflict, Unavailable
from chalicelib.history import Happened, HistoryEntry
from chalicelib.identity import Caller
from chalicelib.observability import Count
from chalicelib.passing_on import hurried, moved_on
from chalicelib.policies import Policies
from chalicelib.ticket import Status, Ticket

if TYPE_CHECKING:
    from chalicelib.queues import Intake
    from chalicelib.ticket_store import TicketStore

TRIES = 5
TALK = f"this ticket was reclassified {MOST_CORRECTIONS} times: agree on what it is"
WITHDRAWN = "the message of this ticket was deleted, so there is nothing to reclassify"


class Reclassification(BaseModel):
    """What a message really is. `topics`: as they are, if left out. `move`: to whose it is by the rules."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    category: Category
    topics: Annotated[tuple[Topic, ...] | None, Field(description="Left out or null: as they are.")] = None
    reason: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=1000),
        Field(description="For people; it is erased with the text."),
    ]
    move: Annotated[
        bool, Field(description="Give the ticket to whose it is by the rules; `other` is nobody's.")
    ] = False


def read(body: bytes) -> Reclassification:
    """Read the body of a call.

    Raises:
        BadRequest: names what is wrong.
        BodyTooLarge: nobody has so much to say.

    """
    return bodies.read(Reclassification, body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """Takes what people say of tickets. All methods raise Unavailable and Rejected."""

    tickets: "TicketStore"
    intake: "Intake"
    policies: Policies
    count: Count
    now: Callable[[], int]

    def changes(self, ticket: Ticket, asked: Reclassification) -> bool:
        """Tell whether a ticket is not yet as it is asked for."""
        somebody = Caller("", "", frozenset())
        return reclassified(ticket, asked, self.policies, somebody, self.now()) is not ticket

    def reclassify(self, ticket: Ticket, asked: Reclassification, by: Caller) -> Ticket:
        """Reclassify a ticket; nothing, if it is as asked already.

        Raises:
            Conflict: its message was deleted, or people cannot agree.

        """
        found: Ticket | None = ticket
        for _ in range(TRIES):
            if found is None or found.status is Status.WITHDRAWN:
                raise Conflict(WITHDRAWN)
            new = reclassified(found, asked, self.policies, by, self.now())
            if new is found:
                return found
            if new.corrections > MOST_CORRECTIONS:
                raise Conflict(TALK)
            if self._write(found, new, Reason(new.corrections, by.subject, asked.reason)):
                return self.tickets.read(new.id) or new
            found = self.tickets.read(ticket.id)
        raise Unavailable("others keep changing the same ticket")

    def _write(self, old: Ticket, new: Ticket, reason: Reason) -> bool:
        follow_up = envelope.follow_up(new.id, self.now())
        self.intake.send(follow_up, brief=False, delay=SAFE_DELAY)
        self.tickets.contents.give_reason(old, reason)
        if not self.tickets.reclassify(old, new):
            return False
        was, now = old.decision.category or "none", new.decision.category or "none"
        self.count("Corrected", **{"from": was, "to": now})
        self.intake.send(follow_up, brief=False)
        return True


def reclassified(ticket: Ticket, asked: Reclassification, policies: Policies, by: Caller, now: int) -> Ticket:
    """Give a ticket as it is asked for; the same ticket if it is so already. Pure."""
    topics = ticket.decision.topics
    if asked.topics is not None:
        topics = tuple(str(topic) for topic in Topic if topic in asked.topics)
    owner = _owner(policies.departments, asked.category, topics)
    read = replace(
        ticket.decision,
        category=str(asked.category),
        topics=topics,
        confidence=None,
        decided_by=PERSON,
        result=Result.DECIDED,
        guesses=(),
        for_review=False,
    )
    theirs = owner.department if owner else None
    moves = asked.move and theirs != ticket.decision.department
    new = _moved(ticket, read, owner, policies) if moves else _kept(ticket, read, owner, policies)
    same = (new.decision, new.proposed_department) == (ticket.decision, ticket.proposed_department)
    return ticket if same else _noted(ticket, new, by, now)


def _owner(departments: Departments, category: Category, topics: tuple[str, ...]) -> Owner | None:
    if category is Category.OTHER:
        return None
    return departments.owner(category, tuple(map(Topic, topics)))


def _kept(ticket: Ticket, read: Decision, owner: Owner | None, policies: Policies) -> Ticket:
    """Leave a ticket with its owner, who may have less time by the new reading, and propose another."""
    if owner is None:
        return replace(ticket, decision=read, proposed_department=None)
    if owner.department == read.department:
        read = replace(read, clocks=hurried(ticket, owner, read.category, policies))
        return replace(ticket, decision=read, proposed_department=None)
    if owner.urgent and read.department:  # danger is urgent for whoever has the ticket
        ours = owner.model_copy(update={"department": read.department})
        read = replace(read, clocks=hurried(ticket, ours, read.category, policies))
    return replace(ticket, decision=read, proposed_department=owner.department)


def _moved(ticket: Ticket, read: Decision, owner: Owner | None, policies: Policies) -> Ticket:
    """Give a ticket to another owner, or to none. Clocks and pauses go on; no deadline is later for it."""
    clocks = hurried(ticket, owner, read.category, policies) if owner else ticket.decision.clocks
    moved = replace(
        ticket,
        decision=replace(read, department=owner.department if owner else None, clocks=clocks),
        status=_status(ticket) if owner else Status.NO_ANSWER_NEEDED,
        proposed_department=None,
        moves=ticket.moves + 1,
        handover=None,
        held_since=None,
        dispatched_at=None,
        told_rank=None,
    )
    return settled(moved, policies)


def _status(ticket: Ticket) -> Status:
    """Tell where a ticket stands that is moved: what needed no answer is open again, all else as it is."""
    if ticket.status is not Status.NO_ANSWER_NEEDED:
        return ticket.status
    is_paused = bool(ticket.pauses) and ticket.pauses[-1].until is None
    return Status.PAUSED if is_paused else Status.OPEN


def _noted(ticket: Ticket, new: Ticket, by: Caller, now: int) -> Ticket:
    number = ticket.corrections + 1
    was, read = _reading(ticket.decision), _reading(new.decision)
    correction = Correction(number=number, by=by.subject, was=was, now=read, edited_at=ticket.edited_at)
    line = HistoryEntry(now, Happened.RECLASSIFIED, by=by.name, correction=correction)
    noted = replace(new, corrections=number, history=(*ticket.history, line))
    return moved_on(ticket, noted, Deed(now, by.name, by.subject))


def _reading(decision: Decision) -> Reading:
    return Reading(
        category=decision.category,
        topics=decision.topics,
        department=decision.department,
        decided_by=decision.decided_by,
        confidence=decision.confidence,
    )
