"""Instagram: comments, mentions and direct messages, through Facebook Login and Instagram Login.

https://developers.facebook.com/docs/instagram-platform/webhooks
"""

from chalicelib.message import Author, Change, Ignored, Kind, Message
from chalicelib.platforms import meta, meta_lookups, meta_messaging, tame
from chalicelib.platforms.tame import Json, Object

NAME = "instagram"

NOT_MESSAGES = frozenset({"story_insights"})


def read(payload: Json) -> Message | Ignored:
    """Read the one event of a split delivery."""
    account, field, value = meta.event(payload)
    if account == meta.DASHBOARD_TEST:
        return Ignored.DASHBOARD_TEST
    if field in NOT_MESSAGES:
        return Ignored.NOT_A_MESSAGE
    if field.startswith(meta_messaging.FIELDS):
        return meta_messaging.direct_message(NAME, account, value)
    reader = {"comments": _comment, "live_comments": _comment, "mentions": _mention}.get(field)
    return reader(account, meta.content(value, field)) if reader else Ignored.UNKNOWN_EVENT


def _comment(account: str | None, value: Object) -> Message:
    """Read a comment. The documentation calls its id `comment_id`, deliveries call it `id`."""
    parent = tame.identifier(value, "parent_id")
    author = meta.author(value, "username")
    marked_ours = "self_ig_scoped_id" in tame.mapping(value, "from")
    return Message(
        platform=NAME,
        change=Change.CREATED,
        kind=Kind.REPLY if parent else Kind.COMMENT,
        account_id=account,
        message_id=tame.required(value, "id", "comment_id"),
        from_us=marked_ours or (author.id is not None and author.id == account),
        in_reply_to=parent or tame.identifier(tame.mapping(value, "media"), "id"),
        author=author,
        text=tame.text(value, "text"),
        needs_lookup=author == Author(),
        occurred_at=tame.epoch(value, "created_time", "timestamp"),
    )


def _mention(account: str | None, value: Object) -> Message:
    """Read a mention; it carries ids only.

    https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/mentioned_comment
    """
    return Message(
        platform=NAME,
        change=Change.CREATED,
        kind=Kind.MENTION,
        account_id=account,
        message_id=tame.required(value, "comment_id", "media_id"),
        in_reply_to=tame.identifier(value, "media_id") if value.get("comment_id") else None,
        needs_lookup=True,
    )


PLATFORM = meta.platform(
    NAME, read, lookup=meta_lookups.INSTAGRAM, reply_windows=meta.DIRECT_WINDOW | meta.PRIVATE_REPLY_WINDOW
)
