"""Facebook Pages: feed, mentions, reviews, and Messenger events on the same address.

https://developers.facebook.com/docs/graph-api/webhooks/reference/page
"""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.message import EDITED_VERSION, Author, Change, Ignored, Kind, Message
from chalicelib.platforms import meta, meta_lookups, meta_messaging, tame
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

# `item` of the feed field: what a visitor may have written, and what nobody has.
POSTS = frozenset({"post", "status", "photo", "video", "share", "link", "note", "question", "picture"})
NOT_MESSAGES = frozenset({"album", "event", "like", "reaction"})
MODERATION = frozenset({"hide", "unhide", "block", "unblock", "mute", "update", "follow"})


def read(payload: Json) -> Message | Ignored:
    """Read the one event of a split delivery."""
    account, field, value = meta.event(payload)
    if account == meta.DASHBOARD_TEST:
        return Ignored.DASHBOARD_TEST
    if field.startswith(meta_messaging.FIELDS):
        return meta_messaging.direct_message(NAME, account, value)
    if field not in READERS:
        return Ignored.UNKNOWN_EVENT
    return _change(account, field, meta.content(value, field))


def _change(account: str | None, field: str, value: Object) -> Message | Ignored:
    item, verb = tame.text(value, "item"), tame.text(value, "verb")
    if item in NOT_MESSAGES or verb in MODERATION:
        return Ignored.NOT_A_MESSAGE
    change = CHANGES.get(verb or "")
    if change is None:
        return Ignored.UNKNOWN_EVENT
    said = READERS[field](value, item or "")
    return said if isinstance(said, Ignored) else _happened(said, change, account, value)


def _happened(said: Message, change: Change, account: str | None, value: Object) -> Message | Ignored:
    """Add what holds for every field; of a deletion only its id is known for sure."""
    if change is Change.DELETED:
        return Message(
            platform=NAME, change=change, kind=said.kind, account_id=account, message_id=said.message_id
        )
    ours = said.author.id is not None and said.author.id == account
    if ours and said.kind is Kind.POST:
        return Ignored.OWN_PUBLICATION
    version = _version_of_edit(value) if change is Change.EDITED else said.version
    return replace(said, change=change, account_id=account, from_us=ours, version=version)


def _version_of_edit(value: Object) -> int:
    """Read when it was edited, if Facebook says so.

    `created_time` is documented as the time of the object. Recorded edits of comments bear the time of the
    edit, those of photos the time of creation: then all edits have the same version, and the last one counts.
    """
    return tame.milliseconds(value, "created_time") or EDITED_VERSION


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
    return _said(value, Kind.REVIEW, tame.required(value, "open_graph_story_id", "post_id"), author)


def _said(
    value: Object, kind: Kind, message_id: str, author: Author, in_reply_to: str | None = None
) -> Message:
    post = tame.mapping(value, "post")
    text = tame.text(value, "message", "review_text")
    return Message(
        platform=NAME,
        change=Change.CREATED,
        kind=kind,
        message_id=message_id,
        in_reply_to=in_reply_to,
        author=author,
        text=text,
        permalink=tame.text(value, "permalink_url") or tame.text(post, "permalink_url"),
        # A mention has words, if only our name; whatever else comes without any has none.
        needs_lookup=author.id is None or (kind is Kind.MENTION and not text),
        occurred_at=tame.epoch(value, "created_time"),
    )


READERS: dict[str, Callable[[Object, str], Message | Ignored]] = {
    "feed": _feed,
    "group_feed": _feed,
    "mention": _mention,
    "ratings": _rating,
}

PLATFORM = meta.platform(
    NAME, read, lookup=meta_lookups.FACEBOOK, reply_windows=meta.DIRECT_WINDOW | meta.PRIVATE_REPLY_WINDOW
)
