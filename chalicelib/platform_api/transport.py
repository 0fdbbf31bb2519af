"""httpx over our own network.

httpx has no public way to be given a network backend, httpcore has: this lies between, as
https://www.python-httpx.org/advanced/transports/#custom-transports describes.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from ssl import SSLContext
from typing import cast

import httpcore
import httpx

from chalicelib.errors import PayloadError
from chalicelib.platform_api.addresses import PORTS, Origin
from chalicelib.platform_api.network import Deadline, Network

FAILURES = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    httpcore.ConnectionNotAvailable,
)


@contextmanager
def _told_by_httpx() -> Iterator[None]:
    """Keep the kind of a failure, drop its words: h11's may quote a header, and with it a token."""
    try:
        yield
    except FAILURES as error:
        raise httpx.TransportError(type(error).__name__) from None


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with _told_by_httpx():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        with _told_by_httpx():
            self._answer.close()


class Transport(httpx.BaseTransport):
    """Carries requests to the given origins, and to nothing else.

    Raises:
        httpx.TransportError: out of reach, too slow, or no HTTP.
        PayloadError: another origin. No socket was opened.
        Unavailable: the name leads to an address that it may not have.

    """

    def __init__(self, origins: Collection[Origin], deadline: Deadline, tls: SSLContext) -> None:
        self._origins = frozenset((one.scheme, one.host, one.port) for one in origins)
        network = Network(origins, deadline, httpcore.SyncBackend())
        self._pool = httpcore.ConnectionPool(ssl_context=tls, keepalive_expiry=5, network_backend=network)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request."""
        url = request.url
        port = PORTS.get(url.scheme) if url.port is None else url.port
        if (url.scheme, url.host, port) not in self._origins or url.userinfo:
            raise PayloadError("this is no address of a platform's API")
        with _told_by_httpx():
            answer = self._pool.handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                    ),
                    headers=request.headers.raw,
                    content=cast("Iterable[bytes]", request.stream),
                    extensions=request.extensions,
                )
            )
        # httpx reads where a redirect leads to even if it is not to follow, and stumbles over bad addresses.
        headers = [(name, value) for name, value in answer.headers if name.lower() != b"location"]
        return httpx.Response(answer.status, headers=headers, stream=_Body(answer))

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()
