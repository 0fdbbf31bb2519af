"""Reads the messages that somebody gives us to evaluate, line by line, and is strict about them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from chalicelib.categories import Category

CATEGORIES = ", ".join(Category)

Line = TypeVar("Line")


class Unreadable(Exception):  # noqa: N818  (it reads as what happened)
    """The file or a line of it is not as it should be; the message names the line and the remedy."""


@dataclass(frozen=True, slots=True)
class Given:
    """A message to evaluate. `id`: as it was given, else its line. None: not told."""

    id: str | int
    text: str
    lang: str | None
    platform: str | None
    label: Category | None


def read(file: Path) -> list[Given]:
    """Read JSON lines of `{"id"?, "text", "lang"?, "platform"?, "label"?}`; blank lines are passed over.

    Raises:
        Unreadable: names the first line that is wrong.

    """
    return read_lines(file, _given, "message")


def read_lines(file: Path, given: Callable[[Any, int], Line], what: str) -> list[Line]:
    """Read JSON lines; `given` makes something of each and its number, and raises ValueError.

    Raises:
        Unreadable: names the first line that is wrong, or says that there is none of `what`.

    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Unreadable(f"{str(file)!r}: {error.strerror}; name a file of JSON lines") from error
    lines = list(_lines(content, given))
    if not lines:
        raise Unreadable(f"{str(file)!r} holds no {what}: give one JSON object a line")
    return lines


def _lines(content: bytes, given: Callable[[Any, int], Line]) -> Iterator[Line]:
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            try:
                yield given(json.loads(line.decode()), number)
            except UnicodeDecodeError as error:
                raise Unreadable(f"line {number} is not UTF-8") from error
            except (json.JSONDecodeError, RecursionError) as error:
                raise Unreadable(f"line {number} is no JSON: {error}") from error
            except ValueError as error:
                raise Unreadable(f"line {number}: {error}") from error


# Whatever is wrong with a line is a ValueError, and told with its number.


def _given(row: Any, number: int) -> Given:
    if not isinstance(row, dict):
        raise ValueError('it must be an object, as in {"id": "1", "text": "…"}')  # noqa: TRY004
    text = text_of(row, "text")
    if text is None:
        raise ValueError("`text` is missing")
    return Given(id_of(row, number), text, text_of(row, "lang"), text_of(row, "platform"), _label(row))


def id_of(row: dict[str, Any], number: int) -> str | int:
    """Give the id of a line: its own, or else its number."""
    if type(row.get("id")) is int:
        return int(row["id"])
    return text_of(row, "id") or f"line-{number}"


def _label(row: dict[str, Any]) -> Category | None:
    label = text_of(row, "label")
    try:
        return Category(label) if label else None
    except ValueError:
        raise ValueError(f"`label` is {label!r}; there are {CATEGORIES}") from None


def text_of(row: dict[str, Any], name: str) -> str | None:
    """Give a text of a line, if it is there.

    Raises:
        ValueError: it is no text, or holds half a surrogate pair.

    """
    value = row.get(name)
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f"`{name}` must be a text")  # noqa: TRY004
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"`{name}` holds half a surrogate pair") from None
    return value
