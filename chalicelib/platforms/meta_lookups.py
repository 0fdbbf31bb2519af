"""Fetches what Facebook and Instagram withhold: authors on Facebook, all of a mention on Instagram. Pure.

Both ask graph.facebook.com, with a token of Facebook Login. Instagram Login needs no look-up: it sends
mentions as comments, whole.
"""

import re
from dataclasses import replace

from chalicelib.errors import PayloadError
from chalicelib.message import Author, Kind, Message
from chalicelib.platforms import meta, tame
from chalicelib.platforms.base import Ask, Lookup
from chalicelib.platforms.tame import Json, Object

# Ids that may stand between the brackets of a field; others could ask for more.
NUMBER = re.compile(r"[0-9]{1,40}")
FACEBOOK_ID = re.compile(r"[0-9]{1,40}(_[0-9]{1,40}){0,2}")


def ask_facebook(message: Message) -> Ask | None:
    """Ask for a post, a comment or a review, which are asked for in the same way.

    https://developers.facebook.com/docs/graph-api/reference/comment
    https://developers.facebook.com/docs/graph-api/reference/post
    """
    if not FACEBOOK_ID.fullmatch(message.message_id):
        return None
    return Ask((message.message_id,), {"fields": "from,message,permalink_url,created_time"})


def found_facebook(message: Message, answer: Json) -> Message:
    """Add what the answer tells. The author is missing still where the app lacks a permission.

    Raises:
        PayloadError: the answer is not as documented.

    """
    said = tame.an_object(answer, "the answer")
    return _told(message, meta.author(said), tame.text(said, "message"), "created_time", said)


def ask_instagram(message: Message) -> Ask | None:
    """Ask for a mention through the account that was mentioned; for a comment by its id.

    Whoever mentions us in a comment is not ours to ask for: only the field of our own account tells.
    https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/mentioned_comment
    https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/mentioned_media
    https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-comment
    """
    account, wanted = message.account_id or "", message.message_id
    if not NUMBER.fullmatch(wanted):
        return None
    if message.kind is not Kind.MENTION:
        return Ask((wanted,), {"fields": "id,from,text,timestamp,username"})
    if not NUMBER.fullmatch(account):
        return None
    comment = f"mentioned_comment.comment_id({wanted}){{id,text,timestamp,username}}"
    media = f"mentioned_media.media_id({wanted}){{id,caption,permalink,timestamp,username}}"
    return Ask((account,), {"fields": comment if message.in_reply_to else media})


def found_instagram(message: Message, answer: Json) -> Message:
    """Add what the answer tells. Of who mentions us, Instagram tells the name alone.

    Raises:
        PayloadError: the answer is not as documented, or about something else.

    """
    said = tame.an_object(answer, "the answer")
    if message.kind is Kind.MENTION:
        said = tame.mapping(said, "mentioned_comment", "mentioned_media")
    if tame.required(said, "id") != message.message_id:
        raise PayloadError("the answer is about something else than was asked for")
    author = meta.author(said, "username")
    author = replace(author, name=author.name or tame.text(said, "username"))
    return _told(message, author, tame.text(said, "text", "caption"), "timestamp", said)


def _told(message: Message, author: Author, text: str | None, time: str, said: Object) -> Message:
    """Fill the gaps of a message; what the delivery told stays."""
    author = Author(message.author.id or author.id, message.author.name or author.name)
    ours = author.id is not None and author.id == message.account_id
    return replace(
        message,
        from_us=message.from_us or ours,
        author=author,
        text=message.text or text,
        permalink=message.permalink or tame.text(said, "permalink_url", "permalink"),
        occurred_at=message.occurred_at or tame.epoch(said, time),
        needs_lookup=author == Author(),
    )


FACEBOOK = Lookup(api="meta", ask=ask_facebook, found=found_facebook)
INSTAGRAM = Lookup(api="meta", ask=ask_instagram, found=found_instagram)
