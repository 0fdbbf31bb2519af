"""What lists and alarms read of many tickets: what they return, and no more. `make scale` takes 100,000."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib import wiring
from chalicelib.alarms import LIMIT
from chalicelib.identity import Caller
from chalicelib.ticket_index import BY_ALARM, BY_DEADLINE
from chalicelib.ticket_items import ALARM_SHARDS
from tests import watch
from tests import world as worlds
from tests.counted_table import BigTable, Counting
from tests.fakes import FakeSqs
from tests.made import POLICIES
from tests.world import World

TICKETS = int(os.environ.get("TICKETS", "2000"))
PAGE = 50
SPARE = 1.05

OLGA = Caller("olga", "Olga", frozenset({"ops"}))
KIM = Caller("kim", "Kim", frozenset({"department:communications"}))


@pytest.fixture(scope="module")
def table() -> BigTable:
    big = BigTable()
    big.fill(TICKETS)
    return big


@pytest.fixture
def counting(table: BigTable, monkeypatch: pytest.MonkeyPatch, secrets_file: Path) -> tuple[World, Counting]:
    """Give a world over a client that counts."""
    client = Counting(table)
    return worlds.build(monkeypatch, World(client, FakeSqs()), SECRETS_FILE=str(secrets_file)), client


@pytest.mark.parametrize("status", ["overdue", "due_soon"])
@pytest.mark.parametrize(("caller", "shards"), [(OLGA, len(POLICIES.departments.ids)), (KIM, 1)])
def test_a_page_of_a_list_reads_what_it_shows_and_a_page_of_each_department(
    counting: tuple[World, Counting], status: str, caller: Caller, shards: int
) -> None:
    _, client = counting
    page = wiring.api().list_tickets(caller, {"status": status, "limit": str(PAGE)})

    assert len(page.tickets) == PAGE
    assert {(ticket.overdue, ticket.due_soon) for ticket in page.tickets} == {
        (status == "overdue", status == "due_soon")
    }
    assert client.read[BY_DEADLINE.name] <= SPARE * PAGE + shards * PAGE
    assert client.read.keys() == {BY_DEADLINE.name}
    assert client.calls.keys() == {"query", "batch_get_item"}


@pytest.mark.parametrize("status", ["overdue", "due_soon"])
def test_a_whole_list_of_a_department_reads_what_it_shows(
    counting: tuple[World, Counting], status: str
) -> None:
    _, client = counting
    shown, after = 0, None
    while True:
        asked = {"status": status, "limit": "100"} | ({"cursor": after} if after else {})
        page = wiring.api().list_tickets(KIM, asked)
        shown, after = shown + len(page.tickets), page.next
        if after is None:
            break

    assert shown >= TICKETS // 50
    assert client.read[BY_DEADLINE.name] <= SPARE * shown + 100
    assert client.calls.keys() == {"query", "batch_get_item"}


def test_a_pass_over_alarms_reads_what_it_tells_and_the_next_one_nothing(
    counting: tuple[World, Counting],
) -> None:
    """The last of this file: it tells what is due, whatever time it takes."""
    world, client = counting
    alarms = replace(wiring.alarms(), elapsed=lambda: 0.0)
    alarms.run()

    told = watch.ids(world)
    overdue = [each for each in told if each.endswith(":overdue")]
    assert len(overdue) == TICKETS // 2
    assert len(told) == len(set(told))
    assert client.read[BY_ALARM.name] <= SPARE * len(told) + len(ALARM_SHARDS) * LIMIT
    assert client.read.keys() == {BY_ALARM.name}
    assert client.calls.keys() == {"query", "batch_get_item", "update_item"}

    client.forget()
    alarms.run()
    assert (client.read.total(), client.calls) == (0, {"query": len(ALARM_SHARDS)})
    assert watch.ids(world) == told
