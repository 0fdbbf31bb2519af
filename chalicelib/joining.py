"""Which message joins a ticket, and what it does to the clocks of that. Pure; times are UTC epoch seconds.

Why, and what opens a ticket of its own: docs/decisions/0024.
"""

from dataclasses import replace
from functools import partial
from typing import NamedTuple

from chalicelib import thanks
from chalicelib.answering import Deed, reopened, resumed, settled, told
from chalicelib.calendars.arithmetic import open_seconds_between
from chalicelib.calendars.calendar import ALWAYS
from chalicelib.categories import Category, Topic
from chalicelib.clocks import Clock, ClockName, sooner
from chalicelib.decision import Decision, Result
from chalicelib.history import About, Happened
from chalicelib.message import Change, Kind, Message
from chalicelib.policies import Policies
from chalicelib.ticket import RANKS, Status, Ticket, rank_of, ticket_id

REOPENS_FOR = 14 * 24 * 60 * 60
"""Seconds after the answer in which a new question reopens its ticket; later it opens one of its own."""

MOST_FURTHER = 100
"""Messages that join one ticket, their edits included; what comes then opens one of its own."""

SURE = frozenset({Result.DECIDED, Result.DECIDED_BY_SECOND_READER})
CLOSED = frozenset({Status.ANSWERED, Status.RESOLVED})
JOINED_WHILE = frozenset({Status.OPEN, Status.ACKNOWLEDGED, Status.PAUSED, *CLOSED})


def may_join(ticket: Ticket, message: Message, at: int) -> bool:
    """Tell whether a message that was received `at` joins a ticket of its conversation.

    Only what surely comes from the same person, to the same account; whatever is doubtful opens its own.
    """
    if message.needs_lookup or message.kind is Kind.REVIEW or message.author.id is None:
        return False
    same = (message.platform, message.account_id, message.author.id)
    if same != (ticket.platform, ticket.account_id, ticket.author.id) or ticket.status not in JOINED_WHILE:
        return False
    return len(ticket.joined) < MOST_FURTHER and at <= _closed_at(ticket, at) + REOPENS_FOR


class Addition(NamedTuple):
    """A further message: how it is read, from when its person waits for it, and the mark it leaves."""

    message: Message
    read: Decision
    start: int
    mark: str


def is_thanks(message: Message, read: Decision) -> bool:
    """Tell whether a message surely asks for nothing: thanks, a greeting, praise."""
    text = message.text or ""
    if "?" in text or Topic.SAFETY in read.topics:
        return False
    surely = read.result in SURE and read.category in {Category.PRAISE, Category.OTHER}
    return surely or thanks.is_bare(text)


def mark_of(message: Message, received_at: int) -> str:
    """Name what a message has done to a ticket: its text as it was created, and each edit, once."""
    own_id = ticket_id(message.platform, message.message_id)
    if message.change is not Change.EDITED:
        return own_id
    return f"{own_id}@{rank_of(message, received_at) // RANKS}"


def joined(ticket: Ticket, added: Addition, policies: Policies) -> Ticket:
    """Note that the person wrote again; the same ticket if that is noted, or there is nothing to join."""
    message, read, start, mark = added
    if mark in ticket.joined or ticket.status not in JOINED_WHILE:
        return ticket
    own_id = ticket_id(message.platform, message.message_id)
    about: About = {"message": own_id, "category": str(read.category or "none")}
    marks = ticket.joined | {mark}
    noted = replace(ticket, joined=marks, follow_ups=len({one.partition("@")[0] for one in marks}))
    noted = told(noted, Deed(start), Happened.FOLLOWED_UP, about)
    if ticket.status is Status.PAUSED:
        noted = resumed(noted, Deed(start), policies)
    if is_thanks(message, read):
        return noted
    asked_at = min(start, message.occurred_at or start)  # we may have seen an answer to it before
    noted = replace(noted, asked_at=max(asked_at, noted.asked_at or 0))
    if noted.status in CLOSED and start > _closed_at(ticket, start):
        noted = reopened(noted, Deed(start), policies)
    return _hurried(noted, read, policies)


def _hurried(ticket: Ticket, read: Decision, policies: Policies) -> Ticket:
    """Give the clocks that run the deadlines of a further message that is surely more urgent."""
    if ticket.status in CLOSED or not (read.result in SURE or Topic.SAFETY in read.topics):
        return ticket
    theirs = {clock.name: clock for clock in read.clocks}
    ours = tuple(_sooner(ticket, clock, theirs.get(clock.name), policies) for clock in ticket.decision.clocks)
    return settled(replace(ticket, decision=replace(ticket.decision, clocks=ours)), policies)


def _sooner(ticket: Ticket, ours: Clock, theirs: Clock | None, policies: Policies) -> Clock:
    """Give a clock that goes on from when it started, with their deadline if that is earlier."""
    if theirs is None or ours.stopped_at is not None or theirs.due_at >= ours.due_at:
        return ours
    calendar = policies.calendars.get(theirs.calendar, ALWAYS)
    passed = partial(open_seconds_between, calendar)
    paused = sum(passed(pause.start, pause.until) for pause in ticket.pauses if pause.until is not None)
    seconds = max(0, passed(ours.started_at, theirs.due_at) - paused)
    return replace(sooner(ours, theirs), started_at=ours.started_at, seconds=seconds)


def _closed_at(ticket: Ticket, otherwise: int) -> int:
    """Tell when a ticket was answered or resolved; `otherwise` if it was not."""
    answer = ticket.decision.clock(ClockName.ANSWER_BY)
    ends = [ticket.resolved_at, answer.stopped_at if answer else None]
    return max((at for at in ends if at is not None), default=otherwise)
