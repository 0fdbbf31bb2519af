"""The hourly check through the real handler: what it asks platforms, remembers, counts and tells."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

import app
from chalicelib import envelope
from chalicelib.errors import BadRequest, ConfigurationError, Unavailable
from chalicelib.platforms import PLATFORMS
from chalicelib.silence import WEEK
from chalicelib.subscriptions import errands
from chalicelib.subscriptions.meta import MESSAGING, PAGE
from chalicelib.subscriptions.rows import Row, State
from chalicelib.volume import Volume
from chalicelib.youtube_polling.channels import Channels
from tests.subscribed import DAY, HOUR, PUBLIC_URL, TOKEN, Answer, Asked, Platforms, asking, platforms, use
from tests.test_volume import envelope as delivery
from tests.world import BRIEF_INTAKE, NOW, World

END = NOW - NOW % HOUR
CHANNEL, PAGE_ID, ORGANIZATION = "UC_ours", "301", "urn:li:organization:5"
META_FIELDS = [*PAGE, *MESSAGING]


@pytest.fixture
def there(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platforms]:
    """Give platforms that are all content with us."""
    with platforms() as served:
        served.answers = {
            ("GET", "/v26.0/301/subscribed_apps"): (200, {"data": [{"subscribed_fields": META_FIELDS}]}),
            ("GET", "/2/webhooks"): (200, webhooks(valid=True)),
            ("GET", "/rest/eventSubscriptions"): (200, {"elements": [subscription(NOW + 90 * DAY)]}),
            ("GET", "/rest/organizationalEntityNotifications"): (200, {"elements": []}),
            ("POST", "/subscribe"): lambda asked: verified(world, asked),
        }
        ours = {"facebook": [PAGE_ID], "linkedin": [ORGANIZATION], "x": ["4711"], "youtube": [CHANNEL]}
        use(monkeypatch, world, served, **ours)
        handshakes(world)
        yield served


def webhooks(*, valid: bool) -> dict[str, Any]:
    return {"data": [{"id": "17", "url": f"{PUBLIC_URL}/webhooks/x", "valid": valid}]}


def subscription(until: int) -> dict[str, Any]:
    return {
        "developerApplication": "urn:li:developerApplication:1",
        "user": "urn:li:person:2",
        "entity": ORGANIZATION,
        "eventType": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS",
        "expiresAt": until * 1000,
        "webhook": f"{PUBLIC_URL}/webhooks/linkedin",
    }


def verified(world: World, asked: Asked) -> Answer:
    """Answer as the hub does: 202, and then ask at the callback whether that was meant."""
    form = dict(pair.split("=", 1) for pair in asked.body.split("&"))
    query = {
        "token": "youtube-token",
        "hub.mode": "subscribe",
        "hub.topic": f"https://www.youtube.com/xml/feeds/videos.xml?channel_id={CHANNEL}",
        "hub.challenge": "abc",
        "hub.lease_seconds": form["hub.lease_seconds"],
    }
    assert world.request("GET", "/webhooks/youtube", query=query)["body"] == "abc"
    return 202, None


def handshakes(world: World) -> None:
    world.request("GET", "/webhooks/x", query={"crc_token": "abc"})
    code = {"challengeCode": "6f0a8b3c-0000-4000-8000-000000000000"}
    assert world.request("GET", "/webhooks/linkedin", query=code)["statusCode"] == 200


def asked(do: str = "keep", **more: Any) -> list[Any]:
    """Call the handler, as Lambda would show what it gives back."""
    return list(json.loads(json.dumps(app.keep_subscriptions(asking({"do": do, **more}), None))))


def check(do: str = "keep") -> dict[tuple[str, str], Row]:
    rows = [errands.row(row) for row in asked(do)]
    return {(row.platform, row.what): row for row in rows}


def counted(world: World, metric: str) -> dict[str, int]:
    return {about.get("platform", ""): times for name, times, about in world.counted if name == metric}


def test_a_day_on_which_all_is_well(world: World, there: Platforms) -> None:
    check()
    world.now += HOUR
    world.counted.clear()
    rows = check()

    assert {key: row.state for key, row in rows.items() if row.state is not State.OFF} == {
        ("facebook", "deliveries"): State.UNKNOWN,
        ("facebook", "subscription"): State.OK,
        ("linkedin", "deliveries"): State.UNKNOWN,
        ("linkedin", "handshake"): State.OK,
        ("linkedin", "access token"): State.OK,
        ("linkedin", "subscription"): State.OK,
        ("x", "deliveries"): State.UNKNOWN,
        ("x", "handshake"): State.OK,
        ("x", "subscription"): State.OK,
        ("youtube", "deliveries"): State.UNKNOWN,
        ("youtube", "subscription"): State.OK,
    }
    assert {one.headers["authorization"] for one in there.asked if one.method == "GET"} == {f"Bearer {TOKEN}"}
    assert counted(world, "Silence") == {"facebook": 0, "linkedin": 0, "x": 0, "youtube": 0}
    assert counted(world, "SubscriptionsFailing") == {"": 0}
    assert world.accepted() == []


def test_the_clock_alone_keeps(world: World, there: Platforms) -> None:
    app.keep_subscriptions(asking({}), None)

    assert [one.method for one in there.asked].count("POST") == 1


def test_a_platform_that_is_not_used_is_off_and_nobody_is_asked_or_told(world: World) -> None:
    rows = check()

    assert set(rows) == {(platform, "subscription") for platform in PLATFORMS if platform != "x"} | {
        ("x", "deliveries"),
        ("x", "handshake"),
        ("x", "subscription"),
    }
    assert {row.state for row in rows.values() if row.platform != "x"} == {State.OFF}
    assert "access_tokens.x" in rows["x", "subscription"].remedy
    assert counted(world, "Silence") == {"x": 0}
    assert counted(world, "SubscriptionsFailing") == {"": 0}


def test_a_lease_is_asked_for_verified_and_asked_for_again_at_half_time(
    world: World, there: Platforms
) -> None:
    first = check()["youtube", "subscription"]
    world.now += HOUR
    second = check()["youtube", "subscription"]
    world.now = NOW + 432_000 // 2
    third = check()["youtube", "subscription"]
    world.now += HOUR
    fourth = check()["youtube", "subscription"]

    assert [row.state for row in (first, second, third, fourth)] == [
        State.RENEWED,
        State.OK,
        State.RENEWED,
        State.OK,
    ]
    assert second.until == NOW + 432_000
    assert fourth.until == NOW + 432_000 // 2 + 432_000
    assert [one.path for one in there.asked].count("/subscribe") == 2


def test_looking_changes_nothing(world: World, there: Platforms) -> None:
    there.answers["GET", "/2/webhooks"] = 200, webhooks(valid=False)
    there.answers["GET", "/v26.0/301/subscribed_apps"] = 200, {"data": []}
    world.calls.clear()
    before = json.dumps(sorted(map(str, world.dynamodb.items.items())))
    rows = check("look")

    assert {one.method for one in there.asked} == {"GET"}
    assert rows["youtube", "subscription"].state is State.MISSING
    assert set(world.calls) == {"query"}
    assert json.dumps(sorted(map(str, world.dynamodb.items.items()))) == before
    assert world.counted == []


@pytest.mark.parametrize("status", [500, 403, 200])
def test_what_fails_with_one_platform_hides_nothing_of_the_others(
    world: World, there: Platforms, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    there.answers["GET", "/rest/eventSubscriptions"] = status, ["nonsense"]
    there.answers["GET", "/v26.0/301/subscribed_apps"] = 400, {"error": {"code": 190}}
    rows = check()

    linkedin, facebook = rows["linkedin", "subscription"], rows["facebook", "subscription"]
    assert linkedin.state is (State.UNKNOWN if status == 500 else State.FAILING)
    assert linkedin.account == ORGANIZATION
    assert (facebook.state, facebook.account) == (State.FAILING, PAGE_ID)
    assert "190" in facebook.why
    assert "access token" in facebook.remedy
    assert rows["x", "subscription"].state is State.OK
    assert rows["youtube", "subscription"].state is State.RENEWED
    assert counted(world, "SubscriptionsFailing") == {"": 1 if status == 500 else 2}
    assert f"facebook {PAGE_ID}: subscription failing" in caplog.text


def test_a_bug_with_one_platform_hides_nothing_of_the_others(
    world: World, there: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.subscriptions.handshakes.PACES", {"x": None, "linkedin": 7})
    rows = check()

    assert rows["linkedin", "handshake"].state is State.UNKNOWN
    assert "AttributeError" in rows["linkedin", "handshake"].why
    assert rows["facebook", "subscription"].state is State.OK


def test_a_table_that_is_down_fails_the_check(world: World, there: Platforms) -> None:
    def fail(_operation: str, _arguments: Any) -> None:
        raise EndpointConnectionError(endpoint_url="https://dynamodb.example")

    world.after_call = fail
    with pytest.raises(Unavailable):
        check()


def test_an_address_that_is_none_is_told(
    world: World, there: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLIC_URL", "ftp://somewhere")

    with pytest.raises(ConfigurationError, match="PUBLIC_URL"):
        check()


# ── silence, and what is fetched then ─────────────────────────────────────────────────────────────────────


def deliver(world: World, platform: str, since: int, until: int, every: int = 300) -> None:
    """Let deliveries be counted as the worker does."""
    volume = Volume(world.dynamodb, world.table)
    for at in range(since, until, every):
        volume.note(delivery(at, platform=platform))


def notification(number: int) -> dict[str, Any]:
    return {
        "notificationId": number,
        "organizationalEntity": ORGANIZATION,
        "action": "COMMENT",
        "sourcePost": "urn:li:share:1",
        "generatedActivity": f"urn:li:comment:(activity:1,{number})",
        "lastModifiedAt": (NOW - 3 * HOUR) * 1000 + number,
        "decoratedGeneratedActivity": {
            "comment": {"owner": "urn:li:person:9", "text": f"Wo bleibt es? {number}"}
        },
    }


def test_a_platform_that_falls_silent_is_told_counted_and_fetched_from(
    world: World, there: Platforms, caplog: pytest.LogCaptureFixture
) -> None:
    deliver(world, "linkedin", END - 5 * WEEK, END - 8 * HOUR, every=600)
    there.answers["GET", "/rest/organizationalEntityNotifications"] = 200, {"elements": [notification(1)]}
    row = check()["linkedin", "deliveries"]

    assert (row.state, row.since) == (State.MISSING, END - 8 * HOUR - 600)
    assert counted(world, "Silence") == {"facebook": 0, "linkedin": 1, "x": 0, "youtube": 0}
    assert counted(world, "SubscriptionsFailing") == {"": 0}
    assert "linkedin: deliveries missing" in caplog.text
    (sealed,) = world.sqs.bodies(BRIEF_INTAKE)  # LinkedIn limits storage
    found = envelope.unseal(sealed)
    assert (found.platform, found.backfilled, found.received_at) == ("linkedin", True, NOW)
    world.drain()
    (ticket,) = world.tickets().values()
    assert ticket.text == "Wo bleibt es? 1"


def test_while_a_silence_lasts_only_what_is_new_is_fetched_and_once_more_at_its_end(
    world: World, there: Platforms
) -> None:
    deliver(world, "linkedin", END - 5 * WEEK, END - 8 * HOUR, every=600)
    ranges: list[str] = []

    def tell(asked: Asked) -> Answer:
        ranges.append(asked.query["timeRange"])
        return 200, {"elements": []}

    there.answers["GET", "/rest/organizationalEntityNotifications"] = tell
    for _ in range(3):
        check()
        handshakes(world)
        world.now += HOUR
    handshakes(world)
    deliver(world, "linkedin", NOW - 30 * HOUR, world.now, every=60)
    last = check()["linkedin", "deliveries"]
    world.now += HOUR
    handshakes(world)
    after = check()["linkedin", "deliveries"]

    def between(since: int, until: int) -> str:
        return f"(start:{since * 1000},end:{until * 1000})"

    assert (last.state, last.why) == (State.OK, "They come again.")
    assert (after.state, after.why) == (State.OK, "")
    assert ranges == [
        between(END - 8 * HOUR, NOW),
        *(between(NOW + n * HOUR, NOW + (n + 1) * HOUR) for n in range(3)),
    ]


def test_a_blocked_address_at_linkedin_is_silence_and_what_was_lost_is_fetched(
    world: World, there: Platforms
) -> None:
    world.now += 7 * HOUR
    row = check()["linkedin", "handshake"]

    assert row.state is State.MISSING
    assert counted(world, "Silence")["linkedin"] == 1
    (pulled,) = [one for one in there.asked if one.path == "/rest/organizationalEntityNotifications"]
    assert pulled.query["timeRange"] == f"(start:{NOW * 1000},end:{world.now * 1000})"


def test_a_webhook_that_x_had_called_invalid_is_checked_again_and_replayed(
    world: World, there: Platforms
) -> None:
    deliver(world, "x", NOW - 2 * HOUR, NOW - HOUR, every=HOUR)

    def checked_again(_: Asked) -> Answer:
        there.answers["GET", "/2/webhooks"] = 200, webhooks(valid=True)
        return 200, {"data": {"attempted": True}}

    there.answers["GET", "/2/webhooks"] = 200, webhooks(valid=False)
    there.answers["PUT", "/2/webhooks/17"] = checked_again
    there.answers["POST", "/2/webhooks/replay"] = 200, {"data": {"job_id": "1"}}
    rows = check()

    assert rows["x", "subscription"].state is State.RENEWED
    (replay,) = [one for one in there.asked if one.path == "/2/webhooks/replay"]
    assert json.loads(replay.body) == {
        "webhook_id": "17",
        "from_date": "202511250600",
        "to_date": "202511250800",
    }


def test_what_cannot_be_fetched_is_told_and_tried_again(
    world: World, there: Platforms, caplog: pytest.LogCaptureFixture
) -> None:
    there.answers["GET", "/rest/organizationalEntityNotifications"] = 403, {"code": "ACCESS_DENIED"}
    world.now += 7 * HOUR
    check()
    check()

    assert caplog.text.count("cannot be fetched") == 2
    assert "ACCESS_DENIED" in caplog.text


def test_a_platform_without_such_an_api_is_only_told(world: World, there: Platforms) -> None:
    deliver(world, "facebook", END - 5 * WEEK, END - 24 * HOUR, every=600)

    assert check()["facebook", "deliveries"].state is State.MISSING
    assert world.accepted() == []


# ── by hand ───────────────────────────────────────────────────────────────────────────────────────────────


def test_notifications_are_fetched_page_by_page_in_deliveries_of_ten(world: World, there: Platforms) -> None:
    everything = [notification(number) for number in range(1, 125)]

    def page(asked: Asked) -> Answer:
        start = int(asked.query["start"])
        assert asked.query["actions"].startswith("List(COMMENT,")
        assert asked.query["organizationalEntity"] == ORGANIZATION
        return 200, {"elements": everything[start : start + int(asked.query["count"])]}

    there.answers["GET", "/rest/organizationalEntityNotifications"] = page
    (fetched,) = asked("back_fill", platform="linkedin", since=NOW - 4 * HOUR)
    bodies = [json.loads(envelope.unseal(sealed).body) for sealed in world.accepted()]

    assert fetched["deliveries"] == len(bodies) == 13
    assert [len(body["notifications"]) for body in bodies] == [10] * 12 + [4]
    world.drain()
    assert len(world.tickets()) == 124
    asked("back_fill", platform="linkedin", since=NOW - 4 * HOUR)
    world.drain()
    assert len(world.tickets()) == 124


def test_an_api_that_repeats_its_page_forever_comes_to_an_end(world: World, there: Platforms) -> None:
    page = [notification(number) for number in range(100)]
    there.answers["GET", "/rest/organizationalEntityNotifications"] = 200, {"elements": page}
    (fetched,) = asked("back_fill", platform="linkedin", since=NOW - HOUR)

    assert fetched["deliveries"] == 10


@pytest.mark.parametrize(
    ("platform", "days"),
    [("linkedin", 60), ("x", 1)],
)
def test_nobody_is_asked_for_more_than_is_remembered(
    world: World, there: Platforms, platform: str, days: int
) -> None:
    there.answers["POST", "/2/webhooks/replay"] = 200, {"data": {"job_id": "1"}}
    (fetched,) = asked("back_fill", platform=platform, since=1)

    assert NOW - days * DAY <= fetched["since"] <= NOW - days * DAY + 300


def replayed(**about: Any) -> bytes:
    """Give a mention of five hours ago, as X sends it."""
    said = f"{datetime.fromtimestamp(NOW - 5 * HOUR, UTC):%Y-%m-%dT%H:%M:%S.000Z}"
    payload = {"id": "1900", "author_id": "77", "text": "@wir wann kommt mein Paket?", "created_at": said}
    event = {"event_uuid": "1", "event_type": "post.mention.create", "filter": {"user_id": "4711"}}
    return json.dumps({"data": {**event, "payload": payload}, **about}).encode()


@pytest.mark.parametrize(
    ("about", "late"),
    [
        ({"meta": {"replay": True}}, True),
        ({"meta": {"replay": False}}, False),
        ({"meta": {"replay": "true"}}, False),
        ({"meta": ["replay"]}, False),
        ({}, False),
    ],
)
def test_what_x_was_asked_to_send_again_has_its_true_age(
    world: World, there: Platforms, about: dict[str, Any], *, late: bool
) -> None:
    world.post("x", replayed(**about))
    world.drain()
    (ticket,) = world.tickets().values()

    assert ticket.backfilled is late
    assert ticket.decision.acknowledge_by is not None
    allowed = ticket.decision.acknowledge_by - (NOW - 5 * HOUR if late else NOW)
    assert allowed % HOUR == 0
    assert allowed > 0
    counted_hours = Volume(world.dynamodb, world.table).read("x", NOW - HOUR, NOW + HOUR).by_hour
    assert counted_hours == ({} if late else {END: 1})


@pytest.mark.parametrize(
    "body", [b'["replay"]', b'"replay"', b'{"meta": "replay"', b'{"a":' * 9999 + b'"replay"']
)
def test_a_body_that_is_none_is_no_replay(body: bytes) -> None:
    assert PLATFORMS["x"].is_replay(body) is False


def test_a_replay_of_less_than_a_minute_is_none(world: World, there: Platforms) -> None:
    world.now = NOW + 50
    (fetched,) = asked("back_fill", platform="x", since=NOW + 10)

    assert fetched["deliveries"] == 0
    assert there.asked == []


def test_a_replay_without_a_webhook_is_told(world: World, there: Platforms) -> None:
    there.answers["GET", "/2/webhooks"] = 200, {"meta": {"result_count": 0}}

    with pytest.raises(ConfigurationError, match="webhooks/x"):
        asked("back_fill", platform="x", since=NOW - HOUR)


def test_youtubes_channels_are_polled_soon(world: World, there: Platforms) -> None:
    (fetched,) = asked("back_fill", platform="youtube", since=NOW - HOUR)

    assert "polled" in fetched["note"]
    (channel,) = Channels(world.dynamodb, world.table).read([CHANNEL])
    assert channel.soon_at == NOW


@pytest.mark.parametrize(
    "detail",
    [
        {"do": "everything"},
        {"do": "back_fill"},
        {"do": "back_fill", "platform": "myspace", "since": NOW - 9},
        {"do": "back_fill", "platform": ["x"], "since": NOW - 9},
        {"do": "back_fill", "platform": "x", "since": NOW},
        {"do": "back_fill", "platform": "x", "since": 0},
        {"do": "back_fill", "platform": "x", "since": "yesterday"},
        {"do": "back_fill", "platform": "x", "since": True},
    ],
)
def test_what_nobody_can_make_sense_of_is_refused(
    world: World, there: Platforms, detail: dict[str, Any]
) -> None:
    with pytest.raises(BadRequest):
        app.keep_subscriptions(asking(detail), None)

    assert there.asked == []
