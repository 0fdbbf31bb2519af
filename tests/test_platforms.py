"""What single platforms add to the contract (`tests/contract`), and how values are tamed."""

import json
from typing import Any

import pytest

from chalicelib.errors import BadRequest, HandshakeRefused, PayloadError
from chalicelib.platforms import PLATFORMS, named, tame
from chalicelib.platforms.base import Keys, Request
from tests import recorded

NO_TIMES: list[Any] = [None, "", "soon", -5, 0, True, 10**30, 10**400, "9" * 40, [], {}, float("nan")]
META = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "ours"}


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
