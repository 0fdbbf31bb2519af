"""Signing secrets and verify tokens of a local run: made once, kept in DATA_DIR/secrets.json."""

import json
import secrets
from pathlib import Path
from typing import Any

from chalicelib.errors import ConfigurationError
from chalicelib.platforms import PLATFORMS
from chalicelib.platforms.base import Platform
from infra.local import private_files

FILE = "secrets.json"
WITH_VERIFY_TOKEN = tuple(name for name, platform in PLATFORMS.items() if platform.has_verify_token)

Document = dict[str, Any]


def prepare(data_dir: Path) -> Document:
    """Read the secrets, and make those that are missing; the shape is that of `chalicelib/secrets.py`.

    Raises:
        ConfigurationError: what lies there is something else.

    """
    file = data_dir / FILE
    found = _read(file)
    signing, tokens = found.get("signing", {}), found.get("verify_tokens", {})
    made = {name: [_secret(platform)] for name, platform in PLATFORMS.items() if not signing.get(name)}
    given = {name: secrets.token_urlsafe(24) for name in WITH_VERIFY_TOKEN if not tokens.get(name)}
    document = {**found, "signing": signing | made, "verify_tokens": tokens | given}
    if document != found:
        private_files.write(file, json.dumps(document, indent=2))
    return document


def _secret(platform: Platform) -> str:
    return platform.spell_secret(secrets.token_bytes(32))


def _read(file: Path) -> Document:
    """Read what is there; nothing, if there is no file yet."""
    try:
        found: Document = json.loads(file.read_text("utf-8")) if file.exists() else {}
        return {name: dict(part) for name, part in found.items()}
    except (ValueError, TypeError, AttributeError):  # what it says may be a secret
        raise ConfigurationError(f"{file} is not as docs/running.md tells: mend it, or remove it") from None
