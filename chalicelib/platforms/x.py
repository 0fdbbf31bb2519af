"""X: Activity API, Account Activity and filtered-stream webhooks, which share one address.

https://docs.x.com/x-api/webhooks/introduction
"""

import json
import re
from collections.abc import Iterator

from chalicelib.errors import BadRequest, SignatureError
from chalicelib.message import Ignored, Kind, Message
from chalicelib.platforms import signatures, tame, x_account_activity, x_activity, x_lookup
from chalicelib.platforms.base import Answer, Keys, Platform, Request
from chalicelib.platforms.tame import Json
from chalicelib.platforms.x_messages import NAME

SIGNATURE_HEADER = "x-twitter-webhooks-signature"

# What we sign for whoever asks, and what we take as signed by X, have nothing in common: else this would be a
# signing oracle. Tokens have no braces or quotes, deliveries always do.
LONGEST_TOKEN = 256
CRC_TOKEN = re.compile(r"[A-Za-z0-9_+/=-]{1,256}")

# https://docs.x.com/x-api/account-activity/introduction
ACCOUNT_ACTIVITY = re.compile(r"\w+_events")


def sign(secret: bytes, body: bytes, _now: int) -> dict[str, str]:
    """Make the header that signs a body."""
    return {SIGNATURE_HEADER: _signature(secret, body).decode()}


def _signature(secret: bytes, signed: bytes) -> bytes:
    """Make the signature of a body, or of a token."""
    return b"sha256=" + signatures.base64_sha256(secret, signed)


def verify(request: Request, keys: Keys) -> None:
    """Check `x-twitter-webhooks-signature` over the raw body, keyed with the consumer secret.

    https://docs.x.com/x-api/webhooks/quickstart

    Raises:
        SignatureError: it does not fit.

    """
    if len(request.body) <= LONGEST_TOKEN and CRC_TOKEN.fullmatch(request.body.decode("latin-1")):
        raise SignatureError("this body could be a crc_token that we were asked to sign")
    expected = [_signature(secret, request.body) for secret in keys.signing]
    signatures.check(request.headers.get(SIGNATURE_HEADER), expected)


def answer_handshake(request: Request, keys: Keys) -> Answer:
    """Answer the challenge-response check (CRC) with the signed token.

    https://docs.x.com/x-api/webhooks/introduction#challenge-response-checks-crc

    Raises:
        BadRequest: no token, or one that could be something else than a token.
        SignatureError: no consumer secret is set.

    """
    token = request.query.get("crc_token", "")
    if not CRC_TOKEN.fullmatch(token):
        raise BadRequest("expected a crc_token of letters, digits and _+/=-")
    if not keys.signing:
        raise SignatureError("no consumer secret is set for X, so no token can be signed")
    answer = {"response_token": _signature(keys.signing[0], token.encode()).decode()}
    return Answer("application/json", json.dumps(answer))


def split(payload: Json) -> Iterator[Json]:
    """Yield one payload for each event; Account Activity sends several at once."""
    payload = tame.an_object(payload, "the delivery")
    lists = [key for key in payload if ACCOUNT_ACTIVITY.fullmatch(key) and isinstance(payload[key], list)]
    for key in lists:
        for event in payload[key]:
            users = _sender_of(event, payload.get("users"))
            yield {"for_user_id": payload.get("for_user_id"), key: [event], "users": users}
    if not lists:
        yield from _direct_messages(payload)


def _sender_of(event: Json, users: Json) -> Json:
    """Keep the sender of the users map alone, or a thousand events would carry a thousand maps each."""
    created = event.get("message_create") if isinstance(event, dict) else None
    sender = created.get("sender_id") if isinstance(created, dict) else None
    known = isinstance(users, dict) and isinstance(sender, str) and sender in users
    return {sender: users[sender]} if known else {}


def _direct_messages(payload: Json) -> Iterator[Json]:
    """Take apart the direct messages that one event of the Activity API may hold."""
    data: Json = payload.get("data")
    inner: Json = data.get("payload") if isinstance(data, dict) else None
    several = inner.get("direct_message_events") if isinstance(inner, dict) else None
    if not isinstance(several, list) or not several:
        yield payload
        return
    for event in several:
        single = {**inner, "direct_message_events": [event], "users": _sender_of(event, inner.get("users"))}
        yield {**payload, "data": {**data, "payload": single}}


def read(payload: Json) -> Message | Ignored:
    """Read the one event of a split delivery; its shape tells the product."""
    data = tame.mapping(payload, "data")
    if "event_type" in data:
        return x_activity.read(data)
    if "matching_rules" in payload:
        return x_activity.post(data, tame.mapping(payload, "includes"), account=None, kind=Kind.POST)
    return x_account_activity.read(payload)


def is_replay(body: bytes) -> bool:
    """Tell what X was asked to send again; it may have been said long before it came.

    https://docs.x.com/x-api/webhooks/introduction
    """
    if b'"replay"' not in body:
        return False
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return False
    about = payload.get("meta") if isinstance(payload, dict) else None
    return isinstance(about, dict) and about.get("replay") is True


PLATFORM = Platform(
    name=NAME,
    signature_header=SIGNATURE_HEADER,
    sign=sign,
    verify=verify,
    answer_handshake=answer_handshake,
    split=split,
    read=read,
    lookup=x_lookup.LOOKUP,
    is_replay=is_replay,
)
