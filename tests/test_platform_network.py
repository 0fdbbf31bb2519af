"""The network below httpx, alone: which origins, and which time-outs its sockets are given."""

import ssl
from dataclasses import dataclass, field
from typing import Any

import httpcore
import pytest

from chalicelib.errors import Unavailable
from chalicelib.platform_api.addresses import Origin
from chalicelib.platform_api.network import Deadline, Network, Stream
from tests.platform_server import Ticking
from tests.watched_sockets import WatchedSockets

HOST = "graph.facebook.com"
ORIGIN = Origin("https", HOST, 443)


@dataclass
class Sockets(httpcore.NetworkBackend, httpcore.NetworkStream):
    """Sockets and connections that do nothing but note what they are asked to do, and within which time."""

    asked: list[tuple[Any, ...]] = field(default_factory=list)
    timeouts: list[float | None] = field(default_factory=list)

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *_: Any
    ) -> httpcore.NetworkStream:
        self._note(timeout, host, port)
        return self

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        self._note(timeout, ssl_context.verify_mode, server_hostname)
        return self

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._note(timeout, max_bytes)
        return b"read"

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._note(timeout, buffer)

    def _note(self, timeout: float | None, *asked: Any) -> None:
        self.asked.append(asked)
        self.timeouts.append(timeout)


@pytest.fixture
def ticking() -> Ticking:
    return Ticking()


@pytest.fixture
def deadline(ticking: Ticking) -> Deadline:
    return Deadline(ticking.monotonic)


def use(network: Network, timeout: float | None) -> None:
    """Connect, shake hands, write and read."""
    stream = network.connect_tcp(HOST, 443, timeout)
    stream.write(b"w", timeout)
    assert stream.read(1, timeout) == b"read"
    secure = stream.start_tls(ssl.create_default_context(), HOST, timeout)
    secure.write(b"s", timeout)
    assert secure.read(2, timeout) == b"read"


@pytest.mark.parametrize(("timeout", "bounded"), [(5.0, 3.0), (2.0, 2.0), (None, 3.0)])
def test_no_time_out_is_longer_than_what_is_left(
    sockets: WatchedSockets, deadline: Deadline, timeout: float | None, bounded: float
) -> None:
    sockets.answers[HOST] = [["157.240.20.19"]]
    beneath = Sockets()

    with deadline.within(3):
        use(Network({ORIGIN}, deadline, beneath), timeout)
    assert beneath.timeouts == [bounded] * 6
    tls = (ssl.CERT_REQUIRED, HOST)
    assert beneath.asked == [("157.240.20.19", 443), (b"w",), (1,), tls, (b"s",), (2,)]


def test_without_a_deadline_time_outs_stay_as_they_are(sockets: WatchedSockets, deadline: Deadline) -> None:
    sockets.answers[HOST] = [["157.240.20.19"]]
    beneath = Sockets()

    use(Network({ORIGIN}, deadline, beneath), None)
    assert beneath.timeouts == [None] * 6


def test_nothing_is_begun_when_the_time_is_over(
    sockets: WatchedSockets, deadline: Deadline, ticking: Ticking
) -> None:
    beneath = Sockets()
    network, stream = Network({ORIGIN}, deadline, beneath), Stream(beneath, deadline)

    with deadline.within(3):
        ticking.time += 3
        for begin in (
            lambda: network.connect_tcp(HOST, 443, 5.0),
            lambda: stream.start_tls(ssl.create_default_context(), HOST, 5.0),
            lambda: stream.read(1, 5.0),
            lambda: stream.write(b"x", 5.0),
        ):
            with pytest.raises(httpcore.TimeoutException):
                begin()
    assert (beneath.timeouts, sockets.resolved) == ([], [])


@pytest.mark.parametrize(
    ("host", "port"), [("evil.example", 443), (HOST, 80), (f"{HOST}.", 443), ("127.0.0.1", 443)]
)
def test_the_network_itself_knows_no_other_origin(
    sockets: WatchedSockets, deadline: Deadline, host: str, port: int
) -> None:
    beneath = Sockets()

    with pytest.raises(Unavailable, match="is no platform's address"):
        Network({ORIGIN}, deadline, beneath).connect_tcp(host, port)
    assert (beneath.timeouts, sockets.resolved) == ([], [])
