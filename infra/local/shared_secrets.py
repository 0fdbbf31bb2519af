"""Signing secrets and verify tokens of a local run: made once, kept in DATA_DIR/secrets.json."""

import json
import secrets
from pathlib import Path
from typing import Any

from chalicelib.platforms import PLATFORMS
from infra.local import private_files

FILE = "secrets.json"
WITH_VERIFY_TOKEN = tuple(name for name, platform in PLATFORMS.items() if platform.has_verify_token)

Document = dict[str, Any]


def prepare(data_dir: Path) -> Document:
    """Read the secrets, and make those that are missing; the shape is that of `chalicelib/secrets.py`."""
    file = data_dir / FILE
    found: Document = json.loads(file.read_text("utf-8")) if file.exists() else {}
    signing, tokens = found.get("signing", {}), found.get("verify_tokens", {})
    document = {
        "signing": {name: signing.get(name) or [secrets.token_hex(32)] for name in PLATFORMS},
        "verify_tokens": {name: tokens.get(name) or secrets.token_urlsafe(24) for name in WITH_VERIFY_TOKEN},
    }
    if document != found:
        private_files.write(file, json.dumps(document, indent=2))
    return document
