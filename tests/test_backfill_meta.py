"""Back-fill from Facebook and Instagram: comments become the tickets that they would have become."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

import app
from chalicelib import envelope
from chalicelib.errors import ApiRefused, ConfigurationError, PayloadError
from chalicelib.message import Kind
from chalicelib.subscriptions import backfill_linkedin, backfill_meta
from chalicelib.subscriptions.backfill_meta import IN_A_DELIVERY, MOST_PAGES
from chalicelib.ticket import Ticket
from tests.deliveries import page as posted
from tests.subscribed import (
    DAY,
    HOUR,
    Answer,
    Asked,
    FakeApis,
    Platforms,
    asking,
    keys,
    known,
    platforms,
    use,
)
from tests.world import NOW, World

PAGE, ACCOUNT = "301", "178"
FEED, MEDIA = "/v26.0/301/feed", "/v26.0/178/media"


@pytest.fixture
def there(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platforms]:
    with platforms() as served:
        use(monkeypatch, world, served, facebook=[PAGE], instagram=[ACCOUNT])
        yield served


def ago(hours: float) -> str:
    """Write a time as Meta does."""
    return f"{datetime.fromtimestamp(NOW - hours * HOUR, UTC):%Y-%m-%dT%H:%M:%S+0000}"


def fetch(world: World, platform: str, hours: float = 48) -> dict[str, Ticket]:
    """Fetch, work, and give the tickets by message id."""
    detail = {"do": "back_fill", "platform": platform, "since": int(NOW - hours * HOUR)}
    app.keep_subscriptions(asking(detail), None)
    world.drain()
    assert world.quarantined() == {}
    return {ticket.message_id: ticket for ticket in world.tickets().values()}


def comment(number: int, hours: float, **more: Any) -> dict[str, Any]:
    return {
        "id": f"401_{number}",
        "from": {"id": "501", "name": "Jonas Feld"},
        "message": "Seit drei Wochen keine Antwort auf meine Bewerbung.",
        "created_time": ago(hours),
        **more,
    }


def post(*comments: dict[str, Any], **more: Any) -> dict[str, Any]:
    ours = {"id": "301_401", "from": {"id": PAGE, "name": "Wir"}, "created_time": ago(2), "message": "Neu!"}
    return {**ours, "comments": {"data": list(comments)}, **more}


def test_comments_replies_and_what_visitors_publish_are_fetched(world: World, there: Platforms) -> None:
    visitor = post(id="301_402", **{"from": {"id": "502", "name": "Ayşe"}}, message="Wo ist meine Lieferung?")
    ours = post(
        comment(1, 5),
        comment(2, 4, parent={"id": "401_1"}, **{"from": {"id": "503", "name": "Mina"}}),
        comment(3, 3, **{"from": {"id": PAGE}}),
    )
    there.answers["GET", FEED] = 200, {"data": [ours, visitor]}
    tickets = fetch(world, "facebook")

    assert {id_: ticket.kind for id_, ticket in tickets.items()} == {
        "401_1": Kind.COMMENT,
        "401_2": Kind.REPLY,
        "301_402": Kind.POST,
    }
    assert tickets["401_2"].in_reply_to == "401_1"
    assert tickets["401_1"].author.name == "Jonas Feld"


def test_a_late_ticket_has_its_true_age(world: World, there: Platforms) -> None:
    there.answers["GET", FEED] = 200, {"data": [post(comment(1, 5))]}
    (ticket,) = fetch(world, "facebook").values()

    assert ticket.backfilled
    assert ticket.received_at == NOW
    assert ticket.decision.acknowledge_by is not None
    world.post("facebook", posted([{"field": "feed", "value": value(comment(2, 5))}], account=PAGE))
    world.drain()
    on_time = next(one for one in world.tickets().values() if one.message_id == "401_2")
    assert on_time.decision.acknowledge_by == ticket.decision.acknowledge_by + 5 * HOUR


def value(said: dict[str, Any]) -> dict[str, Any]:
    """Write a comment as the webhook does."""
    return {
        **{name: said[name] for name in ("from", "message")},
        "item": "comment",
        "verb": "add",
        "comment_id": said["id"],
        "post_id": "301_401",
        "parent_id": "301_401",
        "created_time": NOW - 5 * HOUR,
    }


def test_what_the_webhook_brought_already_stays_one_ticket(world: World, there: Platforms) -> None:
    world.post("facebook", posted([{"field": "feed", "value": value(comment(1, 5))}], account=PAGE))
    world.drain()
    (before,) = world.tickets().values()
    there.answers["GET", FEED] = 200, {"data": [post(comment(1, 5))]}

    assert list(fetch(world, "facebook").values()) == [before]


def test_only_what_is_within_the_time_is_taken(world: World, there: Platforms) -> None:
    old = post(comment(1, 47.9), comment(2, 48.1), comment(3, -1), comment(4, 0, created_time="then"))
    there.answers["GET", FEED] = 200, {"data": [old]}

    assert set(fetch(world, "facebook")) == {"401_1"}


def test_pages_are_read_to_their_end_and_no_further_than_bounded(world: World, there: Platforms) -> None:
    asked: list[str] = []
    end = 3

    def answer(one: Asked) -> Answer:
        asked.append(one.query.get("after", ""))
        paging = {"cursors": {"after": f"c{len(asked)}"}, "next": "https://graph.example/next"}
        if len(asked) == end:
            del paging["next"]
        return 200, {"data": [post(comment(len(asked), 5))], "paging": paging}

    there.answers["GET", FEED] = answer
    assert len(fetch(world, "facebook")) == 3
    assert asked == ["", "c1", "c2"]
    asked.clear()
    end = -1
    fetch(world, "facebook")
    assert len(asked) == MOST_PAGES


def test_many_comments_go_in_several_deliveries(world: World, there: Platforms) -> None:
    there.answers["GET", FEED] = 200, {"data": [post(*(comment(n, 5) for n in range(IN_A_DELIVERY + 1)))]}
    app.keep_subscriptions(asking({"do": "back_fill", "platform": "facebook", "since": NOW - DAY}), None)

    sizes = [
        len(json.loads(envelope.unseal(sealed).body)["entry"][0]["changes"]) for sealed in world.accepted()
    ]
    assert sizes == [IN_A_DELIVERY, 1]


def said(number: int, hours: float, **more: Any) -> dict[str, Any]:
    author = {"id": "90", "username": "lea.m"}
    return {
        "id": str(number),
        "text": "Gibt es das in Grün?",
        "timestamp": ago(hours),
        "from": author,
        **more,
    }


def media(*comments: dict[str, Any]) -> dict[str, Any]:
    return {"data": [{"id": "77", "comments": {"data": list(comments)}}]}


def test_comments_and_replies_of_instagram_are_fetched(world: World, there: Platforms) -> None:
    reply = said(12, 3, **{"from": {"id": "91", "username": "mina"}})
    nameless = {"id": "13", "text": "Und in Blau?", "timestamp": ago(2), "username": "ayse"}
    there.answers["GET", MEDIA] = 200, media(said(11, 5, replies={"data": [reply]}), nameless)
    tickets = fetch(world, "instagram")

    assert {id_: (one.kind, one.in_reply_to) for id_, one in tickets.items()} == {
        "11": (Kind.COMMENT, "77"),
        "12": (Kind.REPLY, "11"),
        "13": (Kind.COMMENT, "77"),
    }
    assert tickets["13"].author.name == "ayse"
    assert all(ticket.backfilled for ticket in tickets.values())


def test_instagram_login_is_asked_about_itself(
    world: World, there: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.subscribed.TOKEN", "IGAAq")
    use(monkeypatch, world, there, instagram=[ACCOUNT])
    there.answers["GET", "/v26.0/me/media"] = 200, media(said(11, 5))

    assert set(fetch(world, "instagram")) == {"11"}


@pytest.mark.parametrize("answer", [[], {}, {"data": {}}, {"data": [7]}, {"data": [{"comments": {}}]}])
@pytest.mark.parametrize(("platform", "path"), [("facebook", FEED), ("instagram", MEDIA)])
def test_an_answer_that_is_none_is_told(
    world: World, there: Platforms, platform: str, path: str, answer: Any
) -> None:
    there.answers["GET", path] = 200, answer

    with pytest.raises(PayloadError):
        fetch(world, platform)


def test_an_account_that_fails_keeps_nothing_from_the_others() -> None:
    apis = FakeApis()
    apis.answer("GET", "meta", "300", "feed", with_=ApiRefused("meta answers 403", status=403))
    apis.answer("GET", "meta", "301", "feed", with_={"data": [post(comment(1, 5))]})
    given = keys(access_tokens={"300": "a", "301": "b"})
    fetched = backfill_meta.facebook(
        known("facebook", "299", "300", "301", "302", apis=apis, keys=given), NOW - DAY, NOW
    )

    assert json.loads(next(fetched))["entry"][0]["id"] == "301"
    with pytest.raises(ConfigurationError, match=r"299: there is no .*; 300: meta answers 403; 302: there"):
        next(fetched)


def test_a_page_of_linkedin_that_fails_keeps_nothing_from_the_others() -> None:
    apis, page = FakeApis(), "urn:li:organization:{}"
    found = {"elements": [{"notificationId": 1}]}
    apis.answer("GET", "linkedin", "rest", "organizationalEntityNotifications", with_=found)
    given = keys(access_tokens={page.format(2): "b"})
    fetched = backfill_linkedin.fetch(
        known("linkedin", page.format(1), page.format(2), apis=apis, keys=given), NOW - DAY, NOW
    )

    assert json.loads(next(fetched))["notifications"] == found["elements"]
    with pytest.raises(ConfigurationError, match="organization:1: there is no access token"):
        next(fetched)
