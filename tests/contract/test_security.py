"""Every platform: what it signed passes, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import SignatureError
from chalicelib.platforms import PLATFORMS
from chalicelib.platforms.base import Keys, Request
from tests import recorded, signing
from tests.contract.damage import NO_SIGNATURES, SEVERAL_SIGNATURES, flipped, other_forms, spaced
from tests.contract.requests import BODY, a_share, each_form, each_platform, headers, keys, passes, request
from tests.signing import NOW, spelt

RECORDED = {delivery.platform: delivery.body for delivery in recorded.deliveries()}


@each_form
@pytest.mark.parametrize("word", ["current", "previous"])
def test_a_delivery_signed_with_either_secret_passes(platform: str, form: int, word: str) -> None:
    delivery = request(platform, RECORDED[platform], word=word, form=form)

    assert passes(platform, delivery, keys(platform, "current", "previous"))
    assert passes(platform, delivery, keys(platform, "previous", "current"))


@each_form
def test_a_secret_that_was_removed_or_never_ours_is_refused(platform: str, form: int) -> None:
    for word in ("previous", "never ours", "curren", "current2", "Current", " current"):
        assert not passes(platform, request(platform, word=word, form=form), keys(platform, "current"))


@each_form
def test_every_flipped_bit_of_the_body_is_refused(platform: str, form: int) -> None:
    good = request(platform, form=form)
    for position in range(len(BODY) * 8):
        body = bytearray(BODY)
        body[position // 8] ^= 1 << position % 8
        assert not passes(platform, good._replace(body=bytes(body)), keys(platform, "current"))


@each_form
def test_a_body_that_was_cut_or_grew_is_refused(platform: str, form: int) -> None:
    good = request(platform, form=form)
    bodies = [BODY[:-1], BODY[1:], BODY + b"\n", BODY + b"\0", b" " + BODY, b"\xef\xbb\xbf" + BODY, b""]
    bodies += [
        BODY.replace(b"\\/", b"/"),
        BODY.replace(b"\\u00e4", "ä".encode()),
        BODY.decode().encode("utf-16"),
    ]

    for body in bodies:
        assert not passes(platform, good._replace(body=body), keys(platform, "current"))


@each_form
def test_every_changed_character_of_what_signs_is_refused(platform: str, form: int) -> None:
    good = request(platform, form=form)
    for name, value in good.headers.items():
        for changed in flipped(value):
            damaged = good._replace(headers={**good.headers, name: changed})
            assert not passes(platform, damaged, keys(platform, "current")), changed


@each_form
def test_a_header_that_is_missing_or_signs_nothing_is_refused(platform: str, form: int) -> None:
    good = request(platform, form=form)
    for name in good.headers:
        without = {other: value for other, value in good.headers.items() if other != name}
        assert not passes(platform, good._replace(headers=without), keys(platform, "current"))
        for why, junk in NO_SIGNATURES.items():
            damaged = good._replace(headers={**without, name: junk})
            assert not passes(platform, damaged, keys(platform, "current")), (name, why)


@each_form
def test_a_good_signature_in_another_form_is_refused(platform: str, form: int) -> None:
    good, name = request(platform, form=form), PLATFORMS[platform].signature_header
    forms = range(len(signing.FORMS[platform]))
    documented = {headers(platform, BODY, form=form)[name] for form in forms}
    others = other_forms(good.headers[name], BODY, spelt(platform, "current").encode())
    if platform not in SEVERAL_SIGNATURES:
        others |= spaced(good.headers[name])

    for why, other in others.items():
        damaged = good._replace(headers={**good.headers, name: other})
        assert passes(platform, damaged, keys(platform, "current")) == (other in documented), why


@each_platform
@pytest.mark.parametrize("other", sorted(PLATFORMS))
def test_another_platforms_signature_passes_only_where_the_form_is_the_same(
    platform: str, other: str
) -> None:
    forms = [headers(platform, BODY, word="contract", form=n) for n in range(len(signing.FORMS[platform]))]
    secret = keys(platform, "contract")  # which is base64 as well
    theirs = signing.FORMS[other][0](spelt(platform, "contract"), BODY, NOW)
    signature = theirs[next(name for name in theirs if "signature" in name.lower())]

    as_it_is = {name.lower(): value for name, value in theirs.items() if name != "Content-Type"}
    in_our_header = {PLATFORMS[platform].signature_header: signature}
    for disguise in (as_it_is, in_our_header, forms[0] | in_our_header):
        delivery = Request(headers=disguise, body=BODY, now=NOW)
        assert passes(platform, delivery, secret) == (disguise in forms)


@each_platform
def test_without_a_secret_nothing_passes(platform: str) -> None:
    for word in ("", "current"):
        with pytest.raises(SignatureError, match="no signing secret"):
            PLATFORMS[platform].verify(request(platform, word=word), Keys(()))


@each_form
def test_an_empty_secret_signs_nothing(platform: str, form: int) -> None:
    unkeyed = request(platform, word="", form=form)

    for empty in (b"", spelt(platform, "").encode()):
        assert not passes(platform, unkeyed, Keys((empty,)))
        assert not passes(platform, unkeyed, Keys((empty, spelt(platform, "current").encode())))


@each_platform
def test_a_secret_that_is_none_signs_nothing_and_hides_no_other(platform: str) -> None:
    good = request(platform)
    for junk in (b"%", b"\xff\xfe", b"whsec_", b"whsec_%%%", "schlüssel".encode(), b"=", b"A" * 10_000):
        current = keys(platform, "current").signing
        assert not passes(platform, good, Keys((junk,)))
        assert passes(platform, good, Keys((junk, *current)))
        assert passes(platform, good, Keys((*current, junk)))


@each_platform
@a_share
@given(body=st.binary(), word=st.text(min_size=1, max_size=20))
def test_our_own_signing_is_the_documented_one(platform: str, body: bytes, word: str) -> None:
    how, secret = PLATFORMS[platform], spelt(platform, word)
    ours = how.sign(secret.encode("utf-8", "surrogatepass"), body, NOW)

    assert ours.keys() >= {how.signature_header}
    assert ours == headers(platform, body, word=word)


@each_platform
@a_share
@given(st.dictionaries(st.text(), st.text()), st.text(), st.binary())
def test_no_header_makes_it_crash(platform: str, others: dict[str, str], signature: str, body: bytes) -> None:
    good = headers(platform, body)
    for name in good:
        delivery = Request(headers={**others, **good, name: signature}, body=body, now=NOW)
        assert passes(platform, delivery, keys(platform, "current")) == (signature == good[name])
