"""Facebook Pages: feed, mentions, reviews, and Messenger events on the same address.

https://developers.facebook.com/docs/graph-api/webhooks/reference/page
"""

from collections.abc import Mapping
from typing import Any

from chalicelib.errors import PayloadError
from chalicelib.message import Author, Change, Ignored, Kind, Message
from chalicelib.platforms import meta
from chalicelib.platforms.base import Json, Platform, epoch, identifier, mapping, required, text

NAME = "facebook"

# Both spellings of an edit occur: https://github.com/restfb/restfb/issues/749
CHANGES = {"add": Change.CREATED, "edit": Change.EDITED, "edited": Change.EDITED, "remove": Change.DELETED}

# `item` of the feed field that hold something a visitor wrote. Reactions, likes and hiding do not.
POSTS = frozenset({"post", "status", "photo", "video", "share", "link", "album", "note", "event", "reel"})
NOT_MESSAGES = frozenset({"reaction", "like"})
MODERATION = frozenset({"hide", "unhide", "block", "unblock", "mute", "update", "follow", "delete_reaction"})


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
    return reader(
        account, value, text(value.get("item"), "item") or "", text(value.get("verb"), "verb") or ""
    )


def _feed(account: str | None, value: Mapping[str, Json], item: str, verb: str) -> Message | Ignored:
    if item in NOT_MESSAGES or verb in MODERATION:
        return Ignored.NOT_A_MESSAGE
    if verb not in CHANGES or item not in {"comment", *POSTS}:
        return Ignored.UNKNOWN_EVENT
    author = meta.author(value)
    ours = author.id is not None and author.id == account
    if item == "comment":
        return _comment(account, value, CHANGES[verb], author, from_us=ours)
    if ours and CHANGES[verb] is not Change.DELETED:
        return Ignored.OWN_PUBLICATION
    return _said(account, value, CHANGES[verb], Kind.POST, value.get("post_id"), author=author)


def _comment(
    account: str | None, value: Mapping[str, Json], change: Change, author: Author, *, from_us: bool
) -> Message:
    post = identifier(value.get("post_id"), "post_id")
    parent = identifier(value.get("parent_id"), "parent_id") or post
    kind = Kind.COMMENT if parent == post else Kind.REPLY
    return _said(
        account,
        value,
        change,
        kind,
        value.get("comment_id"),
        author=author,
        in_reply_to=parent,
        from_us=from_us,
    )


def _mention(account: str | None, value: Mapping[str, Json], _item: str, verb: str) -> Message | Ignored:
    """Read a post or comment elsewhere that names the Page; the author is always withheld."""
    if verb not in CHANGES:
        return Ignored.UNKNOWN_EVENT
    comment, post = value.get("comment_id"), identifier(value.get("post_id"), "post_id")
    parent = value.get("parent_id", post) if comment else None
    return _said(
        account,
        value,
        CHANGES[verb],
        Kind.MENTION,
        comment or post,
        author=meta.author(value),
        in_reply_to=identifier(parent, "parent_id"),
    )


def _rating(account: str | None, value: Mapping[str, Json], item: str, verb: str) -> Message | Ignored:
    """Read a recommendation of the Page, or a comment under one."""
    if item in NOT_MESSAGES:
        return Ignored.NOT_A_MESSAGE
    if verb not in CHANGES or item not in {"rating", "comment"}:
        return Ignored.UNKNOWN_EVENT
    reviewer = Author(
        identifier(value.get("reviewer_id"), "reviewer_id"), text(value.get("reviewer_name"), "reviewer_name")
    )
    author = reviewer if reviewer.id else meta.author(value)
    ours = author.id is not None and author.id == account
    story = value.get("open_graph_story_id")
    if item == "comment":
        return _comment(account, {"post_id": story, **value}, CHANGES[verb], author, from_us=ours)
    return _said(account, value, CHANGES[verb], Kind.REVIEW, story, author=author, from_us=ours)


def _said(
    account: str | None,
    value: Mapping[str, Json],
    change: Change,
    kind: Kind,
    message_id: Json,
    **who: Any,
) -> Message:
    """Build the message; of a deletion only its id is known for sure."""
    known: dict[str, Any] = {"platform": NAME, "change": change, "kind": kind, "account_id": account}
    known["message_id"] = required(message_id, "the id of the message")
    if change is Change.DELETED:
        return Message(**known)
    post = mapping(value.get("post"), "post")
    return Message(
        **known,
        **who,
        text=text(value.get("message", value.get("review_text")), "message"),
        permalink=text(value.get("permalink_url", post.get("permalink_url")), "permalink_url"),
        needs_lookup=who["author"].id is None,
        occurred_at=epoch(value.get("created_time")),
    )


PLATFORM = Platform(
    name=NAME,
    verify=meta.verify,
    answer_handshake=meta.answer_handshake,
    split=meta.split,
    read=read,
)
