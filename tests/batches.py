"""Makes deliveries of any size out of a platform's own recordings, in its own shape."""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from chalicelib.errors import PayloadError
from chalicelib.message import Change, Message
from chalicelib.platforms import PLATFORMS
from tests import recorded
from tests.json_paths import Path, at, paths, replaced

ONE_OR_A_LIST = {"standard_webhooks": "data", "threads": "values"}
"""Where a platform sends a list in the place of a single event."""


def batch(platform: str, numbers: Iterable[int], bad: Iterable[int] = ()) -> bytes:
    """Make a delivery of messages with different ids; those at bad positions have none that can be read."""
    piece, path = _piece(platform)
    several = [replaced(piece, path, _numbered(at(piece, path), number)) for number in numbers]
    for position in bad:
        several[position] = replaced(piece, path, {"no": "id"})
    return json.dumps(joined(platform, several)).encode()


def joined(platform: str, several: list[Any]) -> Any:
    """Put payloads of one event each into one: their lists become one list."""
    first = several[0]
    if name := ONE_OR_A_LIST.get(platform):
        return first | {name: [one.get(name) for one in several]}
    lists = [name for name, value in first.items() if isinstance(value, list)]
    return first | {name: [item for one in several for item in one[name]] for name in lists}


@cache
def _piece(platform: str) -> tuple[Any, Path]:
    """Find a recorded event that opens a ticket and that can be joined, and where its id stands."""
    how = PLATFORMS[platform]
    for piece in _opening(platform):
        twice = [how.read(one) for one in how.split(joined(platform, [piece, piece]))]
        if len(twice) == 2 and all(isinstance(found, Message) for found in twice):
            return piece, _id_path(platform, piece)
    raise AssertionError(f"no recording of {platform} can be joined with another")


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
