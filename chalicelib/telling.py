"""People tell the ticket API what they have said, and what a reply of ours is; the clocks hear it."""

from dataclasses import dataclass
from functools import partial

from chalicelib import answer_verbs, bodies, guard, views
from chalicelib.acting import still_own
from chalicelib.answer_verbs import Answer, Overruling
from chalicelib.answering import Deed
from chalicelib.api import Api
from chalicelib.clockwork import Clockwork
from chalicelib.identity import Caller
from chalicelib.our_replies import ObservedReply
from chalicelib.ticket import Ticket
from chalicelib.verbs import room_for_reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Takes what callers tell of replies to tickets that are theirs. Raises what `Api` raises."""

    api: Api
    clockwork: Clockwork

    def answer(self, caller: Caller, ticket_id: str, body: bytes) -> views.TicketWithHistory:
        """Note what the caller has said to who wrote; the guard reads it. Repeated, it changes nothing.

        Raises:
            BadRequest: names what is wrong with the body.
            BodyTooLarge: nobody has so much to say.
            Conflict: the ticket is closed, or has had too many answers.

        """
        ticket, asked = self.api.own(caller, ticket_id), bodies.read(Answer, body)
        reply = self._kept(ticket, asked, caller)
        make = partial(self._answered, reply, asked, caller)
        why = None if asked.reason is None else (caller.subject, asked.reason)
        return self.api.single(self.clockwork.change(ticket, make, why))

    def overrule(self, caller: Caller, ticket_id: str, body: bytes) -> views.TicketWithHistory:
        """Note what the caller says that a reply of ours is. Repeated, it changes nothing.

        Raises:
            BadRequest: names what is wrong with the body.
            BodyTooLarge: nobody has so much to say.
            Conflict: the ticket's message was deleted, or needs no answer.

        """
        ticket, asked = self.api.own(caller, ticket_id), bodies.read(Overruling, body)
        reply = answer_verbs.chosen(self.api.with_replies(ticket), asked.reply)
        make = partial(self._overruled, reply, asked, caller)
        return self.api.single(self.clockwork.change(ticket, make, (caller.subject, asked.reason)))

    def _kept(self, ticket: Ticket, asked: Answer, caller: Caller) -> ObservedReply:
        """Have an answer read, and keep it beside the ticket; as it was first told, if it was so before."""
        key = answer_verbs.reply_id(ticket, caller.subject, asked.text)
        answer_verbs.refuse(ticket, key)
        if known := _known(ticket, key):
            return known
        deed = self._deed(caller)
        reading = guard.guarded(asked.text, deed.at, ticket, self.clockwork.policies)
        reply = answer_verbs.as_reply(ticket, asked, deed, reading)
        if self.api.replies.tell(ticket, reply):
            return reply
        return _known(self.api.own(caller, ticket.id), key) or reply

    def _answered(self, reply: ObservedReply, asked: Answer, caller: Caller, ticket: Ticket) -> Ticket:
        still_own(ticket, caller)
        deed = self._deed(caller, gives_reason=asked.reason is not None)
        new = answer_verbs.answered(ticket, reply, asked, deed, self.clockwork.policies)
        if asked.reason is not None and new != ticket:
            room_for_reason(ticket)
        return new

    def _overruled(self, reply: ObservedReply, asked: Overruling, caller: Caller, ticket: Ticket) -> Ticket:
        still_own(ticket, caller)
        deed = self._deed(caller, gives_reason=True)
        new = answer_verbs.overruled(ticket, reply, asked, deed, self.clockwork.policies)
        if new != ticket:
            room_for_reason(ticket)
        return new

    def _deed(self, caller: Caller, *, gives_reason: bool = False) -> Deed:
        return Deed(self.clockwork.now(), caller.name, caller.subject, gives_reason)


def _known(ticket: Ticket, reply: str) -> ObservedReply | None:
    return next((each for each in ticket.observed_replies if each.id == reply), None)
