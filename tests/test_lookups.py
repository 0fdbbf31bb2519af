"""Look-ups: what is asked of whom, what becomes of the answer, and how each failure ends."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

from chalicelib import wiring
from chalicelib.errors import ConfigurationError, LookupFailed, PayloadError, RateLimited, Unavailable
from chalicelib.lookups import PATIENCE, Lookups
from chalicelib.message import Author, Change, Kind, Message
from chalicelib.platform_api import connect
from chalicelib.platforms import PLATFORMS, meta_lookups, x_lookup
from chalicelib.secrets import Secrets
from tests import recorded
from tests import world as worlds
from tests.fakes import FakeDynamoDB, FakeSqs
from tests.platform_server import Ticking, serving
from tests.world import World

TOKENS = {"facebook": {"301": "page-token", "*": "any-page-token"}, "instagram": {"*": "page-token"}}
GRAPH = "https://graph.facebook.com/v26.0"

COMMENT = Message(
    platform="facebook",
    change=Change.CREATED,
    kind=Kind.COMMENT,
    message_id="401_501",
    account_id="301",
    text="Wann kommt mein Paket?",
    needs_lookup=True,
)
MENTION = Message(
    platform="instagram",
    change=Change.CREATED,
    kind=Kind.MENTION,
    message_id="1790",
    account_id="1784",
    needs_lookup=True,
)
MENTIONED_IN_COMMENT = replace(MENTION, in_reply_to="1780")
POST = Message(
    platform="x", change=Change.CREATED, kind=Kind.MENTION, message_id="19", account_id="7", needs_lookup=True
)


def lookups(
    tokens: dict[str, Any], stand_ins: dict[str, str] | None = None, ticking: Ticking | None = None
) -> Lookups:
    secrets = Secrets(lambda: json.dumps({"access_tokens": tokens}), lambda: 0.0)
    return Lookups(PLATFORMS, connect(stand_ins or {}, clock=(ticking or Ticking()).clock()), secrets)


@pytest.fixture
def platforms() -> Iterator[respx.MockRouter]:
    """Stand in for all platforms; what is not expected fails."""
    with respx.mock(assert_all_called=False) as router:
        yield router


# ── on the way ────────────────────────────────────────────────────────────────────────────────────────────


def test_an_author_is_fetched_with_the_token_of_the_account(platforms: respx.MockRouter) -> None:
    route = platforms.get(f"{GRAPH}/401_501").respond(
        json={
            "from": {"id": "77", "name": "Erika"},
            "message": "changed since",
            "permalink_url": "https://www.facebook.com/401/posts/501",
            "created_time": "2025-11-25T08:00:00+0000",
            "id": "401_501",
        }
    )

    found = lookups(TOKENS).complete(COMMENT)

    request = route.calls.last.request
    assert request.headers["Authorization"] == "Bearer page-token"
    assert dict(request.url.params) == {"fields": "from,message,permalink_url,created_time"}
    assert found == replace(
        COMMENT,
        author=Author("77", "Erika"),
        permalink="https://www.facebook.com/401/posts/501",
        occurred_at=1_764_057_600,
        needs_lookup=False,
    )


@pytest.mark.parametrize("account", ["302", None])
def test_an_account_without_its_own_token_uses_the_one_for_all(
    platforms: respx.MockRouter, account: str | None
) -> None:
    route = platforms.get(f"{GRAPH}/401_501").respond(json={"from": {"id": "77"}})

    lookups(TOKENS).complete(replace(COMMENT, account_id=account))

    assert route.calls.last.request.headers["Authorization"] == "Bearer any-page-token"


@pytest.mark.parametrize("platform", ["facebook", "instagram", "linkedin"])
def test_each_recorded_message_that_needs_a_look_up_can_be_asked_for(platform: str) -> None:
    lookup = PLATFORMS[platform].lookup
    assert lookup
    asked = []
    for file in sorted((recorded.OWN / "samples" / platform).glob("*.json")):
        for payload in PLATFORMS[platform].split(json.loads(file.read_text("utf-8"))):
            try:
                message = PLATFORMS[platform].read(payload)
            except PayloadError:
                continue
            if isinstance(message, Message) and message.needs_lookup:
                asked.append(lookup.ask(message))
    assert asked
    assert all(asked)


# ── how failures end ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (httpx.Response(404, json={"error": {"code": 100}}), "meta answers 404 100"),
        (httpx.Response(400, json={"error": {"code": 190}}), "meta answers 400 190"),
        (httpx.Response(302, headers={"Location": "https://evil.example"}), "meta answers 302"),
        (httpx.Response(200, json=["no object"]), "the answer is list, not an object"),
        (httpx.Response(200, json={"from": "no object"}), "from is str, not an object"),
        (httpx.Response(200, json={"from": {"id": {}}}), "id is dict"),
        (
            httpx.Response(200, content=rb'{"from": {"name": "\ud800"}}'),
            "half a surrogate pair",
        ),
    ],
)
def test_what_fails_for_good_is_a_look_up_that_failed(
    platforms: respx.MockRouter, answer: httpx.Response, says: str
) -> None:
    route = platforms.get(f"{GRAPH}/401_501").mock(return_value=answer)

    with pytest.raises(LookupFailed, match=says):
        lookups(TOKENS).complete(COMMENT)
    assert route.call_count == 1


@pytest.mark.parametrize(
    ("effect", "error"),
    [
        (httpx.Response(503), Unavailable),
        (httpx.Response(500, json={"error": {"code": 2, "is_transient": True}}), Unavailable),
        (httpx.Response(400, json={"error": {"code": 4}}), RateLimited),
        (httpx.Response(429, headers={"Retry-After": "60"}), RateLimited),
        (httpx.Response(200, text="<html>"), Unavailable),
        (httpx.ConnectError, Unavailable),
        (httpx.ReadTimeout, Unavailable),
    ],
)
def test_what_may_work_the_next_time_is_unavailable(
    platforms: respx.MockRouter, effect: Any, error: type[Unavailable]
) -> None:
    platforms.get(f"{GRAPH}/401_501").mock(side_effect=effect if isinstance(effect, type) else [effect] * 3)

    with pytest.raises(Unavailable) as failure:
        lookups(TOKENS).complete(COMMENT)
    assert type(failure.value) is error


def test_a_slow_platform_holds_the_worker_up_for_seconds_only() -> None:
    """Each look at the clock costs a second here, so each piece that arrives does."""

    def never_come_to_the_point() -> Iterator[bytes]:
        for _ in range(2_000):
            yield b"HTTP/1.1 100 Continue\r\n\r\n"
            time.sleep(0.001)

    ticking = Ticking(step=1.0)
    with serving(never_come_to_the_point) as server:
        slow = lookups(TOKENS, {"META_API_URL": server.url}, ticking)
        start = ticking.time
        with pytest.raises(Unavailable, match="TimeoutException"):
            slow.complete(COMMENT)
        slow.apis.http.close()
    assert ticking.time - start <= PATIENCE + 3


@pytest.mark.parametrize(
    "tokens", [{}, {"facebook": {"999": "token"}}, {"facebook": {"301": ""}}, {"facebook": {"*": ""}}]
)
def test_without_a_token_the_remedy_is_told(platforms: respx.MockRouter, tokens: dict[str, Any]) -> None:
    with pytest.raises(
        LookupFailed, match="no access token for facebook account 301: add it to access_tokens"
    ):
        lookups(tokens).complete(COMMENT)


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "ümlaut", "t" * 5_000])
def test_a_token_that_no_header_can_hold_is_not_told(platforms: respx.MockRouter, token: str) -> None:
    with pytest.raises(LookupFailed, match="mend access_tokens") as failure:
        lookups({"facebook": {"*": token}}).complete(COMMENT)
    assert token not in str(failure.value)


@pytest.mark.parametrize(
    "message",
    [
        replace(COMMENT, platform="messenger"),
        replace(COMMENT, platform="nobody"),
        *(replace(COMMENT, message_id=odd) for odd in ("../me", "me/accounts", "?a=b", "me", "1_2_3_4", "١")),
        *(replace(MENTION, message_id=odd) for odd in ("1){id},me", "../1", "1_2")),
        *(replace(MENTION, account_id=odd) for odd in ("me", None, "")),
        replace(POST, message_id="me"),
    ],
)
def test_what_cannot_be_asked_for_is_not_asked_for(platforms: respx.MockRouter, message: Message) -> None:
    with pytest.raises(LookupFailed, match="has no look-up"):
        lookups(TOKENS).complete(message)


# ── Facebook ──────────────────────────────────────────────────────────────────────────────────────────────


def test_without_the_permission_facebook_withholds_the_author_still() -> None:
    found = meta_lookups.found_facebook(COMMENT, {"message": "Wann kommt mein Paket?", "id": "401_501"})

    assert found == COMMENT
    assert found.needs_lookup


def test_an_author_who_is_the_page_is_us() -> None:
    assert meta_lookups.found_facebook(COMMENT, {"from": {"id": "301", "name": "We"}}).from_us


# ── Instagram ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_mention_is_asked_for_through_our_account() -> None:
    in_comment, in_caption = (
        meta_lookups.ask_instagram(MENTIONED_IN_COMMENT),
        meta_lookups.ask_instagram(MENTION),
    )

    assert in_comment
    assert in_caption
    assert in_comment.path == in_caption.path == ("1784",)
    assert in_comment.parameters == {
        "fields": "mentioned_comment.comment_id(1790){id,text,timestamp,username}"
    }
    assert in_caption.parameters == {
        "fields": "mentioned_media.media_id(1790){id,caption,permalink,timestamp,username}"
    }


def test_a_mention_in_a_comment_is_found() -> None:
    comment = {
        "id": "1790",
        "text": "@wir Danke!",
        "username": "erika",
        "timestamp": "2025-11-25T08:00:00+0000",
    }

    found = meta_lookups.found_instagram(MENTIONED_IN_COMMENT, {"mentioned_comment": comment, "id": "1784"})

    assert found == replace(
        MENTIONED_IN_COMMENT,
        author=Author(None, "erika"),
        text="@wir Danke!",
        occurred_at=1_764_057_600,
        needs_lookup=False,
    )


def test_a_mention_in_a_caption_is_found() -> None:
    media = {
        "id": "1790",
        "caption": "With @us",
        "username": "jo",
        "permalink": "https://www.instagram.com/p/a/",
    }

    found = meta_lookups.found_instagram(MENTION, {"mentioned_media": media, "id": "1784"})

    assert (found.author, found.text) == (Author(None, "jo"), "With @us")
    assert (found.permalink, found.needs_lookup) == ("https://www.instagram.com/p/a/", False)


def test_a_mention_without_its_author_keeps_its_words_and_stays_incomplete() -> None:
    found = meta_lookups.found_instagram(MENTION, {"mentioned_media": {"id": "1790", "caption": "With @us"}})

    assert (found.text, found.needs_lookup) == ("With @us", True)


@pytest.mark.parametrize(
    "answer", [{}, {"id": "1784"}, {"mentioned_media": {"id": "1791"}}, [], {"id": "1790"}]
)
def test_a_mention_that_is_not_in_the_answer_is_told(answer: Any) -> None:
    with pytest.raises(PayloadError):
        meta_lookups.found_instagram(MENTION, answer)


def test_a_comment_without_its_author_is_asked_for_by_its_id() -> None:
    comment = replace(MENTION, kind=Kind.REPLY, text="Danke")
    ask = meta_lookups.ask_instagram(comment)

    assert ask
    assert (ask.path, ask.parameters) == (("1790",), {"fields": "id,from,text,timestamp,username"})
    answer = {"id": "1790", "from": {"id": "88", "username": "erika"}, "username": "erika", "text": "Danke!"}
    found = meta_lookups.found_instagram(comment, answer)
    assert (found.author, found.text, found.from_us) == (Author("88", "erika"), "Danke", False)
    assert meta_lookups.found_instagram(comment, {**answer, "from": {"id": "1784"}}).from_us


# ── X ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_post_without_its_author_is_found(platforms: respx.MockRouter) -> None:
    route = platforms.get("https://api.x.com/2/tweets/19").respond(
        json={
            "data": {
                "id": "19",
                "author_id": "88",
                "text": "@us Short…",
                "note_tweet": {"text": "@us Long"},
                "created_at": "2025-11-25T08:00:00.000Z",
            },
            "includes": {"users": [{"id": "7", "name": "We"}, {"id": "88", "name": "Jo", "username": "jo"}]},
        }
    )

    found = lookups({"x": {"*": "bearer"}}).complete(POST)

    assert dict(route.calls.last.request.url.params) == x_lookup.FIELDS
    assert found == replace(
        POST, author=Author("88", "Jo"), text="@us Long", occurred_at=1_764_057_600, needs_lookup=False
    )


def test_a_post_of_ours_is_ours() -> None:
    assert x_lookup.found(POST, {"data": {"id": "19", "author_id": "7"}}).from_us


@pytest.mark.parametrize(
    "answer",
    [
        {"errors": [{"title": "Not Found Error"}]},
        {"data": {"id": "20", "author_id": "8"}},
        {"data": {"id": "19"}},
        None,
    ],
)
def test_a_post_that_is_not_in_the_answer_is_told(answer: Any) -> None:
    with pytest.raises(PayloadError):
        x_lookup.found(POST, answer)


# ── on Lambda ─────────────────────────────────────────────────────────────────────────────────────────────


def test_on_lambda_the_worker_does_not_start_with_a_stand_in(
    monkeypatch: pytest.MonkeyPatch, secrets_file: Path
) -> None:
    """Else each message that needs a look-up would end in quarantine."""
    on_lambda = {"SECRETS_FILE": str(secrets_file), "AWS_LAMBDA_FUNCTION_NAME": "worker"}
    worlds.build(monkeypatch, World(FakeDynamoDB(), FakeSqs()), **on_lambda)
    wiring.worker()

    worlds.build(
        monkeypatch, World(FakeDynamoDB(), FakeSqs()), **on_lambda, X_API_URL="https://elsewhere.example"
    )
    with pytest.raises(ConfigurationError, match="X_API_URL must not be set on Lambda"):
        wiring.worker()
