"""Pages over several partitions: complete, in order, and never reading more than they may."""

import base64
import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import listing
from chalicelib.errors import BadRequest
from chalicelib.listing import Row, Rows, Start

partitions = st.dictionaries(
    st.sampled_from("abcde"), st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=12), min_size=1
)


class Partitions:
    """Rows by partition, some of which a filter hides; counts what is read."""

    def __init__(self, rows: dict[str, list[tuple[int, bool]]], *, newest_first: bool) -> None:
        self.newest_first, self.most_read = newest_first, 0
        self.rows = {
            name: sorted(
                ((number, f"{name}{index:02}", shown) for index, (number, shown) in enumerate(found)),
                reverse=newest_first,
            )
            for name, found in rows.items()
        }

    def read(self, partition: str, start: Start, limit: int) -> Rows:
        sign = -1 if self.newest_first else 1
        rows = [
            row
            for row in self.rows[partition]
            if start.edge is None
            or sign * row[0] > sign * start.edge
            or (row[0] == start.edge and (start.seen is None or (row[1] > start.seen) != self.newest_first))
        ]
        rows = [row for row in rows if not (row[0] == start.edge and row[1] == start.seen)]
        page = rows[:limit]
        self.most_read = max(self.most_read, len(page))
        last = Row(*page[-1][:2]) if len(rows) > limit else None
        return Rows([Row(*row[:2]) for row in page if row[2]], last)


def turn(table: Partitions, limit: int, shown: int | None = None) -> Iterator[list[str]]:
    """Turn the pages, of each of which at most `shown` rows are shown."""
    text: str | None = None
    for _ in range(1000):
        page = listing.page(
            list(table.rows), table.read, limit, listing.cursor(text), newest_first=table.newest_first
        )
        ids = page.ids[:shown]
        yield ids
        text = page.cursor(len(ids))
        if text is None:
            return
    raise AssertionError("the pages do not end")


@given(partitions, st.integers(1, 5), st.integers(1, 5), st.booleans())
def test_pages_together_are_everything_once_in_order(
    rows: dict[str, list[tuple[int, bool]]],
    limit: int,
    shown: int,
    newest_first: bool,  # noqa: FBT001
) -> None:
    table = Partitions(rows, newest_first=newest_first)
    numbers = {row[1]: row[0] for found in table.rows.values() for row in found if row[2]}
    ids = [row_id for page in turn(table, limit, shown) for row_id in page]

    assert sorted(ids) == sorted(numbers)
    assert [numbers[i] for i in ids] == sorted(numbers.values(), reverse=newest_first)
    assert table.most_read <= limit


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=20),
    st.integers(1, 3),
    st.booleans(),
    st.data(),
)
def test_a_row_that_moves_between_two_pages_is_not_missed(
    arrivals: list[tuple[str, bool]],
    limit: int,
    newest_first: bool,  # noqa: FBT001
    data: st.DataObject,
) -> None:
    """No two rows share a number here: one that moves at the very edge of a page may be missed."""
    rows: dict[str, list[tuple[int, bool]]] = {name: [] for name in "abc"}
    for number, (name, shown) in enumerate(arrivals):
        rows[name].append((number, shown))
    table = Partitions({**rows, "f": []}, newest_first=newest_first)
    everything = {row[1] for found in table.rows.values() for row in found if row[2]}
    ids: set[str] = set()
    for page in turn(table, limit):
        ids |= set(page)
        name = data.draw(st.sampled_from(sorted(table.rows)))
        if table.rows[name]:
            row = table.rows[name].pop(data.draw(st.integers(0, len(table.rows[name]) - 1)))
            table.rows["f"] = sorted([*table.rows["f"], row], reverse=newest_first)

    assert ids == everything


def written(cursor: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(cursor).encode()).decode().rstrip("=")


NO_CURSORS: list[object] = [
    None,
    7,
    [],
    {},
    [7],
    [7, None],
    [7, []],
    [None, {}],
    ["7", {}],
    [True, {}],
    [-1, {}],
    [7.5, {}],
    [2**53, {}],
    [7, {"a": 7}],
    [7, {"a": ""}],
    [7, {"a": "x" * 41}],
    [7, {"a": "Ä"}],
    [7, {}, {}],
]


@pytest.mark.parametrize("cursor", ["", "?", "ä", "e30=e30", "A" * 5000, *map(written, NO_CURSORS)])
def test_a_cursor_that_is_none_is_told(cursor: str) -> None:
    with pytest.raises(BadRequest, match="cursor"):
        listing.cursor(cursor)


def test_a_cursor_stays_short_enough_for_an_address() -> None:
    """However many departments there are: only those count that have a row at the very edge."""
    rows = {f"department_{n}/open": [(number, True) for number in range(3)] for n in range(60)}
    table = Partitions(rows, newest_first=True)
    page = listing.page(list(rows), table.read, 50, listing.cursor(None), newest_first=True)

    assert len(page.cursor(1) or "") < 100
