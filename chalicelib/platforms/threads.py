"""Threads: replies, mentions, and what became of our own posts.

https://developers.facebook.com/documentation/threads/webhooks
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from chalicelib.errors import PayloadError
from chalicelib.message import Author, Change, Ignored, Kind, Message
from chalicelib.platforms import meta, tame
from chalicelib.platforms.tame import Json, Object

NAME = "threads"


def split(payload: Json) -> Iterator[Json]:
    """Yield one payload for each event: `values` is one event, but a list of them is read, too."""
    payload = tame.an_object(payload, "the delivery")
    values = payload.get("values")
    if values is None:
        raise PayloadError("the delivery has no `values`")
    for event in values if isinstance(values, list) else [values]:
        yield {"target_id": payload.get("target_id"), "values": event}


def read(payload: Json) -> Message | Ignored:
    """Read the one event of a split delivery."""
    account, event = tame.identifier(payload, "target_id"), tame.mapping(payload, "values")
    if account == meta.DASHBOARD_TEST:
        return Ignored.DASHBOARD_TEST
    field = tame.text(event, "field") or ""
    if field not in READERS:
        return Ignored.UNKNOWN_EVENT
    return READERS[field](account, meta.content(event.get("value"), field))


def _reply(account: str | None, value: Object) -> Message:
    return _said(account, value, Kind.REPLY, "replied_to", "root_post")


def _mention(account: str | None, value: Object) -> Message:
    return _said(account, value, Kind.MENTION, "replied_to", "quoted_post")


def _publication(account: str | None, value: Object) -> Message | Ignored:
    """Read what we have published: mostly posts of our own, but answers, too."""
    said = _said(account, value, Kind.REPLY, "replied_to")
    return replace(said, from_us=True) if said.in_reply_to else Ignored.OWN_PUBLICATION


def _deletion(account: str | None, value: Object) -> Message:
    """Read which of our own posts is gone; it may have been an answer."""
    post = tame.required(value, "id")
    return Message(platform=NAME, change=Change.DELETED, kind=Kind.POST, account_id=account, message_id=post)


def _said(account: str | None, value: Object, kind: Kind, *parents: str) -> Message:
    author = _author(value)
    answered = (tame.identifier(tame.mapping(value, parent), "id") for parent in parents)
    return Message(
        platform=NAME,
        change=Change.CREATED,
        kind=kind,
        account_id=account,
        message_id=tame.required(value, "id"),
        from_us=author.id is not None and author.id == account,
        in_reply_to=next((post for post in answered if post), None),
        author=author,
        text=tame.text(value, "text"),
        permalink=tame.text(value, "permalink"),
        needs_lookup=author == Author(),
        occurred_at=tame.epoch(value, "timestamp"),
    )


def _author(value: Object) -> Author:
    """Read who wrote it: a user name, and an id only if it is who wrote the first post, too."""
    name, root = tame.text(value, "username"), tame.mapping(value, "root_post")
    started = name is not None and name == tame.text(root, "username")
    owner = tame.identifier(tame.mapping(value, "owner"), "owner_id")
    return Author(owner or (tame.identifier(root, "owner_id") if started else None), name)


READERS: dict[str, Callable[[str | None, Object], Message | Ignored]] = {
    "replies": _reply,
    "mentions": _mention,
    "publish": _publication,
    "delete": _deletion,
}

PLATFORM = meta.platform(NAME, read, split=split)
