"""The ticket: a message with an owner and a deadline. Pure rules; times are UTC epoch seconds."""

from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import blake2b
from typing import Self

from chalicelib.correction import Correction, Reason
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
    RECLASSIFIED = "reclassified"  # a person read it differently, or confirmed how it was read


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of a ticket's history."""

    at: int
    what: Happened
    by: str | None = None
    account_id: str | None = None
    correction: Correction | None = None


class Result(StrEnum):
    """How a reading ended."""

    DECIDED = "decided"
    DECIDED_BY_SECOND_READER = "decided_by_second_reader"
    UNSURE = "unsure"  # a person looks first
    NOT_READ = "not_read"  # there is no text


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was made of a message. Owner and deadline are stored before the first send and never remade.

    `department` and `acknowledge_by` are None where no answer is needed. `for_review`: none is, but the
    message is in the review sample, so that it has both. All else tells how its present text is read, and is
    empty where there is none: `guesses` are the two likeliest categories with their probabilities,
    `because` words out of the text, as personal as that. `result` is None for tickets that are older than it.
    """

    category: str | None
    confidence: float | None
    topics: tuple[str, ...] = ()
    decided_by: str | None
    result: Result | None = None
    guesses: tuple[tuple[str, float], ...] = ()
    because: tuple[str, ...] = ()
    language: str | None = None
    department: str | None
    acknowledge_by: int | None
    for_review: bool = False

    def without_words(self) -> Self:
        """Give it without words of the text, for when that may not be kept."""
        return replace(self, because=())


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

    version, rank: of its text as it was read; see `rank_of`. `text_rank`: of the text itself, ahead of that
    only where a worker was cut off. `told_rank`: of the text that its owner was last told.
    erased: its content was taken away by a storage limit, and nothing of it comes back.
    backfilled: we fetched it late, and its clock started when it was said.
    conversation: where answers that name no message belong, for direct messages.
    proposed_department: whose it would be by its present text, if that is not its owner.
    corrections, moves: how often people have read it differently, and given it to another department or none.
    earliest_due: the deadline it had before a person found that it needs no answer.
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
    text_rank: int | None = None
    erased: bool = False
    conversation: str | None = None
    proposed_department: str | None = None
    accounts: frozenset[str] = frozenset()
    dispatched_at: int | None = None
    told_rank: int | None = None
    edited_at: int | None = None
    withdrawn_at: int | None = None
    told_withdrawn: bool = False
    corrections: int = 0
    moves: int = 0
    earliest_due: int | None = None
    reasons: tuple[Reason, ...] = ()
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
            return (Happened.OPENED, Happened.EDITED) if self.changed_since_opened else (Happened.OPENED,)
        return (
            (Happened.EDITED,)
            if self.rank > (KNOWS_LESS if self.told_rank is None else self.told_rank)
            else ()
        )

    @property
    def changed_since_opened(self) -> bool:
        """Tell whether its text or author is another than when its owner was to be told first.

        An event that was told already, before a crash, must not tell another thing under the same id.
        """
        changed = False
        for line in self.history:
            moved = line.correction is not None and line.correction.moves
            if moved or line.what in {Happened.OPENED, Happened.OWNER_GIVEN}:
                changed = False
            changed |= line.what in {Happened.EDITED, Happened.COMPLETED}
        return changed


RANKS = 10**11

KNOWS_LESS = -1
"""As `told_rank`: the owner knows a poorer text than the one that is there."""


def rank_of(message: Message, received_at: int) -> int:
    """Order the texts of one message: by version, those of the same version by when they were received.

    A text that is withheld is none: it comes before all others.
    """
    if message.needs_lookup and message.text is None:
        return 0
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
