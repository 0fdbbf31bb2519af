"""What we share with the platforms: signing secrets, current and previous, verify tokens and access tokens.

One JSON document; `secret_stores.py` tells where it lies:

    {"signing": {"facebook": ["current", "previous"], …}, "verify_tokens": {"facebook": "…", …},
     "access_tokens": {"facebook": {"<account id, or *>": "…"}, …}}
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar

from chalicelib import observability
from chalicelib.errors import (
    ConfigurationError,
    HandshakeRefused,
    NotFound,
    SignatureError,
    Unavailable,
    ZustaendigError,
)
from chalicelib.platforms.base import Keys

FRESH_FOR = 300
"""Seconds after which the document is read again, so that a rotation needs no restart."""

AGAIN_AFTER = 60
"""Seconds from one try to the next, whatever asks for it: an outage, or somebody whom our keys do not fit."""

AGAIN_AFTER_NONE = 1
"""The same as long as there are no secrets at all, and the door is shut."""

NONE = Keys()

T = TypeVar("T")


@dataclass(slots=True)
class Secrets:
    """Reads the document when first asked, and again from time to time by `now`'s clock (seconds).

    A document that cannot be read, or is not as documented, closes no door that was open: the last good one
    is used on, and the log tells.
    """

    read: Callable[[], str | bytes]
    now: Callable[[], float]
    _keys: dict[str, Keys] | None = None
    _read_at: float = float("-inf")
    _next_read: float = float("-inf")
    _failure: ZustaendigError = field(default_factory=lambda: Unavailable("the secrets were not read yet"))
    _reading: Lock = field(default_factory=Lock)

    def keys(self, platform: str) -> Keys:
        """Give a platform's keys; none, if none are set: then nothing verifies.

        Raises:
            ConfigurationError: the document is not as documented, from the start.
            Unavailable: it could not be read yet.

        """
        if self.now() >= self._next_read:
            with self._reading:
                if self.now() >= self._next_read:  # nobody else has read it meanwhile
                    self._refresh()
        if self._keys is None:
            raise self._failure.with_traceback(None)  # raised many times, it must not grow
        return self._keys.get(platform, NONE)

    def proved(self, platform: str, prove: Callable[[Keys], T]) -> T:
        """Have something proved with a platform's keys; if they refuse it, once more with newer ones.

        The document is read again for that, unless it was in the last minute: then, and if it still says the
        same, the refusal stays.

        Raises:
            SignatureError, HandshakeRefused, NotFound: as `prove` does.
            ConfigurationError, Unavailable: as `keys` does.

        """
        keys = self.keys(platform)
        try:
            return prove(keys)
        except (SignatureError, HandshakeRefused, NotFound):
            newer = self._newer(platform)
            if newer == keys:
                raise
        return prove(newer)

    def prefetch(self) -> None:
        """Read the document now; if that fails, the first who asks for keys tries again."""
        self._refresh()
        if self._keys is None:
            self._next_read = float("-inf")

    def _newer(self, platform: str) -> Keys:
        with self._reading:
            if self.now() >= self._read_at + AGAIN_AFTER:
                self._refresh()
        return (self._keys or {}).get(platform, NONE)

    def _refresh(self) -> None:
        self._read_at = self.now()
        try:
            self._keys = _keys(self.read(), self._keys or {})
        except ZustaendigError as error:
            observability.logger().error("the secrets cannot be read: %s", error)
            self._failure = error
            self._next_read = self.now() + (AGAIN_AFTER_NONE if self._keys is None else AGAIN_AFTER)
        else:
            self._next_read = self.now() + FRESH_FOR


def _keys(document: str | bytes, before: Mapping[str, Keys]) -> dict[str, Keys]:
    try:
        read = json.loads(document)
        signing, tokens = dict(read.get("signing", {})), dict(read.get("verify_tokens", {}))
        access = dict(read.get("access_tokens", {}))
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        # Not `from error`: its text may hold a secret.
        raise ConfigurationError(f"the secrets are not as documented ({type(error).__name__})") from None
    names = {*signing, *tokens, *access}
    return {
        name: _keys_of(signing.get(name, []), tokens.get(name, ""), access.get(name, {}))
        or _kept(name, before)
        for name in names
    }


def _kept(platform: str, before: Mapping[str, Keys]) -> Keys:
    """Go on with what a platform had: what is wrong now must not close its door."""
    observability.logger().error("the secrets of %s are not as documented", platform)
    return before.get(platform, NONE)


def _keys_of(signing: Any, token: Any, access: Any) -> Keys | None:
    """Read one platform's keys; None if they are not as documented. An empty secret would open its door."""
    lists = isinstance(signing, list) and isinstance(access, dict)
    if not lists or not all(_is_text(each) for each in [*signing, token, *access.values()]):
        return None
    return Keys(tuple(secret.encode() for secret in signing if secret), token, access)


def _is_text(value: Any) -> bool:
    """Tell whether it is a text, and a whole one: half a surrogate pair has no bytes to sign with."""
    return isinstance(value, str) and not any("\ud800" <= each <= "\udfff" for each in value)
