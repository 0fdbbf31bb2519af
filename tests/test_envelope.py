"""What lies in intake: whole, ASCII, within SQS's limit, and no bomb."""

import base64
import json
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.envelope import COMPRESS_FROM, MAX_BODY, MAX_ENVELOPE, Envelope, unseal
from chalicelib.errors import DeliveryTooLarge, PayloadError


def envelope(body: bytes, **fields: object) -> Envelope:
    return Envelope(platform="x", received_at=7, body=body, **fields)  # type: ignore[arg-type]


def encoding(sealed: str) -> str:
    return str(json.loads(sealed.partition("\n")[0])["encoding"])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"a": "\\u00e4 \\/"}\r\n\t', "plain"),
        (b"", "plain"),
        ("ä".encode(), "base64"),
        (b"\x00", "base64"),
        (b"\x7f", "base64"),
        (b"\x0b", "base64"),
    ],
)
def test_plain_ascii_travels_as_it_is(body: bytes, expected: str) -> None:
    sealed = envelope(body).seal()

    assert encoding(sealed) == expected
    assert unseal(sealed).body == body


@given(
    st.binary() | st.text().map(str.encode),
    st.booleans(),
    st.booleans(),
    st.none() | st.from_regex(r"\Aq_[0-9a-f]{32}\Z"),
)
def test_an_envelope_comes_out_as_it_went_in(
    body: bytes,
    is_part: bool,  # noqa: FBT001
    backfilled: bool,  # noqa: FBT001
    quarantine_id: str | None,
) -> None:
    sent = envelope(body, is_part=is_part, quarantine_id=quarantine_id, backfilled=backfilled)
    sealed = sent.seal()

    assert sealed.isascii()
    assert unseal(sealed) == sent


@pytest.mark.parametrize("backfilled", [True, False])
def test_a_part_of_what_was_fetched_later_is_known_as_such(*, backfilled: bool) -> None:
    part = envelope(b"[1, 2]", backfilled=backfilled).part([1])

    assert unseal(part.seal()) == envelope(b"[1]", is_part=True, backfilled=backfilled)


@pytest.mark.parametrize("size", [COMPRESS_FROM, COMPRESS_FROM + 1, MAX_BODY])
def test_compression_starts_where_it_pays(size: int) -> None:
    sealed = envelope(b"a" * size).seal()

    assert (encoding(sealed) == "zlib") == (size > COMPRESS_FROM)
    assert unseal(sealed).body == b"a" * size


def test_what_sqs_would_not_take_is_refused() -> None:
    incompressible = random.Random(1).randbytes(MAX_ENVELOPE)

    with pytest.raises(DeliveryTooLarge):
        envelope(incompressible).seal()


@pytest.mark.parametrize(
    "sealed",
    [
        "",
        "no json",
        "[]",
        "null",
        "{}",
        '{"platform": "x"}',
        '{"platform": "x", "encoding": "plain"}',
        '{"platform": 1, "received_at": 7, "encoding": "plain"}',
        '{"platform": "x", "received_at": "7", "encoding": "plain"}',
        '{"platform": "x", "received_at": 7, "encoding": "rot13"}',
        '{"platform": "x", "received_at": 7, "encoding": "base64"}\n%%%',
        '{"platform": "x", "received_at": 7, "encoding": "plain", "more": 1}',
        '{"platform": "x", "received_at": 7, "encoding": "zlib"}\nAAAA',
        '{"platform": "x", "received_at": 7, "encoding": "plain"}\n\ud800',
        "[" * 100_000,
    ],
)
def test_what_is_no_envelope_is_told(sealed: str) -> None:
    with pytest.raises(PayloadError):
        unseal(sealed)


def test_a_bomb_is_not_inflated() -> None:
    bomb = base64.b64encode(zlib.compress(b"0" * (MAX_BODY + 1))).decode()

    with pytest.raises(PayloadError):
        unseal(json.dumps({"platform": "x", "received_at": 7, "encoding": "zlib"}) + "\n" + bomb)
