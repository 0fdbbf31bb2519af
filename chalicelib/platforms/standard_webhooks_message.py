"""Turns an event of any sender into a message, by the names of `standard_webhooks.toml`. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalicelib.errors import PayloadError
from chalicelib.message import CREATED_VERSION, EDITED_VERSION, Author, Change, Ignored, Kind, Message
from chalicelib.platforms import tame
from chalicelib.platforms.standard_webhooks_names import Fields, Names, Paths, words_of
from chalicelib.platforms.tame import Json, Object

REPLIED = "replied"
LINK = re.compile(r"https?://\S+")  # people will click on it


@dataclass(frozen=True, slots=True)
class _Event:
    """An event: `data` is what it is about, `body` what stands around that."""

    body: Object
    data: Object
    fields: Fields

    def text(self, paths: Paths) -> str | None:
        return tame.text(_found(self.data, paths), *paths)

    def identifier(self, paths: Paths) -> str | None:
        return tame.identifier(_found(self.data, paths), *paths)

    def beside(self, paths: Paths) -> str | None:
        """Read an id that may stand around the data, too."""
        return self.identifier(paths) or tame.identifier(_found(self.body, paths), *paths)

    def scoped(self, identifier: str | None) -> str | None:
        """Make an id one of its source: two senders may count from 1."""
        source = self.beside(self.fields.source)
        return f"{source}:{identifier}" if source and identifier else identifier

    def milliseconds(self, paths: Paths) -> int | None:
        """Read a time; that of the event if the data has none."""
        found = tame.milliseconds(_found(self.data, paths), *paths)
        return found or tame.milliseconds(self.body, "timestamp")

    def has(self, paths: Paths) -> bool:
        return any(value is not None for value in _found(self.data, paths).values())

    def says(self, paths: Paths) -> bool:
        """Read a yes or no; what is missing is a no."""
        found = next((value for value in _found(self.data, paths).values() if value is not None), False)
        if not isinstance(found, bool):
            raise PayloadError(f"{' or '.join(paths)} is neither true nor false")
        return found


def _found(holder: Object, paths: Paths) -> dict[str, Json]:
    """Look under each path. An object there is only the way to deeper ones, never a value."""
    values = {path: _at(holder, path) for path in paths}
    return {path: value for path, value in values.items() if not isinstance(value, dict)}


def _at(holder: Json, path: str) -> Json:
    for name in path.split("."):
        holder = holder.get(name) if isinstance(holder, dict) else None
    return holder


def read(platform: str, body: Object, names: Names) -> Message | Ignored:
    """Read one event.

    Raises:
        PayloadError: a part of it is of the wrong type, or the id is missing.

    """
    *nouns, verb = words_of(tame.text(body, "type") or "") or [""]
    happened = names.changes.meaning(verb)
    if happened is None:
        return Ignored.UNKNOWN_EVENT
    event = _Event(body, tame.mapping(body, "data") if "data" in body else body, names.fields)
    change = Change.CREATED if happened == REPLIED else Change(happened)
    if change is not Change.DELETED and _text(event) is None and not event.has(names.fields.rating):
        return Ignored.NOT_A_MESSAGE
    told = Message(
        platform=platform,
        change=change,
        kind=_kind(event, names, nouns, is_answer=happened == REPLIED),
        account_id=event.beside(names.fields.account) or event.beside(names.fields.source),
        message_id=event.scoped(event.identifier(names.fields.id)) or "",
    )
    return told if change is Change.DELETED else _said(told, event)


def _kind(event: _Event, names: Names, nouns: list[str], *, is_answer: bool) -> Kind:
    """Find out where it was said: the last word that is known counts; what is not known is private."""
    if told := _known(names, words_of(event.text(names.fields.kind) or "")):
        return told
    kind = _known(names, nouns) or Kind.DIRECT_MESSAGE
    return Kind.REPLY if is_answer and kind is not Kind.DIRECT_MESSAGE else kind


def _known(names: Names, words: Iterable[str]) -> Kind | None:
    known = [meaning for word in words if (meaning := names.kinds.meaning(word))]
    return Kind(known[-1]) if known else None


def _text(event: _Event) -> str | None:
    """Join title and text, as people read them."""
    parts = event.text(event.fields.title), event.text(event.fields.text)
    return "\n\n".join(filter(None, parts)) or None


def _said(told: Message, event: _Event) -> Message | Ignored:
    """Add who said what, when and where."""
    fields, edited = event.fields, told.change is Change.EDITED
    ours, author = event.says(fields.from_us), event.identifier(fields.author_id)
    if ours and told.kind is Kind.POST:
        return Ignored.OWN_PUBLICATION
    at = event.milliseconds(fields.updated_at if edited else fields.created_at)
    person = event.identifier(fields.conversation) or (None if ours else author)
    url = event.text(fields.url) or ""
    return replace(
        told,
        from_us=ours,
        in_reply_to=event.scoped(event.identifier(fields.in_reply_to)),
        author=Author(author, event.text(fields.author_name)),
        text=_text(event),
        permalink=url if LINK.fullmatch(url) else None,
        occurred_at=None if at is None else at // 1000,
        version=(at or EDITED_VERSION) if edited else CREATED_VERSION,
        conversation=event.scoped(person) if told.kind is Kind.DIRECT_MESSAGE else None,
    )
