"""What a platform must be able to do, and the careful reading of what it sends."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from chalicelib.errors import PayloadError
from chalicelib.message import Ignored, Message

Json = Any
"""A parsed JSON value: Any until an adapter has read it."""

LONGEST_NUMBER = 20  # digits; longer ones are no times
NOTHING: Mapping[str, str] = MappingProxyType({})
MILLISECONDS_FROM = 100_000_000_000  # as seconds that would be the year 5138


class Request(NamedTuple):
    """One HTTP request at our door: headers by their names in lower case, the body byte for byte."""

    headers: Mapping[str, str] = NOTHING
    query: Mapping[str, str] = NOTHING
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Keys:
    """What we share with one platform: signing secrets (current first) and our verify token."""

    signing: Sequence[bytes] = ()
    verify_token: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The body that a handshake wants to see, with status 200."""

    content_type: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A platform's declaration, at the end of its file; all functions are pure.

    verify: raises SignatureError unless the request is signed by the platform.
    answer_handshake: raises BadRequest or HandshakeRefused.
    split: one smaller payload of the same dialect for each event of a delivery; raises PayloadError.
    read: the message that a payload of one event holds, or why it is none; raises PayloadError.
    """

    name: str
    content_types: tuple[str, ...] = ("application/json",)
    verify: Callable[[Request, Keys], None]
    answer_handshake: Callable[[Request, Keys], Answer]
    split: Callable[[Json], Iterator[Json]]
    read: Callable[[Json], Message | Ignored]


def mapping(value: Json, what: str) -> dict[str, Json]:
    """Read an object; None counts as empty.

    Raises:
        PayloadError: it is something else.

    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise PayloadError(f"{what} is {type(value).__name__}, not an object")
    return value


def items(value: Json, what: str) -> list[Json]:
    """Read a list; None counts as empty.

    Raises:
        PayloadError: it is something else.

    """
    if value is None:
        return []
    if not isinstance(value, list):
        raise PayloadError(f"{what} is {type(value).__name__}, not a list")
    return value


def only(value: Json, what: str) -> Json:
    """Read a list that was split down to one element.

    Raises:
        PayloadError: it is no list, or has none or several.

    """
    found = items(value, what)
    if len(found) != 1:
        raise PayloadError(f"{what} holds {len(found)} events, expected one")
    return found[0]


def text(value: Json, what: str) -> str | None:
    """Read a text, exact; empty counts as none.

    Raises:
        PayloadError: it is something else.

    """
    if value is not None and not isinstance(value, str):
        raise PayloadError(f"{what} is {type(value).__name__}, not a text")
    return value or None


def identifier(value: Json, what: str) -> str | None:
    """Read an id. Some payloads send ids as JSON numbers; they are compared as strings.

    Raises:
        PayloadError: it is neither a string nor an integer.

    """
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text(value, what)


def required(value: Json, what: str) -> str:
    """Read an id that must be there.

    Raises:
        PayloadError: it is missing, or no id.

    """
    found = identifier(value, what)
    if found is None:
        raise PayloadError(f"{what} is missing")
    return found


def epoch(value: Json) -> int | None:
    """Read a time into UTC epoch seconds, fractions cut off.

    Seconds, milliseconds, either of them in a string, ISO 8601, and X's old format are all on the wire.
    A time that cannot be read is None: the message matters more than its clock.
    """
    if isinstance(value, str) and value.isdecimal() and len(value) < LONGEST_NUMBER:
        value = int(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 10**15:
        return int(value // 1000) if value >= MILLISECONDS_FROM else int(value)
    if isinstance(value, str):
        return _parsed(value)
    return None


def _parsed(value: str) -> int | None:
    for parse in (datetime.fromisoformat, lambda v: datetime.strptime(v, "%a %b %d %H:%M:%S %z %Y")):
        try:
            moment = parse(value)
            return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
        except (ValueError, OverflowError):
            continue
    return None
