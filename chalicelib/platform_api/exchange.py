"""One request, one answer: within its time and its size."""

import logging
from collections.abc import Collection
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ssl import SSLContext

import httpx

from chalicelib.errors import ApiRefused, Unavailable
from chalicelib.platform_api.addresses import Origin
from chalicelib.platform_api.answers import Answer
from chalicelib.platform_api.network import Deadline
from chalicelib.platform_api.transport import Transport

TIMEOUT = httpx.Timeout(5.0, connect=2.0)  # seconds

LARGEST = 8 * 2**20
"""Bytes of an answer. A hundred comment threads of YouTube are less than one of these megabytes."""

HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "zustaendig"}


def client(origins: Collection[Origin], deadline: Deadline, tls: SSLContext | None) -> httpx.Client:
    """Make httpx's client: no redirects, no proxy, no netrc, no cookies. `tls`: by default certifi's list.

    Neither it nor httpcore logs what goes well: they would log addresses and headers.
    """
    for chatty in ("httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    return httpx.Client(
        transport=Transport(origins, deadline, tls or httpx.create_ssl_context(trust_env=False)),
        trust_env=False,
        follow_redirects=False,
        headers=HEADERS,
        timeout=TIMEOUT,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
    )


def exchange(http: httpx.Client, name: str, request: httpx.Request) -> Answer:
    """Send a request to the API of that name, and read all of the answer.

    Raises:
        Unavailable: out of reach, too slow, or no HTTP.
        ApiRefused: too large, or in an encoding that could make it so.

    """
    try:
        return _answer(http, name, request)
    except httpx.HTTPError as error:
        failure = str(error) if type(error) is httpx.TransportError else type(error).__name__
    # Not inside: the error that was caught knows the request, and with it the token.
    raise Unavailable(f"{name} cannot be reached: {failure}")


def _answer(http: httpx.Client, name: str, request: httpx.Request) -> Answer:
    """Read an answer undecoded: a bomb that nobody unpacks is small."""
    response = http.send(request, stream=True)
    status = response.status_code
    try:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise ApiRefused(f"{name} answers in an encoding that we did not ask for", status=status)
        body = bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > LARGEST:
                raise ApiRefused(f"{name} answers with more than {LARGEST} bytes", status=status)
    finally:
        response.close()
    return Answer(status, response.headers, bytes(body))
