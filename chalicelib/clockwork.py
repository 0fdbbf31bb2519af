"""Changes the state of a ticket: read, work out, write if nobody else has written; again if somebody has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

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

    def change(self, ticket: Ticket, make: Callable[[Ticket], Ticket]) -> Ticket:
        """Give a ticket the state that `make` works out from the one it has; nothing, if that is the same.

        Whatever `make` raises is raised: it is asked again for what others have made of the ticket.
        """
        found: Ticket | None = ticket
        for _ in range(TRIES):
            if found is None:
                break
            new = make(found)
            if new == found:
                return found
            if self.tickets.change(found, new):
                return self.tickets.read(new.id) or new
            found = self.tickets.read(ticket.id)
        raise Unavailable("others keep changing the same ticket")
