"""The second door: what becomes of accepted deliveries, also when they repeat, race, or are bad."""

import json
import random
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from jsonschema import Draft202012Validator

import app
from chalicelib import classifier, departments, envelope, openapi, wiring
from chalicelib.categories import Category
from chalicelib.classifier import Classification
from chalicelib.history import Happened
from chalicelib.identity import Caller
from chalicelib.parts import MESSAGES_AT_ONCE
from chalicelib.platforms import PLATFORMS
from chalicelib.ticket import Status, Ticket, ticket_id
from infra.outcome import moment
from tests import recorded
from tests.crashes import crash_after_every_call
from tests.deliveries import PAGE, comment, page
from tests.test_redrive import EVENT
from tests.world import ENVIRONMENT, INTAKE, NOW, World

OLGA = Caller("olga", "Olga", frozenset({"ops"}))
DELIVERIES = list(recorded.deliveries())


def sent(world: World) -> list[dict[str, Any]]:
    """Gather what was sent to all departments."""
    return [event for department in departments.load().ids for event in world.events(department)]


def owners(world: World) -> dict[str, set[str]]:
    """By ticket: the departments whose queues have heard of it."""
    found: dict[str, set[str]] = {}
    for department in departments.load().ids:
        for event in world.events(department):
            found.setdefault(event["subject"], set()).add(department)
    return found


def test_all_recorded_deliveries_four_times_shuffled_open_one_ticket_a_message(world: World) -> None:
    four_times = DELIVERIES * 4
    random.Random(7).shuffle(four_times)
    for delivery in four_times:
        assert world.post(delivery.platform, delivery.body)["statusCode"] == 200
        if world.now % 3:
            world.work()
        world.now += 1
    world.drain()

    messages = {ticket_id(d.platform, e["message_id"]) for d in DELIVERIES for e in d.opening}
    assert set(world.tickets()) | world.joined() == messages
    assert all(len(heard) == 1 for heard in owners(world).values())
    standing = [t for t in world.tickets().values() if t.status is not Status.WITHDRAWN]
    assert set(owners(world)) >= {t.id for t in standing if t.decision.department}
    assert all(not t.untold for t in world.tickets().values())


def test_a_message_takes_seven_calls_a_repeat_one_and_counting_the_delivery_another(world: World) -> None:
    world.post("facebook", page([comment(1)]))
    world.calls.clear()
    world.drain()

    opening = ["query", "update_item", "put_item", "query", "batch_get_item", "send_message", "update_item"]
    assert world.calls == [*opening, "update_item"]

    world.post("facebook", page([comment(1)]))
    world.calls.clear()
    world.drain()

    assert world.calls == ["query", "update_item"]


def test_the_owner_hears_of_its_ticket_as_a_cloud_event(world: World) -> None:
    world.post(
        "facebook", page([comment(1, "Nach zwei Wochen kaputt und niemand antwortet. Wann kommt Ersatz?")])
    )
    world.drain()

    (ticket,) = world.tickets().values()
    (event,) = world.events("customer_service")
    assert event["id"] == f"{ticket.id}:opened:1"
    assert event["subject"] == event["data"]["id"] == ticket.id
    assert event["type"] == "org.zustaendig.ticket.opened.v1"
    assert event["data"]["text"] == ticket.text
    assert event["data"]["acknowledge_by"] == moment(NOW + 4 * 3600)
    assert [line.what for line in ticket.history] == [Happened.OPENED, Happened.DISPATCHED]


def pass_on(ticket: Ticket) -> None:
    """Do with a ticket all that may be told of hand-overs."""
    olga, offer = Caller("olga", "Olga", frozenset({"ops"})), b'{"department": "marketing", "reason": "Lob"}'
    verbs = wiring.handovers()
    verbs.offer(olga, ticket.id, offer)
    verbs.give_back(olga, ticket.id, b'{"reason": "kein Lob"}')
    verbs.offer(olga, ticket.id, offer)
    verbs.accept(olga, ticket.id)
    verbs.inform(olga, ticket.id, b'{"departments": ["investor_relations"]}')


def test_events_are_as_published(world: World) -> None:
    folder = Path(app.__file__).parent / "docs/schemas"
    schemas = openapi.event_schemas()
    assert {file.stem: file.read_text("utf-8") for file in folder.iterdir()} == schemas, "run `make schema`"

    for delivery in DELIVERIES:
        world.post(delivery.platform, delivery.body)
    for change in (comment(1), comment(1, "Hat sich erledigt, danke!", verb="edited")):
        world.post("facebook", page([change]))
        world.drain()
    world.now += 30 * 3600
    app.tell_alarms(EVENT, None)
    pass_on(next(ticket for ticket in world.tickets().values() if ticket.running))
    world.drain()
    seen = {event["type"].removeprefix("org.zustaendig.") for event in sent(world)}
    assert seen == set(schemas)
    for event in sent(world):
        schema = json.loads(schemas[event["type"].removeprefix("org.zustaendig.")])
        Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(event)


def test_one_post_for_two_accounts_and_products_is_one_ticket_with_both_noted(world: World) -> None:
    for account in ("1", "2", "1"):
        world.post("facebook", page([comment(1)], account=account))
        world.drain()

    (ticket,) = world.tickets().values()
    assert ticket.accounts == {"1", "2"}
    assert [line.account_id for line in ticket.history if line.what is Happened.RECEIVED_AGAIN] == ["2"]


def test_a_poor_delivery_is_filled_by_a_richer_one_without_a_second_decision(world: World) -> None:
    poor = {"field": "mention", "value": {"item": "comment", "verb": "add", "comment_id": "401_1"}}
    world.post("facebook", page([poor]))
    world.drain()
    (first,) = world.tickets().values()
    world.post("facebook", page([comment(1)]))
    world.drain()

    (ticket,) = world.tickets().values()
    assert first.incomplete
    assert not ticket.incomplete
    assert ticket.text == comment(1)["value"]["message"]
    assert ticket.decision.department == first.decision.department == "social_media"
    assert ticket.decision.acknowledge_by == first.decision.acknowledge_by
    assert (first.decision.category, ticket.decision.category) == (None, "service_request")
    assert ticket.proposed_department == "customer_service"
    assert owners(world) == {ticket.id: {"social_media"}}
    assert [event["type"].split(".")[-2] for event in sent(world)] == ["opened", "updated"]


def test_our_own_words_never_open_a_ticket(world: World) -> None:
    stream = json.loads((recorded.OWN / "samples/x/filtered-stream__post.json").read_text("utf-8"))
    stream["data"]["author_id"] = "4711"  # one of OWN_ACCOUNTS: this product names no account
    world.post("x", json.dumps(stream).encode())
    world.post("facebook", page([comment(1, who={"id": PAGE, "name": "Wir"})]))
    world.drain()

    assert not world.tickets()
    assert not world.quarantined()
    assert [(metric, more.get("reason")) for metric, _, more in world.counted] == [
        ("PassedOver", "own_message"),
        ("RepliesObserved", None),
    ]


def test_what_is_no_message_is_counted(world: World) -> None:
    like = {"field": "feed", "value": {"item": "like", "verb": "add"}}
    unknown = {"field": "feed", "value": {"item": "milestone", "verb": "add"}}
    world.post("facebook", page([like, like, unknown]))
    world.drain()

    assert not world.tickets()
    assert not world.quarantined()
    reasons = {"not_a_message": 2, "unknown_event": 1}
    assert world.counted == [
        ("PassedOver", times, {"platform": "facebook", "reason": reason}) for reason, times in reasons.items()
    ]


# ── the decision ──────────────────────────────────────────────────────────────────────────────────────────


def reading(category: Category, *, sure: bool = True) -> Classification:
    return Classification(category=category, confidence=0.9, topics=(), decided_by="test", sure=sure)


def decided(world: World, monkeypatch: pytest.MonkeyPatch, *readings: Classification) -> None:
    """Let the classifier answer in turn what a model that changed its mind would."""
    answers = cycle(readings)

    class Moody:
        def classify(self, _text: str) -> Classification:
            return next(answers)

    monkeypatch.setattr(classifier, "load", lambda _file: Moody())
    wiring.worker.cache_clear()
    del world


def test_other_without_doubt_is_kept_without_department_or_deadline(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(world, monkeypatch, reading(Category.OTHER))
    world.post("facebook", page([comment(1)]))
    world.drain()

    (ticket,) = world.tickets().values()
    assert ticket.status is Status.NO_ANSWER_NEEDED
    assert (ticket.decision.department, ticket.decision.acknowledge_by) == (None, None)
    assert sent(world) == []


@pytest.mark.parametrize(
    "change",
    [
        comment(1),  # read, but unsure
        comment(1, " \n "),
        comment(1, message=None, photo="p.jpg"),
        comment(1, who=None),
    ],
)
def test_what_nobody_can_read_for_sure_has_an_owner_and_a_deadline(
    world: World, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    decided(world, monkeypatch, reading(Category.OTHER, sure=False))
    world.post("facebook", page([change]))
    world.drain()

    (ticket,) = world.tickets().values()
    assert ticket.status is Status.OPEN
    assert (ticket.decision.department, ticket.decision.acknowledge_by) == ("social_media", NOW + 2 * 3600)
    assert owners(world) == {ticket.id: {"social_media"}}


def test_an_incomplete_message_goes_to_the_desk_however_surely_it_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(world, monkeypatch, reading(Category.CRITICISM))
    world.post("facebook", page([comment(1, who=None)]))
    world.drain()

    (ticket,) = world.tickets().values()
    assert ticket.incomplete
    assert (ticket.decision.category, ticket.decision.department) == ("criticism", "social_media")


def test_a_classifier_that_changes_its_mind_routes_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(
        world, monkeypatch, *map(reading, (Category.PRAISE, Category.CRITICISM, Category.SERVICE_REQUEST))
    )
    crash_after_every_call(world, page([comment(n) for n in range(5)]))

    assert len(world.tickets()) == 5
    assert all(len(heard) == 1 for heard in owners(world).values())


# ── faults ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("messages", [1, 10, MESSAGES_AT_ONCE, MESSAGES_AT_ONCE + 1, 2 * MESSAGES_AT_ONCE])
def test_a_crash_after_every_call_costs_nothing(world: World, messages: int) -> None:
    crashes = crash_after_every_call(world, page([comment(n) for n in range(messages)]))

    assert crashes >= 5 * messages
    assert len(world.tickets()) == messages
    assert world.quarantined() == {}
    for ticket in world.tickets().values():
        assert ticket.dispatched_at
        assert [line.what for line in ticket.history] == [Happened.OPENED, Happened.DISPATCHED]
    assert owners(world) == {t.id: {t.decision.department} for t in world.tickets().values()}


@pytest.mark.parametrize("step", range(10))
def test_a_twin_at_work_at_any_step_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """SQS delivers twice, and the second worker runs between two calls of the first."""
    decided(world, monkeypatch, *map(reading, (Category.PRAISE, Category.CRITICISM, Category.OTHER)))
    world.post("facebook", page([comment(1), comment(2)]))
    (sealed,) = world.sqs.bodies(INTAKE)
    world.calls.clear()

    def twin(_operation: str, _arguments: Any) -> None:
        if len(world.calls) == step + 1:
            world.after_call = lambda *_: None
            wiring.worker().process(sealed)

    world.after_call = twin
    world.drain()

    assert len(world.calls) > step + 1
    assert len(world.tickets()) == 2
    routed = {t.id: {t.decision.department} for t in world.tickets().values() if t.decision.department}
    assert owners(world) == routed


@pytest.mark.parametrize("operation", ["query", "update_item", "put_item", "send_message"])
def test_an_outage_keeps_the_delivery_in_intake(world: World, operation: str) -> None:
    world.post("facebook", page([comment(1)]))

    def fail(called: str, _arguments: Any) -> None:
        if called == operation:
            raise EndpointConnectionError(endpoint_url="https://aws")

    world.after_call = fail
    world.work()
    world.after_call = lambda *_: None

    assert world.sqs.in_flight
    world.sqs.expire()
    world.drain()
    assert len(owners(world)) == len(world.tickets()) == 1
    assert world.quarantined() == {}


@pytest.mark.parametrize("missing", [False, True])
def test_a_department_queue_that_fails_holds_up_its_own_tickets_alone(
    world: World, monkeypatch: pytest.MonkeyPatch, *, missing: bool
) -> None:
    decided(world, monkeypatch, reading(Category.PRAISE), reading(Category.CRITICISM))
    world.post("facebook", page([comment(n) for n in range(10)]))
    urls = json.loads(ENVIRONMENT["DEPARTMENT_QUEUE_URLS"])
    del urls["marketing"]
    if missing:
        monkeypatch.setenv("DEPARTMENT_QUEUE_URLS", json.dumps(urls))

    def fail(_operation: str, arguments: dict[str, Any]) -> None:
        if "marketing" in arguments.get("QueueUrl", "") and not missing:
            world.sqs.waiting["https://sqs/department-marketing"].clear()
            raise EndpointConnectionError(endpoint_url="https://aws")

    world.after_call = fail
    world.work()

    assert len(world.tickets()) == 10
    assert len(world.sqs.in_flight) == 1
    assert sorted(map(tuple, owners(world).values())) == [("communications",)] * 5

    world.after_call = lambda *_: None
    monkeypatch.setenv("DEPARTMENT_QUEUE_URLS", ENVIRONMENT["DEPARTMENT_QUEUE_URLS"])
    wiring.worker.cache_clear()
    world.sqs.expire()
    world.drain()
    assert len(owners(world)) == 10
    assert len(sent(world)) == 10


def test_a_message_that_a_delivery_holds_twice_is_told_once(world: World) -> None:
    world.post("facebook", page([comment(1), comment(1)]))
    world.drain()

    assert len(world.tickets()) == len(sent(world)) == 1


def test_one_delivery_that_fails_does_not_hold_up_its_batch(world: World) -> None:
    for number in range(5):
        world.post("facebook", page([comment(number)]))
    third = ticket_id("facebook", "401_3")

    def fail(_operation: str, arguments: dict[str, Any]) -> None:
        if third in str(arguments):
            raise EndpointConnectionError(endpoint_url="https://aws")

    world.after_call = fail
    world.work()

    assert len(world.sqs.in_flight) == 1
    assert len(owners(world)) == 4


# ── quarantine ────────────────────────────────────────────────────────────────────────────────────────────

POISON = comment(5, message=42)


def test_a_poison_message_among_nine_ends_in_quarantine_and_the_nine_are_routed(world: World) -> None:
    world.post("facebook", page([comment(n) if n != 5 else POISON for n in range(10)]))
    world.drain()

    (entry,) = world.quarantined().values()
    assert "is int, not a text" in entry.error
    assert len(owners(world)) == len(world.tickets()) == 9


def test_a_repeated_poison_is_one_entry(world: World) -> None:
    for _ in range(3):
        world.post("facebook", page([POISON]))
        world.drain()

    (entry,) = world.quarantined().values()
    assert entry.attempts == 3


def test_half_a_surrogate_pair_costs_its_own_message_alone(world: World) -> None:
    world.post("facebook", page([comment(n, "weg \ud83d" if n == 7 else None) for n in range(100)]))
    world.drain()

    assert len(world.tickets()) == 99
    assert len(world.quarantined()) == 1


def test_a_message_that_the_table_refuses_is_quarantined(world: World) -> None:
    world.post("facebook", page([comment(1, "x" * 450_000), comment(2)]))
    world.drain()

    (entry,) = world.quarantined().values()
    assert "Rejected" in entry.error
    assert len(world.tickets()) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"{",
        b"[]",
        b"null",
        b'{"entry": 7}',
        b"\xff\xfe",
        b"[" * 100_000,
        b"\x00",
        "ä".encode("latin-1"),
    ],
)
def test_a_signed_body_that_is_no_delivery_is_quarantined_whole(world: World, body: bytes) -> None:
    assert world.post("facebook", body)["statusCode"] == 200
    world.drain()

    (entry,) = world.quarantined().values()
    assert (entry.platform, entry.size) == ("facebook", len(body))


@pytest.mark.parametrize("sealed", ["no envelope", '{"platform": "x"}', "{}", "ä"])
def test_a_stranger_in_the_intake_queue_is_quarantined(world: World, sealed: str) -> None:
    world.sqs.send_message(QueueUrl=INTAKE, MessageBody=sealed)
    world.drain()

    (entry,) = world.quarantined().values()
    assert entry.platform == "unknown"


def test_a_platform_that_is_gone_is_quarantined(world: World) -> None:
    sealed = envelope.Envelope(platform="myspace", received_at=NOW, body=b"{}").seal()
    world.sqs.send_message(QueueUrl=INTAKE, MessageBody=sealed)
    world.drain()

    (entry,) = world.quarantined().values()
    assert (entry.platform, entry.received_at) == ("myspace", NOW)


def retry(world: World, entry_id: str) -> None:
    found = wiring.api().quarantine.read(entry_id)
    assert found is not None
    wiring.api().retry_quarantined(OLGA, entry_id)
    world.drain()


def test_retrying_before_the_fix_keeps_the_entry(world: World) -> None:
    world.post("facebook", page([POISON, comment(2)]))
    world.drain()
    (entry,) = world.quarantined().values()
    world.now += 60
    retry(world, entry.id)

    assert world.quarantined() == {entry.id: replace(entry, attempts=2, quarantined_at=world.now)}


def test_retrying_after_the_fix_routes_the_message_with_its_true_age(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.post("facebook", page([POISON, comment(2)]))
    world.drain()
    (entry,) = world.quarantined().values()
    world.now += 3600

    def mended(payload: Any) -> Any:
        value = payload["entry"][0]["changes"][0]["value"]
        value["message"] = str(value["message"])
        return PLATFORMS["facebook"].read(payload)

    fixed = replace(PLATFORMS["facebook"], read=mended)
    monkeypatch.setattr(wiring, "PLATFORMS", {**PLATFORMS, "facebook": fixed})
    wiring.worker.cache_clear()
    retry(world, entry.id)

    ticket = world.tickets()[ticket_id("facebook", "401_5")]
    assert world.quarantined() == {}
    assert ticket.text == "42"
    assert ticket.received_at == NOW
    assert ticket.id in owners(world)


def test_a_whole_delivery_can_be_retried_and_leaves_its_poison_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = page([POISON, *(comment(n) for n in range(10, 80))])

    def broken_split(_payload: Any) -> Any:
        raise KeyError("a bug of ours")

    broken = replace(PLATFORMS["facebook"], split=broken_split)
    monkeypatch.setattr(wiring, "PLATFORMS", {**PLATFORMS, "facebook": broken})
    world.post("facebook", delivery)
    world.drain()
    (entry,) = world.quarantined().values()
    assert entry.size == len(delivery)

    monkeypatch.setattr(wiring, "PLATFORMS", PLATFORMS)
    wiring.worker.cache_clear()
    retry(world, entry.id)

    (left,) = world.quarantined().values()
    assert left.id != entry.id
    assert len(world.tickets()) == 70


def test_a_crash_after_every_call_of_a_retry_costs_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison = comment(5, "\n".join(random.Random(1).choices("abcdefgh ", k=20_000)), created_time={})
    monkeypatch.setattr("chalicelib.quarantine.PIECE_SIZE", 2_000)

    def broken_read(_payload: Any) -> Any:
        raise KeyError("a bug of ours")

    broken = replace(PLATFORMS["facebook"], read=broken_read)
    monkeypatch.setattr(wiring, "PLATFORMS", {**PLATFORMS, "facebook": broken})
    crash_after_every_call(world, page([poison]))
    (entry,) = world.quarantined().values()
    assert entry.pieces > 2

    monkeypatch.setattr(wiring, "PLATFORMS", PLATFORMS)
    wiring.worker.cache_clear()
    wiring.api().retry_quarantined(OLGA, entry.id)
    crash_after_every_call(world)

    assert world.quarantined() == {}
    assert [key for key in world.dynamodb.items if key[0].startswith("q_")] == []
    assert len(owners(world)) == len(world.tickets()) == 1


def test_words_that_no_queue_takes_do_not_hold_up_siblings(world: World) -> None:
    half = "\ud83d"
    odd = {"id": "1", "message_create": {"sender_id": half, "message_data": {"text": "a"}}}
    fine = [{"id": str(n), "message_create": {"sender_id": f"9{n}"}} for n in range(2, 11)]
    delivery = {"for_user_id": "1", "direct_message_events": [odd, *fine], "users": {half: [1]}}
    world.post("x", json.dumps(delivery).encode())
    world.drain()

    assert len(world.tickets()) == 9
    assert len(world.quarantined()) == 1


# ── large deliveries ──────────────────────────────────────────────────────────────────────────────────────


def test_a_large_delivery_is_split_into_parts_first(world: World) -> None:
    world.post("facebook", page([comment(n) for n in range(2 * MESSAGES_AT_ONCE + 1)]))
    world.work(batch=1)

    parts = [envelope.unseal(sealed) for sealed in world.sqs.bodies(INTAKE)]
    assert [len(json.loads(part.body)) for part in parts] == [MESSAGES_AT_ONCE, MESSAGES_AT_ONCE, 1]
    assert world.tickets() == {}
    assert all(part.is_part and part.received_at == NOW for part in parts)


def test_events_that_are_no_messages_do_not_make_a_delivery_large(world: World) -> None:
    likes = [{"field": "feed", "value": {"item": "like", "verb": "add"}}] * 500
    world.post("facebook", page([*likes, comment(1)]))
    world.work(batch=1)

    assert len(world.tickets()) == 1


def test_parts_too_large_for_sqs_are_halved(world: World) -> None:
    """Fifty long texts compress well together, as they came, but not any more once they are escaped."""
    noise = random.Random(1)
    texts = ["".join(chr(noise.randrange(0x4E00, 0x9FFF)) for _ in range(5_800)) for _ in range(51)]
    changes = [comment(n, text) for n, text in enumerate(texts)]
    body = json.dumps({"entry": [{"id": PAGE, "changes": changes}]}, ensure_ascii=False).encode()
    assert world.post("facebook", body)["statusCode"] == 200
    world.drain()

    assert len(world.tickets()) == 51
    assert world.calls.count("send_message") > 1 + 2 + 51


def test_parts_are_no_larger_than_what_a_worker_takes(world: World) -> None:
    """Escaped, these texts are three times as long, but compress so well that SQS would not object."""
    changes = [comment(n, "ä" * 25_000) for n in range(51)]
    body = json.dumps({"entry": [{"id": PAGE, "changes": changes}]}, ensure_ascii=False).encode()
    assert world.post("facebook", body)["statusCode"] == 200
    world.drain()

    assert len(world.tickets()) == 51
    assert world.quarantined() == {}


def test_what_is_the_same_for_all_events_of_a_delivery_is_not_repeated(world: World) -> None:
    tweets = [{"id_str": str(n), "text": "@firma hallo", "user": {"id_str": "9"}} for n in range(60)]
    apps = {str(n): {"name": "app" * 100} for n in range(200)}
    world.post("x", json.dumps({"for_user_id": "1", "tweet_create_events": tweets, "apps": apps}).encode())
    world.work(batch=1)

    assert all("appapp" not in sealed for sealed in world.sqs.bodies(INTAKE))
    world.drain()
    assert len(world.tickets()) == 60


@pytest.mark.parametrize("platform", ["facebook", "x"])
def test_many_events_stay_small_when_they_are_split(world: World, platform: str) -> None:
    users = {str(n): {"id": str(n), "name": "n" * 20} for n in range(2_000)}
    messages = [{"id": str(n), "message_create": {"sender_id": str(n)}} for n in range(2_000)]
    deliveries = {
        "facebook": page([comment(n, "ok") for n in range(5_000)]),
        "x": json.dumps({"for_user_id": "1", "direct_message_events": messages, "users": users}).encode(),
    }
    world.post(platform, deliveries[platform])
    world.work(batch=1)

    parts = sum(map(len, world.sqs.bodies(INTAKE)))
    assert 0 < parts < 4 * len(deliveries[platform])
