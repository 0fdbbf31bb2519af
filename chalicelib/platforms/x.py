"""X: Activity API, Account Activity and filtered-stream webhooks, which share one address.

https://docs.x.com/x-api/webhooks/introduction
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.errors import BadRequest, SignatureError
from chalicelib.message import Author, Change, Ignored, Kind, Message
from chalicelib.platforms import signatures
from chalicelib.platforms.base import (
    Answer,
    Json,
    Keys,
    Platform,
    Request,
    epoch,
    identifier,
    items,
    mapping,
    only,
    required,
    text,
)

NAME = "x"

# Never braces or quotes: a token that could be a delivery would make this a signing oracle.
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


def verify(request: Request, keys: Keys) -> None:
    """Check `x-twitter-webhooks-signature` over the raw body, keyed with the consumer secret.

    https://docs.x.com/x-api/webhooks/quickstart

    Raises:
        SignatureError: it does not fit.

    """
    expected = [b"sha256=" + signatures.base64_sha256(secret, request.body) for secret in keys.signing]
    signatures.check(request.headers.get("x-twitter-webhooks-signature"), expected)


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
    signed = signatures.base64_sha256(keys.signing[0], token.encode()).decode()
    return Answer("application/json", json.dumps({"response_token": f"sha256={signed}"}))


def split(payload: Json) -> Iterator[Json]:
    """Yield one delivery for each event; only Account Activity sends several at once."""
    payload = mapping(payload, "the delivery")
    lists = [key for key in payload if ACCOUNT_ACTIVITY.fullmatch(key)]
    context = {key: value for key, value in payload.items() if key not in lists}
    for key in lists:
        for event in items(payload[key], key):
            yield {**context, key: [event], "users": _mentioned(context.get("users"), event)}
    if not lists:
        yield from _activity_events(payload)


def _activity_events(payload: Json) -> Iterator[Json]:
    """Take apart the direct messages that one event of the Activity API may hold."""
    data = mapping(payload.get("data"), "data")
    inner: Json = data.get("payload")
    several = inner.get("direct_message_events") if isinstance(inner, dict) else None
    if not isinstance(several, list) or not several:
        yield payload
        return
    for event in several:
        yield {**payload, "data": {**data, "payload": {**inner, "direct_message_events": [event]}}}


def _mentioned(users: Json, event: Json) -> Json:
    """Keep of the users map the sender alone, or a thousand events would carry a thousand maps each."""
    created = event.get("message_create") if isinstance(event, dict) else None
    sender = created.get("sender_id") if isinstance(created, dict) else None
    known = isinstance(users, dict) and isinstance(sender, str) and sender in users
    return {sender: users[sender]} if known else {}


def read(payload: Json) -> Message | Ignored:
    """Read the one event of a split delivery; its shape tells the product."""
    data = mapping(payload.get("data"), "data")
    if "event_type" in data:
        return _activity(data)
    if "matching_rules" in payload:
        return _post(data, mapping(payload.get("includes"), "includes"), account=None, kind=Kind.POST)
    for_user = identifier(payload.get("for_user_id"), "for_user_id")
    if "tweet_create_events" in payload:
        return _tweet(mapping(only(payload["tweet_create_events"], "tweets"), "the tweet"), for_user)
    if "tweet_delete_events" in payload:
        status = mapping(
            mapping(only(payload["tweet_delete_events"], "deletions"), "the deletion").get("status"), "status"
        )
        return _deletion(for_user, status)
    if "direct_message_events" in payload:
        return _direct_message(payload, for_user)
    known = "for_user_id" in payload or "user_event" in payload or "replay_job_status" in payload
    return Ignored.NOT_A_MESSAGE if known else Ignored.UNKNOWN_EVENT


def _activity(data: Mapping[str, Json]) -> Message | Ignored:
    """Read an event of the X Activity API. `event_uuid` is per delivery and never an id."""
    event_type = text(data["event_type"], "event_type") or ""
    account = identifier(mapping(data.get("filter"), "filter").get("user_id"), "filter.user_id")
    payload = mapping(data.get("payload"), "payload")
    if event_type in POSTS:
        includes = mapping(payload.get("includes", data.get("includes")), "includes")
        return _post(payload, includes, account=account, kind=POSTS[event_type])
    if event_type == "post.delete":
        return _deletion(account, payload)
    if event_type in DIRECT_MESSAGES:
        return _direct_message(payload, account)
    if event_type in ENCRYPTED:
        return Ignored.UNREADABLE
    return Ignored.NOT_A_MESSAGE if event_type.startswith(NOT_MESSAGES) else Ignored.UNKNOWN_EVENT


def _post(
    post: Mapping[str, Json], includes: Mapping[str, Json], *, account: str | None, kind: Kind
) -> Message | Ignored:
    """Read a post of API v2. https://docs.x.com/x-api/fundamentals/data-dictionary#tweet."""
    parents = _parents(post)
    if "retweeted" in parents:
        return Ignored.NOT_A_MESSAGE
    author_id = identifier(post.get("author_id"), "author_id")
    ours = author_id is not None and author_id == account
    parent = parents.get("replied_to") or parents.get("quoted")
    if ours and not parent:
        return Ignored.OWN_PUBLICATION
    return _said(
        account=account,
        kind=kind,
        message_id=post.get("id"),
        from_us=ours,
        in_reply_to=parent,
        author=Author(author_id, _name_among(includes.get("users"), author_id)),
        text=text(mapping(post.get("note_tweet"), "note_tweet").get("text", post.get("text")), "text"),
        occurred_at=epoch(post.get("created_at")),
    )


def _parents(post: Mapping[str, Json]) -> dict[str | None, str | None]:
    """Read what a post refers to: replied_to, quoted or retweeted → post id."""
    references = [
        mapping(reference, "a reference")
        for reference in items(post.get("referenced_tweets"), "referenced_tweets")
    ]
    return {text(r.get("type"), "the type"): identifier(r.get("id"), "the reference") for r in references}


def _name_among(users: Json, author_id: str | None) -> str | None:
    """Find the display name; users come plain or wrapped in `{"data": …}`."""
    for user in items(users, "includes.users"):
        person = mapping(user, "a user")
        person = mapping(person.get("data", person), "a user")
        if author_id and identifier(person.get("id"), "user.id") == author_id:
            return text(person.get("name", person.get("username")), "user.name")
    return None


def _tweet(tweet: Mapping[str, Json], for_user: str | None) -> Message | Ignored:
    """Read a tweet of Account Activity. Its numeric ids are rounded on the way: use the strings."""
    if tweet.get("retweeted_status"):
        return Ignored.NOT_A_MESSAGE
    user = mapping(tweet.get("user"), "user")
    author_id = identifier(user.get("id_str", user.get("id")), "user.id")
    answered = identifier(tweet.get("in_reply_to_status_id_str"), "in_reply_to_status_id_str")
    quoted = identifier(tweet.get("quoted_status_id_str"), "quoted_status_id_str")
    ours = author_id is not None and author_id == for_user
    if ours and not (answered or quoted):
        return Ignored.OWN_PUBLICATION
    to_us = identifier(tweet.get("in_reply_to_user_id_str"), "in_reply_to_user_id_str") == for_user
    long_form = mapping(tweet.get("extended_tweet"), "extended_tweet")
    return _said(
        account=for_user,
        kind=Kind.REPLY if answered and (to_us or ours) else Kind.MENTION,
        message_id=tweet.get("id_str", tweet.get("id")),
        from_us=ours,
        in_reply_to=answered or quoted,
        author=Author(author_id, text(user.get("name", user.get("screen_name")), "user.name")),
        text=text(long_form.get("full_text", tweet.get("full_text", tweet.get("text"))), "text"),
        occurred_at=epoch(tweet.get("timestamp_ms", tweet.get("created_at"))),
    )


def _direct_message(payload: Mapping[str, Json], account: str | None) -> Message | Ignored:
    """Read a direct message; both products wrap the same event."""
    event = mapping(only(payload.get("direct_message_events"), "direct_message_events"), "the event")
    created = mapping(event.get("message_create"), "message_create")
    if not created:
        return Ignored.NOT_A_MESSAGE
    sender = identifier(created.get("sender_id"), "sender_id")
    person = mapping(mapping(payload.get("users"), "users").get(sender or ""), "the sender")
    person = mapping(person.get("data", person), "the sender")
    return _said(
        account=account,
        kind=Kind.DIRECT_MESSAGE,
        message_id=event.get("id"),
        from_us=sender is not None and sender == account,
        author=Author(sender, text(person.get("name", person.get("screen_name")), "the sender's name")),
        text=text(mapping(created.get("message_data"), "message_data").get("text"), "text"),
        occurred_at=epoch(event.get("created_timestamp")),
    )


def _deletion(account: str | None, status: Mapping[str, Json]) -> Message:
    return _said(account=account, kind=Kind.POST, message_id=status.get("id"), change=Change.DELETED)


def _said(*, account: str | None, message_id: Json, change: Change = Change.CREATED, **said: Any) -> Message:
    known = required(message_id, "the id of the post")
    public = said["kind"] is not Kind.DIRECT_MESSAGE and change is not Change.DELETED
    return Message(
        platform=NAME,
        change=change,
        account_id=account,
        message_id=known,
        # A post's address needs no more than its id: https://docs.x.com/x-for-websites/embedded-posts
        permalink=f"https://x.com/i/web/status/{known}" if public else None,
        needs_lookup=public and said["author"].id is None,
        **said,
    )


PLATFORM = Platform(name=NAME, verify=verify, answer_handshake=answer_handshake, split=split, read=read)
