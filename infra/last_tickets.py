"""Reads the tickets that came last, newest first, whoever owns them. It writes nothing."""

from collections.abc import Iterator, Sequence
from functools import partial

from chalicelib import listing
from chalicelib.ticket import Status, Ticket
from chalicelib.ticket_index import TicketIndex
from chalicelib.ticket_items import listed_under
from chalicelib.ticket_store import TicketStore

AT_ONCE = 50  # two keys each: what one BatchGetItem takes


def read(index: TicketIndex, tickets: TicketStore, departments: Sequence[str], most: int) -> Iterator[Ticket]:
    """Read at most so many.

    Raises:
        Unavailable: DynamoDB does not answer.

    """
    partitions = [
        listed_under(department, status) for department in (*departments, None) for status in Status
    ]
    seen: set[str] = set()  # a ticket that has just moved may be there twice
    cursor: str | None = None
    while len(seen) < most:
        page = listing.page(
            partitions,
            partial(index.arrived, {}),
            min(AT_ONCE, most - len(seen)),
            listing.cursor(cursor),
            newest_first=True,
        )
        found = tickets.read_all(page.ids)
        new = [id_ for id_ in dict.fromkeys(page.ids) if id_ in found and id_ not in seen]
        yield from (found[id_] for id_ in new)
        seen.update(new)
        cursor = page.cursor(len(page.ids))
        if cursor is None:
            return
