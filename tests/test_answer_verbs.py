"""What people tell the API that they said, and what they say that a reply is, through the real handlers."""

import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib import answer_verbs, guard, wiring
from chalicelib.answering import MOST_HEARD
from chalicelib.attributes import REPLY
from chalicelib.merging import open_ticket
from chalicelib.message import Change, Kind, Message
from chalicelib.our_replies import GuardReading, Help
from chalicelib.policies import Policies
from chalicelib.ticket import Ticket
from chalicelib.ticket_store import TicketStore
from tests.test_accept import problem
from tests.test_api import COMMUNICATIONS, HOUR, NOBODY, OPS, SERVICE, opened
from tests.test_verbs import WHY, Call, do, done, moment, show, tickets, told
from tests.world import NOW, TABLE, World

__all__ = ["do"]

SUBSTANCE = "Wir haben dein Paket gefunden und heute neu verschickt, hier ist die neue Sendungsnummer: 4711."
BRUSH_OFF = "Dafür sind wir nicht zuständig. Bitte schreibe eine E-Mail an den Kundenservice."
RECEIPT = "Danke für deine Nachricht, wir haben sie gesehen und kümmern uns darum."
MACHINE = "Vielen Dank! Dies ist eine automatische Antwort, bitte antworten Sie nicht auf diese Nachricht."
PROMISE = "Danke, wir prüfen das und melden uns bis morgen bei dir."

READINGS = {
    SUBSTANCE: GuardReading(
        label=Help.SUBSTANTIVE, confidence=0.9, automatic=False, because=("verschickt",), reader="t"
    ),
    RECEIPT: GuardReading(
        label=Help.RECEIPT, confidence=0.9, automatic=False, because=("gesehen",), reader="t"
    ),
    MACHINE: GuardReading(
        label=Help.RECEIPT, confidence=0.9, automatic=True, because=("automatische",), reader="t"
    ),
    PROMISE: GuardReading(
        label=Help.RECEIPT,
        confidence=0.9,
        automatic=False,
        because=("melden uns",),
        promise_text="bis morgen",
        promise=NOW + 40 * HOUR,
        reader="t",
    ),
}
"""What the guard reads of texts that are there for something else; brush-offs it reads itself."""


@pytest.fixture(autouse=True)
def _a_guard_that_knows_our_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    real = guard.guarded

    def read(text: str, at: int, ticket: Ticket, policies: Policies) -> GuardReading:
        known = next((read for start, read in READINGS.items() if text.startswith(start)), None)
        return known or real(text, at, ticket, policies)

    monkeypatch.setattr(guard, "guarded", read)


def said(text: str, **more: str) -> dict[str, str]:
    return {"text": text, **more}


@pytest.mark.parametrize(
    ("text", "status", "due"),
    [
        (SUBSTANCE, "answered", None),
        (RECEIPT, "acknowledged", 25 * HOUR),
        (BRUSH_OFF, "open", HOUR),
        (MACHINE, "open", HOUR),
    ],
)
def test_an_answer_stops_what_it_is_worth(
    world: World, do: Call, text: str, status: str, due: int | None
) -> None:
    ticket = opened(world, 0)
    world.now = NOW + 60
    shown = done(do(SERVICE, ticket, "answer", said(text, where="Telefon")))

    assert (shown["status"], shown["due_at"]) == (status, None if due is None else moment(NOW + due))
    (reply,) = shown["observed_replies"]
    assert (reply["text"], reply["where"], reply["author"]["name"]) == (text, "Telefon", "Selma")
    assert (reply["occurred_at"], reply["message_id"]) == (moment(NOW + 60), None)
    assert reply["reading"]["because"]
    assert (shown["history"][-1]["what"], shown["history"][-1]["by"]) == ("replied", "Selma")


def test_a_brush_off_is_shown_with_the_words_that_matched(world: World, do: Call) -> None:
    ticket = opened(world, 0)
    shown = done(do(SERVICE, ticket, "answer", said(BRUSH_OFF)))

    assert shown["help"] == "brush_off"
    reading = shown["observed_replies"][0]["reading"]
    assert (reading["label"], reading["counts"]) == ("brush_off", True)
    assert any("nicht zuständig" in words for words in reading["because"])
    world.now = NOW + 2 * HOUR
    assert tickets(world, status="overdue") == [ticket.id]


def test_what_a_machine_said_stops_nothing_and_is_told(world: World, do: Call) -> None:
    shown = done(do(SERVICE, opened(world, 0), "answer", said(MACHINE)))

    reading = shown["observed_replies"][0]["reading"]
    assert (shown["help"], reading["automatic"], reading["counts"]) == ("none", True, False)
    assert shown["history"][-1]["about"]["read_as"] == "automatic"


def test_a_promise_becomes_a_deadline(world: World, do: Call) -> None:
    shown = done(do(SERVICE, opened(world, 0), "answer", said(PROMISE)))

    promise = shown["observed_replies"][0]["reading"]["promise"]
    assert "morgen" in promise["text"]
    assert shown["promised_by"] == promise["due"] == moment(NOW + 40 * HOUR)
    assert [clock["name"] for clock in shown["clocks"]] == ["acknowledge_by", "answer_by", "promised_by"]


@pytest.mark.parametrize("text", [SUBSTANCE, BRUSH_OFF, MACHINE])
def test_the_same_text_of_the_same_person_again_changes_nothing(world: World, do: Call, text: str) -> None:
    ticket = opened(world, 0)
    first = done(do(SERVICE, ticket, "answer", said(text)))
    world.now += 60
    again = done(do(SERVICE, ticket, "answer", said(f"  {text}\n")))
    another = done(do(OPS, ticket, "answer", said(text)))

    assert again == first | {"overdue": again["overdue"], "due_soon": again["due_soon"]}
    assert len(another["observed_replies"]) == 2


def test_an_answer_that_was_cut_off_is_finished_as_it_was_first_told(world: World, do: Call) -> None:
    ticket = opened(world, 0)

    def cut_off(operation: str, _arguments: Any) -> None:
        if operation == "put_item":
            world.after_call = lambda *_: None
            raise RuntimeError

    world.after_call = cut_off
    assert do(SERVICE, ticket, "answer", said(SUBSTANCE))["statusCode"] == 500
    assert show(world, ticket)["status"] == "open"
    world.now = NOW + 2 * HOUR
    shown = done(do(SERVICE, ticket, "answer", said(SUBSTANCE)))

    assert [clock["stopped_at"] for clock in shown["clocks"]] == [moment(NOW)] * 2
    assert [clock["in_time"] for clock in shown["clocks"]] == [True, True]


def test_two_calls_with_the_same_answer_at_once_tell_it_once(world: World, do: Call) -> None:
    ticket = opened(world, 0)

    def other(operation: str, _arguments: Any) -> None:
        if operation == "query":
            world.after_call = lambda *_: None
            done(do(SERVICE, ticket, "answer", said(SUBSTANCE)))

    world.after_call = other
    shown = done(do(SERVICE, ticket, "answer", said(SUBSTANCE)))
    assert [line["what"] for line in shown["history"]] == ["opened", "replied"]
    assert len(shown["observed_replies"]) == 1


def test_a_call_that_comes_while_another_is_cut_off_tells_what_that_one_has_told(
    world: World, do: Call
) -> None:
    ticket = opened(world, 0)

    def cut_off(operation: str, _arguments: Any) -> None:
        if operation == "put_item":
            world.after_call = lambda *_: None
            raise RuntimeError

    def other(operation: str, _arguments: Any) -> None:
        if operation == "query":
            world.after_call = cut_off
            assert do(SERVICE, ticket, "answer", said(SUBSTANCE))["statusCode"] == 500
            world.now += 2 * HOUR

    world.after_call = other
    shown = done(do(SERVICE, ticket, "answer", said(SUBSTANCE)))
    assert [clock["in_time"] for clock in shown["clocks"]] == [True, True]


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("answer", {"text": SUBSTANCE}),
        ("answer", {"text": BRUSH_OFF, "help": "substantive", **WHY}),
        ("pause", WHY),
        ("resolve", WHY),
    ],
)
def test_wherever_a_verb_is_cut_off_the_end_is_the_same_when_it_is_repeated(
    world: World, do: Call, verb: str, body: dict[str, str]
) -> None:
    world.calls.clear()
    expected = done(do(SERVICE, opened(world, 0), verb, body))
    last = len(world.calls)
    for call in range(1, last + 1):
        torn = opened(world, -call)
        _cut_off_after(world, call)
        assert do(SERVICE, torn, verb, body)["statusCode"] == 500
        world.after_call = lambda *_: None
        ended = done(do(SERVICE, torn, verb, body))

        assert [_told(line) for line in ended["history"]] == [_told(line) for line in expected["history"]]
        assert [clock["stopped_at"] for clock in ended["clocks"]] == [
            clock["stopped_at"] for clock in expected["clocks"]
        ]
        assert len(ended["observed_replies"]) == len(expected["observed_replies"])
    assert last >= 4


def _told(line: dict[str, Any]) -> tuple[str, str | None]:
    return line["what"], line["reason"]


def _cut_off_after(world: World, number: int) -> None:
    calls: list[str] = []

    def cut_off(operation: str, _arguments: Any) -> None:
        calls.append(operation)
        if len(calls) == number:
            raise RuntimeError

    world.after_call = cut_off


def test_a_substantive_answer_ends_a_pause(world: World, do: Call) -> None:
    ticket = opened(world, 0)
    do(SERVICE, ticket, "pause", WHY)

    assert done(do(SERVICE, ticket, "answer", said(RECEIPT)))["status"] == "paused"
    shown = done(do(SERVICE, ticket, "answer", said(SUBSTANCE)))
    assert shown["status"] == "answered"
    assert [line["what"] for line in shown["history"]] == [
        "opened",
        "paused",
        "replied",
        "resumed",
        "replied",
    ]


@pytest.mark.parametrize("verb", ["answer", "overrule"])
@pytest.mark.parametrize("who", [NOBODY, COMMUNICATIONS])
def test_others_cannot_even_know_of_it(world: World, do: Call, verb: str, who: tuple[str, ...]) -> None:
    ticket = opened(world, 0)

    assert problem(do(who, ticket, verb, said(SUBSTANCE))) == 404
    assert show(world, ticket)["observed_replies"] == []


def test_a_resolved_ticket_takes_no_new_answer_and_tells_who_resolved_it(world: World, do: Call) -> None:
    ticket = opened(world, 0)
    first = done(do(SERVICE, ticket, "answer", said(SUBSTANCE)))
    do(SERVICE, ticket, "resolve", WHY)

    assert "Selma resolved this ticket" in told(do(SERVICE, ticket, "answer", said(RECEIPT)))
    again = done(do(SERVICE, ticket, "answer", said(SUBSTANCE)))
    assert again["observed_replies"] == first["observed_replies"]


def test_a_withdrawn_ticket_takes_no_answer(world: World, do: Call) -> None:
    ticket = opened(world, 0)
    TicketStore(world.dynamodb, TABLE, world.limits()).withdraw(ticket, NOW)

    for verb in ("answer", "overrule"):
        answer = do(OPS, ticket, verb, said(SUBSTANCE) if verb == "answer" else None)
        assert problem(answer) in {400, 409}
    assert not [sk for _, sk in world.dynamodb.items if sk.startswith(REPLY)]


def test_as_many_answers_are_taken_as_are_weighed(world: World, do: Call) -> None:
    ticket = opened(world, 0)
    for n in range(MOST_HEARD):
        done(do(SERVICE, ticket, "answer", said(f"{MACHINE} {n}" if n % 2 else f"{RECEIPT} {n}")))

    assert f"{MOST_HEARD} replies" in told(do(SERVICE, ticket, "answer", said(RECEIPT)))


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "`text`"),
        ({"text": ""}, "`text`"),
        ({"text": " \n"}, "`text`"),
        ({"text": None}, "`text`"),
        ({"text": "a" * 10_001}, "`text`"),
        ({"text": "Ja", "where": ""}, "`where`"),
        ({"text": "Ja", "where": "x" * 101}, "`where`"),
        ({"text": "Ja", "help": "none", "reason": "so"}, "`help`"),
        ({"text": "Ja", "help": "receipt"}, "go together"),
        ({"text": "Ja", "reason": "so"}, "go together"),
        ({"text": "Ja", "at": 5}, "there is no such field; there are text, where, help, reason"),
        ('{"text": "\\ud800"}', "JSON"),
    ],
)
def test_an_answer_that_is_wrong_is_told(world: World, do: Call, body: object, named: str) -> None:
    ticket = opened(world, 0)
    answer = do(SERVICE, ticket, "answer", body)

    assert problem(answer) == 400
    assert named in json.loads(answer["body"])["detail"]
    assert show(world, ticket)["observed_replies"] == []


# ── overruling ────────────────────────────────────────────────────────────────────────────────────────────


def answered(do: Call, ticket: Ticket, text: str) -> str:
    shown = done(do(SERVICE, ticket, "answer", said(text)))
    return str(shown["observed_replies"][-1]["id"])


def test_who_overrules_the_guard_starts_or_stops_the_clocks_and_both_readings_stay(
    world: World, do: Call
) -> None:
    ticket = opened(world, 0)
    asked = {"reply": answered(do, ticket, SUBSTANCE), "help": "brush_off", **WHY}
    world.now = NOW + 60
    shown = done(do(OPS, ticket, "overrule", asked))

    assert (shown["status"], shown["help"], shown["due_reason"]) == ("open", "brush_off", "acknowledge_by")
    reading = shown["observed_replies"][0]["reading"]
    assert (reading["label"], reading["overruled"]) == ("substantive", "brush_off")
    line = shown["history"][-1]
    assert (line["what"], line["by"], line["reason"]) == ("overruled", "Olga", WHY["reason"])
    assert line["about"] == {
        "reply": asked["reply"],
        "from_help": "substantive",
        "to_help": "brush_off",
    }
    world.now = NOW + 120
    assert done(do(SERVICE, ticket, "overrule", asked))["history"] == shown["history"]


def test_an_answer_may_overrule_the_guard_at_once(world: World, do: Call) -> None:
    ticket = opened(world, 0)
    asked = said(BRUSH_OFF, help="substantive", **WHY)
    shown = done(do(SERVICE, ticket, "answer", asked))

    assert (shown["status"], shown["help"]) == ("answered", "substantive")
    assert [(line["what"], line["reason"]) for line in shown["history"][1:]] == [
        ("replied", None),
        ("overruled", WHY["reason"]),
    ]
    assert done(do(SERVICE, ticket, "answer", asked)) == shown


def test_what_the_guard_took_for_a_machine_s_may_be_a_person_s(world: World, do: Call) -> None:
    ticket = opened(world, 0)
    asked = {"reply": answered(do, ticket, MACHINE), "help": "substantive", **WHY}
    shown = done(do(SERVICE, ticket, "overrule", asked))

    assert (shown["status"], shown["clocks"][1]["stopped_at"]) == ("answered", moment(NOW))
    assert shown["observed_replies"][0]["reading"]["counts"] is True


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"reply": "r_nowhere"}, "`reply`"),
        ({"reply": "x" * 101}, "`reply`"),
        ({"help": "none"}, "`help`"),
        ({"reason": ""}, "`reason`"),
        ({"text": "Ja"}, "`text`"),
    ],
)
def test_an_overruling_that_is_wrong_is_told(
    world: World, do: Call, change: dict[str, str], named: str
) -> None:
    ticket = opened(world, 0)
    asked = {"reply": answered(do, ticket, RECEIPT), "help": "substantive", **WHY, **change}
    answer = do(SERVICE, ticket, "overrule", asked)

    assert problem(answer) == 400
    assert named in json.loads(answer["body"])["detail"]
    assert show(world, ticket)["help"] == "receipt"


# ── what may not be kept ──────────────────────────────────────────────────────────────────────────────────


def test_reasons_and_words_of_replies_are_not_shown_beyond_a_storage_limit(world: World, do: Call) -> None:
    ticket = opened(world, 0, platform="linkedin")
    done(do(SERVICE, ticket, "answer", said(PROMISE, help="receipt", **WHY)))
    before = json.dumps(show(world, ticket), ensure_ascii=False)
    assert all(words in before for words in (PROMISE, WHY["reason"], "bis morgen"))
    world.now = NOW + 48 * HOUR
    after = json.dumps(show(world, ticket), ensure_ascii=False)

    assert not [words for words in (PROMISE, WHY["reason"], "morgen", "melden") if words in after]
    assert show(world, ticket)["promised_by"] is not None


def test_the_guard_reads_with_the_text_of_the_message(
    world: World, do: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int, str | None]] = []

    def read(text: str, at: int, ticket: Ticket, _policies: Any) -> GuardReading:
        asked.append((text, at, ticket.text))
        return GuardReading(label=Help.RECEIPT, confidence=1.0, automatic=False, reader="test")

    monkeypatch.setattr(guard, "guarded", read)
    done(do(SERVICE, opened(world, 0), "answer", said("Ja")))
    assert asked == [("Ja", NOW, "Nummer 0")]


def test_an_id_follows_from_ticket_teller_and_text(world: World) -> None:
    one = opened(world, 0)
    ids = {
        answer_verbs.reply_id(ticket, subject, text)
        for ticket in (one, replace(one, id="t_2"))
        for subject in ("selma", "olga")
        for text in ("Ja", "Nein")
    }

    assert len(ids) == 8
    assert answer_verbs.reply_id(one, "selma", "Ja") in ids


# ── elsewhere ─────────────────────────────────────────────────────────────────────────────────────────────


def test_in_a_direct_conversation_what_was_told_stands_beside_what_was_observed(
    world: World, do: Call
) -> None:
    message = Message(
        platform="x",
        change=Change.CREATED,
        kind=Kind.DIRECT_MESSAGE,
        message_id="1",
        account_id="4711",
        text="Wo ist mein Paket?",
        occurred_at=NOW,
        conversation="9",
    )
    decision = opened(world, 0).decision
    ticket = TicketStore(world.dynamodb, TABLE, world.limits()).open(open_ticket(message, decision, NOW))
    assert ticket.conversation is not None
    own = replace(message, message_id="2", from_us=True, text="Hallo", occurred_at=NOW + 5)
    wiring.api().replies.observe(own, ticket.conversation, NOW + 5, READINGS[RECEIPT])
    world.now = NOW + 60
    shown = done(do(SERVICE, ticket, "answer", said(SUBSTANCE)))

    assert [reply["text"] for reply in shown["observed_replies"]] == ["Hallo", SUBSTANCE]
    assert shown["status"] == "answered"
    observed = {"reply": shown["observed_replies"][0]["id"], "help": "brush_off", **WHY}
    again = done(do(SERVICE, ticket, "overrule", observed))
    assert again["observed_replies"][0]["reading"]["overruled"] == "brush_off"


def test_what_is_shown_of_an_answered_ticket_is_as_described(world: World, do: Call) -> None:
    document = json.loads(world.request("GET", "/openapi.json")["body"])
    described = {"$ref": "#/components/schemas/TicketWithHistory", "components": document["components"]}
    ticket = opened(world, 0)
    for verb, body in (
        ("pause", {**WHY, "until": moment(NOW + HOUR)}),
        ("resume", None),
        ("answer", said(PROMISE, where="Telefon", help="substantive", **WHY)),
        ("reopen", WHY),
    ):
        Draft202012Validator(described).validate(done(do(SERVICE, ticket, verb, body)))
