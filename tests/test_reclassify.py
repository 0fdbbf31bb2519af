"""A person reads a ticket differently: what changes, who hears of it, and what is kept to learn from."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.bodies import MOST_BYTES
from chalicelib.correction import MOST_CORRECTIONS
from chalicelib.envelope import follow_up
from chalicelib.identity import Verifier
from chalicelib.ticket import Status, Ticket
from chalicelib.ticket_store import TicketStore
from infra import examples as infra_examples
from tests.deliveries import comment, page
from tests.fakes import Crash
from tests.made import acknowledge
from tests.test_accept import problem
from tests.test_api import COMMUNICATIONS, HOUR, MIRA, NOBODY, OPS, SERVICE, Keys, listed, opened, token
from tests.test_redrive import redrive
from tests.world import DLQ, INTAKE, NOW, TABLE, World
from training import given

RECRUITING = ("hanna", "department:human_resources")
REASON = "Sie fragt nicht, sie schimpft: „nie wieder“."
CRITICISM = {"category": "criticism", "reason": REASON}
MOVED = {**CRITICISM, "move": True}

Call = Callable[..., dict[str, Any]]


@pytest.fixture
def call(world: World, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Give a function that reclassifies with somebody's token."""
    keys = Keys("https://issuer.example/keys")
    verifier = Verifier("https://issuer.example", "zustaendig", "roles", lambda: keys)
    monkeypatch.setattr(wiring, "verifier", lambda: verifier)

    def call(who: tuple[str, ...], ticket: str, verb: str, body: Any = None, **event: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token(*who)}", "Content-Type": "application/json"}
        sent = body if isinstance(body, str | bytes) or body is None else json.dumps(body)
        method = "POST" if verb else "GET"
        path = f"/tickets/{ticket}/{verb}".rstrip("/")
        return world.request(method, path, **{"headers": headers, "body": sent, **event})

    return call


def shown(answer: dict[str, Any], status: int = 200) -> dict[str, Any]:
    assert answer["statusCode"] == status, answer["body"]
    found: dict[str, Any] = json.loads(answer["body"])
    return found


def stored(world: World, ticket: Ticket) -> Ticket:
    return world.tickets()[ticket.id]


def example(world: World, ticket: Ticket) -> Any:
    wiring.worker()
    return [(e.category, e.number, e.by) for e, t in wiring.examples().usable() if t.id == ticket.id]


def events(world: World, department: str) -> list[str]:
    return [event["id"].split(":", 1)[1] for event in world.events(department)]


def told(world: World, number: int = 1, department: str = "customer_service", **more: Any) -> Ticket:
    """Open a ticket of which its owner has heard."""
    ticket = opened(world, number, department, **more)
    wiring.worker().owners.tell_all([ticket.id])
    return stored(world, ticket)


# ── without a move ────────────────────────────────────────────────────────────────────────────────────────


def test_the_category_changes_and_the_owner_stays(world: World, call: Call) -> None:
    ticket = told(world)
    world.now += 60
    answer = shown(call(SERVICE, ticket.id, "reclassify", {**CRITICISM, "topics": ["recruiting"]}))
    world.drain()

    assert (answer["category"], answer["confidence"]) == ("criticism", None)
    assert (answer["department"], answer["proposed_department"]) == ("customer_service", "human_resources")
    assert (answer["status"], answer["acknowledge_by"]) == ("open", "2025-11-25T09:00:01Z")
    reading = answer["reading"]
    assert (reading["result"], reading["model"]) == ("decided", "person")
    assert (reading["guesses"], reading["because"], reading["probability"]) == ([], [], None)
    assert reading["explanation"]["en"].startswith("A person has decided: it is criticism. It is about jobs")
    assert answer["history"][-1] == {
        "at": "2025-11-25T08:01:00Z",
        "what": "reclassified",
        "by": "Selma",
        "account_id": None,
        "about": {},
        "from_category": "service_request",
        "to_category": "criticism",
        "from_topics": ["legal"],
        "to_topics": ["recruiting"],
        "from_department": "customer_service",
        "to_department": "customer_service",
        "reason": REASON,
    }
    assert shown(call(SERVICE, ticket.id, ""))["history"] == answer["history"]
    assert stored(world, ticket).decision.decided_by == "person"
    assert events(world, "customer_service") == ["opened:1"]
    assert events(world, "human_resources") == []


def test_topics_stay_unless_they_are_told(world: World, call: Call) -> None:
    ticket = told(world)
    for topics, now in ((["recruiting"], ("recruiting",)), (None, ("recruiting",)), ([], ())):
        shown(call(OPS, ticket.id, "reclassify", {**CRITICISM, "topics": topics}))
        assert stored(world, ticket).decision.topics == now


def test_a_person_may_confirm_how_it_was_read(world: World, call: Call) -> None:
    ticket = told(world)
    shown(call(SERVICE, ticket.id, "reclassify", {"category": "service_request", "reason": "stimmt"}))
    world.drain()

    assert stored(world, ticket).decision.decided_by == "person"
    assert example(world, ticket) == [("service_request", 1, "Selma")]


def test_what_needs_no_answer_keeps_its_owner_unless_it_is_moved(world: World, call: Call) -> None:
    ticket = told(world)
    other = {"category": "other", "reason": "Werbung"}
    answer = shown(call(SERVICE, ticket.id, "reclassify", other))
    assert (answer["status"], answer["department"]) == ("open", "customer_service")
    assert answer["proposed_department"] is None

    answer = shown(call(SERVICE, ticket.id, "reclassify", {**other, "move": True}))
    assert (answer["status"], answer["department"]) == ("no_answer_needed", None)
    assert answer["acknowledge_by"] is None
    assert listed(world.request("GET", "/tickets", headers=bearer(SERVICE))) == []
    assert listed(world.request("GET", "/tickets", headers=bearer(OPS))) == [ticket.id]


def bearer(who: tuple[str, ...]) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(*who)}"}


def test_what_nobody_owns_is_only_proposed_until_it_is_moved(world: World, call: Call) -> None:
    ticket = opened(world, 1, None, category="other")
    answer = shown(call(OPS, ticket.id, "reclassify", CRITICISM))
    assert (answer["status"], answer["proposed_department"]) == ("no_answer_needed", "communications")

    answer = shown(call(OPS, ticket.id, "reclassify", MOVED))
    world.drain()
    assert (answer["status"], answer["department"]) == ("open", "communications")
    assert answer["acknowledge_by"] == "2025-11-25T16:00:01Z"
    assert events(world, "communications") == ["opened:2"]


# ── with a move ───────────────────────────────────────────────────────────────────────────────────────────


def test_with_a_move_the_new_owner_hears_of_it_and_no_deadline_is_later(world: World, call: Call) -> None:
    ticket = told(world)
    world.now += 1800
    answer = shown(call(SERVICE, ticket.id, "reclassify", MOVED))
    world.drain()

    assert (answer["department"], answer["proposed_department"]) == ("communications", None)
    assert answer["acknowledge_by"] == "2025-11-25T09:00:01Z"
    assert (events(world, "customer_service"), events(world, "communications")) == (
        ["opened:1"],
        ["opened:2"],
    )
    assert world.events("communications")[0]["data"]["category"] == "criticism"
    assert problem(call(SERVICE, ticket.id, "")) == 404
    assert shown(call(COMMUNICATIONS, ticket.id, ""))["history"][-1]["what"] == "dispatched"
    for who, there in ((SERVICE, []), (COMMUNICATIONS, [ticket.id])):
        assert listed(world.request("GET", "/tickets", headers=bearer(who))) == there
    world.now = NOW + 2 * HOUR
    query, headers = {"status": "overdue"}, bearer(COMMUNICATIONS)
    assert listed(world.request("GET", "/tickets", headers=headers, query=query)) == [ticket.id]


def test_a_stricter_rule_brings_the_deadline_forward_but_never_from_the_move_on(
    world: World, call: Call
) -> None:
    ticket = told(world, department="marketing")
    store = TicketStore(world.dynamodb, TABLE, world.limits())
    clock = world.dynamodb.items[ticket.id, "ticket"]["clocks"]["L"][0]["M"]
    clock["due_at"] = {"N": str(NOW + 100 * HOUR)}
    world.now += 50 * HOUR
    shown(call(OPS, ticket.id, "reclassify", MOVED))

    found = store.read(ticket.id)
    assert found is not None
    assert found.decision.acknowledge_by == NOW + 1 + 8 * HOUR


@pytest.mark.parametrize("move", [False, True])
def test_danger_to_people_leaves_its_owner_less_time(world: World, call: Call, *, move: bool) -> None:
    ticket = told(world, department="marketing", category="praise")
    world.dynamodb.items[ticket.id, "ticket"]["acknowledge_by"] = {"N": str(NOW + 24 * HOUR)}
    urgent = wiring._departments().urgent
    assert urgent is not None
    body = {"category": "praise", "topics": ["safety"], "reason": "Gas!", "move": move}
    shown(call(OPS, ticket.id, "reclassify", body))

    found = stored(world, ticket)
    assert found.decision.department == "marketing"
    assert found.decision.acknowledge_by == NOW + 1 + urgent.acknowledge_within_hours * HOUR
    world.now = NOW + HOUR
    overdue = {"status": "overdue"}
    assert listed(world.request("GET", "/tickets", headers=bearer(OPS), query=overdue)) == [ticket.id]


def test_no_way_around_makes_a_deadline_later(world: World, call: Call) -> None:
    ticket = told(world)
    before = ticket.decision.acknowledge_by
    for body in ({**MOVED, "category": "other"}, {**MOVED, "category": "praise"}, MOVED):
        shown(call(OPS, ticket.id, "reclassify", body))
    world.drain()

    assert stored(world, ticket).decision.acknowledge_by == before
    assert [e for d in ("marketing", "communications") for e in events(world, d)] == ["opened:4"]


def test_who_has_given_it_back_and_forth_hears_of_it_under_new_ids(world: World, call: Call) -> None:
    ticket = told(world)
    for category in ("criticism", "service_request"):
        shown(call(OPS, ticket.id, "reclassify", {**MOVED, "category": category}))
        world.drain()

    assert events(world, "customer_service") == ["opened:1", "opened:3"]
    assert events(world, "communications") == ["opened:2"]


def test_what_was_acknowledged_stays_so_for_the_new_owner(world: World, call: Call) -> None:
    ticket = told(world)
    shown(call(SERVICE, ticket.id, "acknowledge"))
    answer = shown(call(SERVICE, ticket.id, "reclassify", MOVED))
    assert (answer["status"], answer["acknowledge_by"]) == ("acknowledged", "2025-11-25T09:00:01Z")

    other = call(COMMUNICATIONS, ticket.id, "acknowledge")
    assert problem(other) == 409
    assert "acknowledged this ticket" in other["body"]


def test_a_deletion_is_told_to_the_new_owner(world: World, call: Call) -> None:
    world.post("facebook", page([comment(1, "Nach zwei Wochen kaputt. Wann kommt Ersatz?")]))
    world.drain()
    (ticket,) = world.tickets().values()
    shown(call(SERVICE, ticket.id, "reclassify", MOVED))
    world.post("facebook", page([comment(1, verb="remove")]))
    world.drain()

    assert events(world, "customer_service") == ["opened:1"]
    assert events(world, "communications")[-1:] == ["withdrawn:1"]
    assert REASON not in str(world.dynamodb.items)
    assert problem(call(COMMUNICATIONS, ticket.id, "reclassify", CRITICISM)) == 409
    assert example(world, ticket) == []


# ── repeated, refused ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("body", [CRITICISM, MOVED])
def test_the_same_call_again_changes_nothing(world: World, call: Call, body: Any) -> None:
    ticket = told(world)
    first = call(SERVICE, ticket.id, "reclassify", body)
    world.drain()
    before = str(world.dynamodb.items)
    world.now += 60
    again = [call(who, ticket.id, "reclassify", body) for who in (SERVICE, OPS)]
    world.drain()

    assert [shown(answer)["category"] for answer in (first, *again)] == ["criticism"] * 3
    assert str(world.dynamodb.items) == before
    assert sum(metric == "Corrected" for metric, *_ in world.counted) == 1


def test_who_has_given_it_away_may_repeat_that_and_nothing_else(world: World, call: Call) -> None:
    ticket = told(world)
    shown(call(SERVICE, ticket.id, "reclassify", MOVED))

    assert problem(call(SERVICE, ticket.id, "reclassify", {**MOVED, "category": "praise"})) == 404
    assert problem(call(("sepp", SERVICE[1]), ticket.id, "reclassify", MOVED)) == 404


def test_nobody_else_may(world: World, call: Call) -> None:
    ticket = told(world)
    for who in (NOBODY, COMMUNICATIONS):
        assert problem(call(who, ticket.id, "reclassify", CRITICISM)) == 404
    assert problem(world.request("POST", f"/tickets/{ticket.id}/reclassify", body="{}")) == 401
    assert problem(call(OPS, "t_nowhere", "reclassify", CRITICISM)) == 404
    assert stored(world, ticket) == ticket


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("", "Invalid JSON"),
        ("no json", "Invalid JSON"),
        ("[]", "object"),
        (b"\xff\xfe", "Invalid JSON"),
        ("[" * 5000, "Invalid JSON"),
        ({}, "`category`"),
        ({"category": "spam", "reason": "x"}, "`category`"),
        ({"category": None, "reason": "x"}, "`category`"),
        ({"category": "praise"}, "`reason`"),
        ({"category": "praise", "reason": " \n"}, "`reason`"),
        ({"category": "praise", "reason": "x" * 1001}, "`reason`"),
        ({"category": "praise", "reason": 7}, "`reason`"),
        ('{"category": "praise", "reason": "\\ud800"}', "JSON"),
        ({"category": "praise", "reason": "x", "topics": "press"}, "`topics`"),
        ({"category": "praise", "reason": "x", "topics": ["sport"]}, "`topics.0`"),
        ({"category": "praise", "reason": "x", "move": "yes"}, "`move`"),
        ({"category": "praise", "reason": "x", "move": None}, "`move`"),
        ({"category": "praise", "reason": "x", "owner": "me"}, "`owner`: there is no such field"),
    ],
)
def test_a_bad_body_is_refused_by_name(world: World, call: Call, body: Any, named: str) -> None:
    ticket = told(world)
    answer = call(SERVICE, ticket.id, "reclassify", body)

    assert problem(answer) == 400
    assert named in json.loads(answer["body"])["detail"]
    assert stored(world, ticket) == ticket


def test_a_huge_body_and_a_wrong_content_type_are_refused(world: World, call: Call) -> None:
    ticket = told(world)
    huge = json.dumps(CRITICISM).ljust(MOST_BYTES + 1)
    plain = {**bearer(SERVICE), "Content-Type": "text/plain"}

    assert problem(call(SERVICE, ticket.id, "reclassify", huge)) == 413
    assert problem(call(SERVICE, ticket.id, "reclassify", CRITICISM, headers=plain)) == 415
    assert stored(world, ticket) == ticket


@pytest.mark.parametrize("content_type", [None, "application/json; charset=utf-8", "Application/JSON"])
def test_json_is_taken_however_it_is_announced(world: World, call: Call, content_type: str | None) -> None:
    ticket = told(world)
    headers = bearer(SERVICE) | ({"Content-Type": content_type} if content_type else {})

    assert call(SERVICE, ticket.id, "reclassify", CRITICISM, headers=headers)["statusCode"] == 200


def test_a_reason_of_a_thousand_characters_is_kept_whole(world: World, call: Call) -> None:
    ticket, reason = told(world), "😀" * 1000
    answer = shown(call(SERVICE, ticket.id, "reclassify", {**CRITICISM, "reason": reason}))

    assert answer["history"][-1]["reason"] == reason


def test_people_who_cannot_agree_are_told_to_talk(world: World, call: Call) -> None:
    ticket = told(world)
    bodies = [{**CRITICISM, "category": ("praise", "criticism")[n % 2]} for n in range(MOST_CORRECTIONS + 1)]
    answers = [call(SERVICE, ticket.id, "reclassify", body)["statusCode"] for body in bodies]

    assert answers == [200] * MOST_CORRECTIONS + [409]


# ── cut off, and at the same time ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("step", range(1, 9))
def test_a_call_that_is_cut_off_is_done_whole_or_not_at_all(world: World, call: Call, step: int) -> None:
    """Nobody repeats it: what it has sent before it wrote anything sees to the rest."""
    ticket, left = told(world), [step]

    def crash(_operation: str, _arguments: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            world.after_call = lambda *_: None
            raise Crash

    world.after_call = crash
    try:
        call(SERVICE, ticket.id, "reclassify", MOVED)
    except Crash:
        assert left == [0]
    world.after_call = lambda *_: None
    world.drain()

    found = stored(world, ticket)
    if found.decision.department == "customer_service":
        assert found.decision == ticket.decision
        assert (events(world, "communications"), example(world, ticket)) == ([], [])
    else:
        assert set(events(world, "communications")) == {"opened:2"}
        assert example(world, ticket) == [("criticism", 1, "Selma")]
        assert found.reasons
        assert found.untold == ()


def test_a_worker_that_is_cut_off_tells_the_new_owner_all_the_same(world: World, call: Call) -> None:
    ticket, seen = told(world), set[str]()
    shown(call(SERVICE, ticket.id, "reclassify", MOVED))

    def crash(operation: str, arguments: Any) -> None:
        if f"{operation} {arguments}" not in seen:
            seen.add(f"{operation} {arguments}")
            raise Crash

    world.after_call = crash
    for _ in range(40):
        try:
            if not world.work(batch=1):
                break
        except Crash:
            world.sqs.expire()
    world.after_call = lambda *_: None

    assert len(seen) == 9
    assert set(events(world, "communications")) == {"opened:2"}
    assert example(world, ticket) == [("criticism", 1, "Selma")]
    assert stored(world, ticket).untold == ()
    assert world.quarantined() == {}


def test_a_follow_up_that_failed_for_long_is_done_once_somebody_retries_it(world: World, call: Call) -> None:
    ticket = told(world)
    shown(call(SERVICE, ticket.id, "reclassify", MOVED))
    world.sqs.waiting[INTAKE] = []
    attributes = {"redrives": {"DataType": "Number", "StringValue": "99"}}
    sealed = follow_up(ticket.id, world.now)
    world.sqs.send_message(QueueUrl=DLQ, MessageBody=sealed, MessageAttributes=attributes)
    redrive()
    (entry,) = world.quarantined()
    assert events(world, "communications") == []
    shown(world.request("POST", f"/quarantine/{entry}/retry", headers=bearer(OPS)), 202)
    world.drain()

    assert events(world, "communications") == ["opened:2"]
    assert example(world, ticket) == [("criticism", 1, "Selma")]
    assert world.quarantined() == {}


def between(world: World, step: int, act: Callable[[], object]) -> None:
    """Let something happen behind the call number `step`, as if somebody else did it."""
    left = [step]

    def other(_operation: str, _arguments: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            act()

    world.after_call = other


@pytest.mark.parametrize("step", range(1, 8))
def test_of_two_at_the_same_moment_both_are_in_the_history_and_one_is_the_last(
    world: World, call: Call, step: int
) -> None:
    ticket = told(world)
    other = {"category": "praise", "reason": "Lob!", "move": True}
    between(world, step, lambda: shown(call(OPS, ticket.id, "reclassify", other)))
    shown(call(SERVICE, ticket.id, "reclassify", MOVED))
    world.after_call = lambda *_: None
    world.drain()

    found = stored(world, ticket)
    made = [line.correction for line in found.history if line.correction]
    answer = shown(call(OPS, ticket.id, ""))["history"]
    reasons = [line["reason"] for line in answer if line["what"] == "reclassified"]
    assert [correction.number for correction in made] == [1, 2]
    assert made[0].now == made[1].was
    assert dict(
        zip([line["by"] for line in answer if line["what"] == "reclassified"], reasons, strict=True)
    ) == {"Olga": "Lob!", "Selma": REASON}
    assert found.decision.category == made[1].now.category
    owner = found.decision.department or ""
    assert events(world, owner)[-1] == "opened:3"
    assert [(category, number) for category, number, _ in example(world, ticket)] == [
        (found.decision.category, 2)
    ]


@pytest.mark.parametrize("step", range(1, 8))
@pytest.mark.parametrize("what", ["acknowledge", "delete", "edit"])
def test_whatever_happens_meanwhile_nothing_is_lost(world: World, call: Call, step: int, what: str) -> None:
    world.post("facebook", page([comment(1, "Nach zwei Wochen kaputt. Wann kommt Ersatz?")]))
    world.drain()
    (ticket,) = world.tickets().values()

    def act() -> None:
        if what == "acknowledge":
            acknowledge(TicketStore(world.dynamodb, TABLE, world.limits()), ticket, MIRA, world.now)
            return
        verb, text = (
            ("remove", None) if what == "delete" else ("edited", "Danke, alles super, toller Service!")
        )
        world.post("facebook", page([comment(1, text, verb=verb, created_time=NOW + 9)]))
        world.drain()

    between(world, step, act)
    answer = call(SERVICE, ticket.id, "reclassify", MOVED)
    world.after_call = lambda *_: None
    world.drain()

    found = stored(world, ticket)
    assert found.untold == ()
    if what == "delete":
        assert found.status is Status.WITHDRAWN
        assert REASON not in str(world.dynamodb.items)
    else:
        assert (answer["statusCode"], found.decision.category) == (200, "criticism")
        assert found.decision.department == "communications"
        assert found.status in (
            {Status.OPEN, Status.ACKNOWLEDGED} if what == "acknowledge" else {Status.OPEN}
        )
        item = world.dynamodb.items[ticket.id, "ticket"]
        assert item["listed_under"] == {"S": f"communications/{found.status}"}


@pytest.mark.parametrize("step", range(1, 5))
def test_an_owner_that_is_just_being_told_does_not_hide_the_new_one(
    world: World, call: Call, step: int
) -> None:
    ticket = opened(world, 1)
    between(world, step, lambda: shown(call(OPS, ticket.id, "reclassify", MOVED)))
    wiring.worker().owners.tell_all([ticket.id])
    world.after_call = lambda *_: None
    if stored(world, ticket).moves == 0:
        shown(call(OPS, ticket.id, "reclassify", MOVED))
    world.drain()

    assert events(world, "communications") == ["opened:2"]


def test_who_acknowledges_what_is_just_being_moved_is_told_so(world: World, call: Call) -> None:
    ticket = told(world)
    between(world, 1, lambda: shown(call(OPS, ticket.id, "reclassify", MOVED)))
    answer = call(SERVICE, ticket.id, "acknowledge")

    assert problem(answer) == 409
    assert "moved" in answer["body"]
    found = stored(world, ticket)
    assert (found.status, found.acknowledged_by) == (Status.OPEN, None)


def test_a_list_does_not_show_what_has_just_been_moved_away(world: World, call: Call) -> None:
    ticket = told(world)
    between(world, 1, lambda: shown(call(OPS, ticket.id, "reclassify", MOVED)))

    assert listed(world.request("GET", "/tickets", headers=bearer(SERVICE), query={"status": "open"})) == []


# ── what its author says later ────────────────────────────────────────────────────────────────────────────


def edit(world: World, text: str, later: int = 9) -> None:
    world.now += 60
    world.post("facebook", page([comment(1, text, verb="edited", created_time=NOW + later)]))
    world.drain()


def test_a_later_edit_proposes_another_owner_and_leaves_the_category(world: World, call: Call) -> None:
    world.post("facebook", page([comment(1, "Nach zwei Wochen kaputt. Wann kommt Ersatz?")]))
    world.drain()
    (ticket,) = world.tickets().values()
    shown(call(SERVICE, ticket.id, "reclassify", MOVED))
    edit(world, "Vor acht Wochen war mein Vorstellungsgespräch bei euch, und nie hat sich jemand gemeldet.")

    found = stored(world, ticket)
    assert (found.decision.category, found.decision.decided_by) == ("criticism", "person")
    assert found.proposed_department == "human_resources"
    assert "Vorstellungsgespräch" in (found.text or "")
    assert example(world, ticket) == []  # it was about another text
    assert events(world, "communications")[-1].startswith("updated:")

    shown(call(COMMUNICATIONS, ticket.id, "reclassify", {**MOVED, "category": "applicant_complaint"}))
    world.drain()
    assert example(world, ticket) == [("applicant_complaint", 2, "Carl")]


def test_what_a_person_has_closed_is_opened_by_another_text_only(world: World, call: Call) -> None:
    asks = "Nach zwei Wochen kaputt. Wann kommt Ersatz?"
    world.post("facebook", page([comment(1, "Nach zwei Wochen kaputt. Wann kommt der Ersatz?")]))
    world.drain()
    (ticket,) = world.tickets().values()
    shown(call(SERVICE, ticket.id, "reclassify", {**MOVED, "category": "other"}))
    world.post("facebook", page([comment(1, "Nach zwei Wochen kaputt. Wann kommt der Ersatz?")], account="9"))
    world.drain()
    assert stored(world, ticket).status is Status.NO_ANSWER_NEEDED

    edit(world, asks)
    found = stored(world, ticket)
    assert (found.status, found.decision.category) == (Status.OPEN, "service_request")
    assert found.decision.department == "customer_service"
    assert events(world, "customer_service") == ["opened:1", "opened:2"]


# ── what is counted ───────────────────────────────────────────────────────────────────────────────────────


def exported(world: World) -> list[dict[str, Any]]:
    return [json.loads(line) for line in infra_examples.lines(wiring.examples())]


def test_what_people_have_corrected_is_exported_as_it_is_evaluated(
    world: World, call: Call, tmp_path: Path
) -> None:
    tickets = [told(world, number) for number in range(60)]
    for ticket in tickets[1:]:
        world.now += 1
        shown(call(SERVICE, ticket.id, "reclassify", {**CRITICISM, "topics": ["press"]}))
    shown(call(SERVICE, tickets[1].id, "reclassify", {"category": "praise", "reason": "doch Lob"}))
    world.drain()

    found = {row["id"]: row for row in exported(world)}
    assert found.keys() == {ticket.id for ticket in tickets[1:]}
    assert found[tickets[1].id] == {
        "id": tickets[1].id,
        "text": "Nummer 1",
        "lang": "en",
        "platform": "x",
        "label": "praise",
        "topics": ["press"],
    }
    file = tmp_path / "examples.jsonl"
    file.write_text("".join(infra_examples.lines(wiring.examples())))
    read = {message.id: message.label for message in given.read(file)}
    assert read[tickets[2].id] == "criticism"


def test_what_is_erased_is_not_exported(world: World, call: Call) -> None:
    kept, gone = told(world), told(world, 2, platform="linkedin")
    for ticket in (kept, gone):
        shown(call(SERVICE, ticket.id, "reclassify", CRITICISM))
    world.drain()
    assert {row["id"] for row in exported(world)} == {kept.id, gone.id}
    world.now += 48 * HOUR

    assert [row["id"] for row in exported(world)] == [kept.id]
    assert "Nummer" not in str([i for (_, sk), i in world.dynamodb.items.items() if sk == "example"])


def test_of_an_example_the_model_s_reading_is_kept(world: World, call: Call) -> None:
    ticket = told(world)
    for category in ("criticism", "praise"):
        shown(call(SERVICE, ticket.id, "reclassify", {**CRITICISM, "category": category}))
        world.drain()

    ((example, _),) = wiring.examples().usable()
    assert (example.category, example.number, example.at) == ("praise", 2, world.now)
    assert (example.model.category, example.model.decided_by) == ("service_request", "test")
    assert example.model.confidence == 0.9


def test_every_text_that_is_read_is_counted_by_what_came_of_it(world: World) -> None:
    for number, text in enumerate(("", "Nach zwei Wochen kaputt. Wann kommt Ersatz?")):
        world.post("facebook", page([comment(number, message=text)]))
        world.drain()
    counted = [dimensions for metric, _, dimensions in world.counted if metric == "Read"]

    assert counted == [
        {"result": "not_read", "category": "none"},
        {"result": "decided", "category": "service_request"},
    ]
    world.post("facebook", page([comment(1, "Nach zwei Wochen kaputt. Wann kommt Ersatz?")], account="9"))
    world.drain()
    assert sum(metric == "Read" for metric, *_ in world.counted) == len(counted)


def test_a_correction_is_counted_by_what_it_was_and_is(world: World, call: Call) -> None:
    ticket = told(world)
    shown(call(SERVICE, ticket.id, "reclassify", CRITICISM))

    counted = [found for found in world.counted if found[0] == "Corrected"]
    assert counted == [("Corrected", 1, {"from": "service_request", "to": "criticism"})]
    assert INTAKE in world.sqs.waiting
    assert REASON not in str(world.counted)
    assert REASON not in str(world.sqs.everything())
