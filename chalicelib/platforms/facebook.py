"""Facebook Pages: feed, mentions, reviews, and Messenger events on the same address.

https://developers.facebook.com/docs/graph-api/webhooks/reference/page
"""

from dataclasses import replace

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
    if change is None:
        return Ignored.UNKNOWN_EVENT
    said = reader(value, item or "")
    return said if isinstance(said, Ignored) else _happened(said, change, account)


def _happened(said: Message, change: Change, account: str | None) -> Message | Ignored:
    """Add what holds for every field; of a deletion only its id is known for sure."""
    if change is Change.DELETED:
        return Message(
            platform=NAME, change=change, kind=said.kind, account_id=account, message_id=said.message_id
        )
    ours = said.author.id is not None and said.author.id == account
    if ours and said.kind is Kind.POST:
        return Ignored.OWN_PUBLICATION
    return replace(said, change=change, account_id=account, from_us=ours)


def _feed(value: Object, item: str) -> Message | Ignored:
    if item == "comment":
        return _comment(value, meta.author(value))
    if item not in POSTS:
        return Ignored.UNKNOWN_EVENT
    return _said(value, Kind.POST, tame.required(value, "post_id"), meta.author(value))


def _comment(value: Object, author: Author) -> Message:
    post = tame.identifier(value, "post_id", "open_graph_story_id")
    parent = tame.identifier(value, "parent_id") or post
    kind = Kind.COMMENT if parent == post else Kind.REPLY
    return _said(value, kind, tame.required(value, "comment_id"), author, parent)


def _mention(value: Object, _item: str) -> Message:
    """Read a post or comment elsewhere that names the Page; the author is mostly withheld."""
    post, author = tame.identifier(value, "post_id"), meta.author(value)
    if comment := tame.identifier(value, "comment_id"):
        return _said(value, Kind.MENTION, comment, author, tame.identifier(value, "parent_id") or post)
    return _said(value, Kind.MENTION, tame.required(value, "post_id"), author)


def _rating(value: Object, item: str) -> Message | Ignored:
    """Read a recommendation of the Page, or a comment under one."""
    reviewer = Author(tame.identifier(value, "reviewer_id"), tame.text(value, "reviewer_name"))
    author = reviewer if reviewer.id else meta.author(value)
    if item == "comment":
        return _comment(value, author)
    if item != "rating":
        return Ignored.UNKNOWN_EVENT
    return _said(value, Kind.REVIEW, tame.required(value, "open_graph_story_id"), author)


def _said(
    value: Object, kind: Kind, message_id: str, author: Author, in_reply_to: str | None = None
) -> Message:
    post = tame.mapping(value, "post")
    return Message(
        platform=NAME,
        change=Change.CREATED,
        kind=kind,
        message_id=message_id,
        in_reply_to=in_reply_to,
        author=author,
        text=tame.text(value, "message", "review_text"),
        permalink=tame.text(value, "permalink_url") or tame.text(post, "permalink_url"),
        needs_lookup=author.id is None,
        occurred_at=tame.epoch(value, "created_time"),
    )


PLATFORM = Platform(
    name=NAME,
    has_verify_token=True,
    signature_header=meta.SIGNATURE_HEADER,
    sign=meta.sign,
    verify=meta.verify,
    answer_handshake=meta.answer_handshake,
    split=meta.split,
    read=read,
)
