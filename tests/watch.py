"""Tickets with clocks and what keeps watch over them, over the fake table or the local engine's."""

import json
from collections.abc import Callable
from threading import Lock, Thread, get_ident
from typing import Any

import app
from chalicelib import answering
from chalicelib.answering import Deed
from chalicelib.categories import Category
from chalicelib.clockwork import Clockwork
from chalicelib.decision import Decision
from chalicelib.merging import open_ticket
from chalicelib.message import Author, Change, Kind, Message
from chalicelib.our_replies import Heard, Help
from chalicelib.policies import About, Policies
from chalicelib.ticket import Ticket
from chalicelib.ticket_store import TicketStore
from tests.made import POLICIES
from tests.test_redrive import EVENT
from tests.world import NOW, OPS, World, queue

HOUR = 3600
ACK, ANSWER = "acknowledge_by", "answer_by"


def made(
    number: int = 1, policies: Policies = POLICIES, at: int = NOW, department: str = "communications"
) -> Ticket:
    """Make a ticket of communications, or another: to be acknowledged in 8 hours, answered in 24."""
    message = Message(
        platform="facebook",
        change=Change.CREATED,
        kind=Kind.COMMENT,
        message_id=str(number),
        author=Author("9", "Jonas Feld"),
        text="Zu laut!",
        permalink=f"https://facebook.example/{number}",
    )
    owner = policies.departments.owner(Category.CRITICISM, ())
    decision = Decision(
        category=Category.CRITICISM,
        confidence=0.9,
        decided_by="test",
        department=department,
        clocks=policies.clocks(owner, About(Category.CRITICISM, "facebook", Kind.COMMENT), at),
    )
    return open_ticket(message, decision, at)


def store(world: World) -> TicketStore:
    return TicketStore(world.dynamodb, world.table, world.limits())


def opened(world: World, number: int = 1, policies: Policies = POLICIES) -> Ticket:
    return store(world).open(made(number, policies, world.now))


def read(world: World, ticket: Ticket) -> Ticket:
    found = store(world).read(ticket.id)
    assert found is not None
    return found


def changed(world: World, ticket: Ticket, make: Callable[[Ticket], Ticket]) -> Ticket:
    """Change a ticket as somebody else would, unseen by whoever watches the calls."""
    return Clockwork(store(world), POLICIES, lambda: world.now).change(read(world, ticket), make)


def answered(world: World, ticket: Ticket, said: Help = Help.SUBSTANTIVE) -> Ticket:
    heard = Heard(id=f"r{world.now}", at=world.now, read_as=said)
    return changed(world, ticket, lambda it: answering.replied(it, heard, Deed(world.now, "Mira"), POLICIES))


def paused(world: World, ticket: Ticket, until: int | None) -> Ticket:
    return changed(world, ticket, lambda it: answering.paused(it, until, Deed(world.now, "Mira"), POLICIES))


def pass_(world: World, after: int = 0) -> None:
    """Let time pass, then work off what is due."""
    world.now += after
    app.tell_alarms(EVENT, None)


def events(world: World) -> list[tuple[str, dict[str, Any]]]:
    """Read what was told of alarms, in the order of time, with the queue it was told in."""
    found = [
        (url.removeprefix("https://sqs/"), json.loads(body))
        for url in (OPS, *map(queue, POLICIES.departments.ids))
        for body in world.sqs.bodies(url)
    ]
    assert all(event["type"] == "org.zustaendig.ticket.alarmed.v1" for _, event in found)
    return sorted(found, key=lambda each: str(each[1]["time"]))


def ids(world: World) -> list[str]:
    return [event["id"] for _, event in events(world)]


def levels(world: World, clock: str = ACK) -> list[str]:
    """Read the levels of a clock that were told."""
    return [event["data"]["level"] for _, event in events(world) if event["data"]["clock"] == clock]


class Interleaved:
    """Several runners, one of which goes on at a time; behind each call, a second later, `turn` says who."""

    def __init__(self, world: World, turn: Callable[[int], int]) -> None:
        self.world, self.turn, self.failed = world, turn, list[BaseException]()

    def run(self, *acts: Callable[[], None]) -> None:
        gates = [Lock() for _ in acts]
        left = list(range(len(acts)))
        who: dict[int, int] = {}
        for gate in gates:
            gate.acquire()

        def hand_over() -> None:
            if left:
                gates[left[self.turn(len(left))]].release()

        def after_call(_operation: str, _arguments: dict[str, Any]) -> None:
            self.world.now += 1
            hand_over()
            gates[who[get_ident()]].acquire()

        def act(number: int) -> None:
            who[get_ident()] = number
            gates[number].acquire()
            try:
                acts[number]()
            except BaseException as error:  # noqa: BLE001  (whatever it is, the test is to see it)
                self.failed.append(error)
            left.remove(number)
            hand_over()

        threads = [Thread(target=act, args=(number,)) for number in left]
        self.world.after_call = after_call
        for thread in threads:
            thread.start()
        hand_over()
        for thread in threads:
            thread.join()
        self.world.after_call = lambda *_: None
        for error in self.failed:
            raise error
