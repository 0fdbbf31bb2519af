"""What a platform must be able to do."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from chalicelib.errors import BadRequest
from chalicelib.message import Ignored, Kind, Message
from chalicelib.platforms.tame import Json

NOTHING: Mapping[str, str] = MappingProxyType({})


class Request(NamedTuple):
    """One HTTP request at our door: headers by their names in lower case, the body byte for byte.

    `now` is when it came, in UTC epoch seconds: some platforms sign a time.
    """

    headers: Mapping[str, str] = NOTHING
    query: Mapping[str, str] = NOTHING
    body: bytes = b""
    now: int = 0


@dataclass(frozen=True, slots=True)
class Keys:
    """What we share with one platform.

    signing: secrets, the current one first.
    verify_token: what a handshake of the platform must know.
    access_tokens: for its API, by account id; `*` for all others.
    accounts: ids of our own accounts.
    """

    # Not in the repr: a log or a failing test must not show them.
    signing: Sequence[bytes] = field(default=(), repr=False)
    verify_token: str = field(default="", repr=False)
    access_tokens: Mapping[str, str] = field(default_factory=lambda: NOTHING, repr=False)
    accounts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """The body that a handshake wants to see, with status 200."""

    content_type: str
    body: str


class Subscription(NamedTuple):
    """What a handshake told of a subscription.

    account: our account that it is for.
    topic: what is subscribed, in the platform's words.
    mode: `subscribe`, `unsubscribe`, or `denied`: the platform will not send.
    lease: for how many seconds from now the platform has promised to send; None if it does not say.
    """

    account: str
    topic: str
    mode: str
    lease: int | None


class Limits(NamedTuple):
    """How long a platform lets us keep what its people wrote: seconds from when we got it; None: no limit."""

    text: int | None = None
    profile: int | None = None


UNLIMITED = Limits()
ANY_TIME: Mapping[Kind, int] = MappingProxyType({})


class Escaped(str):
    """A part of an address that is escaped already, made by `restli.py` alone."""

    __slots__ = ()


class Ask(NamedTuple):
    """A question to a platform's API, relative to its address.

    Each segment of the path and each parameter is escaped on the way, slashes too: an id stays in its place.
    """

    path: tuple[str, ...]
    parameters: Mapping[str, str] = NOTHING
    headers: Mapping[str, str] = NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """How what a delivery withholds is fetched; the functions are pure.

    api: whose API answers: `meta`, `linkedin`, `x`, `youtube`.
    ask: what to ask for a message that needs a look-up; None if nothing can be asked.
    found: the message with what the answer tells; raises PayloadError.
    """

    api: str
    ask: Callable[[Message], Ask | None]
    found: Callable[[Message, Json], Message]


def no_handshake(_request: Request, _keys: Keys) -> Answer:
    """Answer for platforms that have no handshake.

    Raises:
        BadRequest: always.

    """
    raise BadRequest("this platform has no handshake; deliveries are sent by POST")


def no_replay(_body: bytes) -> bool:
    """Tell that nothing is sent again, for platforms that cannot be asked to."""
    return False


def no_subscription(_request: Request) -> None:
    """Tell nothing, for platforms whose handshakes name no subscription."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A platform's declaration, at the end of its file; all functions are pure.

    spell_secret: these bytes as a signing secret, written as the platform gives them out.
    sign: the headers that the platform would send for (secret, body, UTC epoch seconds), by lower-case name.
    signature_header: the one among them that holds the signature.
    verify: raises SignatureError unless the request is signed by the platform. Where several forms are
        tolerated, it names the one that matched, else None.
    answer_handshake: raises BadRequest, HandshakeRefused, NotFound or SignatureError.
    subscription: what a handshake that was answered tells of a subscription.
    parse: reads the body of a delivery; raises ValueError or PayloadError.
    split: one smaller payload of the same dialect for each event of a delivery; raises PayloadError.
    read: the message that a payload of one event holds, or why it is none; raises PayloadError.
    lookup: how to fetch what deliveries withhold.
    is_replay: whether a body is a delivery that the platform was asked to send again.
    limits: how long what people wrote may be kept.
    reply_windows: for how many seconds after a message of a kind the platform lets us answer it.
    """

    name: str
    content_types: tuple[str, ...] = ("application/json",)
    has_verify_token: bool = False
    signature_header: str
    spell_secret: Callable[[bytes], str] = bytes.hex
    sign: Callable[[bytes, bytes, int], Mapping[str, str]]
    verify: Callable[[Request, Keys], str | None]
    answer_handshake: Callable[[Request, Keys], Answer] = no_handshake
    subscription: Callable[[Request], Subscription | None] = no_subscription
    parse: Callable[[bytes], Json] = json.loads
    split: Callable[[Json], Iterator[Json]]
    read: Callable[[Json], Message | Ignored]
    lookup: Lookup | None = None
    is_replay: Callable[[bytes], bool] = no_replay
    limits: Limits = UNLIMITED
    reply_windows: Mapping[Kind, int] = field(default_factory=lambda: ANY_TIME)
