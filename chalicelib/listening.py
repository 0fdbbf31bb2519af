"""What our own accounts say on the platforms, and what the clocks hear of it.

A reply may come before the message that it answers, be edited, be fetched later, or be deleted. So it is read
from the table whenever it or its ticket has come, and what is heard is worked out anew: the same in whatever
order, and however often (docs/decisions/0024). Times are UTC epoch seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from chalicelib import guard
from chalicelib.answering import Deed, replied, settled, spoken
from chalicelib.clocks import ClockName
from chalicelib.clockwork import Clockwork
from chalicelib.history import Happened
from chalicelib.merging import answers, newest, said_at
from chalicelib.message import Message
from chalicelib.our_replies import Heard, ObservedReply
from chalicelib.policies import Policies
from chalicelib.ticket import Status, Ticket, conversation_id

if TYPE_CHECKING:
    from chalicelib.conversation_store import ConversationStore
    from chalicelib.reply_store import ReplyStore
    from chalicelib.ticket_store import TicketStore


AWAITS_US = frozenset({Status.OPEN, Status.ACKNOWLEDGED, Status.PAUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Hears what our accounts say. All methods raise Unavailable (may work the next time) and Rejected."""

    tickets: "TicketStore"
    replies: "ReplyStore"
    conversations: "ConversationStore"
    clockwork: Clockwork

    def observe(self, message: Message, target: str, received_at: int) -> bool:
        """Record what our account said under the id of what it answers, and let the clocks of that hear it.

        Returns:
            Whether a ticket stands under its own id: it was taken for somebody else's before.

        """
        reading, at = None, message.occurred_at or received_at
        if message.text:  # for whom is told once there is a ticket
            reading = guard.guarded(message.text, at, None, self.clockwork.policies)
        target = self.tickets.find(target).joined or target
        was_a_ticket = self.replies.observe(message, target, received_at, reading)
        for ticket in self._tickets(target, direct=conversation_id(message) is not None):
            self.hear(ticket)
        return was_a_ticket

    def _tickets(self, target: str, *, direct: bool) -> list[Ticket]:
        """Find the tickets that a reply may answer: that of its message, or those of its conversation."""
        if not direct:
            found = self.tickets.find(target)  # once more: what it answers may have joined a ticket meanwhile
            ticket = self.tickets.read(found.joined) if found.joined else found.ticket
            return [ticket] if ticket else []
        known = map(self.tickets.read, self.conversations.newest(target).all)
        return [ticket for ticket in known if ticket]

    def hear(self, ticket: Ticket) -> Ticket:
        """Note on a ticket, as it was read, how those of our replies read that are there."""
        said = () if ticket.status is Status.WITHDRAWN or self._is_past(ticket) else self._said(ticket)
        if not said:
            return ticket
        read = [self._read(ticket, reply) for reply in said]
        policies, now = self.clockwork.policies, self.clockwork.now()
        return self.clockwork.change(ticket, partial(weighed, said=read, policies=policies, now=now))

    def _is_past(self, ticket: Ticket) -> bool:
        """Tell whether what is said now in a direct conversation can only be about a later ticket."""
        if ticket.conversation is None or ticket.status in AWAITS_US:
            return False
        return self.conversations.newest(ticket.conversation).ticket not in {None, ticket.id}

    def _said(self, ticket: Ticket) -> tuple[ObservedReply, ...]:
        """Give what our accounts said to a ticket; what people tell us through the API is heard there."""
        if ticket.conversation is not None:
            said = answers(ticket, self.replies.of_conversation(ticket.conversation))
            ticket = replace(ticket, observed_replies=said)
        else:  # to further messages, before they had joined
            early = [said for one in ticket.further for said in self.replies.of_conversation(one.id)]
            ticket = replace(ticket, observed_replies=newest([*ticket.observed_replies, *early]))
        kept = self.tickets.limits.kept(ticket)
        return tuple(reply for reply in kept.observed_replies if reply.message_id is not None)

    def _read(self, ticket: Ticket, reply: ObservedReply) -> ObservedReply:
        """Have a reply read as one to this message, once for each of its texts."""
        if not reply.text or reply.read_for is not None:
            return reply
        at = reply.text_at or said_at(reply)
        reading = guard.guarded(reply.text, at, ticket, self.clockwork.policies)
        self.replies.note_reading(reply.beside or ticket.id, reply, reading, ticket.id)
        return replace(reply, reading=reading)


def weighed(ticket: Ticket, said: Iterable[ObservedReply], policies: Policies, now: int) -> Ticket:
    """Give a ticket that has heard replies, oldest first. Pure."""
    if ticket.status is Status.WITHDRAWN:
        return ticket
    for reply in said:
        heard = _heard(ticket, reply)
        if heard is not None:
            if heard.id not in {each.id for each in ticket.heard}:
                ticket = spoken(ticket, heard, heard.read_as, policies)
            ticket = replied(ticket, heard, Deed(now), policies)
    return settled(ticket, policies) if ticket.heard else ticket


def _heard(ticket: Ticket, reply: ObservedReply) -> Heard | None:
    """Tell what is heard of a reply: an edit that reads differently counts from when it was made."""
    said, seen = reply.text_at or said_at(reply), reply.seen_at or reply.received_at
    heard = guard.heard(replace(reply, occurred_at=said, received_at=seen), ticket)
    if heard is None:
        return None
    earlier = (one.at for one in ticket.heard if (one.id, one.read_as) == (heard.id, heard.read_as))
    return replace(heard, at=max(min([heard.at, *earlier]), _given_at(ticket, said)))


def _given_at(ticket: Ticket, said: int) -> int:
    """Tell when the clocks started, if an edit before a reply made the message need an answer.

    We may hear of that edit after the reply, and the clocks start only then.
    """
    clock, lines = ticket.decision.clock(ClockName.ANSWER_BY), {line.what for line in ticket.history}
    if clock is None or Happened.OWNER_GIVEN not in lines or Happened.REOPENED in lines:
        return 0
    return clock.started_at if said >= (ticket.edited_at or 0) else 0
