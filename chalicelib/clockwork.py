"""Changes the state of a ticket: read, work out, write if nobody else has written; again if somebody has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.answering import Deed
from chalicelib.correction import Reason
from chalicelib.errors import Unavailable
from chalicelib.passing_on import moved_on
from chalicelib.policies import Policies
from chalicelib.ticket import Ticket

if TYPE_CHECKING:
    from chalicelib.ticket_store import TicketStore

TRIES = 5
SAFE_DELAY = 60
"""Seconds after which the worker looks whatever happened: by then the API function has ended (25 s)."""


@dataclass(frozen=True, slots=True)
class Clockwork:
    """The states of one table's tickets. Raises Unavailable (may work the next time) and Rejected (never).

    follow_up: has the worker look at a ticket, after so many seconds: departments and ledger are to hear of a
    hand-over. None where what is changed is never one.
    """

    tickets: "TicketStore"
    policies: Policies
    now: Callable[[], int]
    follow_up: Callable[[str, int], None] | None = None

    def change(
        self, ticket: Ticket, make: Callable[[Ticket], Ticket], why: tuple[str, str] | None = None
    ) -> Ticket:
        """Give a ticket the state that `make` works out from the one it has; nothing, if that is the same.

        Whatever `make` raises is raised: it is asked again for what others have made of the ticket.
        why: the subject of who wants it so, and the reason they give; `because_of` ties it to the history.
        """
        found: Ticket | None = ticket
        for _ in range(TRIES):
            if found is None:
                break
            new = self._made(found, make)
            if new == found:
                return found
            if self._written(found, new, why):
                return self.tickets.read(new.id) or new
            found = self.tickets.read(ticket.id)
        raise Unavailable("others keep changing the same ticket")

    def _made(self, ticket: Ticket, make: Callable[[Ticket], Ticket]) -> Ticket:
        new = make(ticket)
        return moved_on(ticket, new, Deed(self.now(), new.history[-1].by if new.history else None))

    def _written(self, old: Ticket, new: Ticket, why: tuple[str, str] | None) -> bool:
        """Write a change; if a hand-over is to be told, between two follow-ups, so that one comes."""
        tells = self.follow_up if new.untold_handovers != old.untold_handovers else None
        if tells:
            tells(new.id, SAFE_DELAY)
        if why is not None:
            self.tickets.contents.give_reason(old, Reason(old.revision + 1, *why, of_change=True))
        if not self.tickets.change(old, new):
            return False
        if tells:
            tells(new.id, 0)
        return True
