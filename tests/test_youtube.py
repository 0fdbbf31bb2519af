"""YouTube's dialect: the hub that asks, feeds that are read or refused, comments and where they were said."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.errors import BadRequest, NotFound, PayloadError, SignatureError
from chalicelib.message import Change, Ignored, Kind, Message
from chalicelib.platforms import youtube, youtube_comments, youtube_feed
from chalicelib.platforms.base import Keys, Request, Subscription
from tests import recorded
from tests.signing import FORMS, NOW
from tests.world import World

OURS, NOT_OURS = "UCzustaendigKanal00000001", "UCsomebodyElse00000000001"
KEYS = Keys((b"current",), verify_token="ours", accounts=frozenset({OURS}))
SAMPLES = recorded.OWN / "samples/youtube"


def topic(channel: str = OURS, path: str = "/xml/feeds/") -> str:
    return f"https://www.youtube.com{path}videos.xml?channel_id={channel}"


def asked(**query: str) -> Request:
    usual = {
        "token": "ours",
        "hub.mode": "subscribe",
        "hub.topic": topic(),
        "hub.challenge": "5237418269840921937",
        "hub.lease_seconds": "432000",
    }
    return Request(query=usual | {name.replace("__", "."): value for name, value in query.items()})


@pytest.mark.parametrize("path", ["/xml/feeds/", "/feeds/"])
def test_the_hub_gets_its_challenge_back_for_a_topic_of_ours(path: str) -> None:
    answer = youtube.answer_handshake(asked(hub__topic=topic(path=path)), KEYS)

    assert (answer.content_type, answer.body) == ("text/plain", "5237418269840921937")


def test_the_hub_may_end_only_what_is_not_ours_any_more() -> None:
    left = asked(hub__mode="unsubscribe", hub__topic=topic(NOT_OURS))

    assert youtube.answer_handshake(left, KEYS).body == "5237418269840921937"
    with pytest.raises(NotFound):
        youtube.answer_handshake(asked(hub__mode="unsubscribe"), KEYS)


@pytest.mark.parametrize(
    "change",
    [
        {"token": ""},
        {"token": "öurs"},
        {"token": "ours2"},
        {"token": "\ud800"},
        {"hub__topic": ""},
        {"hub__topic": topic(NOT_OURS)},
        {"hub__topic": topic().replace("https", "http")},
        {"hub__topic": topic() + "&x=1"},
        {"hub__topic": topic().replace("www.", "evil.")},
        {"hub__topic": topic(path="/xml/feeds/../")},
        {"hub__topic": topic(OURS + "\n")},
        {"hub__mode": "denied", "hub__topic": topic(NOT_OURS)},
        {"hub__mode": "denied", "token": "guess"},
    ],
)
def test_the_hub_learns_that_we_did_not_ask(change: dict[str, str]) -> None:
    with pytest.raises(NotFound):
        youtube.answer_handshake(asked(**change), KEYS)


def test_nobody_is_answered_as_long_as_there_is_no_verify_token() -> None:
    with pytest.raises(NotFound):
        youtube.answer_handshake(asked(token=""), Keys(accounts=frozenset({OURS})))


@pytest.mark.parametrize(
    "change",
    [
        {"hub__challenge": ""},
        {"hub__challenge": "<script>"},
        {"hub__challenge": "7\n"},
        {"hub__challenge": "7" * 513},
        {"hub__mode": ""},
        {"hub__mode": "Subscribe"},
    ],
)
def test_what_no_hub_asks_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(BadRequest):
        youtube.answer_handshake(asked(**change), KEYS)


def test_a_denied_subscription_is_answered_without_a_challenge_and_told() -> None:
    denied = asked(hub__mode="denied", hub__challenge="", hub__lease_seconds="", hub__reason="no")

    assert youtube.answer_handshake(denied, KEYS).body == ""
    assert youtube.subscription(denied) == Subscription(OURS, topic(), "denied", None)


@pytest.mark.parametrize(
    ("seconds", "lease"),
    [("432000", 432000), ("", None), ("-1", None), ("soon", None), ("٣", None), ("9" * 40, None)],
)
def test_the_lease_is_the_one_that_the_question_names(seconds: str, lease: int | None) -> None:
    request = asked(hub__lease_seconds=seconds)

    assert youtube.answer_handshake(request, KEYS).body
    assert youtube.subscription(request) == Subscription(OURS, topic(), "subscribe", lease)


@pytest.mark.parametrize("change", [{"hub__topic": "https://example.com"}, {"hub__mode": "ask"}])
def test_what_names_no_subscription_tells_none(change: dict[str, str]) -> None:
    assert youtube.subscription(asked(**change)) is None


@pytest.fixture
def ours(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("OWN_ACCOUNTS", json.dumps({"youtube": [OURS]}))
    return world


def test_a_token_that_was_changed_a_moment_ago_is_known_at_the_door(
    ours: World, secrets_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    changed = dict(asked(token="changed").query)
    assert ours.request("GET", "/webhooks/youtube", query=changed)["statusCode"] == 404

    secrets_file.write_text(json.dumps({"verify_tokens": {"youtube": "changed"}}))
    clock[0] = 61.0
    assert ours.request("GET", "/webhooks/youtube", query=changed)["statusCode"] == 200


def test_our_own_channels_are_known_at_the_door(ours: World) -> None:
    good = dict(asked(token="youtube-token").query)
    answer = ours.request("GET", "/webhooks/youtube", query=good)
    assert (answer["statusCode"], answer["body"]) == (200, good["hub.challenge"])
    assert answer["headers"]["Content-Type"] == "text/plain"

    for wrong in ({"token": "guess"}, {"hub.topic": topic(NOT_OURS)}):
        assert ours.request("GET", "/webhooks/youtube", query=good | wrong)["statusCode"] == 404


@pytest.mark.parametrize(
    "content_type", ["application/atom+xml", "application/xml;charset=utf-8", "text/xml", "application/json"]
)
def test_a_push_is_accepted_whatever_its_content_type_and_told_by_its_method(
    world: World, content_type: str
) -> None:
    for number, form in enumerate(FORMS["youtube"]):
        body = (SAMPLES / "push__upload.xml").read_bytes() + b" " * number
        headers = form("youtube-previous", body, NOW) | {"Content-Type": content_type}
        assert world.post("youtube", body, headers=headers)["statusCode"] == 200
    world.drain()

    told = [found["form"] for metric, _, found in world.counted if metric == "SignatureForm"]
    assert told == ["sha1", "sha256", "sha384", "sha512"]
    assert (len(world.tickets()), len(world.quarantined())) == (0, 0)


@pytest.mark.parametrize("method", ["md5", "SHA1", "sha3_256", "blake2b", "", "sha1 ", "hmac-sha1"])
def test_a_method_that_websub_does_not_know_is_refused(method: str) -> None:
    good = FORMS["youtube"][0]("current", b"<feed/>", NOW)["X-Hub-Signature"]
    header = good.replace("sha1", method, 1)

    with pytest.raises(SignatureError):
        youtube.PLATFORM.verify(Request({"x-hub-signature": header}, body=b"<feed/>"), KEYS)


def ignored(body: bytes) -> list[Ignored | Message]:
    return [youtube.read(piece) for piece in youtube.split(youtube.parse(body))]


UPLOAD = (SAMPLES / "push__upload.xml").read_text("utf-8")
UPLOADED = UPLOAD.partition("?>")[2].lstrip()  # without its declaration


@pytest.mark.parametrize(
    "body",
    [
        UPLOAD.encode(),
        b"\xef\xbb\xbf" + UPLOAD.encode(),
        b"\n\r\n \t" + UPLOAD.encode(),
        UPLOAD.replace("\n", "\r\n").encode(),
        UPLOADED.encode("utf-16"),
        b"\xff\xfe" + UPLOADED.encode("utf-16-le"),
        f'<?xml version="1.0" encoding="ISO-8859-1"?>{UPLOADED}'.replace("–", "-").encode("latin-1"),
        UPLOADED.replace(
            "<entry>", "<!-- new --><entry><x xmlns='urn:x'><videoId>other</videoId></x>"
        ).encode(),
    ],
)
def test_a_feed_is_read_however_it_is_written(body: bytes) -> None:
    (entry,) = youtube.parse(body)["items"]

    assert (entry["videoId"], entry["channelId"]) == ("Wz3kQpLr7_4", OURS)
    assert ignored(body) == [Ignored.NEW_VIDEO]


def test_a_tombstone_tells_the_channel_of_who_wrote_it() -> None:
    (entry,) = youtube.parse((SAMPLES / "push__deleted.xml").read_bytes())["items"]

    assert entry == {
        "kind": youtube_feed.DELETED_VIDEO,
        "ref": "yt:video:Wz3kQpLr7_4",
        "when": "2025-11-25T09:12:44.120383+00:00",
        "channel": f"https://www.youtube.com/channel/{OURS}",
    }


def inside(inner: str, before: str = "") -> bytes:
    return f'{before}<feed xmlns="http://www.w3.org/2005/Atom">{inner}</feed>'.encode()


LAUGHS = "".join(f'<!ENTITY l{n} "&l{n - 1};&l{n - 1};&l{n - 1};">' for n in range(1, 30))


def hostile() -> Iterator[bytes]:
    yield inside("<entry><title>&l29;</title></entry>", f'<!DOCTYPE feed [<!ENTITY l0 "ha">{LAUGHS}]>')
    yield inside("<entry/>", "<!DOCTYPE feed>")
    yield inside("<entry/>", '<!DOCTYPE feed SYSTEM "http://127.0.0.1:9/x.dtd">')
    yield inside("&x;", '<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]>')
    yield inside("&x;", '<!DOCTYPE feed [<!ENTITY % p SYSTEM "http://127.0.0.1:9/"> %p;]>')
    yield inside("&x;")
    yield inside("<a>" * 100_000)
    yield inside("<a>" * 40 + "</a>" * 40)
    yield inside("<entry/>" * (youtube_feed.MOST_ENTRIES + 1))
    yield inside("<entry>")
    yield inside("<entry a='1' a='2'/>")
    yield inside("\x00")
    yield inside("￿")
    yield inside("<u:entry/>")
    yield inside("", '<?xml version="1.0" encoding="klingon"?>')
    yield inside("", '<?xml version="1.0" encoding="utf-7"?>')
    yield inside("", '<?xml version="1.0" encoding="idna"?>')
    yield b"<"
    yield b"<feed/>"
    yield b"<html><body>down</body></html>"
    yield '<feed xmlns="http://www.w3.org/2005/Atom">ü</feed>'.encode("latin-1")


@pytest.mark.parametrize("body", list(hostile()), ids=range(21))
def test_xml_that_is_no_feed_is_refused_and_never_crashes(body: bytes) -> None:
    with pytest.raises(PayloadError):
        youtube.parse(body)


def test_a_comment_in_a_feed_of_another_hub_is_not_taken_for_one() -> None:
    assert ignored(inside("<entry><title>t</title></entry><other/>")) == [Ignored.NEW_VIDEO]


def said(**snippet: Any) -> dict[str, Any]:
    usual = {"textDisplay": "t", "publishedAt": "2025-11-25T08:00:00Z", "updatedAt": "2025-11-25T08:00:00Z"}
    return {"kind": "youtube#comment", "id": "Ugz1", "snippet": usual | snippet}


def read(comment: Any) -> Any:
    (piece,) = youtube.split(comment)
    return youtube.read(piece)


@pytest.mark.parametrize(
    ("updated", "change", "version"),
    [
        ("2025-11-25T08:00:00Z", Change.CREATED, 0),
        ("2025-11-25T08:00:00.000Z", Change.CREATED, 0),
        ("2025-11-25T09:00:00+01:00", Change.CREATED, 0),
        ("2025-11-25T07:59:59Z", Change.CREATED, 0),
        ("2025-11-25T08:00:00.250Z", Change.EDITED, 1764057600250),
        ("2025-11-25T08:00:05", Change.EDITED, 1764057605000),
        (None, Change.CREATED, 0),
        ("yesterday", Change.CREATED, 0),
        ("9999-99-99", Change.CREATED, 0),
        ("0001-01-01T00:00:00+23:59", Change.CREATED, 0),
        (7, Change.CREATED, 0),
        ([], Change.CREATED, 0),
    ],
)
def test_an_edit_is_told_by_its_time(updated: Any, change: Change, version: int) -> None:
    message = read(said(updatedAt=updated))

    assert (message.change, message.version) == (change, version)


def test_a_lone_thread_is_read_with_its_replies() -> None:
    thread = json.loads((SAMPLES / "threads__replies-inline.json").read_text("utf-8"))["items"][0]
    kinds = [youtube.read(piece).kind for piece in youtube.split(thread)]  # type: ignore[union-attr]

    assert kinds == [Kind.COMMENT, Kind.REPLY, Kind.REPLY]


@pytest.mark.parametrize("replies", [{"comments": 7}, {}, 7, [], "x", {"comments": ["x"]}])
def test_replies_that_are_none_do_not_sink_their_thread(replies: Any) -> None:
    thread = json.loads((SAMPLES / "threads__service-question.json").read_text("utf-8"))
    thread["items"][0]["replies"] = replies
    first, *others = youtube.split(thread)

    assert isinstance(youtube.read(first), Message)
    assert bool(others) == (replies != {})
    for other in others:
        with pytest.raises(PayloadError):
            youtube.read(other)


def test_the_link_of_a_comment_leads_to_its_video() -> None:
    link = "https://www.youtube.com/watch?v=v1&lc=Ugz1"

    assert read(said(videoId="v1")).permalink == link
    assert read(said()).permalink is None


def test_a_comment_without_its_text_is_looked_up() -> None:
    bare = {"kind": "youtube#comment", "id": "Ugz1", "snippet": {"parentId": "Ugz0"}}
    message = read(bare)
    assert message.needs_lookup
    lookup = youtube.PLATFORM.lookup
    assert lookup
    question = lookup.ask(message)
    assert question
    assert question.path == ("comments",)
    assert question.parameters == {"part": "snippet", "id": "Ugz1", "textFormat": "plainText"}

    author = {"authorDisplayName": "Jonas", "authorChannelId": {"value": "UC5"}}
    found = lookup.found(message, {"kind": "…", "items": [said(**author)]})
    assert (found.text, found.author.id, found.author.name) == ("t", "UC5", "Jonas")
    assert (found.in_reply_to, found.needs_lookup) == ("Ugz0", False)


@pytest.mark.parametrize(
    "answer", [None, [], {}, {"items": []}, {"items": [7]}, {"items": [{"id": "Ugz9", "snippet": {}}]}]
)
def test_a_look_up_that_finds_another_or_no_comment_is_told(answer: Any) -> None:
    with pytest.raises(PayloadError):
        youtube_comments.found(read(said()), answer)
