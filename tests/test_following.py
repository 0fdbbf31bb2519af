"""What a person adds to what they wrote: it joins the ticket, and only a new question starts clocks anew."""

import json
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.clocks import ClockName
from chalicelib.history import Happened
from chalicelib.joining import REOPENS_FOR
from chalicelib.merging import MOST_REPLIES
from chalicelib.our_replies import Help
from chalicelib.ticket import Status, Ticket, ticket_id
from chalicelib.views import moment
from tests.crashes import crash_after_every_call
from tests.deliveries import PAGE, comment, page
from tests.test_changes_at_once import twin
from tests.test_listening import BRUSH_OFF, QUESTION, RECEIPT, US, direct, stopped
from tests.test_workflow import OLGA
from tests.world import INTAKE, NOW, World

SUBSTANCE = "Herr Brandt hat dir eben einen neuen Router geschickt, die Sendungsnummer ist 4711."
THANKS, AGAIN = "Danke, ihr seid super!", "Der Router geht schon wieder nicht, wann kommt jemand?"
DANGER = "Der Router brennt, es raucht und stinkt verschmort! Meine Kinder sind im Zimmer!"


def arrive(world: World, *deliveries: bytes, platform: str = "messenger", apart: int = 60) -> None:
    for body in deliveries:
        assert world.post(platform, body)["statusCode"] == 200
        world.drain()
        world.now += apart
    assert not world.quarantined()


def only(world: World) -> Ticket:
    (ticket,) = world.tickets().values()
    return ticket


def kinds(world: World) -> list[str]:
    return [event["type"].split(".")[-2] for event in world.events("customer_service")]


def test_a_follow_up_joins_the_open_ticket_and_its_owner_is_told(world: World) -> None:
    arrive(world, direct("m1", QUESTION, NOW))
    before = only(world).decision.clocks
    arrive(world, direct("m2", AGAIN, NOW + 60))

    ticket = only(world)
    assert ticket.decision.clocks == before, (
        "the oldest question that is open anchors the clocks (cerb #1524)"
    )
    assert (ticket.follow_ups, ticket.text) == (1, QUESTION)
    assert [line.what for line in ticket.history].count(Happened.FOLLOWED_UP) == 1
    assert kinds(world) == ["opened", "updated"]
    assert world.events("customer_service")[-1]["data"]["follow_ups"] == 1


def test_the_id_of_a_follow_up_leads_to_the_ticket_it_joined(world: World) -> None:
    arrive(world, direct("m1", QUESTION, NOW), direct("m2", AGAIN, NOW + 60))

    shown = wiring.api().show_ticket(OLGA, ticket_id("messenger", "m2"))
    assert shown.id == ticket_id("messenger", "m1")
    (further,) = shown.further_messages
    assert (further.id, further.text) == (ticket_id("messenger", "m2"), AGAIN)
    assert further.occurred_at == moment(NOW + 60)


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize(
    "thanks", [THANKS, "Danke", "Vielen Dank für die schnelle Hilfe! 🙏", "ok, thank you so much"]
)
def test_thanks_after_an_answer_restart_nothing(world: World, thanks: str, times: int) -> None:
    """The thank-you trap (chatwoot #10178)."""
    arrive(world, direct("m1", QUESTION, NOW), direct("e1", SUBSTANCE, NOW + 60, ours=True))
    before = only(world)
    arrive(world, *[direct("m2", thanks, NOW + 120)] * times)

    ticket = only(world)
    assert (ticket.status, ticket.follow_ups) == (Status.ANSWERED, 1)
    assert ticket.decision.clocks == before.decision.clocks
    assert ticket.alarm_at == before.alarm_at is None


@pytest.mark.parametrize(
    "question", [AGAIN, "Hm", "Danke, aber wann genau?", "Danke für nichts", "Danke, schickt mir die Nummer"]
)
def test_a_new_question_after_an_answer_starts_the_clocks_anew(world: World, question: str) -> None:
    arrive(world, direct("m1", QUESTION, NOW), direct("e1", SUBSTANCE, NOW + 60, ours=True))
    arrive(world, *[direct("m2", question, NOW + 120)] * 2)

    ticket = only(world)
    assert ticket.status is Status.OPEN
    assert {clock.started_at for clock in ticket.running} == {NOW + 120}
    reopened = [line for line in ticket.history if line.what is Happened.REOPENED]
    assert [line.about["answered_at"] for line in reopened] == [NOW + 60]


def test_the_update_clock_never_runs_against_us_after_our_answer(world: World) -> None:
    """Clocks on the wrong party (zammad #3140): we have answered last, nothing runs."""
    arrive(world, direct("m1", QUESTION, NOW), direct("m2", AGAIN, NOW + 60))
    arrive(world, direct("e1", SUBSTANCE, NOW + 120, ours=True))

    ticket = only(world)
    assert (ticket.status, ticket.running) == (Status.ANSWERED, ())


def test_the_answer_to_a_follow_up_reopens_and_closes_again(world: World) -> None:
    arrive(
        world,
        direct("m1", QUESTION, NOW),
        direct("e1", SUBSTANCE, NOW + 60, ours=True),
        direct("m2", AGAIN, NOW + 120),
        direct("e2", SUBSTANCE, NOW + 180, ours=True),
    )

    ticket = only(world)
    assert ticket.status is Status.ANSWERED
    assert stopped(ticket)[ClockName.ANSWER_BY] == NOW + 180


@pytest.mark.parametrize(("later", "tickets"), [(REOPENS_FOR - 100, 1), (REOPENS_FOR + 100, 2)])
def test_a_question_long_after_the_answer_opens_its_own_ticket(
    world: World, later: int, tickets: int
) -> None:
    arrive(world, direct("m1", QUESTION, NOW), direct("e1", SUBSTANCE, NOW + 60, ours=True))
    world.now += later
    arrive(world, direct("m2", AGAIN, world.now))

    assert len(world.tickets()) == tickets
    assert Status.OPEN in {ticket.status for ticket in world.tickets().values()}


def test_a_message_of_the_person_ends_the_pause_that_waits_for_it(world: World) -> None:
    arrive(world, direct("m1", QUESTION, NOW))
    ticket = only(world)
    wiring.acting().act("pause", OLGA, ticket.id, b'{"reason": "Wir warten auf die Kundennummer."}')
    assert only(world).status is Status.PAUSED
    arrive(world, direct("m2", "Meine Kundennummer ist 4711.", NOW + 120))

    ticket = only(world)
    assert ticket.status is Status.OPEN
    assert ticket.pauses[-1].until is not None
    assert Happened.RESUMED in {line.what for line in ticket.history}


def test_danger_in_a_follow_up_brings_the_deadline_forward(world: World) -> None:
    arrive(world, direct("m1", QUESTION, NOW))
    before = only(world).due_at
    arrive(world, direct("m2", DANGER, NOW + 60))

    ticket = only(world)
    assert before is not None
    assert ticket.due_at == NOW + 60 + 1800 < before


def test_a_follow_up_that_is_edited_or_deleted_is_found_in_its_ticket(world: World) -> None:
    edit = {"mid": "m2", "text": "Kundennummer 4711, bitte melden", "num_edit": "1"}
    person, ours = {"id": "801"}, {"id": PAGE}

    def event(**said: Any) -> bytes:
        one = {"sender": person, "recipient": ours, "timestamp": (NOW + 99) * 1000, **said}
        return json.dumps({"object": "page", "entry": [{"id": PAGE, "messaging": [one]}]}).encode()

    arrive(world, direct("m1", QUESTION, NOW), direct("m2", AGAIN, NOW + 60), event(message_edit=edit))
    (further,) = only(world).further
    assert further.text == edit["text"]
    assert only(world).follow_ups == 1

    arrive(world, event(message={"mid": "m2", "is_deleted": True}), direct("m2", AGAIN, NOW + 60))
    (further,) = only(world).further
    assert (further.text, further.deleted_at) == (None, world.now - 120)
    assert only(world).status is Status.OPEN
    assert "4711" not in str(world.dynamodb.items)


def test_a_ticket_stands_while_a_message_of_it_does(world: World) -> None:
    def deleted(mid: str) -> bytes:
        return direct(mid, "", NOW + 99, is_deleted=True)

    arrive(world, direct("m1", QUESTION, NOW), direct("m2", AGAIN, NOW + 60), deleted("m1"))
    ticket = only(world)
    assert (ticket.status, ticket.text) == (Status.OPEN, None)
    assert QUESTION not in str(world.dynamodb.items)

    arrive(world, deleted("m2"))
    assert only(world).status is Status.WITHDRAWN


def test_in_a_thread_a_person_goes_on_below_their_comment_or_our_reply(world: World) -> None:
    person = {"id": "501", "name": "Jonas Feld"}
    arrive(
        world,
        page([comment(1, QUESTION)]),
        page([comment(2, AGAIN, person, parent_id="401_1")]),
        page([comment(9, "Gerne!", US, parent_id="401_1")]),
        page([comment(3, AGAIN, person, parent_id="401_9")]),
        platform="facebook",
    )

    assert only(world).follow_ups == 2


def test_below_somebody_elses_comment_a_person_has_one_ticket_of_their_own(world: World) -> None:
    other = {"id": "502", "name": "Mina"}
    arrive(
        world,
        page([comment(1, QUESTION)]),
        page([comment(2, "Bei mir ist er auch defekt, wann kommt jemand?", other, parent_id="401_1")]),
        page([comment(3, AGAIN, other, parent_id="401_1")]),
        platform="facebook",
    )

    assert {t.message_id: t.follow_ups for t in world.tickets().values()} == {"401_1": 0, "401_2": 1}


@pytest.mark.parametrize(
    "doubtful",
    [
        page([comment(2, AGAIN, None, parent_id="401_1")]),
        page([comment(2, AGAIN, parent_id="401_1")], account="301000000000002"),
        page([comment(2, AGAIN)]),
        page([comment(2, AGAIN, {"id": "502", "name": "Mina"}, parent_id="401_1")]),
    ],
    ids=["nobody", "another account", "another thread", "somebody else"],
)
def test_what_is_doubtful_opens_a_ticket_of_its_own(world: World, doubtful: bytes) -> None:
    arrive(world, page([comment(1, QUESTION)]), doubtful, platform="facebook")

    assert len(world.tickets()) == 2


def test_after_a_deletion_a_new_message_opens_a_new_ticket(world: World) -> None:
    gone = direct("m1", "", NOW + 30, is_deleted=True)
    arrive(world, direct("m1", QUESTION, NOW), gone, direct("m2", AGAIN, NOW + 60))

    assert sorted(t.status for t in world.tickets().values()) == [Status.OPEN, Status.WITHDRAWN]


def test_a_follow_up_joins_once_though_the_worker_is_cut_off_after_every_call(world: World) -> None:
    arrive(world, direct("m1", QUESTION, NOW), direct("e1", SUBSTANCE, NOW + 60, ours=True))
    world.post("messenger", direct("m2", AGAIN, NOW + 120))
    assert crash_after_every_call(world) > 5

    ticket = only(world)
    assert (ticket.status, ticket.follow_ups) == (Status.OPEN, 1)
    lines = [line.what for line in ticket.history]
    assert (lines.count(Happened.FOLLOWED_UP), lines.count(Happened.REOPENED)) == (1, 1)
    assert len({event["id"] for event in world.events("customer_service")}) == 2
    assert ticket.untold == ()


@pytest.mark.parametrize("step", range(1, 9))
def test_a_follow_up_that_joins_while_the_first_message_is_deleted_keeps_an_open_ticket(
    world: World, step: int
) -> None:
    arrive(world, direct("m1", QUESTION, NOW))
    world.post("messenger", direct("m1", "", NOW + 30, is_deleted=True))
    (mine,) = world.sqs.waiting[INTAKE]
    world.sqs.waiting[INTAKE] = []

    def other() -> None:
        world.post("messenger", direct("m2", AGAIN, NOW + 60))
        world.drain()

    twin(world, step, other)
    world.sqs.waiting[INTAKE].append(mine)
    world.drain()
    world.after_call = lambda *_: None

    if ticket_id("messenger", "m2") in str(world.dynamodb.items):  # the deletion took so many calls
        assert Status.OPEN in {ticket.status for ticket in world.tickets().values()}
    else:
        assert step > 3


def test_the_owner_is_told_of_a_follow_up_that_comes_before_they_know_of_the_ticket(world: World) -> None:
    first, second = (json.loads(direct(f"m{n}", text, NOW)) for n, text in enumerate((QUESTION, AGAIN)))
    first["entry"][0]["messaging"] += second["entry"][0]["messaging"]
    arrive(world, json.dumps(first).encode())

    assert kinds(world) == ["opened", "updated"]
    assert only(world).untold == ()


def test_our_answer_that_quotes_a_follow_up_is_heard_and_shown(world: World) -> None:
    arrive(world, direct("m1", QUESTION, NOW), direct("m2", AGAIN, NOW + 60))
    arrive(world, direct("e1", SUBSTANCE, NOW + 120, ours=True, reply_to={"mid": "m2"}))

    ticket = only(world)
    assert ticket.status is Status.ANSWERED
    shown = wiring.api().show_ticket(OLGA, ticket.id)
    assert [reply.text for reply in shown.observed_replies] == [SUBSTANCE]


def paused(world: World) -> Ticket:
    arrive(world, direct("m1", QUESTION, NOW))
    body = b'{"reason": "Wir warten auf die Kundennummer."}'
    wiring.acting().act("pause", OLGA, only(world).id, body)
    world.now += 60
    return only(world)


def test_a_promise_on_the_platform_ends_a_pause_and_falls_due(world: World) -> None:
    paused(world)
    arrive(world, direct("e1", RECEIPT, NOW + 120, ours=True), apart=0)

    ticket = only(world)
    assert (ticket.status, ticket.pauses[-1].until) == (Status.ACKNOWLEDGED, NOW + 120)
    promise = ticket.decision.clock(ClockName.PROMISED_BY)
    assert promise is not None
    assert promise in ticket.running


def test_a_brush_off_on_the_platform_ends_no_pause(world: World) -> None:
    paused(world)
    arrive(world, direct("e1", BRUSH_OFF, NOW + 120, ours=True))

    assert only(world).status is Status.PAUSED


@pytest.mark.parametrize("said", [BRUSH_OFF, RECEIPT, SUBSTANCE])
def test_a_reply_of_before_the_pause_does_not_end_it(world: World, said: str) -> None:
    ticket = paused(world)
    arrive(world, direct("e1", said, ticket.pauses[-1].start - 1, ours=True))

    assert only(world).pauses[-1].until is None


def test_who_overrules_what_answered_in_a_pause_finds_as_much_time_as_was_left(world: World) -> None:
    before = paused(world)
    world.now += 6 * 3600
    arrive(world, direct("e1", SUBSTANCE, world.now, ours=True), apart=0)
    assert only(world).status is Status.ANSWERED
    overrule(only(world), "brush_off")

    ticket = only(world)
    assert ticket.status is Status.OPEN
    assert (ticket.pauses[-1].start, ticket.pauses[-1].until) == (before.pauses[-1].start, world.now)
    assert not ticket.is_overdue(world.now)


def overrule(ticket: Ticket, says: str) -> None:
    asked = {"reply": ticket.heard[-1].id, "help": says, "reason": "So ist es."}
    wiring.telling().overrule(OLGA, ticket.id, json.dumps(asked).encode())


def test_who_says_that_a_reply_in_a_pause_helped_ends_the_pause(world: World) -> None:
    paused(world)
    arrive(world, direct("e1", BRUSH_OFF, NOW + 120, ours=True), apart=0)
    overrule(only(world), "substantive")

    ticket = only(world)
    assert (ticket.status, ticket.pauses[-1].until) == (Status.ANSWERED, NOW + 120)


def test_an_answer_after_very_many_replies_is_heard_and_shown(world: World) -> None:
    arrive(world, direct("m1", QUESTION, NOW))
    many = [direct(f"b{n}", f"{BRUSH_OFF} {n}", NOW + 60 + n, ours=True) for n in range(MOST_REPLIES)]
    arrive(world, *many, apart=1)
    arrive(world, direct("e1", SUBSTANCE, world.now, ours=True))

    assert only(world).status is Status.ANSWERED
    shown = wiring.api().show_ticket(OLGA, only(world).id)
    assert shown.observed_replies[-1].text == SUBSTANCE


@pytest.mark.parametrize(
    "asked", [{"text": SUBSTANCE}, {"text": "Ja.", "help": "substantive", "reason": "So."}]
)
def test_an_answer_is_told_though_very_many_replies_were_heard(world: World, asked: dict[str, str]) -> None:
    arrive(world, direct("m1", QUESTION, NOW))
    many = [direct(f"b{n}", f"{BRUSH_OFF} {n}", NOW + 60 + n, ours=True) for n in range(MOST_REPLIES)]
    arrive(world, *many, apart=1)
    wiring.telling().answer(OLGA, only(world).id, json.dumps(asked).encode())

    assert only(world).status is Status.ANSWERED


@pytest.mark.parametrize("step", range(1, 13))
def test_a_reply_to_a_follow_up_that_joins_meanwhile_is_heard(world: World, step: int) -> None:
    arrive(world, page([comment(1, QUESTION)]), platform="facebook")
    world.post("facebook", page([comment(9, SUBSTANCE, US, parent_id="401_2", created_time=NOW + 70)]))
    (mine,) = world.sqs.waiting[INTAKE]
    world.sqs.waiting[INTAKE] = []

    def other() -> None:
        world.post("facebook", page([comment(2, AGAIN, parent_id="401_1", created_time=NOW + 60)]))
        world.drain()

    twin(world, step, other)
    world.sqs.waiting[INTAKE].append(mine)
    world.drain()
    world.after_call = lambda *_: None

    ticket = only(world)
    if ticket.follow_ups:
        assert ticket.status is Status.ANSWERED
    else:  # the reply took fewer calls
        assert step > 3


@pytest.mark.parametrize("step", range(1, 9))
def test_a_message_whose_ticket_needs_no_answer_meanwhile_has_its_own(world: World, step: int) -> None:
    arrive(world, direct("m1", QUESTION, NOW))
    first = only(world)
    world.post("messenger", direct("m2", AGAIN, NOW + 60))
    asked = {"category": "other", "move": True, "reason": "Werbung."}
    twin(world, step, lambda: wiring.api().reclassify_ticket(OLGA, first.id, json.dumps(asked).encode()))
    world.drain()
    world.after_call = lambda *_: None

    statuses = {key: ticket.status for key, ticket in world.tickets().items()}
    assert Status.OPEN in statuses.values() or only(world).follow_ups == 1


def test_a_repeat_of_what_has_joined_opens_nothing_though_its_ticket_needs_no_answer(world: World) -> None:
    arrive(world, direct("m1", QUESTION, NOW), direct("m2", AGAIN, NOW + 60))
    asked = {"category": "other", "move": True, "reason": "Werbung."}
    wiring.api().reclassify_ticket(OLGA, only(world).id, json.dumps(asked).encode())
    arrive(world, direct("m2", AGAIN, NOW + 60))

    assert only(world).status is Status.NO_ANSWER_NEEDED


def test_a_reply_that_was_seen_before_its_follow_up_joined_counts_by_its_newest_text(world: World) -> None:
    further = page([comment(2, AGAIN, parent_id="401_1", created_time=NOW + 60)])

    def says(text: str, at: int, **more: Any) -> bytes:
        return page([comment(9, text, US, parent_id="401_2", created_time=at, **more)])

    arrive(world, page([comment(1, QUESTION)]), says(SUBSTANCE, NOW + 90), further, platform="facebook")
    assert only(world).status is Status.ANSWERED
    arrive(world, says(BRUSH_OFF, NOW + 200, verb="edited"), platform="facebook")
    before = only(world)
    assert (before.status, [one.help for one in before.heard]) == (Status.OPEN, [Help.BRUSH_OFF])

    arrive(world, further, says(SUBSTANCE, NOW + 90), further, platform="facebook")
    assert only(world).history == before.history
    assert only(world).heard == before.heard


def test_an_answer_of_before_a_newer_question_that_we_see_later_leaves_that_open(world: World) -> None:
    arrive(world, direct("m1", QUESTION, NOW), direct("m2", AGAIN, NOW + 60))
    arrive(world, *[direct("e1", SUBSTANCE, NOW + 30, ours=True)] * 2)

    ticket = only(world)
    assert ticket.status is Status.OPEN
    assert {clock.started_at for clock in ticket.running} == {NOW + 60}
    assert [line.what for line in ticket.history].count(Happened.REOPENED) == 1

    arrive(world, direct("e2", SUBSTANCE, world.now, ours=True))
    assert only(world).status is Status.ANSWERED
