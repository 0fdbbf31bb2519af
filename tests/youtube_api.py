"""YouTube's API on loopback: channels whose comments come, change and vanish, also while they are being read.

Like the real one it pages by position, so that what was read shifts when something comes or goes; it gives
only some replies with a thread, and HTML unless plain text is asked for.
https://developers.google.com/youtube/v3/docs/commentThreads/list
https://developers.google.com/youtube/v3/docs/comments/list
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Json = dict[str, Any]
Query = dict[str, str]

KEY = "test-api-key"


class Refusal(Exception):  # noqa: N818
    """An answer other than 200."""

    def __init__(self, status: int, reason: str = "") -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


@dataclass
class Said:
    """A comment. Times in UTC epoch seconds."""

    id: str
    channel: str
    text: str
    published_at: int
    parent: str | None = None
    video: str | None = "Wz3kQpLr7_4"
    author: str = "UCvisitor0001"
    updated_at: int = 0


@dataclass
class YouTube:
    """What the API knows, what it was asked, and how it fails."""

    comments: dict[str, Said] = field(default_factory=dict)
    page_size: int = 100
    inline_replies: int = 2
    asked: list[tuple[str, Query]] = field(default_factory=list)
    # Before each answer: may change the comments, or raise a Refusal.
    before: Callable[[str, Query], None] = lambda _path, _query: None
    forgetful: bool = False  # comments.list knows no ids, whatever is asked
    strict: bool = False  # comments.list refuses as soon as one id is unknown
    url: str = ""

    def say(self, key: str, text: str, published_at: int, **more: Any) -> Said:
        said = Said(key, more.pop("channel", "UCours"), text, published_at, **more)
        self.comments[key] = said
        return said

    def edit(self, key: str, text: str, updated_at: int) -> None:
        self.comments[key].text, self.comments[key].updated_at = text, updated_at

    def delete(self, key: str) -> None:
        """Delete a comment; a thread goes with its replies."""
        self.comments = {k: c for k, c in self.comments.items() if key not in (k, c.parent)}

    def answer(self, path: str, query: Query, key: str | None) -> Json:
        self.asked.append((path, query))
        self.before(path, query)
        if key != KEY:
            raise Refusal(400, "keyInvalid")
        if path == "/youtube/v3/commentThreads":
            return self._threads(query)
        if path == "/youtube/v3/comments" and "id" in query:
            return self._by_id(query)
        if path == "/youtube/v3/comments":
            return self._replies(query)
        raise Refusal(404, "notFound")

    def _threads(self, query: Query) -> Json:
        assert query["order"] == "time"
        assert set(query["part"].split(",")) == {"snippet", "replies"}
        tops = [
            c
            for c in self.comments.values()
            if c.parent is None and c.channel == query["allThreadsRelatedToChannelId"]
        ]
        tops.sort(key=lambda c: -c.published_at)
        return self._page("commentThread", tops, query, lambda top: self._thread(top, query))

    def _replies(self, query: Query) -> Json:
        if query["parentId"] not in self.comments:
            raise Refusal(404, "commentNotFound")
        return self._page(
            "comment", self._replies_to(query["parentId"]), query, lambda c: _comment(c, query, bare=True)
        )

    def _by_id(self, query: Query) -> Json:
        ids = query["id"].split(",")
        assert len(ids) <= 50
        assert "maxResults" not in query
        if self.strict and not self.comments.keys() >= set(ids):
            raise Refusal(404, "commentNotFound")
        found = [] if self.forgetful else [self.comments[i] for i in ids if i in self.comments]
        items = [_comment(c, query, bare=True) for c in found]
        return {"kind": "youtube#commentListResponse", "pageInfo": {"resultsPerPage": 50}, "items": items}

    def _page(self, kind: str, all_: list[Said], query: Query, write: Callable[[Said], Json]) -> Json:
        start = int(query.get("pageToken", "p0")[1:])
        size = min(int(query.get("maxResults", "20")), 100, self.page_size)
        items = [write(c) for c in all_[start : start + size]]
        more = {"nextPageToken": f"p{start + size}"} if start + size < len(all_) else {}
        about = {"totalResults": len(items), "resultsPerPage": size}
        return {"kind": f"youtube#{kind}ListResponse", **more, "pageInfo": about, "items": items}

    def _replies_to(self, top: str) -> list[Said]:
        return sorted(
            (c for c in self.comments.values() if c.parent == top), key=lambda c: (-c.published_at, c.id)
        )

    def _thread(self, top: Said, query: Query) -> Json:
        replies = self._replies_to(top.id)
        place: Json = {"channelId": top.channel, **({"videoId": top.video} if top.video else {})}
        snippet = {
            **place,
            "topLevelComment": _comment(top, query),
            "canReply": True,
            "totalReplyCount": len(replies),
            "isPublic": True,
        }
        shown = [_comment(c, query, bare=True) for c in replies[: self.inline_replies]]
        held = {"replies": {"comments": shown}} if shown else {}
        return {"kind": "youtube#commentThread", "id": top.id, "snippet": snippet, **held}


def _comment(said: Said, query: Query, *, bare: bool = False) -> Json:
    """Write a comment; `bare`: without its place, as lists of comments have it."""
    plain = query.get("textFormat") == "plainText"
    place: Json = (
        {} if bare else {"channelId": said.channel, **({"videoId": said.video} if said.video else {})}
    )
    return {
        "kind": "youtube#comment",
        "etag": f"{said.id}-{said.updated_at}",
        "id": said.id,
        "snippet": {
            "authorDisplayName": f"@{said.author}",
            "authorChannelId": {"value": said.author},
            "authorProfileImageUrl": "https://yt3.ggpht.com/none",
            **place,
            "textDisplay": said.text if plain else escape(said.text).replace("\n", "<br>"),
            "textOriginal": said.text,
            **({"parentId": said.parent} if said.parent else {}),
            "publishedAt": _time(said.published_at),
            "updatedAt": _time(said.updated_at or said.published_at),
        },
    }


def _time(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _refused(refusal: Refusal) -> Json:
    about = {"domain": "youtube.test", "reason": refusal.reason, "message": "no"}
    return {"error": {"code": refusal.status, "message": "no", "errors": [about]}}


@contextmanager
def serving(youtube: YouTube) -> Iterator[YouTube]:
    """Serve on any free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            split = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(split.query).items()}
            try:
                status, body = 200, youtube.answer(split.path, query, self.headers.get("X-Goog-Api-Key"))
            except Refusal as refusal:
                status, body = refusal.status, _refused(refusal)
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        youtube.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield youtube
        finally:
            server.shutdown()
            thread.join()
