"""Damages signatures: each way in which a header may be something else than what the platform signs."""

import base64
import hashlib
import re
import string
from collections.abc import Iterator

BASE64 = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"

# In their header a space ends one signature and begins the next.
SEVERAL_SIGNATURES = frozenset({"standard_webhooks"})

NO_SIGNATURES = {
    "empty": "",
    "space": " ",
    "word": "signature",
    "non-ASCII": "ä" * 64,
    "Arabic digits": "٣" * 64,
    "half a surrogate pair": "\ud800",
    "NUL": "\0" * 64,
    "huge": "x" * 65_536,
    "huge number": "9" * 5_000,
    "negative": "-1",
    "float": "1e309",
    "not a number": "nan",
    "JSON": '{"sha256":"0"}',
    "only a method": "sha256=",
    "only a method, no sign": "sha256",
    "only a version": "v1,",
    "zeros": "sha256=" + "0" * 64,
    "zeros in base64": "v1," + base64.b64encode(bytes(32)).decode(),
    "bare zeros": "0" * 64,
    "unknown method": "none=",
    "shake": "shake_128=" + "0" * 64,
    "weak": "md5=" + "0" * 32,
    "lengthless": "blake2b=" + "0" * 128,
}
"""Values that sign nothing, for any header that a platform signs with."""


def flipped(value: str) -> Iterator[str]:
    """Change each single character, also to those that a lenient decoder takes for the same."""
    for position, character in enumerate(value):
        index = BASE64.find(character)
        others = {BASE64[index ^ 1], BASE64[index ^ 2], BASE64[index ^ 16]} if index >= 0 else {"A"}
        others.add(character.swapcase())
        for other in others - {character}:
            yield value[:position] + other + value[position + 1 :]


def other_forms(value: str, body: bytes, secret: bytes) -> dict[str, str]:
    """Spell a good signature in every way that it might be mistaken for, and sign in ways that are none."""
    found = re.fullmatch(r"(\w+[=,](?=.))?(.+)", value)
    assert found
    method, digest = found.groups("")
    raw = bytes.fromhex(digest) if re.fullmatch("[0-9a-f]+", digest) else base64.b64decode(digest)
    methods = {
        f"method {m.strip('=,')}": m + digest for m in ("sha1=", "sha256=", "hmacsha256=", "v1,", "v2,")
    }
    return {
        **methods,
        "upper case": value.upper(),
        "other case": value.swapcase(),
        "upper-case digits": method + digest.upper(),
        "in hex": method + raw.hex(),
        "in base64": method + base64.b64encode(raw).decode(),
        "for addresses": method + base64.urlsafe_b64encode(raw).decode(),
        "unpadded": method + base64.b64encode(raw).decode().rstrip("="),
        "raw": method + raw.decode("latin-1"),
        "bare": digest,
        "method alone": method,
        "cut": value[:-1],
        "half": value[: len(value) // 2],
        "beheaded": value[1:],
        "longer": value + "0",
        "with NUL": value + "\0",
        "with non-ASCII": value + "ü",
        "quoted": f'"{value}"',
        "in a list": f"{value},{value}",
        "a thousand times": value * 1_000,
        "without a key": method + hashlib.sha256(body).hexdigest(),
        "key before": method + hashlib.sha256(secret + body).hexdigest(),
        "key behind": method + hashlib.sha256(body + secret).hexdigest(),
    }


def spaced(value: str) -> dict[str, str]:
    """Put white space where none belongs."""
    return {
        "space before": f" {value}",
        "space behind": f"{value} ",
        "line feed": f"{value}\n",
        "carriage return": f"{value}\r\n",
        "tab": f"\t{value}",
        "two of them": f"{value}, {value}",
    }
