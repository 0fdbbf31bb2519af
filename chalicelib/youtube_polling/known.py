"""What we know of a channel's comments, and what of it has changed. Pure.

Known is enough to tell what is new, edited or missing: ids and times, no texts and no names.
"""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from chalicelib.youtube_polling.listed import MOST_COMMENTS, Comment, Window

UNKNOWN = -1  # older than any time, and no number of replies


class KnownThread(NamedTuple):
    """A thread as we last saw it.

    published_at: of the top comment, UTC epoch seconds. updated_at: likewise, milliseconds.
    reply_count: as the API told it when all replies were last listed, at `listed_at` (UTC epoch seconds).
    replies: updated_at by id.
    """

    published_at: int
    updated_at: int
    reply_count: int = UNKNOWN
    listed_at: int = 0
    replies: Mapping[str, int] = MappingProxyType({})


Known = Mapping[str, KnownThread]


class Missing(NamedTuple):
    """A comment that we know and that is not listed where it should be."""

    id: str
    parent: str | None


def fresh(known: Known, comments: Collection[Comment]) -> list[Comment]:
    """Give those comments that are new or were edited since, in the order in which that happened."""
    found = [comment for comment in comments if comment.updated_at > _updated_at(known, comment)]
    return sorted(found, key=lambda comment: (comment.updated_at, comment.parent or ""))


def _updated_at(known: Known, comment: Comment) -> int:
    thread = known.get(comment.parent or comment.id)
    if thread is None:
        return UNKNOWN
    return thread.replies.get(comment.id, UNKNOWN) if comment.parent else thread.updated_at


def missing(known: Known, window: Window) -> list[Missing]:
    """Tell which comments should have been listed and were not; they may be there all the same.

    Of a missing thread only the top comment is named: without it there are no replies.
    """
    found = []
    for key, thread in known.items():
        listed = window.threads.get(key)
        if listed is None:
            if thread.published_at > window.since:
                found.append(Missing(key, None))
        elif listed.whole:
            there = {reply.id for reply in listed.replies}
            found += [Missing(reply, key) for reply in thread.replies if reply not in there]
    return found


def with_replies(known: Known, gone: Collection[str]) -> Iterator[Missing]:
    """Give the comments that are gone, and the replies that went with them."""
    for key, thread in known.items():
        if key in gone:
            yield Missing(key, None)
        yield from (Missing(reply, key) for reply in thread.replies if key in gone or reply in gone)


def to_list(known: Known, window: Window, at_once: int) -> list[str]:
    """Choose threads whose replies are listed now: those with a new number, then the longest unseen."""
    partial = [key for key, thread in window.threads.items() if not thread.whole]

    def order(key: str) -> tuple[bool, int]:
        seen = known.get(key)
        same = seen is not None and seen.reply_count == window.threads[key].reply_count
        return same, seen.listed_at if seen else 0

    return sorted(partial, key=order)[:at_once]


def following(
    known: Known, window: Window, gone: Collection[str], seen: Collection[Comment], now: int
) -> dict[str, KnownThread]:
    """Give what is known after a poll.

    Args:
        known: what was known before.
        window: what was listed.
        gone: ids that are confirmed to be gone.
        seen: comments that were missing, and are there.
        now: UTC epoch seconds.

    """
    again = {comment.id: comment.updated_at for comment in seen}
    kept: dict[str, KnownThread] = {}
    for key, listed in window.threads.items():
        before = known.get(key, KnownThread(0, UNKNOWN))
        times = {reply.id: reply.updated_at for reply in listed.replies}
        replies = _newest(before.replies, again, times, gone)
        updated_at = max(before.updated_at, listed.top.updated_at)
        count, at = (listed.reply_count, now) if listed.whole else (before.reply_count, before.listed_at)
        kept[key] = KnownThread(listed.top.published_at, updated_at, count, at, replies)
    for key, thread in known.items():
        if key not in kept and key not in gone and thread.published_at > window.since:
            updated_at = max(thread.updated_at, again.get(key, UNKNOWN))
            replies = _newest(thread.replies, again, {}, gone)
            kept[key] = thread._replace(updated_at=updated_at, replies=replies)
    return _bounded(kept)


def _newest(
    before: Mapping[str, int], again: Mapping[str, int], listed: Mapping[str, int], gone: Collection[str]
) -> dict[str, int]:
    times = {key: max(at, again.get(key, UNKNOWN)) for key, at in before.items() if key not in gone}
    return times | {key: max(at, times.get(key, UNKNOWN)) for key, at in listed.items()}


def _bounded(known: dict[str, KnownThread]) -> dict[str, KnownThread]:
    """Forget the oldest threads when there is no room for them."""
    room, kept = MOST_COMMENTS, {}
    for key, thread in sorted(known.items(), key=lambda pair: -pair[1].published_at):
        room -= 1 + len(thread.replies)
        if room < 0:
            break
        kept[key] = thread
    return kept
