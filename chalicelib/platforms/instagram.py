"""Instagram: comments, mentions and direct messages, through Facebook Login and Instagram Login.

https://developers.facebook.com/docs/instagram-platform/webhooks
"""

from collections.abc import Mapping

from chalicelib.errors import PayloadError
from chalicelib.message import Author, Change, Ignored, Kind, Message
from chalicelib.platforms import meta
from chalicelib.platforms.base import Json, Platform, epoch, identifier, mapping, required, text

NAME = "instagram"

# Insights, reactions and receipts as the webhook fields call them.
NOT_MESSAGES = frozenset({"story_insights", "message_reactions", "messaging_seen", "messaging_handover"})
MESSAGING = frozenset({"messaging", "messages", "message_edit", "messaging_postbacks"})


def read(payload: Json) -> Message | Ignored:
    """Read the one event of a split delivery."""
    account, field, value = meta.event(payload)
    if account == meta.DASHBOARD_TEST:
        return Ignored.DASHBOARD_TEST
    if field in NOT_MESSAGES:
        return Ignored.NOT_A_MESSAGE
    if field in MESSAGING:
        return meta.direct_message(NAME, account, value)
    reader = {"comments": _comment, "live_comments": _comment, "mentions": _mention}.get(field)
    if reader is None:
        return Ignored.UNKNOWN_EVENT
    if not value:
        raise PayloadError(f"{field} carries no value: switch on 'Include Values' in the App Dashboard")
    return reader(account, value)


def _comment(account: str | None, value: Mapping[str, Json]) -> Message:
    """Read a comment. The documentation calls its id `comment_id`, deliveries call it `id`."""
    media = identifier(mapping(value.get("media"), "media").get("id"), "media.id")
    parent = identifier(value.get("parent_id"), "parent_id")
    sender = mapping(value.get("from"), "from")
    author = meta.author(value, "username")
    return Message(
        platform=NAME,
        change=Change.CREATED,
        kind=Kind.REPLY if parent else Kind.COMMENT,
        account_id=account,
        message_id=required(value.get("id", value.get("comment_id")), "the id of the comment"),
        from_us="self_ig_scoped_id" in sender or (author.id is not None and author.id == account),
        in_reply_to=parent or media,
        author=author,
        text=text(value.get("text"), "text"),
        needs_lookup=author == Author(),
        occurred_at=epoch(value.get("created_time", value.get("timestamp"))),
    )


def _mention(account: str | None, value: Mapping[str, Json]) -> Message:
    """Read a mention; it carries ids only.

    https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/mentioned_comment
    """
    comment, media = value.get("comment_id"), identifier(value.get("media_id"), "media_id")
    return Message(
        platform=NAME,
        change=Change.CREATED,
        kind=Kind.MENTION,
        account_id=account,
        message_id=required(comment or media, "the id of the mention"),
        in_reply_to=media if comment else None,
        needs_lookup=True,
    )


PLATFORM = Platform(
    name=NAME,
    verify=meta.verify,
    answer_handshake=meta.answer_handshake,
    split=meta.split,
    read=read,
)
