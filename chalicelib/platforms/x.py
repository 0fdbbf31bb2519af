"""X: Activity API, Account Activity and filtered-stream webhooks, which share one address.

https://docs.x.com/x-api/webhooks/introduction
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from chalicelib.errors import BadRequest, SignatureError
from chalicelib.message import Author, Change, Ignored, Kind, Message
from chalicelib.platforms import signatures, tame, x_lookup
from chalicelib.platforms.base import Answer, Keys, Platform, Request
from chalicelib.platforms.tame import Json, Object

NAME = "x"
SIGNATURE_HEADER = "x-twitter-webhooks-signature"

# What we sign for whoever asks, and what we take as signed by X, have nothing in common: else this would be a
# signing oracle. Tokens have no braces or quotes, deliveries always do.
LONGEST_TOKEN = 256
CRC_TOKEN = re.compile(r"[A-Za-z0-9_+/=-]{1,256}")

# https://docs.x.com/x-api/activity/introduction
POSTS = {
    "post.create": Kind.REPLY,  # our own posts; only those that answer somebody are of interest
    "post.mention.create": Kind.MENTION,
    "post.reply.create": Kind.REPLY,
    "post.quote.create": Kind.MENTION,
}
DIRECT_MESSAGES = frozenset({"dm.received", "dm.sent"})
ENCRYPTED = frozenset({"chat.received", "chat.sent"})
NOT_MESSAGES = (
    "post.repost.",
    "like.",
    "follow.",
    "profile.",
    "dm.",
    "mute.",
    "block.",
    "spaces.",
    "news.",
    "broadcast.",
)

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
        yield {**payload, "data": {**data, "payload": {**inner, "direct_message_events": [event]}}}


def read(payload: Json) -> Message | Ignored:
    """Read the one event of a split delivery; its shape tells the product."""
    data = tame.mapping(payload, "data")
    if "event_type" in data:
        return _activity(data)
    if "matching_rules" in payload:
        return _post(data, tame.mapping(payload, "includes"), account=None, kind=Kind.POST)
    for_user = tame.identifier(payload, "for_user_id")
    if "tweet_create_events" in payload:
        return _tweet(tame.only(payload, "tweet_create_events"), for_user)
    if "tweet_delete_events" in payload:
        return _deletion(tame.mapping(tame.only(payload, "tweet_delete_events"), "status"), for_user)
    if "direct_message_events" in payload:
        return _direct_message(payload, for_user)
    known = "for_user_id" in payload or "user_event" in payload or "replay_job_status" in payload
    return Ignored.NOT_A_MESSAGE if known else Ignored.UNKNOWN_EVENT


def _activity(data: Object) -> Message | Ignored:
    """Read an event of the X Activity API. `event_uuid` is per delivery and never an id."""
    event_type = _dotted(tame.text(data, "event_type") or "")
    account = tame.identifier(tame.mapping(data, "filter"), "user_id")
    payload = tame.mapping(data, "payload")
    if event_type in POSTS:
        includes = tame.mapping(payload, "includes") or tame.mapping(data, "includes")
        return _post(payload, includes, account=account, kind=POSTS[event_type])
    if event_type == "post.delete":
        return _deletion(payload, account)
    if event_type in DIRECT_MESSAGES:
        return _direct_message(payload, account)
    if event_type in ENCRYPTED:
        return Ignored.UNREADABLE
    return Ignored.NOT_A_MESSAGE if event_type.startswith(NOT_MESSAGES) else Ignored.UNKNOWN_EVENT


def _dotted(event_type: str) -> str:
    """Read the names from before March 2026, too: PostMentionCreate was post.mention.create.

    https://docs.x.com/changelog
    """
    return event_type if "." in event_type else re.sub(r"(?<!^)(?=[A-Z])", ".", event_type).lower()


def _post(post: Object, includes: Object, *, account: str | None, kind: Kind) -> Message | Ignored:
    """Read a post of API v2. https://docs.x.com/x-api/fundamentals/data-dictionary#tweet."""
    references = tame.mappings(post, "referenced_tweets")
    parents = {tame.text(reference, "type"): tame.identifier(reference, "id") for reference in references}
    if "retweeted" in parents:
        return Ignored.NOT_A_MESSAGE
    author = tame.identifier(post, "author_id")
    answered = parents.get("replied_to") or tame.identifier(post, "in_reply_to_tweet_id")
    parent = answered or parents.get("quoted")
    ours = author is not None and author == account
    if ours and not parent:
        return Ignored.OWN_PUBLICATION
    return _said(
        account=account,
        kind=kind,
        message_id=tame.required(post, "id"),
        from_us=ours,
        in_reply_to=parent,
        author=Author(author, _name_among(includes, author)),
        text=tame.text(tame.mapping(post, "note_tweet"), "text") or tame.text(post, "text"),
        occurred_at=tame.epoch(post, "created_at"),
    )


def _name_among(includes: Object, author: str | None) -> str | None:
    """Find the display name; users come plain or wrapped in `{"data": …}`."""
    for user in tame.mappings(includes, "users"):
        person = tame.mapping(user, "data") or user
        if author and tame.identifier(person, "id") == author:
            return tame.text(person, "name", "username")
    return None


def _tweet(tweet: Object, for_user: str | None) -> Message | Ignored:
    """Read a tweet of Account Activity. Its numeric ids are rounded on the way: the strings count."""
    if tweet.get("retweeted_status"):
        return Ignored.NOT_A_MESSAGE
    user = tame.mapping(tweet, "user")
    author = tame.identifier(user, "id_str", "id")
    answered = tame.identifier(tweet, "in_reply_to_status_id_str", "in_reply_to_status_id")
    quoted = tame.identifier(tweet, "quoted_status_id_str")
    quoted = quoted or tame.identifier(tame.mapping(tweet, "quoted_status"), "id_str", "id")
    parent = answered or quoted
    ours = author is not None and author == for_user
    if ours and not parent:
        return Ignored.OWN_PUBLICATION
    to_us = tame.identifier(tweet, "in_reply_to_user_id_str", "in_reply_to_user_id") == for_user
    long_form = tame.mapping(tweet, "extended_tweet")
    return _said(
        account=for_user,
        kind=Kind.REPLY if answered and (to_us or ours) else Kind.MENTION,
        message_id=tame.required(tweet, "id_str", "id"),
        from_us=ours,
        in_reply_to=parent,
        author=Author(author, tame.text(user, "name", "screen_name")),
        text=tame.text(long_form, "full_text") or tame.text(tweet, "full_text", "text"),
        occurred_at=tame.epoch(tweet, "timestamp_ms", "created_at"),
    )


def _direct_message(payload: Object, account: str | None) -> Message | Ignored:
    """Read a direct message; both products wrap the same event."""
    event = tame.only(payload, "direct_message_events")
    created = tame.mapping(event, "message_create")
    if not created:
        return Ignored.NOT_A_MESSAGE
    sender = tame.identifier(created, "sender_id")
    person = tame.an_object(tame.mapping(payload, "users").get(sender or ""), "the sender")
    person = tame.mapping(person, "data") or person
    return _said(
        account=account,
        kind=Kind.DIRECT_MESSAGE,
        message_id=tame.required(event, "id"),
        from_us=sender is not None and sender == account,
        author=Author(sender, tame.text(person, "name", "screen_name", "username")),
        text=tame.text(tame.mapping(created, "message_data"), "text"),
        occurred_at=tame.epoch(event, "created_timestamp"),
    )


def _deletion(status: Object, account: str | None) -> Message:
    post = tame.required(status, "id")
    return Message(platform=NAME, change=Change.DELETED, kind=Kind.POST, account_id=account, message_id=post)


def _said(*, message_id: str, kind: Kind, author: Author, **said: Any) -> Message:
    public = kind is not Kind.DIRECT_MESSAGE
    return Message(
        platform=NAME,
        change=Change.CREATED,
        kind=kind,
        account_id=said.pop("account"),
        message_id=message_id,
        author=author,
        # A post's address needs no more than its id: https://docs.x.com/x-for-websites/embedded-posts
        permalink=f"https://x.com/i/web/status/{message_id}" if public else None,
        needs_lookup=public and author.id is None,
        **said,
    )


PLATFORM = Platform(
    name=NAME,
    signature_header=SIGNATURE_HEADER,
    sign=sign,
    verify=verify,
    answer_handshake=answer_handshake,
    split=split,
    read=read,
    lookup=x_lookup.LOOKUP,
)
