"""Requests as a platform would send them, signed in each of its forms, and what we share with it."""

import pytest
from hypothesis import HealthCheck, settings

from chalicelib.errors import SignatureError
from chalicelib.platforms import PLATFORMS
from chalicelib.platforms.base import Keys, Request
from tests import signing
from tests.signing import NOW, spelt

BODY = '{"text":"Grüße 😀 \\u00e4\\/"}'.encode()

FORMS = [(name, form) for name in sorted(PLATFORMS) for form in range(len(signing.FORMS.get(name, "?")))]

# A rule is tried for every platform, so each gets a share of the examples.
a_share = settings(
    max_examples=max(50, settings().max_examples // 20),
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # a world may be used again: see settling.py
)

each_platform = pytest.mark.parametrize("platform", sorted(PLATFORMS))
each_form = pytest.mark.parametrize(("platform", "form"), FORMS)


def keys(platform: str, *words: str) -> Keys:
    """Make the keys of a platform whose secrets are these words."""
    return Keys(tuple(spelt(platform, word).encode() for word in words))


def headers(
    platform: str, body: bytes, *, word: str = "current", form: int = 0, now: int = NOW
) -> dict[str, str]:
    """Make the headers that sign a body, by their names in lower case."""
    made = signing.FORMS[platform][form](spelt(platform, word), body, now)
    return {name.lower(): value for name, value in made.items() if name != "Content-Type"}


def request(platform: str, body: bytes = BODY, *, word: str = "current", form: int = 0) -> Request:
    """Make a signed delivery."""
    return Request(headers=headers(platform, body, word=word, form=form), body=body, now=NOW)


def passes(platform: str, delivery: Request, shared: Keys) -> bool:
    """Tell whether a delivery passes; any other error than the one documented is not caught."""
    try:
        PLATFORMS[platform].verify(delivery, shared)
    except SignatureError:
        return False
    return True
