"""What Meta's platforms share: handshake, signature and envelope.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

import hmac
import re
from collections.abc import Callable, Iterator, Mapping

from chalicelib.errors import BadRequest, HandshakeRefused, PayloadError
from chalicelib.message import Author, Ignored, Kind, Message
from chalicelib.platforms import signatures, tame
from chalicelib.platforms.base import ANY_TIME, Answer, Keys, Lookup, Platform, Request
from chalicelib.platforms.tame import Json, Object

DASHBOARD_TEST = "0"  # entry.id that the App Dashboard's "Test" button sends
SIGNATURE_HEADER = "x-hub-signature-256"
LISTS = ("changes", "messaging", "standby")
VALUES_LEFT_OUT = "the delivery has no values: switch on 'Include Values' in the App Dashboard"
DAY = 24 * 60 * 60
# https://developers.facebook.com/docs/messenger-platform/policy/policy-overview
DIRECT_WINDOW = {Kind.DIRECT_MESSAGE: DAY}
# A private reply to a comment; a public one has no limit, but is no use to who asked for a private one.
# https://developers.facebook.com/docs/messenger-platform/discovery/private-replies
PRIVATE_REPLY_WINDOW = {Kind.COMMENT: 7 * DAY, Kind.REPLY: 7 * DAY}
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{1,128}")  # an integer in the documentation; never markup


def sign(secret: bytes, body: bytes, _now: int) -> dict[str, str]:
    """Make the header that signs a body."""
    return {SIGNATURE_HEADER: _signature(secret, body).decode()}


def _signature(secret: bytes, body: bytes) -> bytes:
    return b"sha256=" + signatures.hex_sha256(secret, body)


def verify(request: Request, keys: Keys) -> None:
    r"""Check `X-Hub-Signature-256` over the raw body. The legacy sha1 header is not looked at.

    Meta signs the escaped body (`\u00e4`, `\/`), so only the bytes as they came verify.
    https://developers.facebook.com/docs/messenger-platform/webhooks#validate-payloads

    Raises:
        SignatureError: it does not fit.

    """
    expected = [_signature(secret, request.body) for secret in keys.signing]
    signatures.check(request.headers.get(SIGNATURE_HEADER), expected)


def answer_handshake(request: Request, keys: Keys) -> Answer:
    """Echo the challenge as plain text if the caller knows our verify token.

    https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests

    Raises:
        HandshakeRefused: wrong or no verify token, or we have none.
        BadRequest: not a subscription, or a challenge Meta would not send.

    """
    token = request.query.get("hub.verify_token", "").encode("utf-8", "surrogatepass")
    if not keys.verify_token or not hmac.compare_digest(token, keys.verify_token.encode()):
        raise HandshakeRefused("hub.verify_token is not ours")
    challenge = request.query.get("hub.challenge", "")
    if request.query.get("hub.mode") != "subscribe" or not CHALLENGE.fullmatch(challenge):
        raise BadRequest("expected hub.mode=subscribe and a hub.challenge")
    return Answer("text/plain", challenge)


def split(payload: Json) -> Iterator[Json]:
    """Yield one payload for each change or messaging event, in body order.

    Instagram Login puts `field` and `value` on the entry itself; such an entry is one event already.
    """
    payload = tame.an_object(payload, "the delivery")
    if not isinstance(payload.get("entry"), list):
        raise PayloadError("the delivery has no list `entry`")
    for entry in payload["entry"]:
        found = [key for key in LISTS if isinstance(entry, dict) and isinstance(entry.get(key), list)]
        for key in found:
            rest = {name: value for name, value in entry.items() if name not in LISTS}
            for event in entry[key]:
                yield {"object": payload.get("object"), "entry": [{**rest, key: [event]}]}
        if not found:
            yield {"object": payload.get("object"), "entry": [entry]}


def event(payload: Object) -> tuple[str | None, str, Json]:
    """Take the one event of a split delivery apart: (account id, field, value as it came).

    Raises:
        PayloadError: it is no event, or the app leaves the values out.

    """
    entry = tame.only(payload, "entry")
    account = tame.identifier(entry, "id")
    if "changed_fields" in entry:
        raise PayloadError(VALUES_LEFT_OUT)
    for key in ("messaging", "standby"):
        if key in entry:
            return account, "messaging", tame.only(entry, key)
    change = tame.only(entry, "changes") if "changes" in entry else entry
    return account, tame.text(change, "field") or "", change.get("value")


def content(value: Json, field: str) -> dict[str, Json]:
    """Read the value of a field that we want to read.

    Raises:
        PayloadError: the app leaves it out.

    """
    found = tame.an_object(value, field)
    if not found:
        raise PayloadError(VALUES_LEFT_OUT)
    return found


def author(value: Object, name: str = "name") -> Author:
    """Read `from`, or the `sender_id`/`sender_name` of Graph API 2.10 and older."""
    person = tame.mapping(value, "from")
    return Author(
        tame.identifier(person, "id") or tame.identifier(value, "sender_id"),
        tame.text(person, name) or tame.text(value, "sender_name"),
    )


def platform(
    name: str,
    read: Callable[[Json], Message | Ignored],
    *,
    split: Callable[[Json], Iterator[Json]] = split,
    lookup: Lookup | None = None,
    reply_windows: Mapping[Kind, int] = ANY_TIME,
) -> Platform:
    """Declare a platform of Meta's: they differ in what they say, not in how they prove who they are."""
    return Platform(
        name=name,
        has_verify_token=True,
        signature_header=SIGNATURE_HEADER,
        sign=sign,
        verify=verify,
        answer_handshake=answer_handshake,
        split=split,
        read=read,
        lookup=lookup,
        reply_windows=reply_windows,
    )
