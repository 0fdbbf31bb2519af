"""What the table holds of hand-overs, once over the fake table and once over the local engine."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib import listing
from chalicelib.answering import Deed
from chalicelib.handover import Handover, Outcome
from chalicelib.ledger import Entry, Ledger
from chalicelib.listing import Start
from chalicelib.merging import open_ticket
from chalicelib.passing_on import accepted, offered, returned
from chalicelib.ticket_index import TicketIndex
from chalicelib.ticket_store import TicketStore
from tests.made import POLICIES
from tests.test_stores import DECISION, LIMITS, MESSAGE

GIVER, TO = "communications", "marketing"
OFFER = Handover(number=1, giver=GIVER, to=TO, by="Mira", at=1000, held=900, due_at=500)
ENDED = replace(OFFER, outcome=Outcome.ACCEPTED, ended_at=1200, ended_by="Nora", held=1100)


@pytest.fixture
def ledger(table: tuple[Any, str]) -> Ledger:
    return Ledger(*table)


def rows(ledger: Ledger, department: str, limit: int = 100) -> list[Entry]:
    """Read all pages of a department."""
    found: dict[str, Entry] = {}
    start, ids = Start(None, None), list[str]()
    while True:
        page = ledger.read(found, department, start, limit)
        ids += [row.id for row in page.rows]
        if page.last is None:
            return [found[id_] for id_ in ids]
        start = Start(page.last.number, page.last.id)


def test_what_is_over_is_written_once_however_often_and_in_whatever_order_it_comes(ledger: Ledger) -> None:
    for handover in (OFFER, OFFER, ENDED, OFFER, ENDED):
        ledger.note("t_1", handover)

    for department in (GIVER, TO):
        assert rows(ledger, department) == list(ledger.since(department, 0)) == [("t_1", ENDED)]
    assert rows(ledger, "shop") == []


def test_pages_show_every_row_once_the_newest_first_and_sums_begin_when_asked(ledger: Ledger) -> None:
    for number in range(9):
        ledger.note(f"t_{number}", replace(OFFER, at=1000 + number // 3))

    assert [entry.handover.at for entry in rows(ledger, TO)] == [1002] * 3 + [1001] * 3 + [1000] * 3
    for limit in (1, 2, 4):
        assert rows(ledger, TO, limit) == rows(ledger, TO)
    assert [entry.handover.at for entry in ledger.since(TO, 1001)] == [1002] * 3 + [1001] * 3


def test_who_is_nobody_has_no_rows_and_who_is_informed_neither(ledger: Ledger) -> None:
    moved = replace(ENDED, to=None, outcome=Outcome.MOVED)
    ledger.note("t_1", moved)
    ledger.note("t_2", replace(OFFER, outcome=Outcome.INFORMED))

    assert rows(ledger, GIVER) == [("t_1", moved)]
    assert rows(ledger, TO) == []


def test_what_is_offered_stands_in_the_index_until_it_is_not(table: tuple[Any, str]) -> None:
    store, index = TicketStore(*table, LIMITS), TicketIndex(*table)

    def on_offer() -> list[str]:
        return [row.id for row in index.offered({}, TO, listing.Start(None, None), 10).rows]

    ticket = store.open(open_ticket(MESSAGE, DECISION, 100))
    for end in (None, Outcome.RETURNED):
        assert store.change(ticket, offered(ticket, TO, Deed(300, "Mira", "mira")))
        there = store.read(ticket.id)
        assert there is not None
        assert there.handover is not None
        assert on_offer() == [ticket.id]
        nora = Deed(400, "Nora", "nora")
        assert store.change(there, returned(there, nora, end) if end else accepted(there, nora, POLICIES))
        assert on_offer() == []
        found = store.read(ticket.id)
        assert found is not None
        assert found.untold_handovers[-1].outcome == (end or Outcome.ACCEPTED)
        ticket = replace(found, decision=replace(found.decision, department=GIVER))
