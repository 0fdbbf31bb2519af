"""Reads a channel's comments from YouTube's API, page by page.

https://developers.google.com/youtube/v3/docs/commentThreads/list
https://developers.google.com/youtube/v3/docs/comments/list
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import NamedTuple, TypeVar

from chalicelib.errors import ApiRefused, PayloadError, Unavailable
from chalicelib.platforms import tame
from chalicelib.platforms.base import Ask
from chalicelib.platforms.tame import Json, Object
from chalicelib.youtube_polling import listed
from chalicelib.youtube_polling.listed import Comment, Thread, Window

MOST_PAGES = 20
"""Pages of a hundred threads, the newest first, that a poll reads."""

MOST_REPLY_PAGES = 10
"""Pages of a hundred replies of one thread."""

AT_ONCE, SMALLEST = 100, 10  # that one page holds
IDS_AT_ONCE = 50  # that one call is asked for
GONE = frozenset({"commentNotFound", "commentThreadNotFound"})

Read = TypeVar("Read")


class Page(NamedTuple):
    """One answer: its items, and the token of the following one."""

    items: list[Json]
    following: str | None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one channel.

    get: asks the API once; raises what `platform_api` raises.
    skipped: is told of what is not of the documented shape; the rest is read all the same.
    has_time: whether there is time for one more page; without, what was read counts as all there is room for.
    """

    channel: str
    get: Callable[[Ask], Json]
    skipped: Callable[[PayloadError], None]
    has_time: Callable[[], bool]

    def window(self) -> Window:
        """Read the newest threads. A thread that slides from one page to the next is there once."""
        threads: dict[str, Thread] = {}
        parameters = {
            "part": "snippet,replies",
            "allThreadsRelatedToChannelId": self.channel,
            "order": "time",
        }
        is_all = False
        for page in self._pages(("commentThreads",), parameters, MOST_PAGES):
            for one in self._each(page.items, lambda item: listed.thread(item, self.channel)):
                threads[one.top.id] = one
            is_all = page.following is None
        return listed.bounded(threads, is_all=is_all)

    def replies(self, thread: Thread) -> Thread:
        """Read all replies of a thread."""
        place = thread.top.resource["snippet"] | {"parentId": thread.top.id}
        found, is_all = {reply.id: reply for reply in thread.replies}, False
        parameters = {"part": "snippet", "parentId": thread.top.id}
        for page in self._pages(("comments",), parameters, MOST_REPLY_PAGES):
            found |= {one.id: one for one in self._each(page.items, lambda item: listed.comment(item, place))}
            is_all = page.following is None
        return thread._replace(replies=tuple(found.values()), whole=is_all)

    def existing(self, ids: Sequence[str]) -> list[Comment]:
        """Ask which of some comments are there still, at most IDS_AT_ONCE of them."""
        ask = _ask(("comments",), {"part": "snippet", "id": ",".join(ids)})
        try:
            items = _page(self.get(ask)).items
        except ApiRefused as error:
            if error.status != HTTPStatus.NOT_FOUND or error.reason not in GONE:
                raise
            if len(ids) == 1:
                return []
            if not self.has_time():
                raise Unavailable("there was no time to ask which comments are gone") from error
            half = len(ids) // 2  # one of them is gone, and the API does not tell which
            return [*self.existing(ids[:half]), *self.existing(ids[half:])]
        return list(self._each(items, self._there))

    def _there(self, item: Object) -> Comment:
        """Read a comment that is there, whatever else may be wrong with it."""
        try:
            return listed.comment(item, {"channelId": self.channel})
        except PayloadError:
            return Comment(tame.required(item, "id"), None, 0, 0, {})

    def _pages(self, path: tuple[str, ...], parameters: Object, most: int) -> Iterator[Page]:
        token, size = None, AT_ONCE
        for _ in range(most):
            more = {"maxResults": str(size), **({"pageToken": token} if token else {})}
            try:
                page = _page(self.get(_ask(path, {**parameters, **more})))
            except ApiRefused as error:
                if error.status != HTTPStatus.OK or size <= SMALLEST:
                    raise
                size //= 4  # what came was more than the client takes: a hundred comments may be long
                continue
            yield page
            token = page.following
            if token is None or not self.has_time():
                return

    def _each(self, items: Iterable[Json], read: Callable[[Object], Read]) -> Iterator[Read]:
        for item in items:
            try:
                yield read(tame.an_object(item, "an item"))
            except PayloadError as error:
                self.skipped(error)


def _ask(path: tuple[str, ...], parameters: Object) -> Ask:
    return Ask(path, {**parameters, "textFormat": "plainText"})


def _page(answer: Json) -> Page:
    answer = tame.an_object(answer, "the answer")
    if not isinstance(answer.get("items"), list):
        raise PayloadError("the answer has no list `items`")
    return Page(answer["items"], tame.text(answer, "nextPageToken"))
