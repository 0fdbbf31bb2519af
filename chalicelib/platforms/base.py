"""What a platform must be able to do."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from chalicelib.message import Ignored, Message
from chalicelib.platforms.tame import Json

NOTHING: Mapping[str, str] = MappingProxyType({})


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

    sign: the value of `signature_header` for a secret and a body.
    verify: raises SignatureError unless the request is signed by the platform.
    answer_handshake: raises BadRequest, HandshakeRefused or SignatureError.
    parse: reads the body of a delivery; raises ValueError or PayloadError.
    split: one smaller payload of the same dialect for each event of a delivery; raises PayloadError.
    read: the message that a payload of one event holds, or why it is none; raises PayloadError.
    """

    name: str
    content_types: tuple[str, ...] = ("application/json",)
    has_verify_token: bool = False
    signature_header: str
    sign: Callable[[bytes, bytes], bytes]
    verify: Callable[[Request, Keys], None]
    answer_handshake: Callable[[Request, Keys], Answer]
    parse: Callable[[bytes], Json] = json.loads
    split: Callable[[Json], Iterator[Json]]
    read: Callable[[Json], Message | Ignored]
