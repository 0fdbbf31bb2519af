"""What Meta's platforms share: handshake, signature, envelope and messaging events.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

import hmac
import re
from collections.abc import Iterator, Mapping

from chalicelib.errors import BadRequest, HandshakeRefused, PayloadError
from chalicelib.message import Author, Change, Ignored, Kind, Message
from chalicelib.platforms import signatures
from chalicelib.platforms.base import (
    Answer,
    Json,
    Keys,
    Request,
    epoch,
    identifier,
    items,
    mapping,
    only,
    required,
    text,
)

DASHBOARD_TEST = "0"  # entry.id that the App Dashboard's "Test" button sends
LISTS = ("changes", "messaging", "standby")
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{1,128}")  # an integer in the documentation; never markup


def verify(request: Request, keys: Keys) -> None:
    r"""Check `X-Hub-Signature-256` over the raw body. The legacy sha1 header is not looked at.

    Meta signs the escaped body (`\u00e4`, `\/`), so only the bytes as they came verify.
    https://developers.facebook.com/docs/messenger-platform/webhooks#validate-payloads

    Raises:
        SignatureError: it does not fit.

    """
    expected = [b"sha256=" + signatures.hex_sha256(secret, request.body) for secret in keys.signing]
    signatures.check(request.headers.get("x-hub-signature-256"), expected)


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
    """Yield one delivery for each change or messaging event, in body order.

    Instagram Login puts `field` and `value` on the entry itself; such an entry is one event already.
    """
    payload = mapping(payload, "the delivery")
    if "entry" not in payload:
        raise PayloadError("the delivery has no `entry`")
    for entry in items(payload["entry"], "entry"):
        found = [key for key in LISTS if isinstance(entry, dict) and isinstance(entry.get(key), list)]
        for key in found:
            rest = {name: value for name, value in entry.items() if name not in LISTS}
            for event in entry[key]:
                yield {"object": payload.get("object"), "entry": [{**rest, key: [event]}]}
        if not found:
            yield {"object": payload.get("object"), "entry": [entry]}


def event(payload: Json) -> tuple[str | None, str, dict[str, Json]]:
    """Take the one event of a split delivery apart: (account id, field, value)."""
    entry = mapping(only(payload["entry"], "entry"), "entry")
    account = identifier(entry.get("id"), "entry.id")
    for key in ("messaging", "standby"):
        if key in entry:
            return account, "messaging", mapping(only(entry[key], key), key)
    change = mapping(only(entry["changes"], "changes"), "change") if "changes" in entry else entry
    field = text(change.get("field"), "field") or ""
    return account, field, mapping(change.get("value"), f"{field}.value")


def author(value: Mapping[str, Json], name: str = "name") -> Author:
    """Read `from`, or the `sender_id`/`sender_name` of Graph API 2.10 and older."""
    person = mapping(value.get("from"), "from")
    return Author(
        identifier(person.get("id", value.get("sender_id")), "from.id"),
        text(person.get(name, value.get("sender_name")), f"from.{name}"),
    )


def direct_message(platform: str, account: str | None, value: Mapping[str, Json]) -> Message | Ignored:
    """Read a messaging event: dispatch on which key exists; only `message`s, edits and pressed buttons count.

    https://developers.facebook.com/docs/messenger-platform/reference/webhook-events
    """
    sender = identifier(mapping(value.get("sender"), "sender").get("id"), "sender.id")
    if "message" in value:
        return _message(platform, account, sender, value)
    key = "message_edit" if "message_edit" in value else "postback"
    said = mapping(value.get(key), key)
    words = text(said.get("text", said.get("title")), key)
    ours = _is_ours(value, said, sender, account)
    if not said.get("mid") or not words or (key == "postback" and ours):
        return Ignored.NOT_A_MESSAGE
    return Message(
        platform=platform,
        change=Change.EDITED if key == "message_edit" else Change.CREATED,
        kind=Kind.DIRECT_MESSAGE,
        account_id=account,
        message_id=required(said["mid"], f"{key}.mid"),
        from_us=ours,
        author=Author(sender),
        text=words,
        occurred_at=epoch(value.get("timestamp")),
    )


def _message(platform: str, account: str | None, sender: str | None, value: Mapping[str, Json]) -> Message:
    said = mapping(value["message"], "message")
    mid = required(said.get("mid"), "message.mid")
    if said.get("is_deleted"):
        return Message(
            platform=platform,
            change=Change.DELETED,
            kind=Kind.DIRECT_MESSAGE,
            account_id=account,
            message_id=mid,
        )
    quoted = mapping(said.get("reply_to"), "reply_to")
    story = mapping(quoted.get("story"), "reply_to.story")
    return Message(
        platform=platform,
        change=Change.CREATED,
        kind=Kind.DIRECT_MESSAGE,
        account_id=account,
        message_id=mid,
        from_us=_is_ours(value, said, sender, account),
        in_reply_to=identifier(quoted.get("mid", story.get("id")), "reply_to"),
        author=Author(sender),
        text=text(said.get("text"), "message.text"),
        occurred_at=epoch(value.get("timestamp")),
    )


def _is_ours(
    value: Mapping[str, Json], said: Mapping[str, Json], sender: str | None, account: str | None
) -> bool:
    flags = (said.get("is_echo"), said.get("is_self"), value.get("is_self"))
    return any(flags) or (sender is not None and sender == account)
