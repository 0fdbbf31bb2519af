"""Requests that must be refused at the door, by name: each is what `World.request` takes."""

import base64
import gzip
from typing import Any

from tests import signing
from tests.contract.damage import NO_SIGNATURES, SEVERAL_SIGNATURES, other_forms, spaced
from tests.contract.junk import real_delivery
from tests.handshakes import HANDSHAKES
from tests.signing import NOW, spelt

Asked = dict[str, Any]

CONTENT_TYPES = (
    "text/html",
    "text/csv",
    "text/plain",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=a",
    "application/jsonp",
    "application/json\0",
    "ä",
    ";",
    "x" * 10_000,
)
NAMES = (
    "_%20",
    " _",
    "_.",
    "_\0",
    "_ä",
    "_" * 1_000,
    "..",
    "%2e%2e",
    "\ud800",
    "_'--",
    "${_}",
    "*",
    "__class__",
)
QUERIES = {
    "nothing": {},
    "everything empty": dict.fromkeys(
        ("hub.mode", "hub.challenge", "hub.verify_token", "hub.topic", "crc_token", "challengeCode"), ""
    ),
    "PHP's spelling": {"hub_mode": "subscribe", "hub_challenge": "1", "hub_verify_token": "contract-token"},
    "half a surrogate pair": dict.fromkeys(("hub.verify_token", "crc_token", "challengeCode"), "\ud800"),
    "markup": dict.fromkeys(("hub.challenge", "crc_token", "challengeCode"), "<script>alert(1)</script>"),
    "a delivery": dict.fromkeys(("hub.challenge", "crc_token", "challengeCode"), '{"entry":[]}'),
    "huge": dict.fromkeys(("hub.challenge", "crc_token", "challengeCode", "hub.verify_token"), "a" * 100_000),
    "line feed": dict.fromkeys(("hub.challenge", "crc_token", "challengeCode"), "1\r\nSet-Cookie: a=b"),
    "path": dict.fromkeys(("hub.topic", "crc_token", "challengeCode"), "../../etc/passwd?"),
    "address": dict.fromkeys(("hub.topic", "hub.challenge", "crc_token"), "http://169.254.169.254/latest/"),
}


def unsigned(platform: str) -> dict[str, Asked]:
    """Make deliveries that the platform did not sign."""
    body, secret = real_delivery(platform), spelt(platform, f"{platform}-current")
    good = signing.signed(platform, secret, body)
    name = next(name for name in good if "signature" in name.lower())
    values = dict(NO_SIGNATURES)
    accepted = {form(secret, body, NOW).get(name) for form in signing.FORMS[platform]}
    others = other_forms(good[name], body, secret.encode())
    others |= {} if platform in SEVERAL_SIGNATURES else spaced(good[name])
    values |= {why: value for why, value in others.items() if value not in accepted}
    damaged = {f"signature: {why}": {"headers": {**good, name: value}} for why, value in values.items()}
    return {
        **{why: _delivery(platform, {"body": body, **asked}) for why, asked in damaged.items()},
        **{why: _delivery(platform, asked) for why, asked in _others(platform, body, good).items()},
    }


def _others(platform: str, body: bytes, good: dict[str, str]) -> dict[str, Asked]:
    def signed(word: str, what: bytes = body) -> dict[str, str]:
        return signing.signed(platform, spelt(platform, word), what)

    return {
        "no headers": {"body": body, "headers": None},
        "no signature": {"body": body, "headers": {"Content-Type": good["Content-Type"]}},
        "empty secret": {"body": body, "headers": signing.signed(platform, spelt(platform, ""), body)},
        "another secret": {"body": body, "headers": signed("never ours")},
        "verify token as secret": {"body": body, "headers": signed(f"{platform}-token")},
        "another platform's secret": {"body": body, "headers": signed("nobody-current")},
        "another body's signature": {"body": body, "headers": signed(f"{platform}-current", body + b" ")},
        "no body": {"body": None, "headers": good},
        "empty body": {"body": b"", "headers": good},
        "cut body": {"body": body[:-1], "headers": good},
        "zipped body": {"body": gzip.compress(body), "headers": {**good, "Content-Encoding": "gzip"}},
        "escapes rewritten": {"body": body + b"\n", "headers": good},
        "another charset": {"body": body.decode().encode("utf-16"), "headers": good},
        "half a surrogate pair": {"body": '{"a":"\ud800"}', "headers": good},
        "broken base64": {"body": "%%%", "headers": good, "isBase64Encoded": True},
        "half base64": {
            "body": base64.b64encode(body).decode()[:-3],
            "headers": good,
            "isBase64Encoded": True,
        },
        "base64 of nobody": {"body": base64.b64encode(body).decode(), "headers": good},
        "base64 that is none": {"body": body.decode(), "headers": good, "isBase64Encoded": True},
        "base64 twice": {
            "body": base64.b64encode(base64.b64encode(body)).decode(),
            "headers": good,
            "isBase64Encoded": True,
        },
    }


def _delivery(platform: str, asked: Asked) -> Asked:
    return {"method": "POST", "path": f"/webhooks/{platform}", **asked}


def misplaced(platform: str) -> dict[str, Asked]:
    """Make requests with a good signature, but another method, content type or address."""
    body = real_delivery(platform)
    good = signing.signed(platform, spelt(platform, f"{platform}-current"), body)
    sent = _delivery(platform, {"body": body, "headers": good})
    return {
        **{f"method: {method}": {**sent, "method": method} for method in ("PUT", "PATCH", "DELETE", "HEAD")},
        "method: GET": {**sent, "method": "GET"},
        **{f"type: {t[:40]}": {**sent, "headers": {**good, "Content-Type": t}} for t in CONTENT_TYPES},
        **{f"name: {n[:40]}": {**sent, "path": "/webhooks/" + n.replace("_", platform)} for n in NAMES},
        "name: upper case": {**sent, "path": f"/webhooks/{platform.upper()}"},
    }


def strange_handshakes(platform: str) -> dict[str, Asked]:
    """Make handshakes that the platform did not ask."""
    asked: dict[str, Asked] = {why: {"query": query} for why, query in QUERIES.items()}
    shake = HANDSHAKES.get(platform)
    if shake:
        good = shake.query(shake.token, f"{platform}-token")
        for name in shake.needed:
            others = {other: value for other, value in good.items() if other != name}
            asked[f"without {name}"] = {"query": others}
            asked[f"empty {name}"] = {"query": {**others, name: ""}}
            asked[f"other {name}"] = {"query": {**others, name: good[name] + "<"}}
        asked["another platform's token"] = {"query": shake.query("<", "nobody-token")}
    twice = {
        name: ["", "<"] for name in ("hub.mode", "hub.challenge", "hub.topic", "crc_token", "challengeCode")
    }
    asked["everything twice"] = {"multiValueQueryStringParameters": twice}
    return {
        f"handshake: {why}": {"method": "GET", "path": f"/webhooks/{platform}", **query}
        for why, query in asked.items()
    }
