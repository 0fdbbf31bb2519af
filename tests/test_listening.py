"""What our own accounts say on the platforms, and how the clocks of a ticket hear it."""

import json
from itertools import permutations
from typing import Any

import pytest

from chalicelib.clocks import ClockName
from chalicelib.history import Happened
from chalicelib.our_replies import Help
from chalicelib.ticket import Status, Ticket
from tests.crashes import crash_after_every_call
from tests.deliveries import PAGE, comment, page
from tests.world import NOW, World

QUESTION = "Mein Router ist seit Montag defekt, wann kommt der Techniker?"
BRUSH_OFF = "Bitte schreibe eine E-Mail an unseren Kundenservice."
RECEIPT = "Danke, das haben wir gesehen. Wir melden uns bis morgen bei dir."
SUBSTANCE = "Der Techniker kommt morgen zwischen 9 und 11 Uhr zu dir, Herr Brandt ruft vorher an."
AUTOMATIC = "Danke für deine Nachricht, wir sind ab 8 Uhr wieder da. Dies ist eine automatische Antwort."
US = {"id": PAGE, "name": "Nordlicht"}


def asks(text: str = QUESTION) -> bytes:
    return page([comment(1, text, created_time=NOW)])


def says(text: str, at: int = NOW + 60, number: int = 9, **value: Any) -> bytes:
    return page([comment(number, text, US, parent_id="401_1", created_time=at, **value)])


def deleted(number: int = 9) -> bytes:
    return page([comment(number, verb="remove", who=US, parent_id="401_1")])


def direct(mid: str, text: str, at: int, *, ours: bool = False, person: str = "801", **more: Any) -> bytes:
    sender, recipient = ({"id": PAGE}, {"id": person}) if ours else ({"id": person}, {"id": PAGE})
    message = {"mid": mid, "text": text, **({"is_echo": True} if ours else {}), **more}
    event = {"sender": sender, "recipient": recipient, "timestamp": at * 1000, "message": message}
    return json.dumps({"object": "page", "entry": [{"id": PAGE, "time": at, "messaging": [event]}]}).encode()


def after(world: World, *deliveries: bytes, platform: str = "facebook", apart: int = 90) -> Ticket:
    """Let deliveries come one after the other; give back the only ticket there is."""
    for body in deliveries:
        assert world.post(platform, body)["statusCode"] == 200
        world.drain()
        world.now += apart
    assert not world.quarantined()
    (ticket,) = world.tickets().values()
    return ticket


def stopped(ticket: Ticket) -> dict[str, int | None]:
    return {clock.name: clock.stopped_at for clock in ticket.decision.clocks}


@pytest.mark.parametrize(
    ("text", "status", "worth", "stops"),
    [
        (BRUSH_OFF, Status.OPEN, Help.BRUSH_OFF, (None, None)),
        (RECEIPT, Status.ACKNOWLEDGED, Help.RECEIPT, (NOW + 60, None)),
        (SUBSTANCE, Status.ANSWERED, Help.SUBSTANTIVE, (NOW + 60, NOW + 60)),
        (AUTOMATIC, Status.OPEN, Help.NONE, (None, None)),
    ],
)
def test_a_reply_stops_what_it_is_worth(
    world: World, text: str, status: Status, worth: Help, stops: tuple[int | None, int | None]
) -> None:
    """Bots count as nothing (chatwoot PR #6409), and nobody need close a ticket (osTicket #1684)."""
    ticket = after(world, asks(), says(text))

    assert (ticket.status, ticket.help) == (status, worth)
    times = stopped(ticket)
    assert (times[ClockName.ACKNOWLEDGE_BY], times[ClockName.ANSWER_BY]) == stops
    (reply,) = ticket.observed_replies
    assert reply.reading is not None
    assert reply.reading.automatic is (text == AUTOMATIC)
    assert reply.reading.because


def test_a_reply_counts_when_it_was_said_not_when_we_heard_of_it(world: World) -> None:
    """Libredesk stores when it looked; a reply that we hear of after the deadline is in time all the same."""
    ticket = after(world, asks(), says(SUBSTANCE), apart=40 * 86_400)

    clock = ticket.decision.clock(ClockName.ANSWER_BY)
    assert clock is not None
    assert (clock.stopped_at, clock.in_time) == (NOW + 60, True)


@pytest.mark.parametrize(("said_at", "counts"), [(NOW - 500, NOW), (NOW + 10**6, NOW + 90)])
def test_a_platform_whose_clock_is_wrong_cannot_move_ours(world: World, said_at: int, counts: int) -> None:
    ticket = after(world, asks(), says(SUBSTANCE, said_at))

    assert [heard.at for heard in ticket.heard] == [counts]


def test_a_reply_may_come_before_the_message_that_it_answers(world: World) -> None:
    ticket = after(world, says(SUBSTANCE), asks())

    assert ticket.status is Status.ANSWERED
    (reply,) = ticket.observed_replies
    assert reply.read_for == ticket.id


def test_a_promise_on_a_platform_starts_its_clock(world: World) -> None:
    ticket = after(world, asks(), says(RECEIPT))

    promise = ticket.decision.clock(ClockName.PROMISED_BY)
    assert promise is not None
    assert NOW < promise.due_at < NOW + 2 * 86_400


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_replies_edits_and_deletions_of_them_come_to_the_same_in_any_order(
    world: World, order: tuple[int, ...]
) -> None:
    deliveries = [asks(), says(RECEIPT), says(BRUSH_OFF, NOW + 70, 10), deleted(9)]
    ticket = after(world, *(deliveries[number] for number in order))

    assert (ticket.status, ticket.help) == (Status.ACKNOWLEDGED, Help.BRUSH_OFF)


def test_an_edited_reply_is_read_anew_and_counts_from_the_edit(world: World) -> None:
    better = says(SUBSTANCE, NOW + 300, verb="edited")
    ticket = after(world, asks(), says(BRUSH_OFF), better, apart=400)

    assert ticket.status is Status.ANSWERED
    assert [(heard.read_as, heard.at) for heard in ticket.heard] == [(Help.SUBSTANTIVE, NOW + 300)]


def test_an_edit_that_reads_the_same_leaves_the_answer_when_it_was(world: World) -> None:
    better = says(SUBSTANCE + " Viele Grüße!", NOW + 300, verb="edited")
    ticket = after(world, asks(), says(SUBSTANCE), better, apart=400)

    assert [heard.at for heard in ticket.heard] == [NOW + 60]


def test_a_deleted_reply_counts_as_it_did_and_its_words_are_gone(world: World) -> None:
    ticket = after(world, asks(), says(RECEIPT), deleted())

    assert ticket.status is Status.ACKNOWLEDGED
    (reply,) = ticket.observed_replies
    assert reply.reading is not None
    assert (reply.reading.label, reply.reading.because, reply.reading.promise_text) == (
        Help.RECEIPT,
        (),
        None,
    )
    assert "morgen" not in str(world.dynamodb.items)


def test_a_reply_that_is_delivered_again_is_noted_once(world: World) -> None:
    ticket = after(world, asks(), says(RECEIPT), says(RECEIPT), asks(), says(RECEIPT))

    assert [line.what for line in ticket.history].count(Happened.REPLIED) == 1
    assert len(ticket.heard) == 1


@pytest.mark.parametrize("first", [asks(), says(SUBSTANCE)])
def test_a_reply_is_heard_once_though_the_worker_is_cut_off_after_every_call(
    world: World, first: bytes
) -> None:
    second = asks() if first != asks() else says(SUBSTANCE)
    for body in (first, second):
        assert crash_after_every_call(world, body) > 3
    ticket = after(world)

    assert ticket.status is Status.ANSWERED
    assert [line.what for line in ticket.history].count(Happened.REPLIED) == 1


def test_our_own_account_never_opens_a_ticket_and_stops_the_clock_of_the_one_it_answers(world: World) -> None:
    """What zammad #251 made tickets of; and the reply is not the person's (zammad #4398)."""
    ticket = after(world, asks(), says(SUBSTANCE))

    assert ticket.author.id == "501"
    assert [reply.author.id for reply in ticket.observed_replies] == [PAGE]


@pytest.mark.parametrize(("order", "counts"), [([0, 1], NOW + 60), ([1, 0], NOW + 90)])
def test_in_a_direct_conversation_an_answer_finds_the_ticket_without_naming_it(
    world: World, order: list[int], counts: int
) -> None:
    deliveries = [direct("m1", QUESTION, NOW), direct("e1", SUBSTANCE, NOW + 60, ours=True)]
    ticket = after(world, *(deliveries[number] for number in order), platform="messenger")

    assert (ticket.status, [heard.at for heard in ticket.heard]) == (Status.ANSWERED, [counts])


def test_an_answer_in_one_conversation_is_none_in_another(world: World) -> None:
    for body in (
        direct("m1", QUESTION, NOW),
        direct("m2", QUESTION, NOW, person="802"),
        direct("e1", SUBSTANCE, NOW + 60, ours=True, person="802"),
    ):
        world.post("messenger", body)
        world.drain()

    statuses = {ticket.author.id: ticket.status for ticket in world.tickets().values()}
    assert statuses == {"801": Status.OPEN, "802": Status.ANSWERED}
