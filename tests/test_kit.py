"""Recorded deliveries and signature vectors, from `tests/fixtures` or any folder given with `--kit`."""

import base64
import json
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from chalicelib.errors import SignatureError
from chalicelib.platforms import PLATFORMS
from chalicelib.platforms.base import Keys, Request
from chalicelib.ticket import Ticket, ticket_id
from infra import explain
from infra.outcome import moment
from tests import recorded
from tests.recorded import Recorded, Vector
from tests.signing import signed
from tests.started import Started, started, wait_for
from tests.test_accept import problem
from tests.world import World

EVENT_COUNT = {"event-vs-ignored", "event-count"}


def test_a_delivery_becomes_what_is_expected(delivery: Recorded) -> None:
    events, ignored = recorded.read(delivery)

    assert recorded.differences(delivery, events) == []
    assert ignored == delivery.ignored or delivery.disputed & EVENT_COUNT


def test_a_delivery_is_explained_as_it_is_read(
    delivery: Recorded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Any
) -> None:
    file = tmp_path / delivery.name
    file.write_bytes(delivery.body)
    monkeypatch.setenv("PLATFORM", delivery.platform)
    monkeypatch.setenv("FILE", str(file))

    explain.main()

    *lines, last = capsysbinary.readouterr().out.decode().splitlines()
    events, ignored = [json.loads(line) for line in lines], json.loads(last)["ignored"]
    assert recorded.differences(delivery, events) == []
    assert ignored == delivery.ignored or delivery.disputed & EVENT_COUNT


def test_a_delivery_alone_opens_the_tickets_expected(world: World, delivery: Recorded) -> None:
    assert world.post(delivery.platform, delivery.body)["statusCode"] == 200
    world.drain()
    found = {ticket.message_id: _event(ticket) for ticket in world.tickets().values()}

    assert world.quarantined() == {}
    if delivery.disputed & EVENT_COUNT:
        assert len(found) <= len(delivery.events) + delivery.ignored
        return
    joined = {one.message_id: one.text for ticket in world.tickets().values() for one in ticket.further}
    assert not found.keys() & joined.keys()
    assert found.keys() | joined.keys() == {event["message_id"] for event in delivery.opening}
    for event in delivery.opening:
        if event["message_id"] in joined:  # of the same person, in the same conversation
            assert joined[event["message_id"]] == event["text"]
            continue
        asked = event.keys() - {"change", "from_us"} - delivery.disputed
        ours = found[event["message_id"]]
        assert {name: ours[name] for name in asked} == {name: event[name] for name in asked}


def _event(ticket: Ticket) -> dict[str, Any]:
    return {
        "kind": ticket.kind,
        "account_id": ticket.account_id,
        "message_id": ticket.message_id,
        "in_reply_to": ticket.in_reply_to,
        "author_id": ticket.author.id,
        "author_name": ticket.author.name,
        "text": ticket.text,
        "needs_lookup": ticket.incomplete,
        "occurred_at": moment(ticket.occurred_at),
    }


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    with started(tmp_path_factory.mktemp("running")) as app:
        yield app


def test_all_four_times_shuffled_open_one_ticket_a_message(running: Started, kit: Path) -> None:
    """Through the app as `make run` runs it."""
    deliveries = list(recorded.deliveries(kit))
    four_times = deliveries * 4
    random.Random(7).shuffle(four_times)
    secrets = running.run["secrets"]
    with httpx.Client(base_url=running.run["api"], trust_env=False) as client:
        for delivery in four_times:
            secret, now = secrets[delivery.platform], int(time.time())
            headers = signed(delivery.platform, secret, delivery.body, now)
            answer = client.post(f"/webhooks/{delivery.platform}", content=delivery.body, headers=headers)
            assert answer.status_code == 200

    certain = [d for d in deliveries if not d.disputed & EVENT_COUNT]
    expected = {ticket_id(d.platform, e["message_id"]) for d in certain for e in d.opening}
    disputed = {ticket_id(d.platform, e["message_id"]) for d in deliveries for e in d.events} - expected
    wait_for(running.is_settled)
    found = [ticket["id"] for ticket in running.tickets()]
    assert len(found) == len(set(found))
    assert set(found) - disputed <= expected
    for message in expected - set(found):  # what has joined an earlier ticket leads there
        assert running.get(f"/tickets/{message}")["id"] in found


def test_a_vector_is_accepted_or_refused_as_it_says(vector: Vector) -> None:
    keys, platform = Keys((vector.secret.encode(),)), PLATFORMS[vector.platform]
    if vector.asked:
        answer = platform.answer_handshake(Request(query={vector.asked: vector.body}), keys)
        assert json.loads(answer.body)[vector.header] == vector.signature
        return
    headers = {**vector.headers, vector.header.lower(): vector.signature}
    delivery = Request(headers=headers, body=vector.body.encode(), now=vector.at)
    if vector.is_good:
        platform.verify(delivery, keys)
    else:
        with pytest.raises(SignatureError):
            platform.verify(delivery, keys)


def _damaged(vector: Vector) -> Iterator[tuple[str, dict[str, str], bytes]]:
    name, value, body = vector.header, vector.signature, vector.body.encode()
    method, digest = re.fullmatch(r"(\w+[=,](?=.))?(.+)", value).groups("")  # type: ignore[union-attr]
    is_hex = re.fullmatch(r"[0-9a-f]+", digest)
    other = base64.b64encode(bytes.fromhex(digest)).decode() if is_hex else base64.b64decode(digest).hex()
    for position in range(len(body)):
        yield (
            "flipped byte",
            {name: value},
            body[:position] + bytes([body[position] ^ 1]) + body[position + 1 :],
        )
    yield "flipped signature", {name: value[:-2] + ("0" if value[-2] != "0" else "1") + value[-1]}, body
    yield "wrong encoding", {name: method + other}, body
    yield "upper case", {name: value.upper()}, body
    yield "empty", {name: ""}, body
    yield "bare method", {name: method}, body
    yield "huge", {name: value * 1000}, body
    yield "non-ASCII", {name: value + "ü"}, body
    yield "missing", {}, body


def test_damaged_good_vectors_are_refused_without_a_call(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, good_vector: Vector
) -> None:
    vector, body = good_vector, good_vector.body.encode()
    file = tmp_path / "vector.json"
    file.write_text(json.dumps({"signing": {vector.platform: [vector.secret]}}))
    monkeypatch.setenv("SECRETS_FILE", str(file))
    content_type = PLATFORMS[vector.platform].content_types[0]
    others = {"Content-Type": content_type, **vector.headers}
    world.now = vector.at or world.now

    for damage, headers, damaged in _damaged(vector):
        answer = world.post(vector.platform, damaged, headers={**others, **headers})
        assert (damage, problem(answer)) == (damage, 403)
    assert world.calls == []
    good = {**others, vector.header: vector.signature}
    assert world.post(vector.platform, body, headers=good)["statusCode"] == 200
