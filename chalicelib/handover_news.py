"""Tells departments and the ledger of hand-overs. The ticket holds what is not told yet (decision 26)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.errors import Unavailable, ZustaendigError
from chalicelib.handover import Handover
from chalicelib.passing_on import lapsed
from chalicelib.ticket import STOPPED, Ticket

if TYPE_CHECKING:
    from chalicelib.ledger import Ledger
    from chalicelib.queues import DepartmentQueues
    from chalicelib.ticket_store import TicketStore

TRIES = 5
KEEP_CHANGING = "others keep changing the same ticket"

Events = Callable[[Handover, Ticket], Iterable[tuple[str, str]]]
"""What to tell of a hand-over: departments, and what the queue of each will hold."""


@dataclass(frozen=True, slots=True)
class HandoverNews:
    """What tells of hand-overs, each thing once, as far as that can be known."""

    queues: "DepartmentQueues"
    tickets: "TicketStore"
    ledger: "Ledger"
    events: Events
    now: Callable[[], int]

    def tell_all(self, ticket_ids: Iterable[str]) -> None:
        """Tell what is not told yet; one ticket that fails holds up no other.

        Raises:
            ZustaendigError: the first thing that went wrong, once all else is told.

        """
        failed: list[ZustaendigError] = []
        for ticket in self.tickets.read_all(ticket_ids).values():
            try:
                self._tell(self._closed(ticket))
            except ZustaendigError as error:
                failed.append(error)
        if failed:
            raise failed[0]

    def _closed(self, ticket: Ticket) -> Ticket:
        """End the offer of a ticket that was withdrawn meanwhile: nothing of it is left to hand over."""
        if ticket.handover is None or ticket.status not in STOPPED:
            return ticket
        if not self.tickets.change(ticket, lapsed(ticket, self.now())):
            raise Unavailable(KEEP_CHANGING)
        return self.tickets.read(ticket.id) or ticket

    def _tell(self, ticket: Ticket) -> None:
        """Tell of each hand-over, then note that. Cut off in between, it is told twice, under the same id."""
        told = ticket.untold_handovers
        for handover in told:
            self.ledger.note(ticket.id, handover)
        for handover in told:
            for department, event in self.events(handover, ticket):
                self.queues.send(department, event)
        found: Ticket | None = ticket
        for _ in range(TRIES):
            left = tuple(each for each in found.untold_handovers if each not in told) if found else ()
            if found is None or left == found.untold_handovers:
                return
            if self.tickets.change(found, replace(found, untold_handovers=left)):
                return
            found = self.tickets.read(ticket.id)
        raise Unavailable(KEEP_CHANGING)
