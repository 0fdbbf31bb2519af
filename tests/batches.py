"""Makes deliveries of any size out of a platform's own recordings, in each of its shapes."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from chalicelib.errors import PayloadError
from chalicelib.message import Change, Message
from chalicelib.platforms import PLATFORMS
from tests import recorded
from tests.json_paths import Path, at, paths, replaced

ONE_OR_A_LIST = {"standard_webhooks": "data", "threads": "values"}
"""Where a platform sends a list in the place of a single event."""


@dataclass(frozen=True)
class Shape:
    """An event that opens a ticket, where its message's id stands, and a list that may hold several of it."""

    platform: str
    piece: Any
    id_path: Path
    list_path: Path

    def __str__(self) -> str:
        return "-".join((self.platform, *map(str, (*self.list_path, "*", *self.id_path[-2:]))))

    def batch(self, numbers: Iterable[int], bad: Iterable[int] = ()) -> bytes:
        """Make a delivery of messages with different ids; those at bad positions have none that is one."""
        several = [self._numbered(number) for number in numbers]
        for position in bad:
            several[position] = replaced(self.piece, self.id_path, {"no": "id"})
        return json.dumps(self._joined(several)).encode()

    def _numbered(self, number: int) -> Any:
        return replaced(self.piece, self.id_path, _numbered(at(self.piece, self.id_path), number))

    def _joined(self, several: list[Any]) -> Any:
        held = [at(one, self.list_path) for one in several]
        return replaced(
            several[0], self.list_path, [one[0] if isinstance(one, list) else one for one in held]
        )


@cache
def shapes(platform: str) -> list[Shape]:
    """Find the shapes in which the platform sends several events at once, in its recordings."""
    found: dict[Path, Shape] = {}
    for piece in _opening(platform):
        id_path = _id_path(platform, piece)
        for list_path in _lists(platform, piece, id_path):
            found.setdefault((*list_path, *id_path), Shape(platform, piece, id_path, list_path))
    return list(found.values())


def _lists(platform: str, piece: Any, id_path: Path) -> list[Path]:
    """Find the lists of objects on the way to the id."""
    if ONE_OR_A_LIST.get(platform) == id_path[0]:
        return [id_path[:1]]
    places = [place for place, step in enumerate(id_path) if isinstance(step, int)]
    return [id_path[:place] for place in places if isinstance(at(piece, id_path[: place + 1]), dict)]


def _opening(platform: str) -> Iterator[Any]:
    how = PLATFORMS[platform]
    for delivery in recorded.deliveries():
        if delivery.platform == platform and delivery.opening:
            for piece in how.split(how.parse(delivery.body)):
                found = how.read(piece)
                if isinstance(found, Message) and found.change is Change.CREATED and not found.from_us:
                    yield piece


def _id_path(platform: str, piece: Any) -> Path:
    """Find by trial what names the message: with another value there, the message is another."""
    before = PLATFORMS[platform].read(piece)
    assert isinstance(before, Message)
    for path in paths(piece):
        if isinstance(at(piece, path), str | int):
            try:
                after = PLATFORMS[platform].read(replaced(piece, path, _numbered(at(piece, path), 7)))
            except PayloadError:
                continue
            if isinstance(after, Message) and after.message_id != before.message_id:
                return path
    raise AssertionError(f"nothing in this event of {platform} names its message")


def _numbered(value: Any, number: int) -> str:
    """Make another id of the same form: with a number behind its last digits, or behind all of it."""
    counted, found = re.subn(r"(\d)(?=\D*$)", rf"\g<1>{number:04}", str(value), count=1)
    return counted if found else f"{value}{number}"
