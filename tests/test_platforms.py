"""Every platform × the same rules: reading what was recorded, signatures, handshakes, hostile payloads."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import BadRequest, HandshakeRefused, PayloadError, SignatureError
from chalicelib.message import Ignored, Message
from chalicelib.platforms import PLATFORMS, named, tame
from chalicelib.platforms.base import Keys, Request
from tests import recorded
from tests.signing import NOW, signed, spelt

DELIVERIES = list(recorded.deliveries())
NO_TIMES: list[Any] = [None, "", "soon", -5, 0, True, 10**30, "9" * 40, [], {}, float("nan")]
HEADERS = {name: platform.signature_header for name, platform in PLATFORMS.items()}
BODY = '{"text":"Grüße 😀 \\u00e4\\/"}'.encode()

# In their header a space ends one signature and begins the next.
SEVERAL_SIGNATURES = {"standard_webhooks"}

each_platform = pytest.mark.parametrize("platform", sorted(PLATFORMS))


def request(platform: str, which: str = "current", body: bytes = BODY) -> Request:
    made = signed(platform, spelt(platform, which), body)
    return Request(headers={name.lower(): value for name, value in made.items()}, body=body, now=NOW)


def keys(platform: str, *which: str) -> Keys:
    return Keys(tuple(spelt(platform, one).encode() for one in which or ("current",)))


@each_platform
def test_every_platform_has_recordings_of_each_fate(platform: str) -> None:
    mine = [d for d in DELIVERIES if d.platform == platform]
    events = [event for d in mine for event in d.events]

    assert any(d.opening for d in mine)
    assert any(event["from_us"] for event in events)
    assert any(d.ignored for d in mine)
    assert {"created", "deleted"} <= {e["change"] for e in events}


@each_platform
@pytest.mark.parametrize("which", ["current", "previous"])
def test_a_delivery_signed_with_either_secret_passes(platform: str, which: str) -> None:
    PLATFORMS[platform].verify(request(platform, which), keys(platform, "current", "previous"))


@each_platform
@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "sha256=",
        "sha256",
        "sha1=0d814d436b45c33ef664a317ff4b8dc2d3d8fe2a",
        "ä" * 40,
        "x" * 65536,
        "\ud800",
    ],
)
def test_a_header_that_is_no_signature_is_refused(platform: str, signature: str | None) -> None:
    good = request(platform)
    headers = {name: value for name, value in good.headers.items() if name != HEADERS[platform]}
    if signature is not None:
        headers[HEADERS[platform]] = signature

    with pytest.raises(SignatureError):
        PLATFORMS[platform].verify(good._replace(headers=headers), keys(platform))


@each_platform
def test_a_good_signature_in_another_form_is_refused(platform: str) -> None:
    delivery = request(platform)
    good = delivery.headers[HEADERS[platform]]
    other = request("facebook" if platform == "x" else "x")
    (other_form,) = [value for name, value in other.headers.items() if "signature" in name]
    bare = re.sub(r"^(sha256=|v1,)", "", good)
    spaced = [] if platform in SEVERAL_SIGNATURES else [f" {good}", f"{good}, {good}"]

    for form in {good.upper(), bare, *spaced, f"{good},{good}", good[:-1], other_form} - {good}:
        with pytest.raises(SignatureError):
            PLATFORMS[platform].verify(
                delivery._replace(headers={**delivery.headers, HEADERS[platform]: form}), keys(platform)
            )


@each_platform
def test_every_flipped_bit_of_the_body_is_refused(platform: str) -> None:
    good = request(platform)
    for position in range(len(BODY) * 8):
        body = bytearray(BODY)
        body[position // 8] ^= 1 << position % 8
        with pytest.raises(SignatureError):
            PLATFORMS[platform].verify(good._replace(body=bytes(body)), keys(platform))


@each_platform
def test_a_platform_signs_as_documented(platform: str) -> None:
    how = PLATFORMS[platform]

    ours = how.sign(spelt(platform, "current").encode(), BODY, NOW)
    assert ours.items() <= request(platform).headers.items()


@each_platform
def test_without_a_secret_nothing_passes(platform: str) -> None:
    with pytest.raises(SignatureError, match="no signing secret"):
        PLATFORMS[platform].verify(request(platform), Keys(()))


META = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "ours"}


@pytest.mark.parametrize("platform", recorded.STANDS_FOR["meta"])
def test_meta_gets_its_challenge_back_as_plain_text(platform: str) -> None:
    answer = PLATFORMS[platform].answer_handshake(Request(query=META), Keys(verify_token="ours"))

    assert (answer.content_type, answer.body) == ("text/plain", "1158201444")


@pytest.mark.parametrize(
    ("change", "token", "error"),
    [
        ({"hub.verify_token": "theirs"}, "ours", HandshakeRefused),
        ({"hub.verify_token": "öurs"}, "ours", HandshakeRefused),
        ({"hub.verify_token": ""}, "", HandshakeRefused),
        ({"hub.mode": "unsubscribe"}, "ours", BadRequest),
        ({"hub.challenge": "<script>"}, "ours", BadRequest),
        ({"hub.challenge": ""}, "ours", BadRequest),
    ],
)
def test_meta_handshakes_that_are_refused(change: dict[str, str], token: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        PLATFORMS["facebook"].answer_handshake(Request(query=META | change), Keys(verify_token=token))


@pytest.mark.parametrize("token", [d.body.decode() for d in DELIVERIES if d.platform == "x"][:3])
def test_a_crc_token_that_is_a_delivery_is_never_signed(token: str) -> None:
    with pytest.raises(BadRequest):
        PLATFORMS["x"].answer_handshake(Request(query={"crc_token": token}), Keys((b"current",)))


@pytest.mark.parametrize("token", ["", "a" * 257, "{}", "a b", 'a"', "a&b", "ä", "a\n"])
def test_a_crc_token_that_is_none_is_refused(token: str) -> None:
    with pytest.raises(BadRequest):
        PLATFORMS["x"].answer_handshake(Request(query={"crc_token": token}), Keys((b"current",)))


def test_x_is_not_answered_without_a_secret() -> None:
    with pytest.raises(SignatureError):
        PLATFORMS["x"].answer_handshake(Request(query={"crc_token": "abc"}), Keys(()))


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
json_values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps: Any = ()
    if isinstance(value, dict | list):
        steps = value.items() if isinstance(value, dict) else enumerate(value)
    return [path, *(p for step, inner in steps for p in paths(inner, (*path, step)))]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[path[0]] = replaced(value[path[0]], path[1:], new)
    return copied


@given(st.data())
def test_a_damaged_delivery_is_read_ignored_or_refused_but_never_crashes(data: st.DataObject) -> None:
    delivery = data.draw(st.sampled_from(DELIVERIES))
    platform = PLATFORMS[delivery.platform]
    payload = platform.parse(delivery.body)
    damaged = replaced(payload, data.draw(st.sampled_from(paths(payload))), data.draw(json_values))

    try:
        found = [platform.read(piece) for piece in platform.split(damaged)]
    except PayloadError:
        return

    assert all(isinstance(message, Message | Ignored) for message in found)


@each_platform
@pytest.mark.parametrize("payload", [None, [], "text", 7, {"entry": "none"}])
def test_what_is_no_delivery_is_refused(platform: str, payload: Any) -> None:
    if platform == "x" and (payload is None or payload == {"entry": "none"}):
        assert [PLATFORMS["x"].read(p) for p in PLATFORMS["x"].split(payload)] == [Ignored.UNKNOWN_EVENT]
        return
    with pytest.raises(PayloadError):
        list(PLATFORMS[platform].split(payload))


def test_a_value_that_meta_leaves_out_is_told_with_the_remedy() -> None:
    payload = {"object": "page", "entry": [{"id": "1", "changes": [{"field": "feed"}]}]}

    with pytest.raises(PayloadError, match="Include Values"):
        PLATFORMS["facebook"].read(payload)


def test_half_a_surrogate_pair_is_refused() -> None:
    payload = json.loads((recorded.OWN / "samples/x/filtered-stream__post.json").read_text("utf-8"))
    payload["data"]["text"] = "cut off \ud83d"

    with pytest.raises(PayloadError, match="surrogate"):
        named("x").read(payload)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (1764057605, 1764057605),
        (1764057605987, 1764057605),
        ("1764057605987", 1764057605),
        ("2025-11-25T09:00:05+01:00", 1764057605),
        ("2025-11-25T08:00:05+0000", 1764057605),
        ("2025-11-25T08:00:05.987654321Z", 1764057605),
        ("2025-11-25T08:00:05", 1764057605),
        ("Tue Nov 25 08:00:05 +0000 2025", 1764057605),
        *((value, None) for value in NO_TIMES),
    ],
)
def test_times_are_read_into_epoch_seconds(value: Any, seconds: int | None) -> None:
    assert tame.epoch({"at": value}, "at") == seconds


@pytest.mark.parametrize(
    ("value", "milliseconds"),
    [
        (1764057605, 1764057605000),
        (1764057605987, 1764057605987),
        ("2025-11-25T08:00:05.987654Z", 1764057605987),
        ("1971-01-01T00:00:00.001Z", 31536000001),
        ("1969-12-31T23:59:59Z", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("Tue Nov 25 08:00:05 +0000 2025", 1764057605000),
        *((value, None) for value in NO_TIMES),
    ],
)
def test_times_are_read_into_epoch_milliseconds(value: Any, milliseconds: int | None) -> None:
    assert tame.milliseconds({"at": value}, "at") == milliseconds


@pytest.mark.parametrize(("value", "count"), [(0, 0), ("0", 0), (5, 5), ("37", 37)])
def test_counters_are_read(value: Any, count: int | None) -> None:
    assert tame.counter({"edits": value}, "edits") == count


@pytest.mark.parametrize("value", [None, "", "five", -1, "-1", 1.5, True, [], 10**9, "9" * 40])
def test_what_is_no_counter_is_none(value: Any) -> None:
    assert tame.counter({"edits": value}, "edits") is None
