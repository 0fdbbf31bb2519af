"""Facebook and Instagram: recent comments, read from what was published last, written as the webhook would.

Direct messages, mentions elsewhere, edits and deletions are not among them. Meta tries for 36 hours, and then
no more: this is what is left after a longer silence.
https://developers.facebook.com/docs/graph-api/reference/page/feed
https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-media/comments
"""

import json
from collections.abc import Iterator
from itertools import islice

from chalicelib.errors import PayloadError
from chalicelib.platforms import tame
from chalicelib.platforms.base import Ask
from chalicelib.platforms.tame import Object
from chalicelib.subscriptions import tokens
from chalicelib.subscriptions.each_account import each_account
from chalicelib.subscriptions.reach import Reach

REMEMBERED = 14 * 86_400
"""Seconds. Facebook remembers for longer, but what was published last is what people write about."""

MOST_PAGES, ON_A_PAGE = 10, 25  # publications
IN_A_DELIVERY = 50

SAID = "id,from,message,created_time,permalink_url"
OF_A_PAGE = f"{SAID},comments.filter(stream).order(reverse_chronological).limit(100){{{SAID},parent{{id}}}}"
REPLY = "id,text,timestamp,username,from"
OF_AN_ACCOUNT = f"id,comments.limit(50){{{REPLY},replies.limit(50){{{REPLY}}}}}"


def facebook(reach: Reach, since: int, until: int) -> Iterator[bytes]:
    """Yield deliveries of comments, and of what visitors published, between two times (UTC epoch seconds)."""

    def of(page: str) -> Iterator[bytes]:
        found: list[Object] = []
        for post in _published(reach, page, "meta", (page, "feed"), OF_A_PAGE):
            found += _of_post(page, post)
        yield from _deliveries(reach, "page", page, "feed", _within(found, "created_time", since, until))

    return each_account(reach.accounts, of)


def _of_post(page: str, post: Object) -> Iterator[Object]:
    post_id = tame.required(post, "id")
    if tame.identifier(tame.mapping(post, "from"), "id") != page:
        yield {**_said(post), "item": "post", "verb": "add", "post_id": post_id}
    for comment in tame.mappings(tame.mapping(post, "comments"), "data"):
        parent = tame.identifier(tame.mapping(comment, "parent"), "id") or post_id
        yield {
            **_said(comment),
            "item": "comment",
            "verb": "add",
            "post_id": post_id,
            "parent_id": parent,
            "comment_id": tame.required(comment, "id"),
        }


def _said(one: Object) -> Object:
    return {name: one[name] for name in ("from", "message", "created_time", "permalink_url") if name in one}


def instagram(reach: Reach, since: int, until: int) -> Iterator[bytes]:
    """Yield deliveries of comments and replies between two times (UTC epoch seconds)."""

    def of(account: str) -> Iterator[bytes]:
        login = tokens.is_of_instagram_login(reach.token(account))
        path = ("me" if login else account, "media")
        found: list[Object] = []
        for media in _published(reach, account, "instagram" if login else "meta", path, OF_AN_ACCOUNT):
            found += _of_media(media)
        comments = _within(found, "timestamp", since, until)
        yield from _deliveries(reach, "instagram", account, "comments", comments)

    return each_account(reach.accounts, of)


def _of_media(media: Object) -> Iterator[Object]:
    where = {"media": {"id": tame.required(media, "id")}}
    for comment in tame.mappings(tame.mapping(media, "comments"), "data"):
        yield {**_commented(comment), **where}
        parent = {"parent_id": tame.required(comment, "id")}
        for reply in tame.mappings(tame.mapping(comment, "replies"), "data"):
            yield {**_commented(reply), **where, **parent}


def _commented(one: Object) -> Object:
    """Write a comment; its author is `from`, or at least a name."""
    said = {name: one[name] for name in ("id", "text", "timestamp") if name in one}
    return {**said, "from": tame.mapping(one, "from") or {"username": tame.text(one, "username")}}


def _published(reach: Reach, account: str, api: str, path: tuple[str, str], fields: str) -> Iterator[Object]:
    """Read what was published last, page by page. https://developers.facebook.com/docs/graph-api/results."""
    parameters = {"fields": fields, "limit": str(ON_A_PAGE)}
    for _ in range(MOST_PAGES):
        answer = tame.an_object(
            reach.apis.get(api, Ask(path, parameters), reach.token(account)), "the answer"
        )
        if not isinstance(answer.get("data"), list):
            raise PayloadError("Meta answers with no list of what was published")
        yield from tame.mappings(answer, "data")
        paging = tame.mapping(answer, "paging")
        after = tame.text(tame.mapping(paging, "cursors"), "after")
        if not after or not paging.get("next"):
            return
        parameters = {**parameters, "after": after}


def _within(found: list[Object], name: str, since: int, until: int) -> list[Object]:
    return [one for one in found if since <= (tame.epoch(one, name) or 0) < until]


def _deliveries(reach: Reach, kind: str, account: str, field: str, values: list[Object]) -> Iterator[bytes]:
    """Write deliveries as Meta does, several changes in each."""
    waiting = iter(values)
    while some := list(islice(waiting, IN_A_DELIVERY)):
        changes = [{"field": field, "value": value} for value in some]
        entry = {"id": account, "time": reach.now, "changes": changes}
        yield json.dumps({"object": kind, "entry": [entry]}).encode()
