"""What we share with the platforms: signing secrets, current and previous, verify tokens and access tokens.

One JSON document, in a file on a laptop, in a SecureString of Parameter Store on AWS:

    {"signing": {"facebook": ["current", "previous"], …}, "verify_tokens": {"facebook": "…", …},
     "access_tokens": {"facebook": {"<account id, or *>": "…"}, …}}
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from chalicelib import aws, observability
from chalicelib.errors import ConfigurationError, Unavailable, ZustaendigError
from chalicelib.platforms.base import Keys

FRESH_FOR = 300
"""Seconds after which the document is read again, so that a rotation needs no restart."""

AGAIN_AFTER = 10
"""Seconds until the next try after one that failed: an outage must not cost every request a call."""

AGAIN_AFTER_NONE = 1
"""The same as long as there are no secrets at all, and the door is shut."""

NONE = Keys()


@dataclass(slots=True)
class Secrets:
    """Reads the document when first asked, and again from time to time by `now`'s clock (seconds).

    A document that cannot be read, or is not as documented, closes no door that was open: the last good one
    is used on, and the log tells.
    """

    read: Callable[[], str]
    now: Callable[[], float]
    _keys: dict[str, Keys] | None = None
    _next_read: float = float("-inf")
    _failure: ZustaendigError = field(default_factory=lambda: Unavailable("the secrets were not read yet"))

    def keys(self, platform: str) -> Keys:
        """Give a platform's keys; none, if none are set: then nothing verifies.

        Raises:
            ConfigurationError: the document is not as documented, from the start.
            Unavailable: it could not be read yet.

        """
        if self.now() >= self._next_read:
            self._refresh()
        if self._keys is None:
            raise self._failure
        return self._keys.get(platform, NONE)

    def prefetch(self) -> None:
        """Read the document now; if that fails, the first who asks for keys tries again."""
        self._refresh()
        if self._keys is None:
            self._next_read = float("-inf")

    def _refresh(self) -> None:
        try:
            self._keys = _keys(self.read())
        except ZustaendigError as error:
            observability.logger().error("the secrets cannot be read: %s", error)
            self._failure = error
            self._next_read = self.now() + (AGAIN_AFTER_NONE if self._keys is None else AGAIN_AFTER)
        else:
            self._next_read = self.now() + FRESH_FOR


def _keys(document: str) -> dict[str, Keys]:
    try:
        read = json.loads(document)
        signing, tokens = dict(read.get("signing", {})), dict(read.get("verify_tokens", {}))
        access = dict(read.get("access_tokens", {}))
    except (ValueError, AttributeError, TypeError) as error:
        # Not `from error`: its text may hold a secret.
        raise ConfigurationError(f"the secrets are not as documented ({type(error).__name__})") from None
    names = {*signing, *tokens, *access}
    return {
        name: _keys_of(name, signing.get(name, []), tokens.get(name, ""), access.get(name, {}))
        for name in names
    }


def _keys_of(platform: str, signing: Any, token: Any, access: Any) -> Keys:
    """Read one platform's keys. What is wrong closes its own door alone; an empty secret would open it."""
    lists = isinstance(signing, list) and isinstance(access, dict)
    if not lists or not all(isinstance(text, str) for text in [*signing, token, *access.values()]):
        observability.logger().error("the secrets of %s are not as documented", platform)
        return NONE
    return Keys(tuple(secret.encode() for secret in signing if secret), token, access)


def from_file(path: str) -> Callable[[], str]:
    """Read the document from a file."""

    def read() -> str:
        try:
            return Path(path).read_text("utf-8")
        except OSError as error:
            raise ConfigurationError(f"SECRETS_FILE: {error}") from error

    return read


def from_parameter(name: str) -> Callable[[], str]:
    """Read the document from Parameter Store."""
    client = cache(lambda: aws.client("ssm", aws.HASTY))

    def read() -> str:
        with aws.errors():
            answer = client().get_parameter(Name=name, WithDecryption=True)
        return str(answer["Parameter"]["Value"])

    return read
