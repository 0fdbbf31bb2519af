"""What Meta's platforms share: handshake, signature, envelope and messaging events.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

import hmac
import re
from collections.abc import Iterator

from chalicelib.errors import BadRequest, HandshakeRefused, PayloadError
from chalicelib.message import Author, Change, Ignored, Kind, Message
from chalicelib.platforms import signatures, tame
from chalicelib.platforms.base import Answer, Keys, Request
from chalicelib.platforms.tame import Json, Object

DASHBOARD_TEST = "0"  # entry.id that the App Dashboard's "Test" button sends
SIGNATURE_HEADER = "x-hub-signature-256"
LISTS = ("changes", "messaging", "standby")
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


def event(payload: Object) -> tuple[str | None, str, Object]:
    """Take the one event of a split delivery apart: (account id, field, value)."""
    entry = tame.only(payload, "entry")
    account = tame.identifier(entry, "id")
    if "changed_fields" in entry:
        raise PayloadError("the delivery has no values: switch on 'Include Values' in the App Dashboard")
    for key in ("messaging", "standby"):
        if key in entry:
            return account, "messaging", tame.only(entry, key)
    change = tame.only(entry, "changes") if "changes" in entry else entry
    return account, tame.text(change, "field") or "", tame.mapping(change, "value")


def author(value: Object, name: str = "name") -> Author:
    """Read `from`, or the `sender_id`/`sender_name` of Graph API 2.10 and older."""
    person = tame.mapping(value, "from")
    return Author(
        tame.identifier(person, "id") or tame.identifier(value, "sender_id"),
        tame.text(person, name) or tame.text(value, "sender_name"),
    )


def direct_message(platform: str, account: str | None, value: Object) -> Message | Ignored:
    """Read a messaging event: dispatch on which key exists. Messages, edits and pressed buttons count.

    https://developers.facebook.com/docs/messenger-platform/reference/webhook-events
    """
    sender = tame.identifier(tame.mapping(value, "sender"), "id")
    if "message" in value:
        return _message(platform, account, sender, value)
    key = "message_edit" if "message_edit" in value else "postback"
    said = tame.mapping(value, key)
    words = tame.text(said, "text", "title")
    ours = _is_ours(value, said, sender, account)
    if not said.get("mid") or not words or (key == "postback" and ours):
        return Ignored.NOT_A_MESSAGE
    return Message(
        platform=platform,
        change=Change.EDITED if key == "message_edit" else Change.CREATED,
        kind=Kind.DIRECT_MESSAGE,
        account_id=account,
        message_id=tame.required(said, "mid"),
        from_us=ours,
        author=Author(sender),
        text=words,
        occurred_at=tame.epoch(value, "timestamp"),
    )


def _message(platform: str, account: str | None, sender: str | None, value: Object) -> Message:
    said = tame.mapping(value, "message")
    mid = tame.required(said, "mid")
    if said.get("is_deleted"):
        change, kind = Change.DELETED, Kind.DIRECT_MESSAGE
        return Message(platform=platform, change=change, kind=kind, account_id=account, message_id=mid)
    quoted = tame.mapping(said, "reply_to")
    return Message(
        platform=platform,
        change=Change.CREATED,
        kind=Kind.DIRECT_MESSAGE,
        account_id=account,
        message_id=mid,
        from_us=_is_ours(value, said, sender, account),
        in_reply_to=tame.identifier(quoted, "mid") or tame.identifier(tame.mapping(quoted, "story"), "id"),
        author=Author(sender),
        text=tame.text(said, "text"),
        occurred_at=tame.epoch(value, "timestamp"),
    )


def _is_ours(value: Object, said: Object, sender: str | None, account: str | None) -> bool:
    flags = (said.get("is_echo"), said.get("is_self"), value.get("is_self"))
    return any(flags) or (sender is not None and sender == account)
