"""`make compare`: what another model would change about the last tickets, without changing anything."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib import triage
from chalicelib.categories import Category
from chalicelib.classifier import MODEL, Classification
from chalicelib.decision import Decision
from chalicelib.errors import ConfigurationError
from chalicelib.merging import open_ticket
from chalicelib.message import Author, Change, Kind, Message
from chalicelib.ticket import Ticket
from chalicelib.ticket_index import TicketIndex
from chalicelib.ticket_store import TicketStore
from infra import compare, last_tickets, shadow
from tests.made import POLICIES, clocks
from tests.world import NOW, TABLE, World

RULES = POLICIES.departments
DESK = RULES.catch_all().department
PRAISE, CRITICISM, OTHER = Category.PRAISE, Category.CRITICISM, Category.OTHER


def reading(category: Category, *, sure: bool = True, confidence: float = 0.9) -> Classification:
    return Classification(category, confidence, (), "model:test", sure=sure)


def ticket(number: int, text: str | None = "Hallo", department: str | None = "marketing") -> Ticket:
    message = Message(
        platform="x",
        change=Change.CREATED,
        kind=Kind.MENTION,
        message_id=f"m{number}",
        author=Author("1", "Svenja"),
        text=text,
    )
    decision = Decision(
        category="praise" if department else "other",
        confidence=0.9,
        decided_by="model:old",
        department=department,
        clocks=clocks(NOW + 3600) if department else (),
    )
    return open_ticket(message, decision, NOW + number)


def replayed(old: triage.Classify, new: triage.Classify, *tickets: Ticket) -> list[shadow.Replayed]:
    judges = shadow.judge(old, POLICIES), shadow.judge(new, POLICIES)
    return list(shadow.replay(tickets or [ticket(1)], *judges))


def told(found: list[shadow.Replayed], *, with_text: bool = False) -> list[str]:
    return list(shadow.told(found, with_text=with_text))


def numbers(lines: list[str]) -> dict[str, int]:
    return {line[:20].strip(): int(line[20:27]) for line in lines[:4]}


# What would change


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        (reading(PRAISE), reading(PRAISE, confidence=0.8), set()),
        (reading(PRAISE), reading(CRITICISM), {"another category", "another owner"}),
        (reading(PRAISE), reading(PRAISE, sure=False), {"another owner", "decided → unsure"}),
        (reading(OTHER, sure=False), reading(OTHER), {"another owner", "unsure → decided"}),
        (reading(OTHER, sure=False), reading(PRAISE, sure=False), {"another category"}),
    ],
)
def test_what_would_change_is_counted(old: Classification, new: Classification, changed: set[str]) -> None:
    lines = told(replayed(lambda _: old, lambda _: new))
    assert {name for name, n in numbers(lines).items() if n} == changed


def test_categories_are_told_from_old_to_new() -> None:
    lines = told(replayed(lambda _: reading(PRAISE), lambda _: reading(CRITICISM), ticket(1), ticket(2)))
    (row,) = [line for line in lines if line.startswith("praise ")]
    assert row.split() == ["praise", "0", "0", "2", "0", "0"]


def test_examples_are_told_by_id_and_without_text_unless_it_is_asked_for() -> None:
    found = replayed(
        lambda _: reading(PRAISE),
        lambda _: reading(CRITICISM, sure=False, confidence=0.4),
        ticket(1, "Ganz\ngroßes \x1b[31mKino"),
    )
    assert told(found)[-1] == (
        f"{ticket(1).id}  praise 0.90 decided, marketing  →  criticism 0.40 unsure, {DESK}"
    )
    assert "Kino" not in "\n".join(told(found))
    assert told(found, with_text=True)[-1] == "    Ganz großes [31mKino"


def test_what_stays_as_it_is_is_no_example_and_twenty_are_enough() -> None:
    many = [ticket(number) for number in range(30)]
    same = replayed(lambda _: reading(PRAISE), lambda _: reading(PRAISE), *many)
    other = replayed(lambda _: reading(PRAISE), lambda _: reading(CRITICISM), *many)
    assert not [line for line in told(same) if line.startswith("t_")]
    assert [line.split()[0] for line in told(other) if line.startswith("t_")] == [t.id for t in many[:20]]
    assert "30 would change; the newest of them:" in told(other)


def test_without_a_text_there_is_nothing_to_replay() -> None:
    assert not replayed(lambda _: reading(PRAISE), lambda _: reading(OTHER), ticket(1, None), ticket(2, " "))
    assert numbers(told([])) == dict.fromkeys(numbers(told([])), 0)


def test_an_incomplete_message_stays_with_those_who_catch_all() -> None:
    incomplete = replace(ticket(1), incomplete=True)
    (found,) = replayed(lambda _: reading(PRAISE), lambda _: reading(CRITICISM), incomplete)
    assert (found.old.owner, found.new.owner) == (DESK, DESK)


# The last tickets


@pytest.fixture
def last(world: World) -> Callable[[int], list[str]]:
    store = TicketStore(world.dynamodb, TABLE, world.limits())
    owners = (*RULES.ids, None)
    for number in range(120):
        store.open(ticket(number, department=owners[number % len(owners)]))

    def ids(most: int) -> list[str]:
        return [
            each.id for each in last_tickets.read(TicketIndex(world.dynamodb, TABLE), store, RULES.ids, most)
        ]

    return ids


@pytest.mark.parametrize("most", [1, 50, 75, 120, 1000])
def test_the_newest_tickets_come_first_whoever_owns_them(last: Callable[[int], list[str]], most: int) -> None:
    newest = [ticket(number).id for number in reversed(range(120))]
    assert last(most) == newest[:most]


def test_of_no_tickets_none_is_read(world: World) -> None:
    store = TicketStore(world.dynamodb, TABLE, world.limits())
    assert not list(last_tickets.read(TicketIndex(world.dynamodb, TABLE), store, RULES.ids, 10))


# The command


def test_the_same_model_changes_nothing_and_nothing_is_written(world: World) -> None:
    store = TicketStore(world.dynamodb, TABLE, world.limits())
    for number, text in enumerate(["Danke für die tolle Beratung!", "Wo bleibt mein Paket?", None]):
        store.open(ticket(number, text))
    what = compare.asked({"MODEL": str(MODEL)})
    lines = list(compare.compared(what, world.client("dynamodb"), TABLE, NOW))

    assert lines[0] == "2 tickets replayed; 1 without a text left out"
    assert lines[1] == "first read by: model:old 2\n"
    assert set(numbers(lines[2:]).values()) == {0}
    assert set(world.calls) == {"query", "batch_get_item"}


def test_what_is_asked_for_is_read_from_the_environment(tmp_path: Path) -> None:
    model = tmp_path / "my model"
    model.write_bytes(b"bytes")
    usual = compare.Asked(b"bytes", 1000, "", with_text=False)
    assert compare.asked({"MODEL": str(model), "N": "", "TEXT": "0"}) == usual
    told_all = {"MODEL": str(model), "N": "7", "STACK": "here", "TEXT": "1"}
    assert compare.asked(told_all) == compare.Asked(b"bytes", 7, "here", with_text=True)


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, "MODEL is missing"),
        ({"MODEL": "/nowhere/model"}, "MODEL='/nowhere/model': No such file"),
        ({"MODEL": str(MODEL), "N": "0"}, "N=0: give the number"),
        ({"MODEL": str(MODEL), "N": "ten"}, "N=ten: give the number"),
    ],
)
def test_what_is_wrong_is_told(environ: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        compare.asked(environ)


def test_a_damaged_model_is_told_before_anything_is_read(world: World, tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.write_bytes(b"{}\n")
    what = compare.asked({"MODEL": str(model)})
    with pytest.raises(ConfigurationError, match="make train"):
        list(compare.compared(what, world.client("dynamodb"), TABLE, NOW))
    assert not world.calls
