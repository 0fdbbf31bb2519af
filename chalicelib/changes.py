"""What a message does: opens its ticket, edits it, withdraws it, or is a reply of ours that is observed.

Whatever the order in which the changes of one message arrive, and however often, the end is the same: the
newest text counts, what was deleted stays so, and it was said when it was first said (docs/decisions/0009).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.correction import PERSON
from chalicelib.decision import Decision
from chalicelib.errors import LookupFailed, Unavailable
from chalicelib.merging import completed, enriched, is_newer, is_repeat, open_ticket, owned, revised
from chalicelib.message import Change, Ignored, Message
from chalicelib.observability import Count
from chalicelib.reply_store import answered
from chalicelib.ticket import Status, Ticket, rank_of, ticket_id

if TYPE_CHECKING:
    from chalicelib.conversing import Conversing
    from chalicelib.listening import Listening
    from chalicelib.reply_store import ReplyStore
    from chalicelib.ticket_store import TicketStore


TRIES = 5
"""Writes of a ticket that others may spoil before we let the whole delivery be tried again."""

KEEP_CHANGING = "others keep changing the same ticket"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Applies messages to the table.

    decide: what to make of a message that was received then.
    look_up: completes a message; raises LookupFailed (nothing to be found) or Unavailable (later perhaps).
    All methods raise Unavailable (may work the next time) and Rejected (never will).
    """

    decide: Callable[[Message, int], Decision]
    tickets: "TicketStore"
    replies: "ReplyStore"
    conversing: "Conversing"
    listening: "Listening"
    look_up: Callable[[Message], Message]
    count: Count
    now: Callable[[], int]

    def settle(self, message: Message, received_at: int, *, backfilled: bool) -> Ticket | None:
        """Do what a message does; None if it touches no ticket."""
        if message.change is not Change.CREATED:
            self.count("Changes", platform=message.platform, change=message.change)
        if message.change is Change.DELETED:
            return self.delete(message)
        if message.from_us:
            return self.observe(message, received_at)
        return self.say(message, received_at, backfilled=backfilled)

    def delete(self, message: Message) -> Ticket | None:
        """Withdraw the ticket of a deleted message, and remember that it is gone, whatever it was."""
        self.replies.delete(message, self.now())
        key = ticket_id(message.platform, message.message_id)
        joined = self.tickets.find(key).joined
        if joined is None:
            return self._withdrawn(key)
        self.conversing.further.erase(joined, message, self.now())
        first = self.tickets.find(joined)
        return self._withdrawn(joined) if first.deleted else first.ticket

    def _withdrawn(self, key: str) -> Ticket | None:
        for _ in range(TRIES):
            ticket = self.tickets.read(key)
            if ticket is None:
                self.tickets.contents.erase(key)  # a worker that was cut off may have left some
                return None
            if any(one.deleted_at is None for one in ticket.further):  # those are still to be answered
                self.tickets.contents.erase(key)
                return ticket
            if self.tickets.withdraw(ticket, self.now()):
                return self.tickets.read(key)
        raise Unavailable(KEEP_CHANGING)

    def observe(self, message: Message, received_at: int) -> Ticket | None:
        """Record what our own account said beside what it answers, if it answers anything.

        What was taken for somebody else's until a look-up knew better is withdrawn.
        """
        target = answered(message)
        if target is None:
            self.count("PassedOver", platform=message.platform, reason=Ignored.OWN_MESSAGE)
            return None
        was_a_ticket = self.listening.observe(message, target, received_at)
        self.count("RepliesObserved", platform=message.platform)
        key = ticket_id(message.platform, message.message_id)
        ticket = self.tickets.read(key) if was_a_ticket else None
        return self._withdrawn(key) if ticket and ticket.incomplete else None

    def looked_up(self, message: Message, until: int) -> tuple[Message, bool]:
        """Complete a message, if need be and before `until`; tell whether to try again later.

        Whatever comes of it, its person has an owner.
        """
        if not self._waits_for_lookup(message):
            return message, False
        if self.now() > until:
            return message, True
        try:
            return self.look_up(message), False
        except (LookupFailed, Unavailable) as error:
            self.count("LookupsFailed", platform=message.platform, error=type(error).__name__)
            return message, isinstance(error, Unavailable)

    def _waits_for_lookup(self, message: Message) -> bool:
        """Tell whether a look-up for this message would add anything."""
        if not message.needs_lookup or message.change is Change.DELETED:
            return False
        found = self.tickets.find(ticket_id(message.platform, message.message_id))
        if found.ticket is None:
            return not found.deleted
        newer = message.change is Change.EDITED and message.version > found.ticket.version
        return found.ticket.status is not Status.WITHDRAWN and (found.ticket.incomplete or newer)

    def say(self, message: Message, received_at: int, *, backfilled: bool = False) -> Ticket | None:
        """Open the ticket of a message, merge it into the one that is there, or have it join an earlier one.

        The clock of one that was fetched late starts when it was said: that is its true age.
        """
        found = self.tickets.find(ticket_id(message.platform, message.message_id))
        ticket = found.ticket
        if ticket is None:
            if found.deleted and found.joined:
                return self.tickets.read(found.joined)
            start = min(received_at, message.occurred_at or received_at) if backfilled else received_at
            if not found.deleted and (first := self._joined(message, found.joined, received_at, start)):
                return first
            new = open_ticket(message, self._decided(message, start), received_at, backfilled=backfilled)
            if found.deleted:
                return self.tickets.open_withdrawn(new, found)
            ticket = self.tickets.open(new)
        merged = self._merged(ticket, message, received_at)
        return self._heard(merged, is_new=found.ticket is None)

    def _joined(self, message: Message, joined: str | None, received_at: int, start: int) -> Ticket | None:
        """Have a further message join the ticket of its conversation; None if it is to have its own."""
        for _ in range(TRIES):
            first, left = self.conversing.to_join(message, joined, start)
            if first is None and self.conversing.name(message, left):
                return None
            if first and (done := self.conversing.join(first, message, received_at, start)):
                self.count("Joined", platform=message.platform)
                return self.listening.hear(done)
            joined = self.tickets.find(ticket_id(message.platform, message.message_id)).joined
        raise Unavailable(KEEP_CHANGING)

    def _heard(self, ticket: Ticket, *, is_new: bool) -> Ticket:
        """Have a ticket hear what we answered already; of a new one, while it was being opened, too."""
        if is_new:  # who records a reply reads the ticket after that, and we the replies after the ticket
            ticket = self.tickets.read(ticket.id) or ticket
        return self.listening.hear(ticket)

    def _decided(self, message: Message, start: int) -> Decision:
        read = self.decide(message, start)
        self.count("Read", result=read.result or "unknown", category=read.category or "none")
        return read

    def _merged(self, ticket: Ticket, message: Message, received_at: int) -> Ticket:
        """Merge a message into its ticket, again if somebody else has changed that meanwhile."""
        for _ in range(TRIES):
            richer = enriched(ticket, message, self.now())
            if richer != ticket:
                self.tickets.enrich(ticket, richer)
            if ticket.status is Status.WITHDRAWN:
                self.tickets.contents.erase(ticket.id)  # a twin may have written it again
                return ticket
            merged = self._reread(richer, message, received_at)
            if merged is richer or self.tickets.rewrite(richer, merged):
                return merged
            ticket = self.tickets.read(ticket.id) or ticket
        raise Unavailable(KEEP_CHANGING)

    def _reread(self, ticket: Ticket, message: Message, received_at: int) -> Ticket:
        """Read a text that the ticket did not have; if any of its texts needs an answer, it gets an owner."""
        newer = is_newer(ticket, message, received_at)
        completes = ticket.incomplete and not message.needs_lookup and message.version >= ticket.version
        unowned = ticket.status is Status.NO_ANSWER_NEEDED
        rank = rank_of(message, received_at)
        older = rank < ticket.rank and ticket.decision.decided_by != PERSON  # who has read the newer one
        if not (newer or completes or (unowned and older)):
            if rank > ticket.rank and is_repeat(ticket, message, received_at):
                self.tickets.note_repeat(ticket, rank)
            return ticket
        read = self._decided(message, received_at)
        if completes:
            ticket = completed(ticket, read, self.now())
        if newer:
            ticket = revised(ticket, message, read, received_at, self.now())
        return owned(ticket, read, self.now()) if unowned and read.department else ticket
