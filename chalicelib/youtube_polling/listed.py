"""What YouTube's API lists of a channel: comments, threads, and how far back they were read. Pure.

https://developers.google.com/youtube/v3/docs/commentThreads
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from chalicelib.platforms import tame
from chalicelib.platforms.tame import Object
from chalicelib.platforms.youtube_comments import COMMENT, milliseconds

MOST_COMMENTS = 10_000
"""Comments of a channel that are watched, the newest threads first: what we know must fit one item."""

EVER = -1

PLACE = ("channelId", "videoId", "parentId")
KEPT = (
    *PLACE,
    "authorDisplayName",
    "authorChannelId",
    "textOriginal",
    "textDisplay",
    "publishedAt",
    "updatedAt",
)


class Comment(NamedTuple):
    """One comment. published_at: UTC epoch seconds; updated_at: UTC epoch milliseconds; 0 if not told.

    resource: what goes to intake of it, in the API's own shape.
    """

    id: str
    parent: str | None
    published_at: int
    updated_at: int
    resource: dict[str, Any]


class Thread(NamedTuple):
    """A comment and its replies; `whole`: these are all the replies there are."""

    top: Comment
    replies: tuple[Comment, ...]
    reply_count: int
    whole: bool

    @property
    def comments(self) -> Iterator[Comment]:
        """Yield all comments, the top one first."""
        yield self.top
        yield from self.replies


class Window(NamedTuple):
    """The newest threads of a channel by id, and how far back they reach: all that is newer than `since`.

    since: UTC epoch seconds; EVER: these are all threads there are.
    """

    threads: dict[str, Thread]
    since: int = EVER

    @property
    def comments(self) -> Iterator[Comment]:
        """Yield all comments."""
        return (comment for thread in self.threads.values() for comment in thread.comments)


def comment(item: Object, place: Object) -> Comment:
    """Read a comment; where it was said, its thread may have to tell.

    Raises:
        PayloadError: it is not of the documented shape.

    """
    snippet = tame.mapping(item, "snippet")
    kept = {name: snippet[name] for name in KEPT if snippet.get(name) is not None}
    for name in PLACE:
        if name not in kept and place.get(name) is not None:
            kept[name] = place[name]
    if kept.get("textOriginal"):
        kept.pop("textDisplay", None)  # the same once more
    found = tame.required(item, "id")
    return Comment(
        id=found,
        parent=tame.identifier(kept, "parentId"),
        published_at=tame.epoch(kept, "publishedAt") or 0,
        updated_at=milliseconds(kept, "updatedAt") or milliseconds(kept, "publishedAt") or 0,
        resource={"kind": COMMENT, "id": found, "snippet": kept},
    )


def thread(item: Object, channel: str) -> Thread:
    """Read a thread with the replies that come with it; mostly that is a subset.

    Raises:
        PayloadError: it is not of the documented shape.

    """
    snippet = tame.mapping(item, "snippet")
    place = {"channelId": channel, **{name: snippet[name] for name in PLACE if name in snippet}}
    top = comment(tame.mapping(snippet, "topLevelComment"), place)
    inline = tame.mappings(tame.mapping(item, "replies"), "comments")
    replies = tuple(comment(reply, {**place, "parentId": top.id}) for reply in inline)
    count = snippet.get("totalReplyCount")
    total = count if isinstance(count, int) else len(replies)
    return Thread(top, replies, total, whole=len(replies) >= total)


def bounded(threads: dict[str, Thread], *, is_all: bool, most: int = MOST_COMMENTS) -> Window:
    """Keep the newest threads, no more comments than we can remember."""
    kept: dict[str, Thread] = {}
    room = most
    for key, one in threads.items():
        room -= 1 + len(one.replies)
        if room < 0 and kept:
            is_all = False
            break
        kept[key] = one
    since = EVER if is_all else min((one.top.published_at for one in kept.values()), default=EVER)
    return Window(kept, since)
