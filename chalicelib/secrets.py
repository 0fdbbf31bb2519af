"""What we share with the platforms: signing secrets, current and previous, and verify tokens.

One JSON document, in a file on a laptop, in a SecureString of Parameter Store on AWS:

    {"signing": {"facebook": ["current", "previous"], …}, "verify_tokens": {"facebook": "…", …}}
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from chalicelib import aws
from chalicelib.errors import ConfigurationError, Unavailable
from chalicelib.platforms.base import Keys

NONE = Keys()

FRESH_FOR = 300
"""Seconds after which the document is read again, so that a rotation needs no restart."""


@dataclass(slots=True)
class Secrets:
    """Reads the document when first asked and keeps it for FRESH_FOR seconds of `now`'s clock.

    A document that cannot be read again is used on: an outage of Parameter Store closes no door.
    """

    read: Callable[[], str]
    now: Callable[[], float]
    _keys: dict[str, Keys] = field(default_factory=dict)
    _read_at: float | None = None

    def keys(self, platform: str) -> Keys:
        """Give a platform's keys; none, if none are set: then nothing verifies.

        Raises:
            ConfigurationError: the document is not as documented.
            Unavailable: it could not be read yet.

        """
        if self._read_at is None or self.now() - self._read_at > FRESH_FOR:
            self._refresh()
        return self._keys.get(platform, NONE)

    def _refresh(self) -> None:
        try:
            self._keys = _keys(self.read())
        except Unavailable:
            if self._read_at is None:
                raise
        self._read_at = self.now()


def _keys(document: str) -> dict[str, Keys]:
    """Read the document. An empty secret is none: it would verify what anybody signs."""
    try:
        read = json.loads(document)
        signing, tokens = read.get("signing", {}), read.get("verify_tokens", {})
        return {
            name: Keys(
                tuple(map(str.encode, filter(None, _list(signing.get(name, []))))), tokens.get(name, "")
            )
            for name in {*signing, *tokens}
        }
    except (ValueError, AttributeError, TypeError) as error:
        # Not `from error`: its text may hold a secret.
        raise ConfigurationError(f"the secrets are not as documented ({type(error).__name__})") from None


def _list(secrets: Any) -> list[Any]:
    if not isinstance(secrets, list):
        raise TypeError("a list of secrets is expected: current, previous")
    return secrets


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

    def read() -> str:
        with aws.errors():
            answer = aws.client("ssm", aws.IMPATIENT).get_parameter(Name=name, WithDecryption=True)
        return str(answer["Parameter"]["Value"])

    return read
