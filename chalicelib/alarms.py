"""Tells alarms: what is due is found in an index, so that a pass costs as much as there is to tell.

Each level of a clock is claimed by one conditional write, sent, and marked as told. A pass may be cut off
anywhere, and several may run at once: what is claimed is left alone for some minutes (`alarming.LEASE`), and
what was not marked by then is sent again. The index may lag behind; what it names is read consistently.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib import alarming
from chalicelib.alarming import Raised
from chalicelib.clocks import Alarm, Clock
from chalicelib.errors import ZustaendigError
from chalicelib.listing import Start
from chalicelib.policies import Policies
from chalicelib.ticket import Ticket
from chalicelib.ticket_index import TicketIndex
from chalicelib.ticket_items import ALARM_SHARDS

if TYPE_CHECKING:
    from chalicelib.queues import DepartmentQueues, OpsQueue
    from chalicelib.ticket_store import TicketStore

LIMIT = 50
"""Rows of the index that are read at once; their tickets fit into one BatchGetItem."""

BEGIN_NO_MORE_AFTER = 30
"""Seconds after which no other ticket is taken up: the next pass does it."""

MARK_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """The alarms of one table.

    event: what a queue will hold of an alarm. elapsed: a clock in seconds that never goes back.
    """

    index: TicketIndex
    tickets: "TicketStore"
    policies: Policies
    departments: "DepartmentQueues"
    ops: "OpsQueue"
    event: Callable[[Ticket, Clock, Alarm], str]
    count: Callable[..., None]
    now: Callable[[], int]
    elapsed: Callable[[], float]

    def run(self) -> None:
        """Tell what is due, until it is time to end.

        Raises:
            ZustaendigError: the first thing that went wrong, once all else was tried.

        """
        failed: list[ZustaendigError] = []
        end = self.elapsed() + BEGIN_NO_MORE_AFTER
        for ticket in self._due(failed):
            if self.elapsed() >= end:
                break
            with _noted(failed):
                self._see_to(ticket)
        if failed:
            raise failed[0]

    def _due(self, failed: list[ZustaendigError]) -> Iterator[Ticket]:
        """Find the tickets with something due, page by page, in turn from each shard."""
        now = self.now()
        starts = dict.fromkeys(ALARM_SHARDS, Start(None, None))
        while starts:
            for shard in tuple(starts):
                start, found = starts.pop(shard), dict[str, Ticket]()
                with _noted(failed):
                    rows = self.index.alarmed(now - 1, shard, start, LIMIT)
                    if rows.last:
                        starts[shard] = Start(rows.last.number, rows.last.id)
                    found = self.tickets.read_all(row.id for row in rows.rows)
                yield from found.values()

    def _see_to(self, ticket: Ticket) -> None:
        """Claim what is due of a ticket, and tell it; not, if somebody else has just changed it."""
        claimed = alarming.taken_up(ticket, self.now(), self.policies)
        if claimed == ticket or not self.tickets.change(ticket, claimed):
            return
        for raised in alarming.claims(ticket, claimed):
            self._tell(ticket.id, raised)

    def _tell(self, ticket_id: str, raised: Raised) -> None:
        """Tell a claimed alarm, unless an answer came meanwhile."""
        ticket = self.tickets.read_all([ticket_id]).get(ticket_id)
        found = ticket and alarming.to_tell(ticket, raised)
        if not ticket or not found:
            return
        self._send(ticket, *found)
        # Cut off before this, the alarm is told twice: the event's id is the same.
        self._mark(ticket, raised)
        self.count("Alarmed", level=raised.level, clock=str(raised.clock))

    def _send(self, ticket: Ticket, clock: Clock, alarm: Alarm) -> None:
        to = alarming.recipient(ticket, alarm.level, self.policies.departments)
        event = self.event(ticket, clock, alarm)
        if to is None:
            self.ops.send(event)
        else:
            self.departments.send(to, event)

    def _mark(self, ticket: Ticket, raised: Raised) -> None:
        """Note that an alarm was told, whatever else happens to its ticket."""
        found: Ticket | None = ticket
        for _ in range(MARK_TRIES):
            if found is None:
                return
            new = alarming.marked(found, raised, self.now())
            if new == found or self.tickets.change(found, new):
                return
            found = self.tickets.read_all([found.id]).get(found.id)


@contextmanager
def _noted(failed: list[ZustaendigError]) -> Iterator[None]:
    """Let what goes wrong with one thing not hold up the others."""
    try:
        yield
    except ZustaendigError as error:
        failed.append(error)
