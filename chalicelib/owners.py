"""Tells owners what is new about their tickets, each thing once, as far as that can be known."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.errors import ZustaendigError
from chalicelib.history import Happened
from chalicelib.ticket import Ticket

if TYPE_CHECKING:
    from chalicelib.queues import DepartmentQueues
    from chalicelib.ticket_store import TicketStore


@dataclass(frozen=True, slots=True)
class Owners:
    """The departments, and what tells them.

    event: what to tell the owner of a ticket, as its queue will hold it.
    """

    queues: "DepartmentQueues"
    tickets: "TicketStore"
    event: Callable[[Happened, Ticket], str]
    now: Callable[[], int]

    def tell_all(self, ticket_ids: Iterable[str]) -> None:
        """Tell the owners how their tickets stand now; a queue that fails holds up its own department alone.

        Raises:
            ZustaendigError: the first thing that went wrong, once all others know.

        """
        failed: dict[str, ZustaendigError] = {}
        for ticket in self.tickets.read_all(ticket_ids).values():
            department = ticket.decision.department
            if department is None or department in failed:
                continue
            try:
                self._tell(department, ticket)
            except ZustaendigError as error:
                failed[department] = error
        if failed:
            raise next(iter(failed.values()))

    def _tell(self, department: str, ticket: Ticket) -> None:
        for what in ticket.untold:
            # Cut off between these two, the owner is told twice: the event's id is the same.
            self.queues.send(department, self.event(what, ticket))
            self.tickets.mark_told(ticket, what, self.now())
