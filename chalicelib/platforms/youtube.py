"""YouTube: pushed videos, which only say that comments should be asked for, and comments that were asked for.

https://developers.google.com/youtube/v3/guides/push_notifications
"""

import json
import re
from collections.abc import Iterator

from chalicelib.errors import PayloadError
from chalicelib.message import Ignored, Message
from chalicelib.platforms import tame, websub, youtube_comments, youtube_feed
from chalicelib.platforms.base import Answer, Keys, Lookup, Platform, Request, Subscription
from chalicelib.platforms.tame import Json
from chalicelib.platforms.youtube_comments import COMMENT, COMMENTS, THREAD, THREADS, VANISHED

NAME = youtube_comments.PLATFORM
LISTS = {THREADS: THREAD, COMMENTS: COMMENT, youtube_feed.FEED: youtube_feed.VIDEO}  # and what they hold
LISTED_IN = {THREAD: THREADS, COMMENT: COMMENTS}
NO_MESSAGES = {
    youtube_feed.VIDEO: Ignored.NEW_VIDEO,
    youtube_feed.DELETED_VIDEO: Ignored.OWN_PUBLICATION,
}

# Two paths are in use: https://github.com/youtube/api-samples/issues/177
TOPIC = re.compile(r"https://www\.youtube\.com/(?:xml/)?feeds/videos\.xml\?channel_id=([A-Za-z0-9_-]{1,64})")

BEFORE_XML = b"\xef\xbb\xbf\xfe\xff\x00 \t\r\n"  # byte order marks, blanks, the other half of UTF-16
UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


def channel_of(topic: str) -> str | None:
    """Read the channel out of a topic."""
    match = TOPIC.fullmatch(topic)
    return match[1] if match else None


def channel_of_video(payload: Json) -> str | None:
    """Tell whose a pushed video is, of a payload that was split down to it."""
    return tame.identifier(_item(payload), "channelId")


def answer_handshake(request: Request, keys: Keys) -> Answer:
    """Answer the hub; see `websub.answer`."""
    return websub.answer(request, keys, channel_of)


def subscription(request: Request) -> Subscription | None:
    """Read what the hub tells of a subscription."""
    return websub.subscription(request, channel_of)


def parse(body: bytes) -> Json:
    """Read a pushed feed (XML) or an answer of the API (JSON)."""
    stripped = body.lstrip(BEFORE_XML)
    if not stripped.startswith(b"<"):
        return json.loads(body)
    return youtube_feed.parse(body if body.startswith(UTF16) else stripped)


def split(payload: Json) -> Iterator[Json]:
    """Yield a list of one for each video, thread and reply, in body order."""
    payload = tame.an_object(payload, "the delivery")
    kind = tame.text(payload, "kind")
    if kind is None:
        raise PayloadError("the delivery has no kind")
    if kind in LISTED_IN:  # one alone
        yield from _pieces(LISTED_IN[kind], payload)
    elif kind not in LISTS:
        yield payload
    elif not isinstance(payload.get("items"), list):
        raise PayloadError("the delivery has no list `items`")
    else:
        for item in payload["items"]:
            yield from _pieces(kind, item)


def _pieces(kind: str, item: Json) -> Iterator[Json]:
    """Part a thread from the replies that come with it, which do not tell where they were said."""
    held = item.get("replies") if isinstance(item, dict) else None
    if held is None:
        yield {"kind": kind, "items": [item]}
        return
    yield {"kind": kind, "items": [{name: value for name, value in item.items() if name != "replies"}]}
    replies = held.get("comments") if isinstance(held, dict) else None
    thread = item.get("snippet") if isinstance(item.get("snippet"), dict) else {}
    place = {name: thread[name] for name in ("channelId", "videoId") if name in thread}
    nothing = [] if held == {} else [held]
    for reply in replies if isinstance(replies, list) else nothing:
        yield {"kind": COMMENTS, "items": [reply], **place}


def read(payload: Json) -> Message | Ignored:
    """Read the one event of a split delivery."""
    item = _item(payload)
    kind = tame.text(item, "kind") or LISTS.get(payload.get("kind"), "")
    if kind == THREAD:
        return youtube_comments.thread(item)
    if kind == COMMENT:
        return youtube_comments.comment(item, payload)
    if kind == VANISHED:
        return youtube_comments.vanished(item)
    return NO_MESSAGES.get(kind, Ignored.UNKNOWN_EVENT)


def _item(payload: Json) -> dict[str, Json]:
    return tame.only(payload, "items") if tame.text(payload, "kind") in LISTS else payload


PLATFORM = Platform(
    name=NAME,
    content_types=("application/atom+xml", "application/xml", "text/xml", "application/json"),
    has_verify_token=True,
    signature_header=websub.SIGNATURE_HEADER,
    sign=websub.sign,
    verify=websub.verify,
    answer_handshake=answer_handshake,
    subscription=subscription,
    parse=parse,
    split=split,
    read=read,
    lookup=Lookup(api=NAME, ask=youtube_comments.ask, found=youtube_comments.found),
)
