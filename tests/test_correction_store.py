"""What a reclassification writes, once over the fake table and once over a real one on the local engine."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import reclassify
from chalicelib.correction import Reason
from chalicelib.examples import Examples, example_of
from chalicelib.history import Happened
from chalicelib.identity import Caller
from chalicelib.storage_limits import HOUR
from chalicelib.ticket import Status, Ticket
from tests.made import POLICIES, acknowledge
from tests.test_erasure import MESSAGE, PROFILE_OVER, RECEIVED, Keeper
from tests.test_erasure import keeper as keeper  # noqa: PLC0414  (a fixture)

MIRA = Caller("mira", "Mira", frozenset({"ops"}))
PRAISE = reclassify.Reclassification.model_validate_json(
    '{"category": "praise", "topics": ["legal"], "reason": "Mira Feld lobt", "move": true}'
)
SERVICE = PRAISE.model_copy(update={"category": "service_request", "topics": ()})


def said(ticket: Ticket, asked: reclassify.Reclassification = PRAISE) -> Ticket:
    return reclassify.reclassified(ticket, asked, POLICIES, MIRA, RECEIVED + 60)


def test_a_reclassification_is_read_back_as_it_was_written(keeper: Keeper) -> None:
    ticket = keeper.open()
    new = said(ticket, SERVICE)

    assert keeper.tickets.reclassify(ticket, new)
    found = keeper.tickets.read(ticket.id)
    assert found == replace(new, revision=1)
    assert found is not None
    assert (found.decision.department, found.moves) == ("customer_service", 1)


@pytest.mark.parametrize("first", ["reclassify", "acknowledge", "withdraw", "rewrite"])
def test_who_comes_second_writes_nothing(keeper: Keeper, first: str) -> None:
    ticket = keeper.open()
    rewritten = replace(ticket, rank=ticket.rank + 1)
    acts: dict[str, Callable[[], object]] = {
        "reclassify": lambda: keeper.tickets.reclassify(ticket, said(ticket)),
        "acknowledge": lambda: acknowledge(keeper.tickets, ticket, MIRA, RECEIVED),
        "withdraw": lambda: keeper.tickets.withdraw(ticket, RECEIVED),
        "rewrite": lambda: keeper.tickets.rewrite(ticket, rewritten),
    }
    acts[first]()
    before = keeper.items(ticket.id)

    assert not keeper.tickets.reclassify(ticket, said(ticket, SERVICE))
    assert keeper.items(ticket.id) == before


def test_who_has_the_ticket_in_hand_while_it_is_moved_writes_nothing(keeper: Keeper) -> None:
    ticket = keeper.open()
    keeper.tickets.reclassify(ticket, said(ticket, SERVICE))
    before = keeper.items(ticket.id)
    keeper.tickets.mark_told(ticket, Happened.OPENED, RECEIVED)
    keeper.tickets.mark_told(ticket, Happened.EDITED, RECEIVED)
    found = acknowledge(keeper.tickets, ticket, MIRA, RECEIVED)

    assert found is not None
    assert found.status is Status.OPEN
    assert not keeper.tickets.rewrite(ticket, replace(ticket, rank=ticket.rank + 1))
    assert {k: v for k, v in keeper.items(ticket.id).items() if k == "ticket"} == {"ticket": before["ticket"]}


def test_reasons_go_with_the_first_that_is_erased_and_do_not_come_back(keeper: Keeper) -> None:
    ticket = keeper.open()
    reasons = [Reason(1, "mira", "lobt"), Reason(2, "mira", "fragt")]
    for reason in reasons:
        keeper.tickets.contents.give_reason(ticket, reason)
    found = keeper.tickets.read(ticket.id)
    assert found is not None
    assert list(found.reasons) == reasons

    keeper.run(PROFILE_OVER)
    keeper.tickets.contents.give_reason(ticket, Reason(3, "mira", "spät"))
    content = keeper.items(ticket.id)["content"]
    assert "reasons" not in content
    assert content["text"] == MESSAGE.text


def test_reasons_are_given_to_what_is_there_only(keeper: Keeper) -> None:
    ticket = keeper.open(replace(MESSAGE, platform="facebook"))
    keeper.tickets.contents.give_reason(ticket, Reason(1, "mira", "lobt"))
    assert "reasons" in keeper.items(ticket.id)["content"]
    keeper.tickets.withdraw(ticket, RECEIVED)
    keeper.tickets.contents.give_reason(ticket, Reason(2, "mira", "lobt"))

    assert "content" not in keeper.items(ticket.id)


def test_the_last_example_of_a_ticket_is_kept_whatever_comes_late(keeper: Keeper) -> None:
    examples = Examples(keeper.tickets.client, keeper.tickets.table, keeper.tickets)
    ticket = keeper.open()
    first = said(ticket, SERVICE)
    second = said(first)
    for each in (first, second, first):
        example = example_of(each)
        assert example is not None
        examples.keep(example)
    keeper.tickets.reclassify(ticket, first)
    keeper.tickets.reclassify(replace(first, revision=1), second)

    ((example, found),) = examples.usable()
    assert (example, found) == (example_of(second), replace(second, text=MESSAGE.text, revision=2))
    keeper.clock.now = RECEIVED + 48 * HOUR
    assert list(examples.usable()) == []


def test_what_nobody_has_corrected_is_no_example(keeper: Keeper) -> None:
    examples = Examples(keeper.tickets.client, keeper.tickets.table, keeper.tickets)
    ticket = keeper.open()
    for key in (ticket.id, "t_nowhere"):
        examples.note(key)

    assert list(keeper.items(ticket.id)) == ["content", "ticket"]
    assert list(examples.usable()) == []


def test_a_later_number_is_needed_for_another_example(keeper: Keeper) -> None:
    examples: Any = Examples(keeper.tickets.client, keeper.tickets.table, keeper.tickets)
    example = example_of(said(keeper.open()))
    assert example is not None
    examples.keep(example)
    before = keeper.items(example.ticket_id)
    examples.keep(replace(example, category="other"))

    assert keeper.items(example.ticket_id) == before
