"""Facebook Pages: feed, mentions, reviews, and Messenger events on the same address.

https://developers.facebook.com/docs/graph-api/webhooks/reference/page
"""

from typing import Any

from chalicelib.errors import PayloadError
from chalicelib.message import Author, Change, Ignored, Kind, Message
from chalicelib.platforms import meta, tame
from chalicelib.platforms.base import Platform
from chalicelib.platforms.tame import Json, Object

NAME = "facebook"

# Both spellings of an edit occur: https://github.com/restfb/restfb/issues/749
CHANGES = {
    "add": Change.CREATED,
    "edit": Change.EDITED,
    "edited": Change.EDITED,
    "remove": Change.DELETED,
    "delete": Change.DELETED,
}

# `item` of the feed field that hold something a visitor wrote. Reactions, likes and hiding do not.
POSTS = frozenset({"post", "status", "photo", "video", "share"})
NOT_MESSAGES = frozenset({"reaction", "like"})
MODERATION = frozenset({"hide", "unhide", "block", "unblock", "mute", "update", "follow"})


def read(payload: Json) -> Message | Ignored:
    """Read the one event of a split delivery."""
    account, field, value = meta.event(payload)
    if account == meta.DASHBOARD_TEST:
        return Ignored.DASHBOARD_TEST
    if field == "messaging":
        return meta.direct_message(NAME, account, value)
    reader = {"feed": _feed, "mention": _mention, "ratings": _rating}.get(field)
    if reader is None:
        return Ignored.UNKNOWN_EVENT
    if not value:
        raise PayloadError(f"{field} carries no value: switch on 'Include Values' in the App Dashboard")
    item, verb = tame.text(value, "item"), tame.text(value, "verb")
    if item in NOT_MESSAGES or verb in MODERATION:
        return Ignored.NOT_A_MESSAGE
    change = CHANGES.get(verb or "")
    return reader(account, value, item or "", change) if change else Ignored.UNKNOWN_EVENT


def _feed(account: str | None, value: Object, item: str, change: Change) -> Message | Ignored:
    author = meta.author(value)
    if item == "comment":
        return _comment(account, value, change, author)
    if item not in POSTS:
        return Ignored.UNKNOWN_EVENT
    if _is_us(author, account) and change is not Change.DELETED:
        return Ignored.OWN_PUBLICATION
    return _said(account, value, change, Kind.POST, tame.required(value, "post_id"), author=author)


def _comment(account: str | None, value: Object, change: Change, author: Author) -> Message:
    post = tame.identifier(value, "post_id", "open_graph_story_id")
    parent = tame.identifier(value, "parent_id") or post
    return _said(
        account,
        value,
        change,
        Kind.COMMENT if parent == post else Kind.REPLY,
        tame.required(value, "comment_id"),
        author=author,
        in_reply_to=parent,
        from_us=_is_us(author, account),
    )


def _mention(account: str | None, value: Object, _item: str, change: Change) -> Message:
    """Read a post or comment elsewhere that names the Page; the author is mostly withheld."""
    comment, post = tame.identifier(value, "comment_id"), tame.identifier(value, "post_id")
    author = meta.author(value)
    return _said(
        account,
        value,
        change,
        Kind.MENTION,
        comment or tame.required(value, "post_id"),
        author=author,
        from_us=_is_us(author, account),
        in_reply_to=(tame.identifier(value, "parent_id") or post) if comment else None,
    )


def _rating(account: str | None, value: Object, item: str, change: Change) -> Message | Ignored:
    """Read a recommendation of the Page, or a comment under one."""
    reviewer = Author(tame.identifier(value, "reviewer_id"), tame.text(value, "reviewer_name"))
    author = reviewer if reviewer.id else meta.author(value)
    if item == "comment":
        return _comment(account, value, change, author)
    if item != "rating":
        return Ignored.UNKNOWN_EVENT
    story = tame.required(value, "open_graph_story_id")
    return _said(account, value, change, Kind.REVIEW, story, author=author, from_us=_is_us(author, account))


def _is_us(author: Author, account: str | None) -> bool:
    return author.id is not None and author.id == account


def _said(
    account: str | None, value: Object, change: Change, kind: Kind, message_id: str, **who: Any
) -> Message:
    """Build the message; of a deletion only its id is known for sure."""
    known: dict[str, Any] = {"platform": NAME, "change": change, "kind": kind, "account_id": account}
    if change is Change.DELETED:
        return Message(**known, message_id=message_id)
    post = tame.mapping(value, "post")
    return Message(
        **known,
        **who,
        message_id=message_id,
        text=tame.text(value, "message", "review_text"),
        permalink=tame.text(value, "permalink_url") or tame.text(post, "permalink_url"),
        needs_lookup=who["author"].id is None,
        occurred_at=tame.epoch(value, "created_time"),
    )


PLATFORM = Platform(
    name=NAME,
    verify=meta.verify,
    answer_handshake=meta.answer_handshake,
    split=meta.split,
    read=read,
)
