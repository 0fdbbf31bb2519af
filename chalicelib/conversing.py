"""Finds the ticket that a further message of its person belongs to, and has the message join it.

A message joins only where everything agrees: the same person, the same account, the same conversation or
thread, a ticket that still counts. Whatever is doubtful opens a ticket of its own (docs/decisions/0024).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.clockwork import Clockwork
from chalicelib.conversation_store import Newest
from chalicelib.decision import Decision
from chalicelib.errors import Unavailable
from chalicelib.joining import JOINED_WHILE, Addition, joined, mark_of, may_join
from chalicelib.message import Kind, Message
from chalicelib.ticket import Status, Ticket, conversation_id, thread_id, ticket_id

if TYPE_CHECKING:
    from chalicelib.conversation_store import ConversationStore
    from chalicelib.further_store import FurtherStore
    from chalicelib.ticket_store import TicketStore

OPENING = 60
"""Seconds within which a ticket that was named is opened, unless its worker was cut off."""


class Place(NamedTuple):
    """Where a message was said: the tickets that it may join, and the conversation to name its own in."""

    tickets: tuple[str, ...] = ()
    conversation: str | None = None
    newest: Newest = Newest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversing:
    """Further messages. All methods raise Unavailable (may work the next time) and Rejected (never will).

    decide: what to make of a message whose clocks would start then.
    """

    decide: Callable[[Message, int], Decision]
    tickets: "TicketStore"
    further: "FurtherStore"
    conversations: "ConversationStore"
    clockwork: Clockwork

    def place(self, message: Message) -> Place:
        """Tell where a message was said; nowhere, if that is no conversation that we know."""
        direct = conversation_id(message)
        if direct is not None:
            return self._in(direct, message)
        if message.kind is Kind.COMMENT or not message.in_reply_to or message.author.id is None:
            return Place()
        answered = ticket_id(message.platform, message.in_reply_to)
        found = self.tickets.find(answered)
        known = (*([answered] if found.ticket else []), *filter(None, [found.joined]), *sorted(found.answers))
        return self._in(thread_id(message), message, known) if known else Place()

    def _in(self, conversation: str, message: Message, known: tuple[str, ...] = ()) -> Place:
        newest = self.conversations.newest(conversation)
        own_id = ticket_id(message.platform, message.message_id)
        fresh = newest.named_at + OPENING > self.clockwork.now()
        if newest.ticket not in {None, own_id} and fresh and not self.tickets.is_there(newest.ticket or ""):
            raise Unavailable("a ticket of the same conversation is just being opened")
        return Place((*known, *newest.all[:1]), conversation, newest)

    def to_join(self, message: Message, joined: str | None, start: int) -> tuple[Ticket | None, Place]:
        """Find the ticket that a message joins, or has joined; None if it is to have its own, named there."""
        place = self.place(message)
        if joined is None:
            return next((one for one in self._read(place) if may_join(one, message, start)), None), place
        first = self.tickets.read(joined)
        if first is None or first.status is Status.WITHDRAWN:
            return None, place
        counts = first.status in JOINED_WHILE or mark_of(message, start) in first.joined
        return (first if counts else None), place

    def name(self, message: Message, place: Place) -> bool:
        """Name the ticket of a message in its conversation before it is opened; False: look once more."""
        if place.conversation is None:
            return True
        own_id = ticket_id(message.platform, message.message_id)
        return self.conversations.name(place.conversation, own_id, place.newest, self.clockwork.now())

    def _read(self, place: Place) -> Iterator[Ticket]:
        for key in dict.fromkeys(place.tickets):
            ticket = self.tickets.read(key)
            if ticket is not None:
                yield ticket

    def join(self, ticket: Ticket, message: Message, received_at: int, start: int) -> Ticket | None:
        """Have a message, or an edit of one, join a ticket; None if nobody awaits that now."""
        own_id, read = ticket_id(message.platform, message.message_id), self.decide(message, start)
        if not self.further.point(own_id, ticket.id) and self.tickets.find(own_id).joined != ticket.id:
            return None
        self.further.keep(ticket.id, message, read, received_at)
        added = Addition(message, read, start, mark_of(message, received_at))
        note = partial(joined, added=added, policies=self.clockwork.policies)
        found = self.clockwork.change(ticket, note)
        if added.mark in found.joined and found.status is not Status.WITHDRAWN:
            return found
        self.further.erase(ticket.id, message, self.clockwork.now())
        return None
