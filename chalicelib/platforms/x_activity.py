"""X Activity API, and filtered streams, whose posts have the same shape: that of API v2.

https://docs.x.com/x-api/activity/introduction
https://docs.x.com/x-api/webhooks/stream/introduction
"""

import re

from chalicelib.message import Author, Change, Ignored, Kind, Message
from chalicelib.platforms import tame
from chalicelib.platforms import x_messages as messages
from chalicelib.platforms.tame import Object

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
    "chat.",
    "mute.",
    "block.",
    "spaces.",
    "news.",
    "broadcast.",
    "oauth.",
)


def read(data: Object) -> Message | Ignored:
    """Read an event of the X Activity API. `event_uuid` is per delivery and never an id."""
    event_type = _dotted(tame.text(data, "event_type") or "")
    account = tame.identifier(tame.mapping(data, "filter"), "user_id")
    payload = tame.mapping(data, "payload")
    if event_type in POSTS:
        includes = tame.mapping(payload, "includes") or tame.mapping(data, "includes")
        return post(payload, includes, account=account, kind=POSTS[event_type])
    if event_type == "post.delete":
        return messages.deletion(payload, account)
    if event_type in DIRECT_MESSAGES:
        return messages.direct_message(payload, account)
    if event_type in ENCRYPTED:
        return Ignored.UNREADABLE
    return Ignored.NOT_A_MESSAGE if event_type.startswith(NOT_MESSAGES) else Ignored.UNKNOWN_EVENT


def _dotted(event_type: str) -> str:
    """Read the names from before March 2026, too: PostMentionCreate was post.mention.create.

    https://docs.x.com/changelog
    """
    return event_type if "." in event_type else re.sub(r"(?<=[a-z])(?=[A-Z])", ".", event_type).lower()


def post(said: Object, includes: Object, *, account: str | None, kind: Kind) -> Message | Ignored:
    """Read a post of API v2. https://docs.x.com/x-api/fundamentals/data-dictionary#tweet."""
    references = tame.mappings(said, "referenced_tweets")
    parents = {tame.text(reference, "type"): tame.identifier(reference, "id") for reference in references}
    if "retweeted" in parents:
        return Ignored.NOT_A_MESSAGE
    author = tame.identifier(said, "author_id")
    answered = parents.get("replied_to") or tame.identifier(said, "in_reply_to_tweet_id")
    to_us = account is not None and tame.identifier(said, "in_reply_to_user_id") == account
    message = Message(
        platform=messages.NAME,
        change=Change.CREATED,
        kind=Kind.REPLY if answered and to_us else kind,
        account_id=account,
        message_id=tame.required(said, "id"),
        in_reply_to=_as_created(includes, answered or parents.get("quoted")),
        author=Author(author, tame.text(_included(includes, "users", author), "name", "username")),
        text=tame.text(tame.mapping(said, "note_tweet"), "text") or tame.text(said, "text"),
        occurred_at=tame.epoch(said, "created_at"),
    )
    return messages.post(message, tame.identifiers(said, "edit_history_tweet_ids"), answered)


def _as_created(includes: Object, parent: str | None) -> str | None:
    """Tell with which id the parent was created: we answer the edition that we see."""
    history = tame.identifiers(_included(includes, "tweets", parent), "edit_history_tweet_ids")
    return messages.edition(parent, history)[0] if parent else None


def _included(includes: Object, what: str, wanted: str | None) -> Object:
    """Find a user or post that came along; they come plain or wrapped in `{"data": …}`."""
    for one in tame.mappings(includes, what):
        found = tame.mapping(one, "data") or one
        if wanted and tame.identifier(found, "id") == wanted:
            return found
    return {}
