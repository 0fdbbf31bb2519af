"""Sockets to checked addresses only, and none beyond its time: what httpcore calls a network backend.

Every socket of a call begins here. The name is resolved once, every address it has must be one that it may
have, and the connection goes to one of these, not to the name: a second answer of the DNS changes nothing.
TLS still asks for a certificate of the name.

https://www.encode.io/httpcore/network-backends/
"""

import math
import socket
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from queue import Empty, SimpleQueue
from ssl import SSLContext
from threading import Thread
from typing import Any

import httpcore

from chalicelib.errors import Unavailable
from chalicelib.platform_api.addresses import Origin

Address = IPv4Address | IPv6Address

PUBLIC_V6 = IPv6Network("2000::/3")
"""The one range of public unicast. Beyond it lie addresses that hold others, as `::ffff:10.0.0.1` does.

https://www.iana.org/assignments/ipv6-address-space
"""


class Deadline:
    """Until when the calls of this thread must have ended. Scopes nest; an inner one ends no later."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._until: ContextVar[float] = ContextVar("until", default=math.inf)

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Have all inside end within so many seconds."""
        token = self._until.set(min(self._until.get(), self._now() + seconds))
        try:
            yield
        finally:
            self._until.reset(token)

    def left(self) -> float:
        """Tell the seconds that are left."""
        return self._until.get() - self._now()

    def at_most(self, seconds: float | None) -> float | None:
        """Cut a time-out down to what is left.

        Raises:
            httpcore.TimeoutException: nothing is.

        """
        left = self.left()
        if left <= 0:
            raise httpcore.TimeoutException("the time for this call is over")
        shorter = min(left, math.inf if seconds is None else seconds)
        return None if shorter == math.inf else shorter


class Stream(httpcore.NetworkStream):
    """A connection of which no single read or write, nor all of them together, outlast the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: D102
        return self._stream.read(max_bytes, self._deadline.at_most(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: D102
        self._stream.write(buffer, self._deadline.at_most(timeout))

    def close(self) -> None:  # noqa: D102
        self._stream.close()

    def start_tls(  # noqa: D102
        self, ssl_context: SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        timeout = self._deadline.at_most(timeout)
        return Stream(self._stream.start_tls(ssl_context, server_hostname, timeout), self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: D102
        return self._stream.get_extra_info(info)


@dataclass(frozen=True, slots=True)
class Network(httpcore.NetworkBackend):
    """Connects to the given origins and to nothing else."""

    origins: Collection[Origin]
    deadline: Deadline
    sockets: httpcore.NetworkBackend

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers.

        Raises:
            Unavailable: it is none of ours, or has an address that it may not have.
            httpcore.ConnectError, httpcore.TimeoutException: nobody answers.

        """
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._addresses(host, port, timeout):
            try:
                stream = self.sockets.connect_tcp(
                    str(address), port, self.deadline.at_most(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return Stream(stream, self.deadline)
        raise failure

    def _addresses(self, host: str, port: int, timeout: float | None) -> list[Address]:
        origin = next((one for one in self.origins if (one.host, one.port) == (host, port)), None)
        if origin is None:
            raise Unavailable(f"{host}:{port} is no platform's address")
        addresses = _resolved(host, port, self.deadline.at_most(timeout))
        for address in addresses:
            if not (address.is_loopback if origin.loopback else is_public(address)):
                raise Unavailable(f"{host} leads to {address}, which is no address of a platform")
        return addresses


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the public internet, and holds no other one."""
    if isinstance(address, IPv6Address):
        return address in PUBLIC_V6 and address.is_global and address.sixtofour is None
    return address.is_global and not address.is_multicast


def _resolved(host: str, port: int, timeout: float | None) -> list[Address]:
    """Ask the DNS, in a thread of its own: the resolver knows no time-out of ours."""
    answers: SimpleQueue[list[Address] | None] = SimpleQueue()
    Thread(target=lambda: answers.put(_asked(host, port)), daemon=True).start()
    try:
        found = answers.get(timeout=timeout)
    except Empty:
        raise httpcore.ConnectTimeout(f"{host} is not resolved in time") from None
    if found is None:
        raise httpcore.ConnectError(f"{host} cannot be resolved")
    return found


def _asked(host: str, port: int) -> list[Address] | None:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(ip_address(entry[4][0]) for entry in found))
    except (OSError, ValueError):  # UnicodeError is one of these
        return None
