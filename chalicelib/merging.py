"""How a ticket takes in what is said again, edited, deleted, or fetched later. Pure; see decision 9.

Times are UTC epoch seconds.
"""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.clocks import Clock
from chalicelib.correction import PERSON
from chalicelib.decision import Decision
from chalicelib.history import Happened, HistoryEntry
from chalicelib.message import Author, Change, Message
from chalicelib.our_replies import ObservedReply
from chalicelib.ticket import KNOWS_LESS, RANKS, Status, Ticket, conversation_id, rank_of, ticket_id

MOST_REPLIES = 50
"""Of a conversation, as many as are shown with a message."""

MAY_LACK = ("account_id", "in_reply_to", "permalink", "occurred_at")


def answers(ticket: Ticket, said: Iterable[ObservedReply]) -> tuple[ObservedReply, ...]:
    """Choose what answers a ticket of all we said in its conversation, later: what quotes it, or nothing."""
    start = ticket.occurred_at or ticket.received_at
    quoted = {None, ticket.message_id, *(one.message_id for one in ticket.further)}
    chosen = (reply for reply in said if reply.in_reply_to in quoted and said_at(reply) >= start)
    return tuple(sorted(chosen, key=said_at))


def newest(said: Iterable[ObservedReply]) -> tuple[ObservedReply, ...]:
    """Give each reply once, oldest first: of those that lie under two ids, with the newer text."""
    once = {reply.id: reply for reply in sorted(said, key=lambda reply: reply.rank)}
    return tuple(sorted(once.values(), key=said_at))


def said_at(reply: ObservedReply) -> int:
    """Tell when a reply was said, or else when we heard of it."""
    return reply.occurred_at or reply.received_at


def open_ticket(
    message: Message, decision: Decision, received_at: int, *, backfilled: bool = False
) -> Ticket:
    """Open the ticket of a message that was seen for the first time, be it by an edit."""
    return Ticket(
        id=ticket_id(message.platform, message.message_id),
        platform=message.platform,
        message_id=message.message_id,
        kind=message.kind,
        account_id=message.account_id,
        in_reply_to=message.in_reply_to,
        author=message.author,
        text=message.text,
        permalink=message.permalink,
        incomplete=message.needs_lookup,
        backfilled=backfilled,
        occurred_at=message.occurred_at,
        received_at=received_at,
        decision=decision,
        status=Status.OPEN if decision.department else Status.NO_ANSWER_NEEDED,
        rank=rank_of(message, received_at),
        text_rank=rank_of(message, received_at),
        edited_at=(message.occurred_at or received_at) if message.change is Change.EDITED else None,
        conversation=conversation_id(message),
        accounts=frozenset(filter(None, [message.account_id])),
        history=(HistoryEntry(received_at, Happened.OPENED, account_id=message.account_id),),
    )


def withdrawn(ticket: Ticket) -> Ticket:
    """Give the ticket of a message whose deletion came first: nobody need be told of it."""
    gone_at = ticket.received_at
    return replace(
        ticket,
        author=Author(),
        text=None,
        permalink=None,
        decision=ticket.decision.without_words(),
        status=Status.WITHDRAWN,
        edited_at=None,
        withdrawn_at=gone_at,
        told_withdrawn=True,
        history=(HistoryEntry(gone_at, Happened.WITHDRAWN, account_id=ticket.account_id),),
    )


def is_newer(ticket: Ticket, message: Message, received_at: int) -> bool:
    """Tell whether a message has a text that is to replace the ticket's."""
    rank = rank_of(message, received_at)
    if message.change is not Change.EDITED or ticket.erased or rank <= ticket.rank:
        return False
    return not is_repeat(ticket, message, received_at)


def is_repeat(ticket: Ticket, message: Message, received_at: int) -> bool:
    """Tell whether an edit is the one that was read last; one that was only written is to be read still."""
    rank = rank_of(message, received_at)
    same = rank // RANKS == ticket.version and message.text == ticket.text
    return message.change is Change.EDITED and same and ticket.text_rank == ticket.rank


def revised(ticket: Ticket, message: Message, read: Decision, received_at: int, now: int) -> Ticket:
    """Take over a newer text and how it is read; owner and deadline stay, another owner is only proposed."""
    line = HistoryEntry(now, Happened.EDITED, account_id=message.account_id)
    return replace(
        ticket,
        text=message.text,
        permalink=message.permalink or ticket.permalink,
        rank=rank_of(message, received_at),
        text_rank=rank_of(message, received_at),
        edited_at=message.occurred_at or received_at,
        decision=_reread(ticket, read),
        proposed_department=_proposed(ticket, read),
        history=(*ticket.history, line),
    )


def completed(ticket: Ticket, read: Decision, now: int) -> Ticket:
    """Note that what was missing has been fetched, and how it is read; owner and deadline stay."""
    return replace(
        ticket,
        incomplete=False,
        told_rank=None if ticket.told_rank is None else KNOWS_LESS,
        decision=_reread(ticket, read),
        proposed_department=_proposed(ticket, read),
        history=(*ticket.history, HistoryEntry(now, Happened.COMPLETED)),
    )


def _reread(ticket: Ticket, read: Decision) -> Decision:
    """Take over how a text is read, unless a person has decided: then that only proposes another owner."""
    ours = ticket.decision
    if ours.decided_by == PERSON:
        return ours.without_words()  # they were those of another text
    return replace(
        read,
        department=ours.department,
        clocks=ours.clocks,
        for_review=ours.for_review,
    )


def _proposed(ticket: Ticket, read: Decision) -> str | None:
    owner = ticket.decision.department
    if owner is None or read.for_review:  # who reviews what needs no answer would not own it
        return None
    return read.department if read.department not in {None, owner} else None


def owned(ticket: Ticket, read: Decision, now: int) -> Ticket:
    """Give an owner to a ticket that needed no answer, by a text that does.

    If a person had found that it needs none, this is another text, and how that is read counts. If it had
    clocks before that, they go on: the person has been waiting.
    """
    ours = read if ticket.decision.decided_by == PERSON else ticket.decision
    decision = replace(
        ours,
        department=read.department,
        clocks=_waiting(ticket, read),
        for_review=read.for_review,
    )
    line = HistoryEntry(now, Happened.OWNER_GIVEN)
    return replace(
        ticket,
        decision=decision,
        status=Status.OPEN,
        pauses=tuple(pause if pause.until else replace(pause, until=now) for pause in ticket.pauses),
        resolved_at=None,
        acknowledged_at=None,
        acknowledged_by=None,
        history=(*ticket.history, line),
    )


def _waiting(ticket: Ticket, read: Decision) -> tuple[Clock, ...]:
    """Give the clocks by a text that is read now; the ones there were before count if they are sooner."""
    before = {clock.name: replace(clock, stopped_at=None) for clock in ticket.decision.clocks}
    return tuple(min(clock, before.get(clock.name, clock), key=lambda it: it.due_at) for clock in read.clocks)


def enriched(ticket: Ticket, message: Message, now: int) -> Ticket:
    """Take over from a repeat what the ticket lacks; the same ticket if there is nothing new.

    The decision stands: a repeat never classifies or routes again. What was said first is when it was said.
    """
    gaps = {name: getattr(message, name) for name in MAY_LACK if getattr(ticket, name) is None}
    if ticket.text is None and message.version >= ticket.version:
        gaps["text"] = message.text
    times = [time for time in (ticket.occurred_at, message.occurred_at) if time is not None]
    filled = replace(
        ticket,
        **gaps | {"occurred_at": min(times, default=None)},
        author=Author(ticket.author.id or message.author.id, ticket.author.name or message.author.name),
    )
    account = message.account_id
    if account is None or account in ticket.accounts:
        return filled
    again = HistoryEntry(now, Happened.RECEIVED_AGAIN, account_id=account)
    return replace(filled, accounts=filled.accounts | {account}, history=(*filled.history, again))
