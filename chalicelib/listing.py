"""Pages over several partitions of an index, merged into one order. Pure: reading is handed in.

Each page reads at most `limit` rows of each partition, however many there are. A cursor keeps a position
for each partition; rows that were read but not shown are read again by the next page.
"""

import base64
import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from chalicelib.errors import BadRequest

Position = tuple[int, str]
"""Where to go on in a partition, after this row: its number in the order of the index, and its id."""

Positions = dict[str, Position | None]
"""By partition; None if it is exhausted, absent if it has not been begun."""


BEGINNING: Position = (0, "")


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a partition in its order, and where to go on, None at its end."""

    rows: list[Position]
    next: Position | None


Read = Callable[[str, Position | None, int], Rows]
"""Reads at most so many rows of a partition after a position."""


def page(
    partitions: Collection[str], read: Read, limit: int, positions: Positions, *, newest_first: bool
) -> tuple[list[str], Positions | None]:
    """Merge the next rows of all partitions.

    Nothing is shown beyond the last row read of any partition that has more: what comes next there may
    belong before it.

    Returns:
        At most `limit` ids, and the positions to go on from, None at the end.

    """
    sign = -1 if newest_first else 1
    going = [partition for partition in partitions if positions.get(partition, BEGINNING) is not None]
    found = {partition: read(partition, positions.get(partition), limit) for partition in going}
    frontier = min((sign * rows.next[0] for rows in found.values() if rows.next), default=float("inf"))
    shown = sorted(
        (sign * number, partition, index)
        for partition, rows in found.items()
        for index, (number, _) in enumerate(rows.rows)
        if sign * number <= frontier
    )[:limit]
    taken = Counter(partition for _, partition, _ in shown)
    after = {**positions, **_after(found, taken)}
    ids = [found[partition].rows[index][1] for _, partition, index in shown]
    return ids, after if any(after.get(p, BEGINNING) is not None for p in partitions) else None


def _after(found: Mapping[str, Rows], taken: Mapping[str, int]) -> Positions:
    """Where each partition goes on: behind what was read if all of it was shown, else behind what was."""
    positions: Positions = {}
    for partition, rows in found.items():
        shown = taken.get(partition, 0)
        if shown == len(rows.rows):
            positions[partition] = rows.next
        elif shown:
            positions[partition] = rows.rows[shown - 1]
    return positions


def cursor(positions: Positions | None) -> str | None:
    """Write positions as the opaque text of `next`; None at the end."""
    if positions is None:
        return None
    return base64.urlsafe_b64encode(json.dumps(positions).encode()).decode().rstrip("=")


def positions(cursor: str) -> Positions:
    """Read a cursor.

    Raises:
        BadRequest: it is none of ours.

    """
    try:
        read = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        return {str(partition): at and _position(*at) for partition, at in read.items()}
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise BadRequest("`cursor` must be the `next` of an earlier page") from error


def _position(number: object, row_id: object) -> Position:
    if not isinstance(number, int) or not isinstance(row_id, str) or not 0 <= number < 2**53 or not row_id:
        raise ValueError("not a position")
    return number, row_id
