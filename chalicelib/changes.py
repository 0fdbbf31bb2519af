"""What a message does: opens its ticket, edits it, withdraws it, or is a reply of ours that is observed.

Whatever the order in which the changes of one message arrive, and however often, the end is the same: the
newest text counts, what was deleted stays so, and it was said when it was first said (docs/decisions/0009).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.errors import LookupFailed, Unavailable
from chalicelib.merging import completed, enriched, is_newer, open_ticket, owned, revised
from chalicelib.message import Change, Ignored, Message
from chalicelib.observability import Count
from chalicelib.reply_store import answered
from chalicelib.ticket import Decision, Status, Ticket, rank_of, ticket_id

if TYPE_CHECKING:
    from chalicelib.reply_store import ReplyStore
    from chalicelib.ticket_store import TicketStore


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
            self.observe(message, received_at)
            return None
        return self.say(message, received_at, backfilled=backfilled)

    def delete(self, message: Message) -> Ticket | None:
        """Withdraw the ticket of a deleted message, or remember that it is gone."""
        key = ticket_id(message.platform, message.message_id)
        if self.tickets.read(key) is None:
            self.replies.delete(message, self.now())
        ticket = self.tickets.read(key)  # again: a twin may have opened it meanwhile
        if ticket is None:
            return None
        self.tickets.withdraw(ticket, self.now())
        return self.tickets.read(key)

    def observe(self, message: Message, received_at: int) -> None:
        """Record what our own account said beside what it answers, if it answers anything."""
        target = answered(message)
        if target is None:
            self.count("PassedOver", platform=message.platform, reason=Ignored.OWN_MESSAGE)
            return
        self.replies.observe(message, target, received_at)
        self.count("RepliesObserved", platform=message.platform)

    def looked_up(self, message: Message, received_at: int, until: int) -> tuple[Message, bool]:
        """Complete a message, if need be and before `until`; tell whether to try again later.

        Whatever comes of it, its person has an owner.
        """
        if not self._waits_for_lookup(message, received_at):
            return message, False
        if self.now() > until:
            return message, True
        try:
            return self.look_up(message), False
        except (LookupFailed, Unavailable) as error:
            self.count("LookupsFailed", platform=message.platform, error=type(error).__name__)
            return message, isinstance(error, Unavailable)

    def _waits_for_lookup(self, message: Message, received_at: int) -> bool:
        """Tell whether a look-up for this message would add anything."""
        if not message.needs_lookup or message.change is Change.DELETED:
            return False
        found = self.tickets.find(ticket_id(message.platform, message.message_id))
        if found.ticket is None:
            return not found.deleted
        newer = message.change is Change.EDITED and rank_of(message, received_at) > found.ticket.rank
        return found.ticket.status is not Status.WITHDRAWN and (found.ticket.incomplete or newer)

    def say(self, message: Message, received_at: int, *, backfilled: bool = False) -> Ticket:
        """Open the ticket of a message, or merge the message into the one that is there.

        The clock of one that was fetched late starts when it was said: that is its true age.
        """
        found = self.tickets.find(ticket_id(message.platform, message.message_id))
        ticket = found.ticket
        if ticket is None:
            start = min(received_at, message.occurred_at or received_at) if backfilled else received_at
            new = open_ticket(message, self.decide(message, start), received_at, backfilled=backfilled)
            if found.deleted:
                return self.tickets.open_withdrawn(new)
            ticket = self.tickets.open(new)
        return self._merged(ticket, message, received_at)

    def _merged(self, ticket: Ticket, message: Message, received_at: int) -> Ticket:
        richer = enriched(ticket, message, self.now())
        if richer != ticket:
            self.tickets.enrich(ticket, richer)
        if ticket.status is Status.WITHDRAWN:
            return ticket
        if richer.incomplete and not message.needs_lookup:
            richer = completed(richer, self.decide(message, received_at), self.now())
            self.tickets.complete(richer)
        newer = is_newer(richer, message, received_at)
        if newer or (richer.status is Status.NO_ANSWER_NEEDED and message.version < richer.version):
            return self._reread(richer, message, received_at, newer=newer)
        return richer

    def _reread(self, ticket: Ticket, message: Message, received_at: int, *, newer: bool) -> Ticket:
        """Read a text that the ticket did not have; if any of its texts needs an answer, it gets an owner."""
        read = self.decide(message, received_at)
        if newer:
            ticket = revised(ticket, message, read, received_at, self.now())
            self.tickets.revise(ticket)
        if ticket.status is Status.NO_ANSWER_NEEDED and read.department:
            ticket = owned(ticket, read, self.now())
            self.tickets.give_owner(ticket)
        return ticket
