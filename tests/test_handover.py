"""A ticket is passed on: who stays accountable, who hears of it, and what stands in the ledger."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.ledger import Ledger
from chalicelib.ticket import Status, Ticket
from tests.deliveries import comment, page
from tests.fakes import Crash
from tests.test_accept import problem
from tests.test_api import COMMUNICATIONS, HOUR, NOBODY, OPS, SERVICE, api, listed, opened
from tests.test_reclassify import (
    MOVED,
    RECRUITING,
    Call,
    bearer,
    between,
    call,
    events,
    shown,
    stored,
    told,
)
from tests.world import NOW, TABLE, World

__all__ = ["api", "call"]

WHY = "Das ist eine Frage zur Bewerbung, nicht zum Kauf."
TO_HR = {"department": "human_resources", "reason": WHY}
NOT_OURS = {"reason": "Sie hat sich nie beworben."}
SAYS: dict[str, Any] = {"accept": None, "return": NOT_OURS}


def offered(world: World, call: Call, **more: Any) -> Ticket:
    """Open a ticket that customer service offers to human resources."""
    ticket = told(world, **more)
    shown(call(SERVICE, ticket.id, "handover", TO_HR))
    world.drain()
    return stored(world, ticket)


def ledger(world: World, department: str, who: tuple[str, ...] = OPS, **query: str) -> Any:
    path = f"/departments/{department}/handovers"
    return shown(world.request("GET", path, headers=bearer(who), query=query or None))


def outcomes(world: World, department: str) -> list[str]:
    return [row["outcome"] for row in ledger(world, department)["handovers"]]


def due(ticket: Ticket) -> dict[str, int]:
    return {clock.name: clock.due_at for clock in ticket.decision.clocks}


# ── offering ──────────────────────────────────────────────────────────────────────────────────────────────


def test_until_it_is_accepted_the_giver_stays_accountable(world: World, call: Call) -> None:
    ticket = told(world)
    world.now += 60
    answer = shown(call(SERVICE, ticket.id, "handover", TO_HR))
    world.drain()

    assert (answer["department"], answer["offered_to"]) == ("customer_service", "human_resources")
    assert (answer["status"], answer["acknowledge_by"]) == ("open", "2025-11-25T09:00:01Z")
    assert answer["history"][-1] == {
        "at": "2025-11-25T08:01:00Z",
        "what": "handover_offered",
        "by": "Selma",
        "account_id": None,
        "about": {"from": "customer_service", "to": "human_resources"},
        "reason": WHY,
    }
    assert due(stored(world, ticket)) == due(ticket)
    query = {"status": "overdue"}
    world.now = NOW + 2 * HOUR
    assert listed(world.request("GET", "/tickets", headers=bearer(SERVICE), query=query)) == [ticket.id]
    assert listed(world.request("GET", "/tickets", headers=bearer(RECRUITING), query=query)) == []


def test_the_receiver_hears_of_it_finds_it_and_sees_it(world: World, call: Call) -> None:
    ticket, other = offered(world, call), told(world, 2)

    assert events(world, "human_resources") == ["offered:1"]
    (event,) = world.events("human_resources")
    assert event["type"] == "org.zustaendig.ticket.offered.v1"
    assert event["data"]["from_department"] == "customer_service"
    assert event["data"]["due_at"] == "2025-11-25T09:00:01Z"
    for who, there in ((RECRUITING, [ticket.id]), (OPS, [ticket.id]), (SERVICE, []), (COMMUNICATIONS, [])):
        query = {"status": "offered"}
        assert listed(world.request("GET", "/tickets", headers=bearer(who), query=query)) == there
    assert shown(call(RECRUITING, ticket.id, ""))["offered_to"] == "human_resources"
    assert problem(call(RECRUITING, other.id, "")) == 404
    assert problem(call(COMMUNICATIONS, ticket.id, "")) == 404


def test_who_may_only_see_a_ticket_may_not_act_on_it(world: World, call: Call) -> None:
    ticket = offered(world, call)

    for verb, body in (
        ("acknowledge", None),
        ("handover", TO_HR),
        ("inform", {"departments": ["marketing"]}),
    ):
        answer = call(RECRUITING, ticket.id, verb, body)
        assert problem(answer) == 403
        assert "customer_service" in answer["body"]
    assert problem(call(SERVICE, ticket.id, "accept")) == 403
    assert stored(world, ticket) == ticket


@pytest.mark.parametrize("verb", ["handover", "accept", "return", "inform"])
def test_to_a_stranger_there_is_no_such_ticket(world: World, call: Call, verb: str) -> None:
    ticket = offered(world, call)
    bodies: dict[str, Any] = {"handover": TO_HR, "return": NOT_OURS, "inform": {"departments": ["marketing"]}}

    for who in (NOBODY, COMMUNICATIONS):
        assert problem(call(who, ticket.id, verb, bodies.get(verb))) == 404
    assert problem(call(OPS, "t_nowhere", verb, bodies.get(verb))) == 404
    path = f"/tickets/{ticket.id}/{verb}"
    assert problem(world.request("POST", path, body=json.dumps(bodies.get(verb)))) == 401
    assert stored(world, ticket) == ticket


def test_only_one_offer_stands_at_a_time(world: World, call: Call) -> None:
    ticket = offered(world, call)
    answer = call(SERVICE, ticket.id, "handover", {**TO_HR, "department": "marketing"})

    assert problem(answer) == 409
    assert "Selma offered this ticket to human_resources at 2025-11-25T08:00:00Z" in answer["body"]
    shown(call(SERVICE, ticket.id, "return", NOT_OURS))
    shown(call(SERVICE, ticket.id, "handover", {**TO_HR, "department": "marketing"}))
    world.drain()
    assert outcomes(world, "human_resources") == ["taken_back"]
    assert sorted(outcomes(world, "customer_service")) == ["pending", "taken_back"]


@pytest.mark.parametrize(
    ("verb", "body", "named"),
    [
        ("handover", "", "Invalid JSON"),
        ("handover", {}, "`department`"),
        ("handover", {"department": "human_resources"}, "`reason`"),
        ("handover", {**TO_HR, "reason": " "}, "`reason`"),
        ("handover", {**TO_HR, "reason": "x" * 1001}, "`reason`"),
        (
            "handover",
            {**TO_HR, "department": "sales"},
            "`department`: there is no 'sales'; there are customer_",
        ),
        ("handover", {**TO_HR, "department": 7}, "`department`"),
        ("handover", {**TO_HR, "now": True}, "`now`: there is no such field"),
        ("return", {}, "`reason`"),
        ("return", "[]", "object"),
        ("inform", {"departments": []}, "`departments`"),
        ("inform", {"departments": ["sales"]}, "`departments`: there is no 'sales'"),
        ("inform", {"departments": "marketing"}, "`departments`"),
    ],
)
def test_a_bad_body_is_refused_by_name(world: World, call: Call, verb: str, body: Any, named: str) -> None:
    ticket = offered(world, call)
    answer = call(SERVICE, ticket.id, verb, body)

    assert problem(answer) == 400
    assert named in json.loads(answer["body"])["detail"]
    assert stored(world, ticket) == ticket


def test_what_is_closed_or_the_receiver_s_already_is_not_offered(world: World, call: Call) -> None:
    ticket, nobodys = told(world), opened(world, 2, None, category="other")

    assert (
        "already" in call(SERVICE, ticket.id, "handover", {**TO_HR, "department": "customer_service"})["body"]
    )
    answer = call(OPS, nobodys.id, "handover", TO_HR)
    assert (problem(answer), "no answer needed" in answer["body"]) == (409, True)
    for verb, body in (("accept", None), ("return", NOT_OURS)):
        answer = call(SERVICE, ticket.id, verb, body)
        assert (problem(answer), "not offered to anybody" in answer["body"]) == (409, True)


# ── accepting and returning ───────────────────────────────────────────────────────────────────────────────


def test_who_accepts_owns_it_and_what_was_seen_and_said_stays(world: World, call: Call) -> None:
    ticket = told(world)
    shown(call(SERVICE, ticket.id, "acknowledge"))
    before = due(stored(world, ticket))
    shown(call(SERVICE, ticket.id, "handover", TO_HR))
    world.now += 1800
    answer = shown(call(RECRUITING, ticket.id, "accept"))
    world.drain()

    assert (answer["department"], answer["offered_to"]) == ("human_resources", None)
    assert answer["status"] == "acknowledged"
    assert [line["what"] for line in answer["history"]][-2:] == ["handover_offered", "handover_accepted"]
    assert events(world, "human_resources") == ["offered:2", "opened:2"]
    assert events(world, "customer_service") == ["opened:1", "accepted:2"]
    found = stored(world, ticket)
    assert found.acknowledged_by == "selma"
    assert due(found) == before
    assert found.held_since == NOW + 1800
    assert problem(call(SERVICE, ticket.id, "")) == 404


def test_who_returns_it_leaves_it_with_its_owner_and_both_hear_of_it(world: World, call: Call) -> None:
    ticket = offered(world, call)
    world.now += 60
    answer = shown(call(RECRUITING, ticket.id, "return", NOT_OURS))
    world.drain()

    assert (answer["department"], answer["offered_to"]) == ("customer_service", None)
    line = answer["history"][-1]
    assert (line["what"], line["by"], line["about"]["outcome"]) == ("handover_returned", "Hanna", "returned")
    assert line["reason"] == NOT_OURS["reason"]
    assert events(world, "customer_service") == ["opened:1", "returned:1"]
    assert events(world, "human_resources") == ["offered:1", "returned:1"]
    assert due(stored(world, ticket)) == due(ticket)
    assert problem(call(RECRUITING, ticket.id, "")) == 404
    query = {"status": "offered"}
    assert listed(world.request("GET", "/tickets", headers=bearer(RECRUITING), query=query)) == []


def test_who_repeats_a_return_reads_the_ticket_no_more(world: World, call: Call) -> None:
    ticket = offered(world, call)
    first = shown(call(RECRUITING, ticket.id, "return", NOT_OURS))
    answered = {"text": "Herr Brandt ruft Sie morgen um 9 Uhr an.", "where": "Telefon"}
    shown(call(SERVICE, ticket.id, "answer", answered))
    again = shown(call(RECRUITING, ticket.id, "return", NOT_OURS))

    assert first["text"] == ticket.text
    assert (again["id"], again["text"], again["permalink"]) == (ticket.id, None, None)
    assert (again["observed_replies"], again["further_messages"]) == ([], [])
    assert NOT_OURS["reason"] not in json.dumps(again)


def test_the_same_calls_again_change_nothing(world: World, call: Call) -> None:
    first, second = told(world, 1), told(world, 2)
    calls = (
        (first, SERVICE, "handover", TO_HR),
        (first, RECRUITING, "accept", None),
        (second, SERVICE, "handover", TO_HR),
        (second, RECRUITING, "return", NOT_OURS),
        (second, SERVICE, "inform", {"departments": ["marketing"]}),
    )
    for ticket, who, verb, body in calls:
        shown(call(who, ticket.id, verb, body))
        world.drain()
        before = str(world.dynamodb.items), world.sqs.everything()
        world.now += 60
        shown(call(who, ticket.id, verb, body))
        world.drain()
        assert (str(world.dynamodb.items), world.sqs.everything()) == before
    shown(call(SERVICE, first.id, "handover", TO_HR))  # it was accepted meanwhile
    assert stored(world, first).handover is None


@pytest.mark.parametrize(
    ("verb", "other"), [("accept", "return"), ("return", "accept"), ("accept", "accept")]
)
@pytest.mark.parametrize("step", range(1, 3))
def test_of_two_at_the_same_moment_one_decides_and_the_other_is_told_who(
    world: World, call: Call, verb: str, other: str, step: int
) -> None:
    ticket = offered(world, call)
    between(world, step, lambda: shown(call(OPS, ticket.id, other, SAYS[other])))
    answer = call(RECRUITING, ticket.id, verb, SAYS[verb])
    world.after_call = lambda *_: None
    world.drain()

    assert problem(answer) == 409
    assert "Olga" in answer["body"]
    assert outcomes(world, "human_resources") == [{"accept": "accepted", "return": "returned"}[other]]


def test_a_move_by_a_reclassification_ends_an_offer_and_counts_as_a_hand_over(
    world: World, call: Call
) -> None:
    ticket = offered(world, call)
    world.now += HOUR
    shown(call(SERVICE, ticket.id, "reclassify", MOVED))
    world.drain()

    assert events(world, "human_resources") == ["offered:1", "returned:1"]
    assert events(world, "communications") == ["opened:2"]
    (row,) = ledger(world, "communications")["handovers"]
    assert (row["outcome"], row["from_department"], row["held_seconds"]) == (
        "moved",
        "customer_service",
        HOUR - 1,
    )
    assert outcomes(world, "human_resources") == ["lapsed"]
    assert outcomes(world, "customer_service") == ["moved", "lapsed"]


def test_an_offer_of_what_is_closed_lapses(world: World, call: Call) -> None:
    ticket = offered(world, call)
    shown(call(SERVICE, ticket.id, "resolve", {"reason": "am Telefon geklärt"}))
    world.drain()

    assert events(world, "human_resources") == ["offered:1", "returned:1"]
    assert outcomes(world, "human_resources") == ["lapsed"]
    query = {"status": "offered"}
    assert listed(world.request("GET", "/tickets", headers=bearer(RECRUITING), query=query)) == []


def test_an_offer_of_what_was_deleted_lapses(world: World, call: Call) -> None:
    world.post("facebook", page([comment(1, "Nach zwei Wochen kaputt. Wann kommt Ersatz?")]))
    world.drain()
    (ticket,) = world.tickets().values()
    shown(call(SERVICE, ticket.id, "handover", TO_HR))
    world.drain()
    world.post("facebook", page([comment(1, verb="remove")]))
    world.drain()

    found = stored(world, ticket)
    assert (found.status, found.handover, found.was_passed_on) == (Status.WITHDRAWN, None, False)
    assert events(world, "human_resources")[-1].startswith("returned:")
    assert outcomes(world, "human_resources") == ["lapsed"]
    assert WHY not in str(world.dynamodb.items)
    query = {"status": "offered"}
    assert listed(world.request("GET", "/tickets", headers=bearer(RECRUITING), query=query)) == []
    assert problem(call(SERVICE, ticket.id, "handover", TO_HR)) == 409


def test_others_are_informed_and_one_is_accountable(world: World, call: Call) -> None:
    ticket = told(world)
    body = {"departments": ["communications", "customer_service", "communications"]}
    answer = shown(call(SERVICE, ticket.id, "inform", body))
    world.drain()

    assert (answer["department"], answer["informed"]) == ("customer_service", ["communications"])
    line = answer["history"][-1]
    assert (line["what"], line["about"]) == ("informed", {"to": "communications"})
    assert events(world, "communications") == ["informed:1"]
    assert shown(call(COMMUNICATIONS, ticket.id, ""))["id"] == ticket.id
    assert problem(call(COMMUNICATIONS, ticket.id, "acknowledge")) == 403
    assert listed(world.request("GET", "/tickets", headers=bearer(COMMUNICATIONS))) == []
    assert ledger(world, "communications")["handovers"] == []


# ── cut off ───────────────────────────────────────────────────────────────────────────────────────────────


def crash_at(step: int, world: World) -> Callable[[str, Any], None]:
    left = [step]

    def crash(_operation: str, _arguments: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            world.after_call = lambda *_: None
            raise Crash

    return crash


@pytest.mark.parametrize("step", range(1, 10))
@pytest.mark.parametrize(("verb", "body"), [("accept", None), ("return", NOT_OURS)])
def test_a_crash_after_any_call_leaves_it_done_whole_or_not_at_all(
    world: World, call: Call, verb: str, body: Any, step: int
) -> None:
    ticket = offered(world, call)
    world.after_call = crash_at(step, world)
    try:
        call(RECRUITING, ticket.id, verb, body)
    except Crash:
        pass
    else:
        assert step > {"accept": 5, "return": 7}[verb]
    world.after_call = lambda *_: None
    world.drain()

    found = stored(world, ticket)
    assert not found.was_passed_on
    if found.handover:
        assert found.decision == ticket.decision
        assert (outcomes(world, "human_resources"), events(world, "customer_service")) == (
            ["pending"],
            ["opened:1"],
        )
    else:
        done = "accepted" if verb == "accept" else "returned"
        assert outcomes(world, "human_resources") == outcomes(world, "customer_service") == [done]
        assert set(events(world, "customer_service")) == {"opened:1", f"{done}:1"}
        assert ("opened:2" in events(world, "human_resources")) == (verb == "accept")
        assert found.decision.department == ("human_resources" if verb == "accept" else "customer_service")


def test_a_worker_that_is_cut_off_anywhere_tells_all_of_it_and_counts_it_once(
    world: World, call: Call
) -> None:
    ticket, seen = told(world), set[str]()
    shown(call(SERVICE, ticket.id, "handover", TO_HR))
    shown(call(RECRUITING, ticket.id, "accept"))

    def crash(operation: str, arguments: Any) -> None:
        if f"{operation} {arguments}" not in seen:
            seen.add(f"{operation} {arguments}")
            raise Crash

    world.after_call = crash
    for _ in range(80):
        try:
            if not world.work(batch=1):
                break
        except Crash:
            world.sqs.expire()
    world.after_call = lambda *_: None

    assert set(events(world, "human_resources")) == {"offered:1", "opened:2"}
    assert set(events(world, "customer_service")) == {"opened:1", "accepted:1"}
    for department in ("human_resources", "customer_service"):
        assert outcomes(world, department) == ["accepted"]
    assert not stored(world, ticket).was_passed_on
    assert world.quarantined() == {}


def test_the_queue_of_one_side_holds_up_neither_the_other_nor_the_ledger(
    world: World, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = told(world)
    send = world.sqs.send_message

    def broken(**request: Any) -> Any:
        if request["QueueUrl"].endswith("human_resources"):
            raise ConnectionError
        return send(**request)

    shown(call(SERVICE, ticket.id, "handover", TO_HR))
    monkeypatch.setattr(world.sqs, "send_message", broken)
    world.work()
    assert outcomes(world, "human_resources") == ["pending"]
    assert stored(world, ticket).was_passed_on

    monkeypatch.setattr(world.sqs, "send_message", send)
    world.sqs.expire()
    world.drain()
    assert events(world, "human_resources") == ["offered:1"]
    assert not stored(world, ticket).was_passed_on


# ── the ledger ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_ledger_tells_who_passed_what_to_whom_and_how_long_each_held_it(world: World, call: Call) -> None:
    ticket = told(world)
    world.now = NOW + 2 * HOUR
    shown(call(SERVICE, ticket.id, "handover", TO_HR))
    world.now += HOUR
    shown(call(RECRUITING, ticket.id, "accept"))
    world.now += 2 * HOUR
    shown(call(RECRUITING, ticket.id, "handover", {**TO_HR, "department": "communications"}))
    shown(call(COMMUNICATIONS, ticket.id, "return", NOT_OURS))
    world.drain()

    answer = ledger(world, "human_resources", RECRUITING)
    newest, oldest = answer["handovers"]
    assert oldest == {
        "ticket_id": ticket.id,
        "from_department": "customer_service",
        "to_department": "human_resources",
        "outcome": "accepted",
        "offered_at": "2025-11-25T10:00:00Z",
        "offered_by": "Selma",
        "accepted_at": "2025-11-25T11:00:00Z",
        "returned_at": None,
        "ended_by": "Hanna",
        "held_seconds": 3 * HOUR - 1,
        "was_overdue": True,
    }
    assert (newest["outcome"], newest["held_seconds"], newest["ended_by"]) == ("returned", 2 * HOUR, "Carl")
    totals = answer["totals"]
    assert (totals["given"]["all"], totals["given"]["returned"]) == (1, 1)
    assert (totals["received"]["all"], totals["received"]["accepted"]) == (1, 1)
    assert (totals["held_seconds"], totals["held_median_seconds"]) == (0, None)
    theirs = ledger(world, "customer_service")["totals"]
    assert (theirs["held_seconds"], theirs["held_median_seconds"]) == (3 * HOUR - 1, 3 * HOUR - 1)


def test_a_ledger_is_seen_by_its_department_and_ops_alone(world: World, call: Call) -> None:
    offered(world, call)
    path = "/departments/customer_service/handovers"
    for who in (NOBODY, RECRUITING):
        assert problem(world.request("GET", path, headers=bearer(who))) == 404
    assert problem(world.request("GET", path)) == 401
    assert problem(world.request("GET", "/departments/sales/handovers", headers=bearer(OPS))) == 404
    assert len(ledger(world, "customer_service", SERVICE)["handovers"]) == 1
    for name, value in (("days", "0"), ("days", "many"), ("day", "1"), ("cursor", "guess"), ("limit", "0")):
        answer = world.request("GET", path, headers=bearer(OPS), query={name: value})
        assert problem(answer) == 400
        assert f"`{name}`" in answer["body"]


def test_the_pages_of_a_ledger_show_each_hand_over_once_and_its_sums_are_the_history_s(
    world: World, call: Call
) -> None:
    for number in range(12):
        ticket = told(world, number)
        world.now += number % 2  # several in one second
        shown(call(SERVICE, ticket.id, "handover", TO_HR))
        verb, body = (("accept", None), ("return", NOT_OURS), ("", None))[number % 3]
        shown(call(RECRUITING, ticket.id, verb, body))
    world.drain()

    history = Counter(
        str(line.what)
        for ticket in world.tickets().values()
        for line in ticket.history
        if line.what.startswith("handover")
    )
    for department in ("customer_service", "human_resources"):
        answer = ledger(world, department, limit="5")
        rows = answer["handovers"]
        while answer["next"]:
            answer = ledger(world, department, limit="5", cursor=answer["next"])
            rows += answer["handovers"]
        counts = answer["totals"]["given" if department == "customer_service" else "received"]
        assert len({row["ticket_id"] for row in rows}) == len(rows) == counts["all"] == 12
        assert [row["offered_at"] for row in rows] == sorted((r["offered_at"] for r in rows), reverse=True)
        assert counts["all"] == history["handover_offered"]
        assert counts["accepted"] == history["handover_accepted"] == 4
        assert counts["returned"] == history["handover_returned"] == 4
        assert counts["pending"] == 4


def test_what_is_long_ago_is_shown_and_not_summed_up(world: World, call: Call) -> None:
    offered(world, call)
    world.now += 3 * 86_400

    assert ledger(world, "customer_service", days="2")["totals"]["given"]["all"] == 0
    answer = ledger(world, "customer_service", days="4")
    assert (answer["totals"]["given"]["all"], len(answer["handovers"])) == (1, 1)


def test_what_is_over_stays_over_whatever_comes_late(world: World, call: Call) -> None:
    ticket = offered(world, call)
    assert ticket.handover
    shown(call(RECRUITING, ticket.id, "accept"))
    world.drain()
    Ledger(world.dynamodb, TABLE).note(ticket.id, ticket.handover)

    assert outcomes(world, "customer_service") == ["accepted"]
