"""The ticket: a message with an owner and a deadline. Pure rules; times are UTC epoch seconds."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import blake2b

from chalicelib.message import EDITED_VERSION, Author, Change, Message


class Status(StrEnum):
    """Where a ticket stands. Overdue is no status: it is asked of the clock at read time."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    WITHDRAWN = "withdrawn"  # its message was deleted
    NO_ANSWER_NEEDED = "no_answer_needed"


class Happened(StrEnum):
    """What the history of a ticket tells."""

    OPENED = "opened"
    RECEIVED_AGAIN = "received_again"  # by another account or product
    DISPATCHED = "dispatched"
    EDITED = "edited"
    COMPLETED = "completed"  # a look-up fetched what was missing
    OWNER_GIVEN = "owner_given"  # an edit made it need an answer
    WITHDRAWN = "withdrawn"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of a ticket's history."""

    at: int
    what: Happened
    by: str | None = None
    account_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was made of a message. Owner and deadline are stored before the first send and never remade.

    `category`, `confidence`, `topics` and `decided_by` tell how its present text is read; they are empty
    where there is none. `department` and `acknowledge_by` are None where no answer is needed.
    """

    category: str | None
    confidence: float | None
    topics: tuple[str, ...] = ()
    decided_by: str | None
    department: str | None
    acknowledge_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedReply:
    """What our own account said to a message, as the platform showed it; without text once it was deleted."""

    message_id: str
    in_reply_to: str | None
    author: Author
    text: str | None
    occurred_at: int | None
    received_at: int
    deleted_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One message, its decision, and what has happened since. The same for all its accounts.

    version, rank: of its text; see `rank_of`. `told_rank`: of the text that its owner was last told.
    backfilled: we fetched it late, and its clock started when it was said.
    conversation: where answers that name no message belong, for direct messages.
    proposed_department: whose it would be by its present text, if that is not its owner.
    """

    id: str
    platform: str
    message_id: str
    kind: str
    account_id: str | None
    in_reply_to: str | None
    author: Author
    text: str | None
    permalink: str | None
    incomplete: bool
    backfilled: bool = False
    occurred_at: int | None
    received_at: int
    decision: Decision
    status: Status
    rank: int
    conversation: str | None = None
    proposed_department: str | None = None
    accounts: frozenset[str] = frozenset()
    dispatched_at: int | None = None
    told_rank: int | None = None
    edited_at: int | None = None
    withdrawn_at: int | None = None
    told_withdrawn: bool = False
    acknowledged_at: int | None = None
    acknowledged_by: str | None = None
    history: tuple[HistoryEntry, ...] = ()
    observed_replies: tuple[ObservedReply, ...] = ()

    @property
    def version(self) -> int:
        """The version of its text."""
        return self.rank // RANKS

    def is_overdue(self, now: int) -> bool:
        """Tell whether the answer is still awaited and late."""
        due = self.decision.acknowledge_by
        return self.status is Status.OPEN and due is not None and due < now

    @property
    def untold(self) -> tuple[Happened, ...]:
        """What its owner has not been told yet, in the order in which to tell it."""
        if self.decision.department is None:
            return ()
        if self.status is Status.WITHDRAWN:
            return () if self.told_withdrawn else (Happened.WITHDRAWN,)
        if self.dispatched_at is None:
            return (Happened.OPENED,)
        return (Happened.EDITED,) if self.rank > (self.told_rank or 0) else ()


MAY_LACK = ("account_id", "in_reply_to", "permalink", "occurred_at")
RANKS = 10**11


def answers(ticket: Ticket, said: Iterable[ObservedReply]) -> tuple[ObservedReply, ...]:
    """Choose, of what we said in a conversation, what came at the time of a message or after it."""
    start = ticket.occurred_at or 0
    chosen = (reply for reply in said if (reply.occurred_at or reply.received_at) >= start)
    return tuple(sorted(chosen, key=lambda reply: reply.occurred_at or reply.received_at))


def rank_of(message: Message, received_at: int) -> int:
    """Order the texts of one message: by version, those of the same version by when they were received."""
    version = max(message.version, EDITED_VERSION) if message.change is Change.EDITED else message.version
    return version * RANKS + received_at


def ticket_id(platform: str, message_id: str) -> str:
    """Derive the id from platform and message id and nothing else, so that every repeat meets its ticket."""
    return "t_" + _digest(platform, message_id)


def conversation_id(message: Message) -> str | None:
    """Derive the id of a direct conversation from platform, account and person; None if it is none."""
    if message.conversation is None:
        return None
    return "c_" + _digest(message.platform, message.account_id or "", message.conversation)


def _digest(*parts: str) -> str:
    return blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


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
        status=Status.WITHDRAWN,
        edited_at=None,
        withdrawn_at=gone_at,
        told_withdrawn=True,
        history=(HistoryEntry(gone_at, Happened.WITHDRAWN, account_id=ticket.account_id),),
    )


def is_newer(ticket: Ticket, message: Message, received_at: int) -> bool:
    """Tell whether a message has a text that is to replace the ticket's."""
    rank = rank_of(message, received_at)
    withheld = message.needs_lookup and message.text is None
    if message.change is not Change.EDITED or withheld or rank < ticket.rank:
        return False
    return rank // RANKS > ticket.version or message.text != ticket.text


def revised(ticket: Ticket, message: Message, read: Decision, received_at: int, now: int) -> Ticket:
    """Take over a newer text and how it is read; owner and deadline stay, another owner is only proposed."""
    line = HistoryEntry(now, Happened.EDITED, account_id=message.account_id)
    return replace(
        ticket,
        text=message.text,
        permalink=message.permalink or ticket.permalink,
        rank=rank_of(message, received_at),
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
        told_rank=None,  # its owner knows a poorer one
        decision=_reread(ticket, read),
        proposed_department=_proposed(ticket, read),
        history=(*ticket.history, HistoryEntry(now, Happened.COMPLETED)),
    )


def _reread(ticket: Ticket, read: Decision) -> Decision:
    ours = ticket.decision
    return replace(read, department=ours.department, acknowledge_by=ours.acknowledge_by)


def _proposed(ticket: Ticket, read: Decision) -> str | None:
    owner = ticket.decision.department
    return read.department if owner is not None and read.department not in {None, owner} else None


def owned(ticket: Ticket, read: Decision, now: int) -> Ticket:
    """Give an owner to a ticket that needed no answer, by a text that does."""
    decision = replace(ticket.decision, department=read.department, acknowledge_by=read.acknowledge_by)
    line = HistoryEntry(now, Happened.OWNER_GIVEN)
    return replace(ticket, decision=decision, status=Status.OPEN, history=(*ticket.history, line))


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
