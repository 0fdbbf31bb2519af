"""The verbs by which people change a ticket, through the real handlers: once, again, too late, at once."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.identity import Verifier
from chalicelib.ticket import Ticket
from chalicelib.ticket_store import TicketStore
from chalicelib.verbs import MOST_REASONS
from tests import made
from tests.test_accept import problem
from tests.test_api import COMMUNICATIONS, HOUR, NOBODY, OPS, SERVICE, Keys, Meter, listed, opened, token
from tests.world import NOW, TABLE, World

Call = Callable[..., dict[str, Any]]
WHY = {"reason": "Svenja sucht die Bestellnummer heraus."}
BODIES: dict[str, dict[str, Any] | None] = {"pause": WHY, "resume": None, "resolve": WHY, "reopen": WHY}

DID = {"pause": "paused", "resume": "resumed", "resolve": "resolved", "reopen": "reopened"}


def moment(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


@pytest.fixture
def do(world: World, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Give a function that does something to a ticket with somebody's token."""
    keys = Keys("https://issuer.example/keys")
    verifier = Verifier("https://issuer.example", "zustaendig", "roles", lambda: keys)
    monkeypatch.setattr(wiring, "verifier", lambda: verifier)

    def call(who: tuple[str, ...], of: Ticket | str, verb: str, body: Any = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token(*who)}", "Content-Type": "application/json"}
        raw = body if isinstance(body, str) else json.dumps(body)
        key = of if isinstance(of, str) else of.id
        return world.request("POST", f"/tickets/{key}/{verb}", headers=headers, body=raw)

    return call


def show(world: World, of: Ticket) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token(*OPS)}"}
    shown: dict[str, Any] = json.loads(world.request("GET", f"/tickets/{of.id}", headers=headers)["body"])
    return shown


def tickets(world: World, **query: str) -> list[str]:
    headers = {"Authorization": f"Bearer {token(*OPS)}"}
    return listed(world.request("GET", "/tickets", headers=headers, query=query))


def done(answer: dict[str, Any]) -> dict[str, Any]:
    assert answer["statusCode"] == 200, answer["body"]
    shown: dict[str, Any] = json.loads(answer["body"])
    return shown


def told(answer: dict[str, Any]) -> str:
    assert problem(answer) == 409
    return str(json.loads(answer["body"])["detail"])


def answered(world: World, of: Ticket) -> None:
    made.answer(TicketStore(world.dynamodb, TABLE, world.limits()), of, world.now)


# ── pause and resume ──────────────────────────────────────────────────────────────────────────────────────


def test_a_pause_stops_the_clocks_and_tells_who_and_why(world: World, do: Call) -> None:
    ticket = opened(world, 0)
    shown = done(do(SERVICE, ticket, "pause", WHY))

    assert (shown["status"], shown["due_at"], shown["due_reason"]) == ("paused", None, None)
    assert shown["history"][-1] == {
        "at": moment(NOW),
        "what": "paused",
        "by": "Selma",
        "account_id": None,
        "about": {},
        "reason": WHY["reason"],
    }
    assert tickets(world, status="paused") == [ticket.id]
    world.now = NOW + 30 * HOUR
    assert tickets(world, status="overdue") == []


def test_who_resumes_it_moves_its_deadline_by_the_time_it_was_paused(world: World, do: Call) -> None:
    ticket = opened(world, 0)
    do(SERVICE, ticket, "pause", WHY)
    world.now = NOW + 30 * HOUR
    shown = done(do(OPS, ticket, "resume"))

    assert (shown["status"], shown["due_at"]) == ("open", moment(NOW + 31 * HOUR))
    assert [line["what"] for line in shown["history"]] == ["opened", "paused", "resumed"]


def test_a_pause_until_a_time_says_so(world: World, do: Call) -> None:
    ticket = opened(world, 0)
    shown = done(do(SERVICE, ticket, "pause", {**WHY, "until": "2025-11-25T12:00:00+01:00"}))

    assert shown["due_at"] == moment(NOW + 4 * HOUR)
    assert shown["history"][-1]["about"] == {"until": "2025-11-25T11:00:00Z"}
    for who, body in ((OPS, WHY), (SERVICE, WHY), (SERVICE, {**WHY, "until": "2025-11-25T13:00:00Z"})):
        assert "Selma paused this ticket" in told(do(who, ticket, "pause", body))
    assert "until 2025-11-25T11:00:00Z: resume it" in told(do(OPS, ticket, "pause", WHY))


@pytest.mark.parametrize(
    "until",
    [
        "2025-11-25T08:00:00Z",
        "2026-11-26T08:00:01Z",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2025-11-26T08:00:00",
        "tomorrow",
        "",
        1764144000,
        True,
        [],
    ],
)
def test_a_pause_ends_within_the_year_to_come(world: World, do: Call, until: object) -> None:
    ticket = opened(world, 0)
    answer = do(SERVICE, ticket, "pause", {**WHY, "until": until})

    assert problem(answer) == 400
    assert "`until`" in json.loads(answer["body"])["detail"]
    assert show(world, ticket)["status"] == "open"


def test_a_pause_may_last_a_year(world: World, do: Call) -> None:
    until = {**WHY, "until": moment(NOW + 366 * 24 * HOUR)}

    assert done(do(SERVICE, opened(world, 0), "pause", until))["status"] == "paused"


# ── resolve and reopen ────────────────────────────────────────────────────────────────────────────────────


def test_who_resolves_a_ticket_closes_it_and_decides_what_was_missed(world: World, do: Call) -> None:
    ticket = opened(world, 0)
    world.now = NOW + 2 * HOUR
    shown = done(do(SERVICE, ticket, "resolve", WHY))

    assert (shown["status"], shown["due_at"], shown["overdue"]) == ("resolved", None, False)
    assert [clock["in_time"] for clock in shown["clocks"]] == [False, True]
    assert tickets(world, status="resolved") == [ticket.id]


def test_what_nobody_answered_is_as_late_as_it_is_when_it_is_reopened(world: World, do: Call) -> None:
    ticket = opened(world, 0)
    do(SERVICE, ticket, "resolve", WHY)
    world.now = NOW + 50 * HOUR
    shown = done(do(SERVICE, ticket, "reopen", WHY))

    assert (shown["status"], shown["due_at"]) == ("open", moment(NOW + HOUR))
    assert shown["history"][-1]["about"] == {}


def test_who_reopens_what_was_answered_starts_its_clocks_anew(world: World, do: Call) -> None:
    ticket = opened(world, 0)
    answered(world, ticket)
    world.now = NOW + 50 * HOUR
    shown = done(do(SERVICE, ticket, "reopen", WHY))

    assert (shown["status"], shown["due_at"]) == ("open", moment(NOW + 51 * HOUR))
    assert shown["history"][-1]["about"] == {
        "answered_at": moment(NOW),
        "answer_was_due": moment(NOW + 25 * HOUR),
    }


# ── again, too late, at once ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("before", "verb"),
    [((), "pause"), (("pause",), "resume"), ((), "resolve"), (("resolve",), "reopen")],
)
def test_repeated_it_changes_nothing_and_another_is_told_who_did_it_and_when(
    world: World, do: Call, before: tuple[str, ...], verb: str
) -> None:
    ticket = opened(world, 0)
    for earlier in before:
        done(do(SERVICE, ticket, earlier, BODIES[earlier]))
    first = do(SERVICE, ticket, verb, BODIES[verb])
    world.now += 60
    again = do(SERVICE, ticket, verb, BODIES[verb])

    assert done(again)["history"] == done(first)["history"]
    said = told(do(OPS, ticket, verb, BODIES[verb]))
    assert f"Selma {verb.removesuffix('e')}ed this ticket at 2025-11-25T08:00:00Z" in said.replace(
        "ened", "ened"
    )


@pytest.mark.parametrize(
    ("state", "verb", "said"),
    [
        ("open", "resume", "this ticket is open, so there is nothing to resume"),
        ("open", "reopen", "this ticket is open, so there is nothing to reopen"),
        ("paused", "reopen", "Selma paused this ticket at 2025-11-25T08:00:00Z: resume it instead"),
        ("answered", "acknowledge", "Mira answered this ticket at 2025-11-25T08:00:00Z"),
        ("answered", "pause", "Mira answered this ticket at 2025-11-25T08:00:00Z"),
        ("answered", "resume", "this ticket is answered"),
        ("resolved", "acknowledge", "Selma resolved this ticket at 2025-11-25T08:00:00Z"),
        ("resolved", "pause", "reopen it if there is"),
        ("resolved", "resume", "reopen it if there is"),
        ("withdrawn", "acknowledge", "the message of this ticket was deleted"),
        ("withdrawn", "pause", "the message of this ticket was deleted"),
        ("withdrawn", "resume", "the message of this ticket was deleted"),
        ("withdrawn", "resolve", "the message of this ticket was deleted"),
        ("withdrawn", "reopen", "the message of this ticket was deleted"),
        ("unanswerable", "acknowledge", "reclassify it if it does"),
        ("unanswerable", "pause", "reclassify it if it does"),
        ("unanswerable", "resume", "reclassify it if it does"),
        ("unanswerable", "resolve", "reclassify it if it does"),
        ("unanswerable", "reopen", "reclassify it if it does"),
    ],
)
def test_what_a_ticket_does_not_allow_is_told_with_its_state(
    world: World, do: Call, state: str, verb: str, said: str
) -> None:
    nobodys = state == "unanswerable"
    ticket = opened(world, 0, None, category="other") if nobodys else opened(world, 0)
    if state == "answered":
        answered(world, ticket)
    elif state == "withdrawn":
        TicketStore(world.dynamodb, TABLE, world.limits()).withdraw(ticket, NOW)
    elif state in {"paused", "resolved"}:
        do(SERVICE, ticket, {"paused": "pause", "resolved": "resolve"}[state], WHY)
    before = show(world, ticket)

    assert said in told(do(OPS, ticket, verb, BODIES.get(verb)))
    assert show(world, ticket) == before


def test_a_paused_ticket_may_be_acknowledged_and_stays_paused(world: World, do: Call) -> None:
    ticket = opened(world, 0)
    do(SERVICE, ticket, "pause", WHY)
    shown = done(do(SERVICE, ticket, "acknowledge"))

    assert (shown["status"], shown["history"][-1]["what"]) == ("paused", "acknowledged")
    assert done(do(SERVICE, ticket, "resume"))["status"] == "acknowledged"


def test_of_two_at_once_the_second_is_told_of_the_first_and_its_reason_is_not_shown(
    world: World, do: Call
) -> None:
    ticket = opened(world, 0)

    def other(operation: str, _arguments: Any) -> None:
        if operation == "query":
            world.after_call = lambda *_: None
            done(do(OPS, ticket, "resolve", {"reason": "Doppelt"}))

    world.after_call = other
    assert "Olga resolved" in told(do(SERVICE, ticket, "resolve", WHY))
    assert [line["reason"] for line in show(world, ticket)["history"]] == [None, "Doppelt"]


def test_a_second_one_that_was_cut_off_by_the_first_leaves_no_reason_in_its_place(
    world: World, do: Call
) -> None:
    """Its reason was written, the change was not: the line that got the number is somebody else's."""
    ticket = opened(world, 0)

    def other(operation: str, arguments: dict[str, Any]) -> None:
        if operation == "update_item" and "list_append(#reasons" in arguments["UpdateExpression"]:
            world.after_call = lambda *_: None
            done(do(OPS, ticket, "pause", {"reason": "Doppelt"}))

    world.after_call = other
    assert "Olga paused" in told(do(SERVICE, ticket, "pause", WHY))
    assert [line["reason"] for line in show(world, ticket)["history"]] == [None, "Doppelt"]


@pytest.mark.parametrize("verb", ["acknowledge", "pause", "resolve", "answer"])
def test_who_has_just_lost_a_ticket_is_told(world: World, do: Call, verb: str) -> None:
    ticket = opened(world, 0)

    def move(operation: str, _arguments: Any) -> None:
        if operation == "query":
            world.after_call = lambda *_: None
            decision = replace(ticket.decision, department="communications")
            moved = replace(ticket, decision=decision, moves=1)
            assert TicketStore(world.dynamodb, TABLE, world.limits()).change(ticket, moved)

    world.after_call = move
    body = {"text": "Ist schon unterwegs."} if verb == "answer" else BODIES.get(verb)
    assert "has just been moved" in told(do(SERVICE, ticket, verb, body))
    assert show(world, ticket)["history"][1:] == []


# ── who may, and what they may say ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("verb", [*BODIES])
@pytest.mark.parametrize("who", [NOBODY, COMMUNICATIONS])
def test_others_cannot_even_know_of_a_ticket(world: World, do: Call, verb: str, who: tuple[str, ...]) -> None:
    ticket = opened(world, 0)

    assert problem(do(who, ticket, verb, BODIES[verb])) == 404
    assert problem(do(who, ticket, verb, {"unknown": 1})) == 404
    assert problem(do(OPS, "t_nowhere", verb, BODIES[verb])) == 404
    assert show(world, ticket)["status"] == "open"


@pytest.mark.parametrize("verb", ["pause", "resolve", "reopen"])
@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "`reason`"),
        ({"reason": " "}, "`reason`"),
        ({"reason": 7}, "`reason`"),
        ({"reason": "x" * 1001}, "`reason`"),
        ({**WHY, "by": "Mira"}, "`by`: there is no such field; there are reason"),
        ("", "JSON"),
        ("[]", "object"),
        ("{", "JSON"),
    ],
)
def test_a_body_that_is_wrong_is_told(world: World, do: Call, verb: str, body: object, named: str) -> None:
    answer = do(SERVICE, opened(world, 0), verb, body)

    assert problem(answer) == 400
    assert named in json.loads(answer["body"])["detail"]


def test_nobody_has_so_much_to_say(world: World, do: Call) -> None:
    assert problem(do(SERVICE, opened(world, 0), "resolve", {"reason": "x" * 20_000})) == 413


def test_who_cannot_agree_is_asked_to_talk(world: World, do: Call) -> None:
    ticket = opened(world, 0)
    for _ in range(MOST_REASONS // 2):
        done(do(SERVICE, ticket, "resolve", WHY))
        done(do(SERVICE, ticket, "reopen", WHY))

    assert f"gave {MOST_REASONS} reasons" in told(do(SERVICE, ticket, "resolve", WHY))


# ── due soon ──────────────────────────────────────────────────────────────────────────────────────────────


def test_due_soon_is_what_would_be_warned_of_by_now(world: World, do: Call) -> None:
    """They are due an hour after they came, and warned of an hour before."""
    late, first, second, far = (opened(world, n) for n in (-10, 0, 3, 4))
    world.now = NOW + 3
    paused = opened(world, 1)
    do(SERVICE, paused, "pause", WHY)
    world.now = NOW + 3

    assert tickets(world, status="due_soon") == [late.id, first.id, second.id]
    assert [show(world, each)["due_soon"] for each in (late, second, far, paused)] == [
        True,
        True,
        False,
        False,
    ]
    world.now = NOW + HOUR + 1
    assert tickets(world, status="overdue") == [late.id, first.id]
    assert tickets(world, status="due_soon") == [second.id, far.id]
    assert [show(world, each)["due_soon"] for each in (first, second)] == [False, True]


def test_the_second_of_a_deadline_is_due_soon_and_not_overdue(world: World, do: Call) -> None:
    ticket = opened(world, 0)
    world.now = NOW + HOUR

    assert tickets(world, status="due_soon") == [ticket.id]
    assert tickets(world, status="overdue") == []


def test_due_soon_lists_each_department_by_its_own_calendar(world: World, do: Call) -> None:
    ours, theirs = opened(world, 1), opened(world, 2, "communications")
    world.now = NOW + 100

    assert tickets(world, status="due_soon") == [ours.id, theirs.id]
    assert tickets(world, status="due_soon", department="communications") == [theirs.id]
    assert tickets(world, status="due_soon", platform="facebook") == []


def test_due_soon_reads_no_more_rows_than_it_shows(world: World, do: Call) -> None:
    for n in range(40):
        opened(world, n * 60)
        opened(world, n * 60, "communications")
    world.now = NOW + HOUR + 600
    meter = Meter(world.dynamodb)
    wiring.api.cache_clear()
    world.dynamodb = meter
    found = tickets(world, status="due_soon", limit="100")

    assert len(found) == 60
    assert (meter.rows, meter.queries) == (60, len(wiring._departments().ids))
