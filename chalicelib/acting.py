"""The verbs of the ticket API by which people change a ticket; what each of them does is in `verbs.py`."""

from dataclasses import dataclass
from functools import partial

from chalicelib import bodies, views
from chalicelib.answering import Deed
from chalicelib.api import Api
from chalicelib.clockwork import Clockwork
from chalicelib.errors import Conflict
from chalicelib.identity import Caller
from chalicelib.ticket import Ticket
from chalicelib.verbs import VERBS, Reasoned, Verb, room_for_reason

MOVED = "this ticket has just been moved: see whose it is now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """What callers may do to tickets that are theirs. Raises what `Api` raises."""

    api: Api
    clockwork: Clockwork

    def act(self, name: str, caller: Caller, ticket_id: str, body: bytes = b"") -> views.TicketWithHistory:
        """Do to a ticket what a verb says, in the caller's name; repeated, it changes nothing.

        Raises:
            BadRequest: names what is wrong with the body.
            BodyTooLarge: nobody has so much to say.
            Conflict: the ticket is in a state that this does not fit; tells which, and what to do instead.

        """
        ticket, verb = self.api.own(caller, ticket_id), VERBS[name]
        asked = bodies.read(verb.body, body) if verb.body else None
        why = (caller.subject, asked.reason) if asked else None
        return self.api.single(self.clockwork.change(ticket, partial(self._made, verb, asked, caller), why))

    def _made(self, verb: Verb, asked: Reasoned | None, caller: Caller, ticket: Ticket) -> Ticket:
        still_own(ticket, caller)
        deed = Deed(self.clockwork.now(), caller.name, caller.subject, gives_reason=asked is not None)
        new = verb.make(ticket, asked, deed, self.clockwork.policies)
        if asked is not None and new != ticket:
            room_for_reason(ticket)
        return new


def still_own(ticket: Ticket, caller: Caller) -> None:
    """See that a ticket was not moved away from a caller.

    Raises:
        Conflict: it was.

    """
    if not caller.may_see(ticket.decision.department):
        raise Conflict(MOVED)
