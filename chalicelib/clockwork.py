"""Changes the state of a ticket: read, work out, write if nobody else has written; again if somebody has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.correction import Reason
from chalicelib.errors import Unavailable
from chalicelib.policies import Policies
from chalicelib.ticket import Ticket

if TYPE_CHECKING:
    from chalicelib.ticket_store import TicketStore

TRIES = 5


@dataclass(frozen=True, slots=True)
class Clockwork:
    """The states of one table's tickets. Raises Unavailable (may work the next time) and Rejected (never)."""

    tickets: "TicketStore"
    policies: Policies
    now: Callable[[], int]

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
            new = make(found)
            if new == found:
                return found
            if why is not None:
                self.tickets.contents.give_reason(found, Reason(found.revision + 1, *why, of_change=True))
            if self.tickets.change(found, new):
                return self.tickets.read(new.id) or new
            found = self.tickets.read(ticket.id)
        raise Unavailable("others keep changing the same ticket")
