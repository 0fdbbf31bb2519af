"""YouTube's comments, in the shape in which its API lists them.

https://developers.google.com/youtube/v3/docs/comments
https://developers.google.com/youtube/v3/docs/commentThreads
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chalicelib.errors import PayloadError
from chalicelib.message import CREATED_VERSION, Author, Change, Kind, Message
from chalicelib.platforms import tame
from chalicelib.platforms.base import Ask
from chalicelib.platforms.tame import Json, Object

PLATFORM = "youtube"
THREADS, COMMENTS = "youtube#commentThreadListResponse", "youtube#commentListResponse"
THREAD, COMMENT = "youtube#commentThread", "youtube#comment"
VANISHED = "zustaendig#vanishedComment"  # our poller's word for a comment that is gone

EPOCH = datetime.fromtimestamp(0, UTC)


def thread(item: Object) -> Message:
    """Read the top comment of a thread."""
    place = tame.mapping(item, "snippet")
    return comment(tame.mapping(place, "topLevelComment"), place)


def comment(item: Object, place: Object) -> Message:
    """Read a comment. What it does not say of channel and video, the place where it was listed may."""
    snippet = tame.mapping(item, "snippet")
    message_id, parent = tame.required(item, "id"), tame.identifier(snippet, "parentId")
    channel = tame.identifier(snippet, "channelId") or tame.identifier(place, "channelId")
    video = tame.identifier(snippet, "videoId") or tame.identifier(place, "videoId")
    author = tame.identifier(tame.mapping(snippet, "authorChannelId"), "value")
    said = Message(
        platform=PLATFORM,
        change=Change.CREATED,
        kind=Kind.REPLY if parent else Kind.COMMENT,
        message_id=message_id,
        account_id=channel,
        from_us=author is not None and author == channel,
        in_reply_to=parent or video,
        author=Author(author, tame.text(snippet, "authorDisplayName")),
        text=_text(snippet),
        permalink=f"https://www.youtube.com/watch?v={video}&lc={message_id}" if video else None,
        needs_lookup="textOriginal" not in snippet and "textDisplay" not in snippet,
        occurred_at=tame.epoch(snippet, "publishedAt"),
    )
    version = edited_at(snippet)
    if version == CREATED_VERSION:
        return said
    when = tame.epoch(snippet, "updatedAt")
    return replace(said, change=Change.EDITED, version=version, occurred_at=when)


def _text(snippet: Object) -> str | None:
    """Read the text. `textDisplay` is plain where plain text was asked for, as our poller does.

    https://developers.google.com/youtube/v3/docs/comments#snippet.textOriginal
    """
    return tame.text(snippet, "textOriginal") or tame.text(snippet, "textDisplay")


def edited_at(snippet: Object) -> int:
    """Tell when a comment was last edited, in UTC epoch milliseconds; 0 if it never was."""
    published, updated = milliseconds(snippet, "publishedAt"), milliseconds(snippet, "updatedAt")
    if published is None or updated is None or updated <= published:
        return CREATED_VERSION
    return updated


def milliseconds(snippet: Object, name: str) -> int | None:
    """Read a time (ISO 8601) into UTC epoch milliseconds; None if there is none that can be read."""
    value = snippet.get(name)
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else EPOCH
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max((moment - EPOCH) // timedelta(milliseconds=1), 0) or None
    except (ValueError, OverflowError):
        return None


def vanished(item: Object) -> Message:
    """Read that a comment is gone."""
    snippet = tame.mapping(item, "snippet")
    return Message(
        platform=PLATFORM,
        change=Change.DELETED,
        kind=Kind.REPLY if tame.identifier(snippet, "parentId") else Kind.COMMENT,
        account_id=tame.identifier(snippet, "channelId"),
        message_id=tame.required(item, "id"),
    )


def ask(message: Message) -> Ask:
    """Ask for a comment that came without its text.

    https://developers.google.com/youtube/v3/docs/comments/list
    """
    parameters = {"part": "snippet", "id": message.message_id, "textFormat": "plainText"}
    return Ask(("comments",), parameters)


def found(message: Message, answer: Json) -> Message:
    """Take over what the look-up found.

    Raises:
        PayloadError: the answer holds no comment, or another one.

    """
    looked_up = comment(tame.only(tame.an_object(answer, "the answer"), "items"), {})
    if looked_up.message_id != message.message_id:
        raise PayloadError(f"asked for the comment {message.message_id}, got {looked_up.message_id}")
    return replace(message, text=looked_up.text, author=looked_up.author, needs_lookup=False)
