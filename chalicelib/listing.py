"""Pages over several partitions of an index, merged into one order. Pure: reading is handed in.

Each page reads at most `limit` rows of each partition, however many there are. A row is ordered by its number
in the index, which is a time. A cursor says how far the pages have come: the `edge`, a number, and for
partitions that have rows of just this number the id of the last one that was seen. All partitions are asked
again each time, so that a ticket that moves from one to another between two pages is not missed, unless it
has just the edge's number and sorts before the last one seen there.
"""

import base64
import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from chalicelib.errors import BadRequest

ROW_ID = re.compile(r"[a-z0-9_]{1,40}")
LARGEST_NUMBER = 2**53
NO_CURSOR = "`cursor` must be the `next` of an earlier page"


class Row(NamedTuple):
    """A row of an index: the number that orders it, and its id."""

    number: int
    id: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a partition in its order, and the last one that was read, None at its end."""

    rows: list[Row]
    last: Row | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far the pages have come."""

    edge: int | None = None
    seen: Mapping[str, str] = field(default_factory=dict)


class Start(NamedTuple):
    """Where to begin in a partition: at a number (included), but behind the row with this id."""

    edge: int | None
    seen: str | None


Read = Callable[[str, Start, int], Rows]
"""Reads rows of a partition from a start on, at most so many."""


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of a page, in their order; `cursor` goes on after as many of them as were shown."""

    ids: list[str]
    _rows: list[tuple[str, Row]]  # with their partitions: what is left of them may exceed the page
    _found: Mapping[str, Rows]
    _frontier: Row | None  # nothing is known beyond
    _before: Cursor

    def cursor(self, shown: int) -> str | None:
        """Write the opaque text that asks for the rest; None at the end."""
        if shown < len(self._rows):
            edge = self._rows[shown - 1][1].number
        elif self._frontier:
            edge = self._frontier.number
        else:
            return None
        return _written(Cursor(edge, {p: id_ for p in self._found if (id_ := self._seen(p, edge, shown))}))

    def _seen(self, partition: str, edge: int, shown: int) -> str | None:
        """Find the last row of a partition with the edge's number that was shown, or hidden by a filter."""
        rows = self._found[partition]
        ours = [row for name, row in self._rows[:shown] if name == partition]
        if rows.last and rows.last.number == edge and len(ours) == len(rows.rows):
            return rows.last.id
        if ours and ours[-1].number == edge:
            return ours[-1].id
        return self._before.seen.get(partition) if self._before.edge == edge else None


def page(partitions: Collection[str], read: Read, limit: int, cursor: Cursor, *, newest_first: bool) -> Page:
    """Merge the next rows of all partitions, at most `limit`.

    Nothing is shown beyond the last row read of a partition that has more: what comes next there may belong
    before it.
    """
    sign = -1 if newest_first else 1
    found = {name: read(name, Start(cursor.edge, cursor.seen.get(name)), limit) for name in partitions}
    lasts = [rows.last for rows in found.values() if rows.last]
    frontier = min(lasts, key=lambda row: sign * row.number, default=None)
    merged = sorted(
        (sign * row.number, name, index)
        for name, rows in found.items()
        for index, row in enumerate(rows.rows)
        if frontier is None or sign * row.number <= sign * frontier.number
    )
    rows = [(name, found[name].rows[index]) for _, name, index in merged]
    return Page([row.id for _, row in rows[:limit]], rows, found, frontier, cursor)


def _written(cursor: Cursor) -> str:
    text = json.dumps([cursor.edge, cursor.seen], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def cursor(text: str | None) -> Cursor:
    """Read a cursor; None is the beginning.

    Raises:
        BadRequest: it is none of ours.

    """
    if text is None:
        return Cursor()
    try:
        written = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        edge, seen = json.loads(written)
        ids_are_ours = all(ROW_ID.fullmatch(row_id) for row_id in seen.values())
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise BadRequest(NO_CURSOR) from error
    if type(edge) is not int or not 0 <= edge < LARGEST_NUMBER or not ids_are_ours:
        raise BadRequest(NO_CURSOR)
    return Cursor(edge, seen)
