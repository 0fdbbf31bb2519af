"""Every platform: a handshake proves that the address is ours, to nobody else, and signs nothing else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import BadRequest, HandshakeRefused, NotFound, SignatureError
from chalicelib.platforms import PLATFORMS
from chalicelib.platforms.base import Answer, Keys, Request, no_handshake
from tests import recorded
from tests.contract.requests import a_share, each_platform, headers, keys, passes
from tests.handshakes import HANDSHAKES, VERIFY_TOKEN
from tests.signing import NOW, spelt

REFUSALS = (BadRequest, HandshakeRefused, SignatureError, NotFound)
DELIVERIES = [delivery.body for delivery in recorded.deliveries()]
SHAKING = sorted(PLATFORMS.keys() & HANDSHAKES.keys())
each_handshake = pytest.mark.parametrize("platform", SHAKING)

NO_TOKENS = ("", " ", "<script>", "a b", "ä", "\ud800", "a\n", "\0", '"', "{}", "a&b=c", "a" * 100_000)


def shared(platform: str, verify_token: str = VERIFY_TOKEN) -> Keys:
    signing = keys(platform, "current", "previous").signing
    token = verify_token if PLATFORMS[platform].has_verify_token else ""
    accounts = HANDSHAKES[platform].accounts if platform in HANDSHAKES else frozenset()
    return Keys(signing=signing, verify_token=token, accounts=accounts)


def answered(platform: str, query: dict[str, str], ours: Keys) -> Answer | None:
    """Ask; None if it is refused. Any other error than those documented is not caught."""
    try:
        return PLATFORMS[platform].answer_handshake(Request(query=query, now=NOW), ours)
    except REFUSALS:
        return None


def good(platform: str, token: str | None = None) -> dict[str, str]:
    shake = HANDSHAKES[platform]
    return shake.query(shake.token if token is None else token, VERIFY_TOKEN)


@each_platform
def test_a_platform_without_handshake_answers_none(platform: str) -> None:
    has_one = PLATFORMS[platform].answer_handshake is not no_handshake

    assert has_one == (platform in HANDSHAKES), "tests/handshakes.py tells how each platform asks"
    if not has_one:
        assert answered(platform, {}, shared(platform)) is None


@each_handshake
@a_share
@given(st.data())
def test_what_the_platform_asks_is_answered_as_documented(platform: str, data: st.DataObject) -> None:
    shake = HANDSHAKES[platform]
    token = data.draw(st.just(shake.token) | st.from_regex(shake.tokens, fullmatch=True))
    answer = answered(platform, good(platform, token), shared(platform))
    expected = shake.answer(spelt(platform, "current"), token)

    assert answer
    assert answer.content_type == expected.content_type
    assert _read(answer) == _read(expected)


def _read(answer: Answer) -> Any:
    return json.loads(answer.body) if answer.content_type == "application/json" else answer.body


@each_handshake
def test_a_handshake_that_lacks_something_is_refused(platform: str) -> None:
    whole = good(platform)
    for name in HANDSHAKES[platform].needed:
        without = {other: value for other, value in whole.items() if other != name}
        assert answered(platform, without, shared(platform)) is None
        for other in ("", whole[name] + "ä", "\ud800", "\0", " " + whole[name], whole[name] + "\n"):
            assert answered(platform, {**without, name: other}, shared(platform)) is None, (name, other)
    assert answered(platform, {}, shared(platform)) is None


@each_handshake
def test_what_is_no_token_is_refused(platform: str) -> None:
    for token in (*NO_TOKENS, *(body.decode() for body in DELIVERIES)):
        assert answered(platform, good(platform, token), shared(platform)) is None, token


@each_handshake
def test_who_does_not_know_our_verify_token_is_refused(platform: str) -> None:
    if not PLATFORMS[platform].has_verify_token:
        return
    shake = HANDSHAKES[platform]
    for wrong in ("", "theirs", VERIFY_TOKEN[:-1], VERIFY_TOKEN + "x", VERIFY_TOKEN.upper(), "ä", "\ud800"):
        query = shake.query(shake.token, wrong)
        assert answered(platform, query, shared(platform)) is None, wrong
        assert answered(platform, query, shared(platform, verify_token="")) is None, wrong
    assert answered(platform, good(platform), shared(platform, verify_token="")) is None


@each_handshake
def test_without_anything_that_we_share_no_handshake_is_answered(platform: str) -> None:
    assert answered(platform, good(platform), Keys()) is None
    assert answered(platform, good(platform), Keys(signing=(b"",))) is None


def _signed_for(platform: str, asked: str, answer: Answer) -> Iterator[tuple[bytes, str]]:
    """Make what an attacker could make of an answer: pairs of a body and a signature."""
    words = [answer.body]
    if answer.content_type == "application/json":
        words += [str(value) for value in json.loads(answer.body).values()]
    texts = [asked, asked.partition("=")[2], answer.body, "hmacsha256=" + asked]
    for word in words:
        digest = word.rpartition("sha256=")[2]
        for signature in (word, digest, f"sha256={digest}", f"hmacsha256={digest}", f"v1,{digest}"):
            for text in texts:
                yield text.encode("utf-8", "surrogatepass"), signature


@each_handshake
@a_share
@given(st.data())
def test_nothing_that_a_handshake_signs_is_ever_taken_as_a_delivery(
    platform: str, data: st.DataObject
) -> None:
    body = st.sampled_from(DELIVERIES).map(bytes.decode) | st.from_regex(r'(\{"?|\[|<)\w{0,9}') | st.text()
    tokens = st.from_regex(HANDSHAKES[platform].tokens, fullmatch=True) | st.sampled_from(
        ["", "1", "null", "true", "[]", "{}", '""', "123e5"]
    )
    asked = data.draw(tokens | body | body.map("hmacsha256=".__add__))
    answer = answered(platform, good(platform, asked), shared(platform))

    for signed, signature in _signed_for(platform, asked, answer) if answer else ():
        others = headers(platform, signed)
        forged = {**others, PLATFORMS[platform].signature_header: signature}
        delivery = Request(headers=forged, body=signed, now=NOW)
        assert not passes(platform, delivery, shared(platform))


@each_platform
@a_share
@given(st.dictionaries(st.text(), st.text()), st.data())
def test_no_query_makes_it_crash(platform: str, query: dict[str, str], data: st.DataObject) -> None:
    shake = HANDSHAKES.get(platform)
    named = dict.fromkeys(sorted(shake.needed), "") if shake else {}
    values = {name: data.draw(st.text() | st.just("subscribe") | st.just(VERIFY_TOKEN)) for name in named}
    answer = answered(platform, query | values, shared(platform))

    assert answer is None or answer.content_type in {"text/plain", "application/json"}
    assert answer is None or "<" not in answer.body
