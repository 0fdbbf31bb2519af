"""Which hosts there are, and how a question becomes an address on one of them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import quote

from chalicelib.errors import ConfigurationError, PayloadError
from chalicelib.platforms.base import Ask, Escaped

LONGEST = 8_000  # characters of an address

# What a stand-in's address may look like. No userinfo, no query, no number in place of a name.
STAND_IN = re.compile(
    r"(?P<scheme>https?)://(?P<host>localhost|127\.0\.0\.1|\[::1\]|(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*)"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?(?P<path>(?:/\w[\w.~-]*)*)/?",
    re.ASCII,
)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
LARGEST_PORT = 65_535
PORTS = {"https": 443, "http": 80}

ESCAPED = re.compile(r"[\w.~%():,-]+", re.ASCII)  # what may be left unescaped cannot leave its place
TOKEN = re.compile(r"[\x21-\x7e]{1,4096}")


class Origin(NamedTuple):
    """Where a socket may lead to. `loopback`: to this machine, and nowhere else."""

    scheme: str
    host: str
    port: int
    loopback: bool = False

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Api:
    """One API: its origin, the path that all its addresses begin with, and how it takes a token.

    variable: the setting that puts a stand-in into its place.
    """

    origin: Origin
    path: str
    variable: str
    credential: Callable[[str], dict[str, str]]


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _google_key(token: str) -> dict[str, str]:
    """Hand over an API key. https://cloud.google.com/docs/authentication/api-keys-use#using-with-rest."""
    return {"X-Goog-Api-Key": token}


def _at(host: str, path: str, variable: str, credential: Callable[[str], dict[str, str]] = _bearer) -> Api:
    return Api(Origin("https", host, PORTS["https"]), path, variable, credential)


APIS: Mapping[str, Api] = {
    # https://developers.facebook.com/docs/graph-api/overview, …/docs/graph-api/guides/versioning
    "meta": _at("graph.facebook.com", "/v26.0", "META_API_URL"),
    # https://developers.facebook.com/docs/instagram-platform/overview
    "instagram": _at("graph.instagram.com", "/v26.0", "META_API_URL"),
    # https://developers.facebook.com/docs/threads/overview
    "threads": _at("graph.threads.net", "/v1.0", "META_API_URL"),
    # https://docs.x.com/x-api/introduction
    "x": _at("api.x.com", "/2", "X_API_URL"),
    # https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts
    "linkedin": _at("api.linkedin.com", "", "LINKEDIN_API_URL"),
    # https://developers.google.com/youtube/v3/docs
    "youtube": _at("www.googleapis.com", "/youtube/v3", "YOUTUBE_API_URL", _google_key),
    # https://developers.google.com/youtube/v3/guides/push_notifications
    "websub": _at("pubsubhubbub.appspot.com", "", "WEBSUB_HUB_URL"),
}


def apis(stand_ins: Mapping[str, str]) -> dict[str, Api]:
    """Give all APIs; a stand-in (by variable) takes the place of a host, and of the path if it has one.

    Raises:
        ConfigurationError: a stand-in's address that is none we would speak to.

    """
    found = {variable: _stand_in(variable, url) for variable, url in stand_ins.items()}
    return {name: _replaced(api, found[api.variable]) if api.variable in found else api
            for name, api in APIS.items()}  # fmt: skip


def _replaced(api: Api, stand_in: tuple[Origin, str]) -> Api:
    origin, path = stand_in
    return replace(api, origin=origin, path=path or api.path)


def _stand_in(variable: str, url: str) -> tuple[Origin, str]:
    found = STAND_IN.fullmatch(url)
    loopback = found is not None and found["host"] in LOOPBACK
    port = int(found["port"] or PORTS[found["scheme"]]) if found else 0
    if found is None or port > LARGEST_PORT or (found["scheme"] == "http" and not loopback):
        raise ConfigurationError(
            f"{variable} must be an https address with a host name, or http://127.0.0.1:<port>"
        )
    return Origin(found["scheme"], found["host"].strip("[]"), port, loopback), found["path"]


def address(api: Api, ask: Ask) -> str:
    """Write the address of a question: scheme, host and the beginning of the path are always the API's.

    Raises:
        PayloadError: a part of the path, or the whole, is nothing that an address can hold.

    """
    path = "".join(f"/{_segment(segment)}" for segment in ask.path)
    query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in ask.parameters.items())
    host = f"[{api.origin.host}]" if ":" in api.origin.host else api.origin.host
    written = f"{api.origin.scheme}://{host}:{api.origin.port}{api.path}{path}" + (query and f"?{query}")
    if len(written) > LONGEST:
        raise PayloadError(f"an address of {len(written)} characters cannot be asked")
    return written


def _segment(segment: str) -> str:
    if segment in {"", ".", ".."}:
        raise PayloadError(f"{segment!r} is no id that can be asked for")
    return _quoted(segment)


def _quoted(value: str) -> str:
    """Escape all but letters, digits and `_.-~`."""
    if isinstance(value, Escaped):
        if not ESCAPED.fullmatch(value):
            raise PayloadError("a part of an address is not escaped as it should be")
        return value
    try:
        return quote(value, safe="")
    except UnicodeEncodeError:
        raise PayloadError("an id holds half a surrogate pair") from None


def credential(api: Api, token: str) -> dict[str, str]:
    """Write the header that carries a token; never into an address, which ends up in logs.

    Raises:
        ConfigurationError: no header can hold it.

    """
    if not TOKEN.fullmatch(token):
        raise ConfigurationError("an access token holds blanks or line breaks; mend access_tokens")
    return api.credential(token)
