"""Pages over several partitions: complete, in order, and never reading more than they may."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import listing
from chalicelib.errors import BadRequest
from chalicelib.listing import Position, Rows

partitions = st.dictionaries(
    st.sampled_from("abcde"), st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=12), min_size=1
)


class Partitions:
    """Rows by partition, some of which a filter hides; counts what is read."""

    def __init__(self, rows: dict[str, list[tuple[int, bool]]], *, newest_first: bool) -> None:
        self.newest_first, self.most_read = newest_first, 0
        self.rows = {
            name: sorted(
                ((number, f"{name}{index}", shown) for index, (number, shown) in enumerate(found)),
                reverse=newest_first,
            )
            for name, found in rows.items()
        }

    def read(self, partition: str, start: Position | None, limit: int) -> Rows:
        rows = [
            row
            for row in self.rows[partition]
            if start is None or (row[:2] < start if self.newest_first else row[:2] > start)
        ]
        page = rows[:limit]
        self.most_read = max(self.most_read, len(page))
        return Rows([row[:2] for row in page if row[2]], page[-1][:2] if len(rows) > limit else None)


@given(partitions, st.integers(1, 5), st.booleans())
def test_pages_together_are_everything_once_in_order(
    rows: dict[str, list[tuple[int, bool]]],
    limit: int,
    newest_first: bool,  # noqa: FBT001
) -> None:
    table = Partitions(rows, newest_first=newest_first)
    numbers = {row[1]: row[0] for found in table.rows.values() for row in found if row[2]}
    ids: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        positions = listing.positions(cursor) if cursor else {}
        found, after = listing.page(list(rows), table.read, limit, positions, newest_first=newest_first)
        ids += found
        cursor = listing.cursor(after)

    assert sorted(ids) == sorted(numbers)
    assert [numbers[i] for i in ids] == sorted(numbers.values(), reverse=newest_first)
    assert table.most_read <= limit


@pytest.mark.parametrize(
    "cursor",
    [
        "?",
        "ä",
        "e30=e30",
        "bnVsbA",
        "W10",
        "eyJhIjo3fQ",
        "eyJhIjpbIjEiLDJdfQ",
        "eyJhIjpbLTEsIngiXX0",
        "A" * 5000,
        "eyJhIjpbMV19",
    ],
)
def test_a_cursor_that_is_none_is_told(cursor: str) -> None:
    with pytest.raises(BadRequest, match="cursor"):
        listing.positions(cursor)
