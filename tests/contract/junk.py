"""What no platform sends: values and bodies that a reader might stumble over."""

import json
from collections.abc import Iterator
from typing import Any

from tests import recorded


def nested(levels: int, inner: Any = None) -> Any:
    """Wrap lists and objects in one another."""
    for level in range(levels):
        inner = [inner] if level % 2 else {"a": inner}
    return inner


VALUES: dict[str, Any] = {
    "null": None,
    "true": True,
    "zero": 0,
    "negative": -1,
    "fraction": 0.5,
    "huge number": 10**400,
    "not a number": float("nan"),
    "infinity": float("-inf"),
    "empty text": "",
    "space": " ",
    "half a surrogate pair": "\ud800",
    "surrogates swapped": "\udc00\ud800",
    "U+FFFF": "\uffff",
    "NUL": "a\0b",
    "controls": "\x1b[31m\x7f\x85",
    "overrides": "\u202e\u2066\ufeff",
    "huge text": "ü" * 100_000,
    "digits": "9" * 5_000,
    "Arabic digits": "١٧٦٤٠٥٧٦٠٥",
    "year 0": "0000-00-00T00:00:00Z",
    "year 9999": "9999-12-31T23:59:59-23:59",
    "dashes": "-----",
    "empty list": [],
    "empty object": {},
    "list of null": [None],
    "list of lists": [[], [[]]],
    "list of numbers": [1, 2.5, -3],
    "object of null": {"id": None, "text": None},
    "deep": nested(100),
    "deeper": nested(700),
}
"""Values for the place of any other in a delivery."""


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


BODIES: dict[str, bytes] = {
    "empty": b"",
    "space": b" \r\n\t",
    "a word": b"hello",
    "cut off": b'{"entry":[{"id":"1"',
    "trailing": b"{} {}",
    "comma": b'{"entry":[],}',
    "comment": b'{"entry":[]} // all',
    "single quotes": b"{'entry':[]}",
    "null": b"null",
    "true": b"true",
    "number": b"7",
    "huge number": b"1" * 4_301,
    "large number": b"1" + b"0" * 4_000,
    "exponent": b"1e999999999",
    "not a number": b'{"entry":NaN,"data":Infinity,"notifications":-Infinity}',
    "text": b'"text"',
    "empty list": b"[]",
    "list of deliveries": b'[{"entry":[]}]',
    "empty object": b"{}",
    "nulls": _json(
        dict.fromkeys(("object", "entry", "data", "for_user_id", "notifications", "values", "type"))
    ),
    "empty lists": _json({"entry": [], "tweet_create_events": [], "notifications": [], "items": []}),
    "lists of null": _json({"entry": [None], "tweet_create_events": [None], "notifications": [None]}),
    "lists of lists": _json({"entry": [[[]]], "tweet_create_events": [[]], "notifications": [[]]}),
    "duplicate keys": b'{"entry":[],"entry":null,"data":{},"data":[],"type":"a","type":7}',
    "NUL bytes": b"\0" * 100,
    "NUL in text": b'{"entry":[{"id":"\\u0000"}]}',
    "raw control": b'{"entry":"\x00\x1f"}',
    "half a surrogate pair": b'{"entry":[{"id":"\\ud800","changes":[{"field":"\\udfff"}]}]}',
    "surrogate in UTF-8": b'{"entry":"\xed\xa0\x80"}',
    "no UTF-8": b'{"entry":"\xff\xfe\xfa"}',
    "overlong": b'{"entry":"\xc0\xaf"}',
    "Latin-1": '{"entry":"Grüße"}'.encode("latin-1"),
    "UTF-16": '{"entry":[]}'.encode("utf-16"),
    "UTF-32": '{"entry":[]}'.encode("utf-32-be"),
    "BOM alone": b"\xef\xbb\xbf",
    "two BOMs": b"\xef\xbb\xbf\xef\xbb\xbf{}",
    "gzip": bytes.fromhex("1f8b08000000000002ffabae050043bfa6a302000000"),
    "form": b"hub.mode=subscribe&hub.challenge=1",
    "multipart": b'--a\r\nContent-Disposition: form-data; name="entry"\r\n\r\n[]\r\n--a--\r\n',
    "HTML": b"<!doctype html><script>alert(1)</script>",
    "YAML": b"entry: &a [*a, *a]\n",
    "pickle": bytes.fromhex("80049509000000000000008c0361626394942e"),
    "long key": _json({"k" * 100_000: 1}),
    "many keys": _json({str(number): number for number in range(20_000)}),
    "long list": _json(list(range(100_000))),
    "a prototype": b'{"__proto__":{"entry":[]},"constructor":{"prototype":{}}}',
    "our own envelope": b'{"platform":"x","received_at":7,"encoding":"plain","is_part":true}\n[]',
    **{f"{levels} lists": b"[" * levels + b"]" * levels for levels in (500, 1_000, 5_000, 100_000)},
    **{f"{levels} objects": b'{"a":' * levels + b"1" + b"}" * levels for levels in (900, 10_000, 100_000)},
    **{f"{levels} unclosed": b'[{"entry":' * levels for levels in (1_000, 100_000)},
    **{
        f"deep in {name}": b'{"%s":' % name.encode() + b"[" * levels + b"]" * levels + b"}"
        for name in ("entry", "data", "notifications", "values")
        for levels in (300, 990, 3_000)
    },
}
"""Bodies that are no delivery of any platform; in JSON, or nearly."""


def damaged(delivery: bytes) -> Iterator[tuple[str, bytes]]:
    """Damage the bytes of a real delivery."""
    half = len(delivery) // 2
    yield "cut in half", delivery[:half]
    yield "last byte missing", delivery[:-1]
    yield "first byte missing", delivery[1:]
    yield "twice", delivery * 2
    yield "NUL inside", delivery[:half] + b"\0" + delivery[half:]
    yield "bytes inside", delivery[:half] + b"\xff\xfe" + delivery[half:]
    yield "reversed", delivery[::-1]
    yield "in UTF-16", delivery.decode().encode("utf-16")
    yield "as text", json.dumps(delivery.decode()).encode()
    yield "in a list", b"[" + delivery + b"]"
    yield "without text", delivery.translate(None, b'"')
    yield "without digits", delivery.translate(None, b"0123456789")
    yield "other digits", delivery.translate(bytes.maketrans(b"0123456789", b"5678901234"))
    yield "upper case", delivery.upper()


def real_delivery(platform: str) -> bytes:
    """Give a real delivery that opens a ticket, a short one."""
    found = (d.body for d in recorded.deliveries() if d.platform == platform and d.opening)
    return min(found, key=len)
