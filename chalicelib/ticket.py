"""The ticket: a message with an owner and clocks. Pure rules; times are UTC epoch seconds."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b

from chalicelib.clocks import Clock, ClockName, Pause
from chalicelib.correction import Reason
from chalicelib.decision import Decision
from chalicelib.further import FurtherMessage
from chalicelib.handover import Handover
from chalicelib.history import Happened, HistoryEntry
from chalicelib.message import EDITED_VERSION, Author, Change, Message
from chalicelib.our_replies import Heard, Help, ObservedReply


class Status(StrEnum):
    """Where a ticket stands. Overdue is no status: it is asked of the clock at read time."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"  # somebody said that it was seen
    ANSWERED = "answered"  # a person has answered with substance
    PAUSED = "paused"  # it waits for whoever wrote it
    RESOLVED = "resolved"  # a person closed it
    WITHDRAWN = "withdrawn"  # its message was deleted
    NO_ANSWER_NEEDED = "no_answer_needed"


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
    pauses: all there were, the last one perhaps still going on. heard: the replies that count, oldest first.
    handover: as which it is offered to another department. untold_handovers: what of its hand-overs neither
    the departments nor the ledger know yet. informed: departments that may see it beside its owner.
    held_since: when its owner got it; None, if it was the first one.
    follow_ups: how many further messages have joined it. joined: what of them is noted; told_joined: how much
    of that its owner was told. asked_at: when the newest of them that is a question was said.
    revision: counts the changes of its state, for its writers.
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
    pauses: tuple[Pause, ...] = ()
    heard: tuple[Heard, ...] = ()
    handover: Handover | None = None
    untold_handovers: tuple[Handover, ...] = ()
    informed: frozenset[str] = frozenset()
    held_since: int | None = None
    resolved_at: int | None = None
    follow_ups: int = 0
    asked_at: int | None = None
    joined: frozenset[str] = frozenset()
    told_joined: int = 0
    revision: int = 0
    reasons: tuple[Reason, ...] = ()
    acknowledged_at: int | None = None
    acknowledged_by: str | None = None
    history: tuple[HistoryEntry, ...] = ()
    observed_replies: tuple[ObservedReply, ...] = ()
    further: tuple[FurtherMessage, ...] = ()

    @property
    def version(self) -> int:
        """The version of its text."""
        return self.rank // RANKS

    @property
    def holding_since(self) -> int:
        """When its owner got it."""
        given = [line.at for line in self.history if line.what is Happened.OWNER_GIVEN]
        return self.held_since if self.held_since is not None else max(given, default=self.received_at)

    @property
    def readers(self) -> tuple[str | None, ...]:
        """The departments that may see it; the first one is accountable."""
        offered = [self.handover.to] if self.handover else []
        return (self.decision.department, *offered, *sorted(self.informed))

    @property
    def running(self) -> tuple[Clock, ...]:
        """The clocks that run, the earliest deadline first."""
        waits = self.status is Status.PAUSED and self.pauses[-1].until is None
        if self.status in STOPPED or waits:
            return ()
        going = (clock for clock in self.decision.clocks if clock.stopped_at is None)
        return tuple(sorted(going, key=lambda clock: clock.due_at))

    @property
    def due_at(self) -> int | None:
        """The earliest deadline that runs."""
        return self.running[0].due_at if self.running else None

    @property
    def due_reason(self) -> ClockName | None:
        """Which clock has it."""
        return self.running[0].name if self.running else None

    @property
    def alarm_at(self) -> int | None:
        """When the next level of any clock is reached; in a pause, when that ends."""
        if self.status is Status.PAUSED:
            return self.pauses[-1].until
        return min((at for clock in self.running if (at := clock.alarm_at) is not None), default=None)

    @property
    def help(self) -> Help:
        """What our replies were worth since its clocks started: substance stays, else the last one counts."""
        counting = [heard.help for heard in self.heard_now]
        if Help.SUBSTANTIVE in counting:
            return Help.SUBSTANTIVE
        return counting[-1] if counting else Help.NONE

    @property
    def heard_now(self) -> tuple[Heard, ...]:
        """The replies since its clocks were last started."""
        clock = self.decision.clock(ClockName.ANSWER_BY)
        return tuple(heard for heard in self.heard if clock is None or heard.at >= clock.started_at)

    def is_overdue(self, now: int) -> bool:
        """Tell whether a deadline that runs has passed."""
        return self.due_at is not None and self.due_at < now

    @property
    def untold(self) -> tuple[Happened, ...]:
        """What its owner has not been told yet, in the order in which to tell it."""
        if self.decision.department is None:
            return ()
        if self.status is Status.WITHDRAWN:
            return () if self.told_withdrawn else (Happened.WITHDRAWN,)
        followed = (Happened.FOLLOWED_UP,) if len(self.joined) > self.told_joined else ()
        if self.dispatched_at is None:
            edited = (Happened.EDITED,) if self.changed_since_opened else ()
            return (Happened.OPENED, *edited, *followed)
        knows = KNOWS_LESS if self.told_rank is None else self.told_rank
        return (*((Happened.EDITED,) if self.rank > knows else ()), *followed)

    @property
    def was_passed_on(self) -> bool:
        """Tell whether departments and ledger are to be told of a hand-over, or that one has lapsed."""
        lapsed = self.handover is not None and self.status in STOPPED
        return bool(self.untold_handovers or lapsed)

    @property
    def changed_since_opened(self) -> bool:
        """Tell whether its text or author is another than when its owner was to be told first.

        An event that was told already, before a crash, must not tell another thing under the same id.
        """
        changed = False
        for line in self.history:
            moved = line.correction is not None and line.correction.moves
            if moved or line.what in TOLD_ANEW:
                changed = False
            changed |= line.what in {Happened.EDITED, Happened.COMPLETED}
        return changed


RANKS = 10**11

TOLD_ANEW = frozenset({Happened.OPENED, Happened.OWNER_GIVEN, Happened.HANDOVER_ACCEPTED})
"""From these on, an owner is told that a ticket is its own."""

STOPPED = frozenset({Status.RESOLVED, Status.WITHDRAWN, Status.NO_ANSWER_NEEDED})
"""In these no clock runs."""

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


def thread_id(message: Message) -> str:
    """Derive the id of what one person says in one public thread, below the message that they answer."""
    said_below = (message.account_id or "", message.in_reply_to or "", message.author.id or "")
    return "f_" + _digest(message.platform, *said_below)


def _digest(*parts: str) -> str:
    return blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()
