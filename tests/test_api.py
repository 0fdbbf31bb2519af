"""The ticket API through the real handlers: who sees what, in which order, and what is answered to whom."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import jwt
import openapi_spec_validator
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jsonschema import Draft202012Validator

import app
from chalicelib import wiring
from chalicelib.decision import Decision, Result
from chalicelib.identity import Caller, Verifier
from chalicelib.merging import open_ticket
from chalicelib.message import Author, Change, Kind, Message
from chalicelib.ticket import Ticket
from chalicelib.ticket_store import TicketStore
from tests import made
from tests.deliveries import comment, page
from tests.made import clocks
from tests.test_accept import problem
from tests.world import NOW, TABLE, World

KEY = rsa.generate_private_key(65537, 2048)
HOUR = 3600


class Keys(jwt.PyJWKClient):
    """The issuer's keys without an issuer."""

    def fetch_data(self) -> Any:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [{**key, "kid": "k", "use": "sig", "alg": "RS256"}]}


@cache
def token(subject: str, *roles: str) -> str:
    claims = {
        "iss": "https://issuer.example",
        "aud": "zustaendig",
        "sub": subject,
        "exp": int(time.time()) + 9999,
    }
    claims |= {"name": subject.title(), "roles": list(roles)}
    return jwt.encode(claims, KEY, "RS256", {"kid": "k"})


MIRA = Caller("mira", "Mira", frozenset())
OPS = ("olga", "ops")
SERVICE = ("selma", "department:customer_service")
COMMUNICATIONS = ("carl", "department:communications")
NOBODY = ("nina",)


@pytest.fixture
def api(world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Give a function that calls the API with somebody's token."""
    keys = Keys("https://issuer.example/keys")
    verifier = Verifier("https://issuer.example", "zustaendig", "roles", lambda: keys)
    monkeypatch.setattr(wiring, "verifier", lambda: verifier)

    def call(who: tuple[str, ...] | None, path: str, method: str = "GET", **query: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token(*who)}"} if who else {}
        return world.request(method, path, headers=headers, query=query or None)

    return call


def opened(
    world: World,
    number: int,
    department: str | None = "customer_service",
    *,
    category: str = "service_request",
    platform: str = "x",
) -> Ticket:
    """Put a ticket that arrived `number` seconds after NOW and is due an hour later."""
    message = Message(
        platform=platform,
        change=Change.CREATED,
        kind=Kind.MENTION,
        message_id=f"{platform}-{department}-{number}",
        account_id="4700",
        author=Author("1", "Svenja"),
        text=f"Nummer {number}",
        occurred_at=NOW + number,
    )
    due = NOW + number + HOUR if department else None
    decision = Decision(
        category=category,
        confidence=0.9,
        topics=("legal",),
        decided_by="test",
        result=Result.DECIDED,
        guesses=((category, 0.9), ("criticism", 0.05)),
        because=("number",),
        language="en",
        department=department,
        clocks=clocks(due) if due else (),
    )
    return TicketStore(world.dynamodb, TABLE, world.limits()).open(
        open_ticket(message, decision, NOW + number)
    )


def listed(answer: dict[str, Any]) -> list[str]:
    assert answer["statusCode"] == 200, answer["body"]
    return [ticket["id"] for ticket in json.loads(answer["body"])["tickets"]]


def all_pages(api: Callable[..., dict[str, Any]], who: tuple[str, ...], **query: str) -> list[str]:
    ids: list[str] = []
    for _ in range(200):
        answer = api(who, "/tickets", **query)
        ids += listed(answer)
        cursor = json.loads(answer["body"])["next"]
        if cursor is None:
            return ids
        query["cursor"] = cursor
    raise AssertionError("the pages do not end")


def test_a_ticket_is_shown_with_all_its_fields(world: World, api: Any) -> None:
    ticket = opened(world, 1)
    answer = api(SERVICE, f"/tickets/{ticket.id}")

    assert json.loads(answer["body"]) == {
        "id": ticket.id,
        "platform": "x",
        "account_id": "4700",
        "message_id": "x-customer_service-1",
        "kind": "mention",
        "in_reply_to": None,
        "author": {"id": "1", "name": "Svenja"},
        "text": "Nummer 1",
        "permalink": None,
        "category": "service_request",
        "confidence": 0.9,
        "topics": ["legal"],
        "language": "en",
        "department": "customer_service",
        "for_review": False,
        "incomplete": False,
        "backfilled": False,
        "occurred_at": "2025-11-25T08:00:01Z",
        "received_at": "2025-11-25T08:00:01Z",
        "acknowledge_by": "2025-11-25T09:00:01Z",
        "answer_by": "2025-11-26T09:00:01Z",
        "proposed_department": None,
        "status": "open",
        "offered_to": None,
        "informed": [],
        "due_at": "2025-11-25T09:00:01Z",
        "due_reason": "acknowledge_by",
        "overdue": False,
        "due_soon": False,
        "help": "none",
        "promised_by": None,
        "clocks": [
            {
                "name": name,
                "started_at": "2025-11-25T08:00:01Z",
                "due_at": due_at,
                "stopped_at": None,
                "in_time": None,
                "calendar": "always",
                "calendar_version": "1",
                "policy": "test",
            }
            for name, due_at in (
                ("acknowledge_by", "2025-11-25T09:00:01Z"),
                ("answer_by", "2025-11-26T09:00:01Z"),
            )
        ],
        "edited_at": None,
        "withdrawn_at": None,
        "reading": {
            "result": "decided",
            "category": "service_request",
            "probability": 0.9,
            "guesses": [
                {"category": "service_request", "probability": 0.9},
                {"category": "criticism", "probability": 0.05},
            ],
            "topics": ["legal"],
            "language": "en",
            "model": "test",
            "because": ["number"],
            "explanation": {
                "de": "Das Modell test hält das zu 90 % für ein Serviceanliegen; dafür sprachen: „number“. "
                "Es geht dabei um Rechtliches.",
                "en": "The model test takes this for a service request (90 % sure); what spoke for it: "
                "“number”. It is about legal matters.",
            },
        },
        "history": [
            {
                "at": "2025-11-25T08:00:01Z",
                "what": "opened",
                "by": None,
                "account_id": "4700",
                "about": {},
                "reason": None,
            }
        ],
        "observed_replies": [],
        "further_messages": [],
    }


def test_a_list_tells_topics_and_language_and_no_word_of_the_reasons(world: World, api: Any) -> None:
    opened(world, 1)
    (ticket,) = json.loads(api(SERVICE, "/tickets")["body"])["tickets"]

    assert (ticket["topics"], ticket["language"], ticket["for_review"]) == (["legal"], "en", False)
    assert "reading" not in ticket


def test_overdue_is_asked_of_the_clock(world: World, api: Any) -> None:
    tickets = [opened(world, n) for n in range(3)]
    assert listed(api(OPS, "/tickets", status="overdue")) == []

    world.now = NOW + HOUR + 2
    answer = api(OPS, "/tickets", status="overdue")

    assert listed(answer) == [ticket.id for ticket in tickets[:2]]
    assert all(ticket["overdue"] for ticket in json.loads(answer["body"])["tickets"])
    assert json.loads(api(OPS, f"/tickets/{tickets[2].id}")["body"])["overdue"] is False


def test_lists_are_ordered_and_filtered(world: World, api: Any) -> None:
    service = [opened(world, n, platform="x" if n % 2 else "facebook") for n in range(6)]
    critics = [opened(world, n + 10, "communications", category="criticism") for n in range(3)]
    nothing = [opened(world, n + 20, None, category="other") for n in range(2)]
    api(OPS, f"/tickets/{service[0].id}/acknowledge", "POST")
    newest = [ticket.id for ticket in reversed(service + critics + nothing)]
    without_answer = [ticket.id for ticket in reversed(nothing)]

    for limit in ("1", "4", "100"):
        assert all_pages(api, OPS, limit=limit) == newest
        assert all_pages(api, OPS, limit=limit, status="open") == newest[2:-1]
        assert all_pages(api, OPS, limit=limit, status="acknowledged") == [service[0].id]
        assert all_pages(api, OPS, limit=limit, status="no_answer_needed") == without_answer
        assert all_pages(api, OPS, limit=limit, department="communications") == newest[2:5]
        assert all_pages(api, OPS, limit=limit, category="criticism") == newest[2:5]
        assert all_pages(api, OPS, limit=limit, platform="facebook") == [service[n].id for n in (4, 2, 0)]


def test_overdue_pages_are_oldest_deadline_first_across_departments(world: World, api: Any) -> None:
    tickets = [opened(world, n, d) for n in range(9) for d in ("communications", "customer_service")]
    world.now = NOW + 2 * HOUR

    found = all_pages(api, OPS, status="overdue", limit="4")
    due = {ticket.id: ticket.decision.acknowledge_by or 0 for ticket in tickets}
    assert sorted(found) == sorted(due)
    assert [due[i] for i in found] == sorted(due.values())


@pytest.mark.parametrize("status", ["overdue", "open"])
def test_a_ticket_that_has_left_the_list_meanwhile_is_not_shown(world: World, api: Any, status: str) -> None:
    """Indexes lag behind the table: what they name is read again, consistently."""
    first, second = opened(world, 1), opened(world, 2)
    world.now = NOW + 2 * HOUR

    def acknowledge(_operation: str, arguments: dict[str, Any]) -> None:
        if "IndexName" in arguments:
            world.after_call = lambda *_: None
            made.acknowledge(TicketStore(world.dynamodb, TABLE, world.limits()), first, MIRA, world.now)

    world.after_call = acknowledge
    assert listed(api(SERVICE, "/tickets", status=status)) == [second.id]


def test_a_ticket_that_moves_while_a_list_is_read_is_shown_once(world: World, api: Any) -> None:
    """It is found as open, and a moment later as acknowledged as well."""
    tickets = [opened(world, n) for n in range(3)]

    def acknowledge(_operation: str, arguments: dict[str, Any]) -> None:
        if "IndexName" in arguments:
            world.after_call = lambda *_: None
            made.acknowledge(TicketStore(world.dynamodb, TABLE, world.limits()), tickets[1], MIRA, world.now)

    world.after_call = acknowledge
    assert listed(api(SERVICE, "/tickets")) == [ticket.id for ticket in reversed(tickets)]


def test_a_ticket_that_moves_between_two_pages_is_not_missed(world: World, api: Any) -> None:
    tickets = [opened(world, n) for n in range(4)]
    first = api(SERVICE, "/tickets", limit="2")
    assert api(SERVICE, f"/tickets/{tickets[0].id}/acknowledge", "POST")["statusCode"] == 200
    cursor = json.loads(first["body"])["next"]

    assert listed(first) + all_pages(api, SERVICE, limit="2", cursor=cursor) == [
        t.id for t in reversed(tickets)
    ]


def test_a_page_fits_into_what_lambda_may_answer(world: World, api: Any) -> None:
    template = opened(world, 0)
    store = TicketStore(world.dynamodb, TABLE, world.limits())
    for n in range(60):
        store.open(replace(template, id=f"t_{n}", text="😀" * 25_000, received_at=NOW + n))
    sizes = []

    def call(who: tuple[str, ...], path: str, **query: str) -> dict[str, Any]:
        answer: dict[str, Any] = api(who, path, **query)
        sizes.append(len(json.dumps(answer)))
        return answer

    assert len(all_pages(call, SERVICE, limit="100")) == 61
    assert len(sizes) > 2
    assert max(sizes) < 6 * 1024 * 1024


@pytest.mark.parametrize(
    "when", [999_999_999_999_999, "0001-01-01T00:00:00+10:00", -1, 2**70, "9999-12-31T23:59:59-12:00"]
)
def test_a_time_beyond_all_times_breaks_no_list(world: World, api: Any, when: Any) -> None:
    world.post("facebook", page([comment(1, created_time=when)]))
    world.drain()

    (ticket,) = json.loads(api(OPS, "/tickets")["body"])["tickets"]
    assert ticket["occurred_at"] is None or ticket["occurred_at"] < "5200"
    assert world.quarantined() == {}


# ── who may ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_department_lists_its_own_alone(world: World, api: Any) -> None:
    ours, theirs = opened(world, 1), opened(world, 2, "communications")
    nobodys = opened(world, 3, None, category="other")
    world.now = NOW + 2 * HOUR

    assert all_pages(api, SERVICE) == [ours.id]
    assert all_pages(api, SERVICE, status="overdue") == [ours.id]
    assert all_pages(api, SERVICE, department="communications") == []
    assert all_pages(api, SERVICE, status="no_answer_needed") == []
    assert all_pages(api, SERVICE, department="nowhere") == []
    assert all_pages(api, NOBODY) == []
    assert all_pages(api, COMMUNICATIONS) == [theirs.id]
    assert sorted(all_pages(api, OPS)) == sorted([ours.id, theirs.id, nobodys.id])
    assert sorted(all_pages(api, (*SERVICE, COMMUNICATIONS[1]))) == sorted([ours.id, theirs.id])


def test_a_cursor_opens_no_foreign_partition(world: World, api: Any) -> None:
    for n in range(3):
        opened(world, n, "communications")
        opened(world, n)
    theirs = json.loads(api(COMMUNICATIONS, "/tickets", limit="1")["body"])["next"]

    answer = api(SERVICE, "/tickets", limit="9", cursor=theirs)
    assert all(ticket["department"] == "customer_service" for ticket in json.loads(answer["body"])["tickets"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/tickets"),
        ("GET", "/tickets/{ticket}"),
        ("POST", "/tickets/{ticket}/acknowledge"),
        ("GET", "/quarantine"),
        ("POST", "/quarantine/{entry}/retry"),
    ],
)
def test_every_cell_of_who_may_what(world: World, api: Any, method: str, path: str) -> None:
    ticket = opened(world, 1, "communications")
    world.post("facebook", b"no json")
    world.drain()
    (entry,) = world.quarantined()
    path = path.format(ticket=ticket.id, entry=entry)
    ops_only = path.startswith("/quarantine")
    foreign = 403 if ops_only else 200 if path == "/tickets" else 404

    statuses = {who: api(who, path, method)["statusCode"] for who in (None, NOBODY, SERVICE)}
    assert statuses == {None: 401, NOBODY: foreign, SERVICE: foreign}
    assert world.calls.count("send_message") == 1
    assert json.loads(api(OPS, f"/tickets/{ticket.id}")["body"])["status"] == "open"
    assert api(COMMUNICATIONS, path, method)["statusCode"] == (403 if ops_only else 200)
    assert api(("olga2", "ops"), path, method)["statusCode"] == {"POST": 409 if not ops_only else 202}.get(
        method, 200
    )


@pytest.mark.parametrize("path", ["/openapi.json", "/health"])
def test_what_is_open_needs_no_token(world: World, api: Any, path: str) -> None:
    assert api(None, path)["statusCode"] == 200


def test_a_refused_caller_is_told_how_to_call(world: World, api: Any) -> None:
    answer = api(None, "/tickets")

    assert problem(answer) == 401
    assert answer["headers"]["WWW-Authenticate"] == "Bearer"
    assert world.calls == []


# ── acknowledging ─────────────────────────────────────────────────────────────────────────────────────────


def test_acknowledging_stops_the_deadline_and_is_remembered(world: World, api: Any) -> None:
    ticket = opened(world, 1)
    world.now = NOW + 2 * HOUR
    answer = api(SERVICE, f"/tickets/{ticket.id}/acknowledge", "POST")
    shown = json.loads(answer["body"])

    assert (answer["statusCode"], shown["status"], shown["overdue"]) == (200, "acknowledged", False)
    assert shown["history"][-1] == {
        "at": "2025-11-25T10:00:00Z",
        "what": "acknowledged",
        "by": "Selma",
        "account_id": None,
        "about": {},
        "reason": None,
    }
    assert all_pages(api, OPS, status="overdue") == []
    assert all_pages(api, OPS, status="open") == []
    assert all_pages(api, OPS, status="acknowledged") == [ticket.id]


def test_the_same_person_may_repeat_it_and_another_is_told_who_and_when(world: World, api: Any) -> None:
    ticket = opened(world, 1)
    first = api(SERVICE, f"/tickets/{ticket.id}/acknowledge", "POST")
    world.now += 60
    again = api(SERVICE, f"/tickets/{ticket.id}/acknowledge", "POST")
    other = api(OPS, f"/tickets/{ticket.id}/acknowledge", "POST")

    assert first["body"] == again["body"]
    assert problem(other) == 409
    assert "Selma" in other["body"]
    assert "2025-11-25T08:00:00Z" in other["body"]


def test_who_was_first_is_told_whatever_happened_since(world: World, api: Any) -> None:
    world.post("facebook", page([comment(1, "Nach zwei Wochen kaputt. Wann kommt Ersatz?")]))
    world.drain()
    (ticket,) = world.tickets()
    api(SERVICE, f"/tickets/{ticket}/acknowledge", "POST")
    world.post("facebook", page([comment(1, "Nach zwei Wochen kaputt. Wann kommt Ersatz?")], account="9"))
    world.drain()

    assert "Selma acknowledged" in api(OPS, f"/tickets/{ticket}/acknowledge", "POST")["body"]


def test_two_people_at_the_same_moment_acknowledge_once(world: World, api: Any) -> None:
    ticket = opened(world, 1)

    def other(operation: str, _arguments: Any) -> None:
        if operation == "query":
            world.after_call = lambda *_: None
            assert api(OPS, f"/tickets/{ticket.id}/acknowledge", "POST")["statusCode"] == 200

    world.after_call = other
    assert problem(api(SERVICE, f"/tickets/{ticket.id}/acknowledge", "POST")) == 409


def test_what_needs_no_answer_cannot_be_acknowledged(world: World, api: Any) -> None:
    ticket = opened(world, 1, None, category="other")

    assert problem(api(OPS, f"/tickets/{ticket.id}/acknowledge", "POST")) == 409


@pytest.mark.parametrize(
    "content_type", [None, "application/json", "application/x-www-form-urlencoded", "text/plain"]
)
def test_acknowledging_asks_for_no_body(world: World, api: Any, content_type: str | None) -> None:
    ticket = opened(world, 1)
    headers = {
        "Authorization": f"Bearer {token(*SERVICE)}",
        **({"Content-Type": content_type} if content_type else {}),
    }
    body = '{"by": "somebody else", "status": "open"}'
    answer = world.request("POST", f"/tickets/{ticket.id}/acknowledge", headers=headers, body=body)

    assert json.loads(answer["body"])["history"][-1]["by"] == "Selma"


# ── bad input ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_page_shows_a_hundred_at_most_and_has_a_next_one(world: World, api: Any) -> None:
    tickets = [opened(world, n) for n in range(130)]

    assert len(listed(api(OPS, "/tickets", limit="1000"))) == 100
    assert sorted(all_pages(api, OPS, limit="1000")) == sorted(ticket.id for ticket in tickets)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"status": "late"}, "status"),
        ({"limit": "0"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"platform": "myspace"}, "platform"),
        ({"category": "anger"}, "category"),
        ({"cursor": "guess"}, "cursor"),
        ({"departmnt": "marketing"}, "departmnt"),
        ({"department": "marketting"}, "department"),
    ],
)
def test_a_wrong_parameter_is_named(world: World, api: Any, query: dict[str, str], named: str) -> None:
    answer = api(OPS, "/tickets", **query)

    assert problem(answer) == 400
    assert f"`{named}`" in json.loads(answer["body"])["detail"]
    assert world.calls == []


@pytest.mark.parametrize("ticket_id", ["t_nowhere", "x" * 3000, "%00", "ä", "..", "'", "T_1"])
def test_a_ticket_that_is_not_there_is_a_404(world: World, api: Any, ticket_id: str) -> None:
    assert problem(api(OPS, f"/tickets/{ticket_id}")) == 404
    assert problem(api(OPS, f"/tickets/{ticket_id}/acknowledge", "POST")) == 404
    assert problem(api(OPS, f"/quarantine/{ticket_id}/retry", "POST")) == 404


# ── quarantine ────────────────────────────────────────────────────────────────────────────────────────────


def test_ops_see_the_quarantine_and_retry_it(world: World, api: Any) -> None:
    poison = comment(1, message=42)
    for body in (page([poison]), b"no json"):
        world.post("facebook", body)
        world.drain()
        world.now += 1

    page_one = json.loads(api(OPS, "/quarantine", limit="1")["body"])
    page_two = json.loads(api(OPS, "/quarantine", limit="1", cursor=page_one["next"])["body"])
    (newest,), (oldest,) = page_one["quarantine"], page_two["quarantine"]
    assert (newest["size"], oldest["error"]) == (7, "PayloadError: message or review_text is int, not a text")
    assert page_two["next"] is None

    retried = api(OPS, f"/quarantine/{oldest['id']}/retry", "POST")
    assert retried["statusCode"] == 202
    assert json.loads(retried["body"])["retried_at"] is not None
    assert json.loads(api(OPS, "/quarantine")["body"])["quarantine"][1]["retried_at"] is not None
    world.drain()
    entry = json.loads(api(OPS, "/quarantine")["body"])["quarantine"][1]
    assert (entry["attempts"], entry["retried_at"]) == (2, None)


# ── reads are bounded ─────────────────────────────────────────────────────────────────────────────────────


class Meter:
    """Counts the index rows that queries read; any Scan fails."""

    def __init__(self, client: Any) -> None:
        self._client, self.rows, self.queries = client, 0, 0

    def query(self, **request: Any) -> Any:
        answer = self._client.query(**request)
        self.rows += answer["ScannedCount"]
        self.queries += 1
        return answer

    def scan(self, **_: Any) -> None:
        raise AssertionError("a Scan")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def test_a_page_reads_no_more_of_five_thousand_tickets_than_of_a_thousand(world: World, api: Any) -> None:
    limit, reads = 10, []
    template = opened(world, 0)
    store = TicketStore(world.dynamodb, TABLE, world.limits())
    departments = list(wiring._departments().ids)
    for total in (1_000, 5_000):
        for n in range(len(world.dynamodb.by_ticket), total):
            decision = replace(template.decision, department=departments[n % 6], clocks=clocks(NOW + n))
            store.open(replace(template, id=f"t_{n}", received_at=NOW + n, decision=decision))
        world.now = NOW + 100_000
        meter = Meter(world.dynamodb)
        wiring.api.cache_clear()
        world.dynamodb = meter
        for query in (
            {"status": "overdue"},
            {"status": "due_soon"},
            {"status": "open"},
            {},
            {"status": "overdue", "platform": "facebook"},
        ):
            api(OPS, "/tickets", limit=str(limit), **query)
        reads.append((meter.rows, meter.queries))
        world.dynamodb = meter._client

    (few, queries), (many, _) = reads
    assert many == few
    assert few <= queries * limit


# ── the description ───────────────────────────────────────────────────────────────────────────────────────


def test_the_description_is_valid_and_names_every_route(world: World, api: Any) -> None:
    document = json.loads(api(None, "/openapi.json")["body"])
    openapi_spec_validator.validate(document)

    described = {(path, method.upper()) for path, item in document["paths"].items() for method in item}
    routes = {(path, method) for path, methods in app.app.routes.items() for method in methods}
    assert document["openapi"].startswith("3.1")
    assert described == routes


def test_answers_are_as_described(world: World, api: Any) -> None:
    document = json.loads(api(None, "/openapi.json")["body"])
    ticket, nothing = opened(world, 1), opened(world, 2, None, category="other")
    world.post("facebook", b"no json")
    world.drain()
    answers = {
        "TicketPage": api(OPS, "/tickets"),
        "TicketWithHistory": api(OPS, f"/tickets/{ticket.id}"),
        "DeadlineExplained": api(OPS, f"/tickets/{ticket.id}/deadline"),
        "QuarantinePage": api(OPS, "/quarantine"),
        "Problem": api(OPS, f"/tickets/{nothing.id}/acknowledge", "POST"),
    }
    for schema, answer in answers.items():
        described = {"$ref": f"#/components/schemas/{schema}", "components": document["components"]}
        Draft202012Validator(described).validate(json.loads(answer["body"]))
