"""What the worker does about messages that a look-up must complete."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib import envelope, wiring
from chalicelib.errors import LookupFailed, Unavailable
from chalicelib.history import Happened
from chalicelib.message import Author, Message
from chalicelib.parts import LOOK_UP_AFTER
from chalicelib.ticket import Status, Ticket
from chalicelib.workflow import LOOK_UP_FOR
from tests.deliveries import comment, page
from tests.test_workflow import sent
from tests.world import INTAKE, NOW, World

WHO = Author("501", "Jonas Feld")
TEXT = "Mein Router ist seit Montag defekt, wann kommt der Techniker?"
LookUp = Callable[[Message], Message]


def found(message: Message) -> Message:
    return replace(message, author=WHO, text=TEXT, needs_lookup=False)


def gone(_message: Message) -> Message:
    raise LookupFailed("it is gone")


def down(_message: Message) -> Message:
    raise Unavailable("the platform is down")


class Lookups:
    """Answers in turn; the last answer stays."""

    def __init__(self, *answers: LookUp) -> None:
        self.answers, self.asked = list(answers), 0

    def complete(self, message: Message) -> Message:
        self.asked += 1
        return (self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])(message)


def post(world: World, monkeypatch: pytest.MonkeyPatch, lookups: Lookups, *changes: dict[str, Any]) -> Ticket:
    """Deliver comments whose author and text are withheld and process the delivery once."""
    monkeypatch.setattr(wiring, "lookups", lambda: lookups)
    world.post("facebook", page(changes or [comment(1, who=None, message=None)]))
    world.work()
    return next(iter(world.tickets().values()))


def test_what_is_found_is_read_and_routed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = post(world, monkeypatch, Lookups(found))

    assert (ticket.incomplete, ticket.author, ticket.text) == (False, WHO, TEXT)
    assert ticket.decision.department == "customer_service"


def test_a_look_up_that_fails_for_good_leaves_an_incomplete_ticket_with_owner_and_deadline(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = post(world, monkeypatch, Lookups(gone))

    assert ticket.incomplete
    assert (ticket.decision.department, ticket.decision.acknowledge_by) == ("social_media", NOW + 2 * 3600)
    assert world.sqs.bodies(INTAKE) == []
    assert len(world.events("social_media")) == 1


def test_a_platform_that_is_down_holds_nobody_up_and_is_asked_again_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lookups = Lookups(down, down, found)
    first = post(world, monkeypatch, lookups)
    assert (first.incomplete, first.status, first.decision.department) == (True, Status.OPEN, "social_media")
    (again,) = world.sqs.waiting[INTAKE]
    assert again["DelaySeconds"] == LOOK_UP_AFTER[0]
    world.now += 600
    world.drain()

    (ticket,) = world.tickets().values()
    assert lookups.asked == 3
    assert (ticket.incomplete, ticket.text, ticket.decision.category) == (False, TEXT, "service_request")
    assert (ticket.decision.department, ticket.proposed_department) == ("social_media", "customer_service")
    assert ticket.decision.acknowledge_by == NOW + 2 * 3600
    assert [line.what for line in ticket.history][-1] is Happened.COMPLETED
    assert [event["type"].split(".")[-2] for event in sent(world)] == ["opened", "updated"]


def test_asking_ends_some_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lookups = Lookups(down)
    post(world, monkeypatch, lookups)
    world.drain()

    assert lookups.asked == 1 + len(LOOK_UP_AFTER)
    assert len(sent(world)) == 1
    assert world.quarantined() == {}


def test_slow_look_ups_are_put_off_before_the_worker_runs_out_of_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(message: Message) -> Message:
        world.now += LOOK_UP_FOR + 1
        return found(message)

    post(world, monkeypatch, Lookups(slow), *(comment(number, who=None) for number in range(3)))
    assert sorted(ticket.incomplete for ticket in world.tickets().values()) == [False, True, True]
    world.drain()

    assert not any(ticket.incomplete for ticket in world.tickets().values())


def test_what_is_complete_is_not_asked_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lookups = Lookups(found)
    for _ in range(3):
        post(world, monkeypatch, lookups)
    post(world, monkeypatch, lookups, comment(2))

    assert lookups.asked == 1


def test_nobody_asks_for_what_is_deleted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.post("facebook", page([comment(1, verb="remove")]))
    world.drain()
    lookups = Lookups(found)
    ticket = post(world, monkeypatch, lookups)

    assert (ticket.status, lookups.asked) == (Status.WITHDRAWN, 0)


def test_an_edit_whose_text_is_withheld_erases_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.post("facebook", page([comment(1, TEXT)]))
    world.drain()
    edit = comment(1, verb="edited", who=None, message=None, created_time=1764057700)
    ticket = post(world, monkeypatch, Lookups(gone), edit)
    assert (ticket.text, ticket.status) == (TEXT, Status.OPEN)
    world.now += 1
    ticket = post(world, monkeypatch, Lookups(lambda m: replace(found(m), text="Danke!")), edit)

    assert ticket.text == "Danke!"


def test_what_was_fetched_late_has_its_true_age(world: World) -> None:
    said = NOW - 9 * 3600
    late = envelope.Envelope(
        platform="facebook",
        received_at=NOW,
        body=page([comment(1, TEXT, created_time=said)]),
        backfilled=True,
    )
    wiring.intake().send(late.seal(), brief=False)
    world.drain()

    (ticket,) = world.tickets().values()
    assert ticket.backfilled
    assert (ticket.received_at, ticket.occurred_at) == (NOW, said)
    assert ticket.decision.acknowledge_by == said + 4 * 3600
    assert ticket.is_overdue(NOW)
