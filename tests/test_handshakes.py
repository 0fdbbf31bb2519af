"""Handshakes are remembered: briefly, seldom, only if answered, and never at the expense of the answer."""

import json
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib import aws
from chalicelib.handshakes import AT_MOST_EVERY, KEPT_FOR, PARTITION, Handshakes
from chalicelib.platforms.base import Subscription
from chalicelib.table_reads import read_partition
from tests.test_platforms import META
from tests.world import NOW, World

CRC = {"crc_token": "abc"}


def crc(world: World) -> dict[str, Any]:
    answer = world.request("GET", "/webhooks/x", query=CRC)
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["response_token"].startswith("sha256=")
    return answer


def record(world: World, key: str) -> dict[str, int]:
    item = world.dynamodb.items["subscriptions", key]
    return {name: int(value["N"]) for name, value in item.items() if "N" in value}


def test_an_answered_handshake_is_remembered_in_one_call(world: World) -> None:
    crc(world)

    assert world.calls == ["update_item"]
    assert record(world, "x#*") == {"handshake_at": NOW, "expires_at": NOW + KEPT_FOR}


def test_a_handshake_that_is_refused_makes_no_call(world: World) -> None:
    assert world.request("GET", "/webhooks/x", query={"crc_token": "{}"})["statusCode"] == 400
    assert world.request("GET", "/webhooks/facebook", query=META)["statusCode"] == 403
    assert world.request("GET", "/webhooks/myspace", query=META)["statusCode"] == 404

    assert world.calls == []


def test_a_flood_of_handshakes_is_a_call_a_minute_for_each_platform(world: World) -> None:
    for _ in range(AT_MOST_EVERY * 2):
        crc(world)
        world.now += 1
    facebook = {**META, "hub.verify_token": "facebook-token"}
    assert world.request("GET", "/webhooks/facebook", query=facebook)["statusCode"] == 200

    assert world.calls == ["update_item"] * 3
    assert record(world, "x#*")["handshake_at"] == NOW + AT_MOST_EVERY
    assert record(world, "facebook#*")["handshake_at"] == NOW + AT_MOST_EVERY * 2


def test_a_table_that_is_down_costs_no_answer_and_one_try_a_minute(world: World) -> None:
    def fail(_operation: str, _arguments: dict[str, Any]) -> None:
        raise EndpointConnectionError(endpoint_url="https://dynamodb.example")

    world.after_call = fail
    crc(world)
    crc(world)

    assert world.calls == ["update_item"]


def test_a_table_that_nobody_named_costs_no_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TABLE_NAME")
    crc(world)

    assert world.calls == []


def test_a_client_that_cannot_be_made_costs_no_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_client(_service: str, _config: object = None) -> Any:
        raise ValueError("no region")

    monkeypatch.setattr(aws, "client", no_client)

    crc(world)


def test_remembering_is_hasty(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets and record are two calls on the way of one answer: together they end within three seconds."""
    configs = []

    def client(service: str, config: Any = None) -> Any:
        configs.append((service, config))
        return world.client(service)

    monkeypatch.setattr(aws, "client", client)
    crc(world)

    assert configs == [("dynamodb", aws.HASTY)]
    config: Any = aws.HASTY
    patience = config.retries["total_max_attempts"] * (config.connect_timeout + config.read_timeout)
    assert 2 * patience < 2


TOPIC = "https://www.youtube.com/xml/feeds/videos.xml?channel_id="


def hub(world: World, mode: str, account: str = "UC_ours", lease: str = "432000") -> dict[str, Any]:
    query = {
        "token": "youtube-token",
        "hub.mode": mode,
        "hub.topic": TOPIC + account,
        "hub.challenge": "abc",
        "hub.lease_seconds": lease,
    }
    return world.request("GET", "/webhooks/youtube", query=query)


@pytest.fixture
def channel(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("OWN_ACCOUNTS", '{"youtube": ["UC_ours", "UC_too"]}')
    return world


def test_the_lease_that_the_hub_names_when_it_verifies_is_remembered_for_each_channel(channel: World) -> None:
    hub(channel, "subscribe", lease="432000")
    hub(channel, "subscribe", account="UC_too", lease="86400")

    ours, too = record(channel, "youtube#UC_ours"), record(channel, "youtube#UC_too")
    assert (ours["handshake_at"], ours["lease_until"]) == (NOW, NOW + 432_000)
    assert too["lease_until"] == NOW + 86_400


def test_a_lease_that_the_hub_does_not_name_is_none(channel: World) -> None:
    hub(channel, "subscribe")
    channel.now += AT_MOST_EVERY
    hub(channel, "subscribe", lease="soon")

    assert record(channel, "youtube#UC_ours")["lease_until"] == NOW + AT_MOST_EVERY


def test_a_denial_is_remembered_beside_the_last_handshake_even_in_the_same_minute(channel: World) -> None:
    hub(channel, "subscribe")
    channel.now += 5
    assert hub(channel, "denied")["statusCode"] == 200

    found = record(channel, "youtube#UC_ours")
    assert (found["handshake_at"], found["denied_at"]) == (NOW, NOW + 5)


def test_a_channel_that_is_not_ours_leaves_no_record(channel: World) -> None:
    assert hub(channel, "subscribe", account="UC_foreign")["statusCode"] == 404
    assert hub(channel, "unsubscribe", account="UC_foreign")["statusCode"] == 200

    assert channel.calls == []


def test_records_are_one_query(table: tuple[Any, str]) -> None:
    client, name = table
    handshakes = Handshakes(lambda: client, name)
    handshakes.note("x", NOW)
    handshakes.note("youtube", NOW, Subscription("UC_1", TOPIC + "UC_1", "subscribe", 7))

    records = {item["sk"]: item for item in read_partition(client, name, PARTITION)}
    assert records["x#*"]["handshake_at"] == NOW
    assert records["youtube#UC_1"]["lease_until"] == NOW + 7
