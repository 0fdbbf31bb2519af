"""A platform's API on loopback, as bad as we like: it answers each request with the next of its bytes."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser

from chalicelib.platform_api import Clock

CHUNK = 65_536
RESET = b"reset"

Bytes = bytes | Callable[[], Iterable[bytes]]
"""An answer: bytes, or what yields them; RESET instead breaks the connection off."""


def answer(status: int, body: bytes | str = b"", **headers: str) -> bytes:
    """Write an HTTP answer; `Retry_After` is the header Retry-After."""
    raw = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status} Because", f"Content-Length: {len(raw)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + raw


def ok(body: str = "{}") -> bytes:
    return answer(200, body, Content_Type="application/json")


@dataclass
class Received:
    """A request as it came over the wire."""

    line: str
    headers: Message
    body: bytes


@dataclass
class PlatformServer:
    """Answers with `answers` in turn, the last of them again and again."""

    listener: socket.socket
    port: int
    tls: ssl.SSLContext | None = None
    answers: list[Bytes] = field(default_factory=lambda: [ok()])
    received: list[Received] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            while request := _read(connection):
                self.received.append(request)
                following = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                for piece in following() if callable(following) else [following]:
                    if piece == RESET:
                        linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"  # closing then sends RST
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                        connection.close()
                        return
                    connection.sendall(piece)
        connection.close()


def _read(connection: socket.socket) -> Received | None:
    raw = b""
    while b"\r\n\r\n" not in raw:
        piece = connection.recv(CHUNK)
        if not piece:
            return None
        raw += piece
    head, _, body = raw.partition(b"\r\n\r\n")
    line, _, rest = head.partition(b"\r\n")
    headers = BytesParser().parsebytes(rest)
    while len(body) < int(headers.get("Content-Length", "0")):
        body += connection.recv(CHUNK)
    return Received(line.decode(), headers, body)


@contextmanager
def serving(*answers: Bytes, tls: ssl.SSLContext | None = None) -> Iterator[PlatformServer]:
    """Serve on any free port of loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = PlatformServer(listener, listener.getsockname()[1], tls, list(answers) or [ok()])
        threading.Thread(target=server.accept, daemon=True).start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)


@dataclass
class Ticking:
    """A clock that stands still, but for pauses, and for `step` seconds each time somebody looks at it."""

    time: float = 1_764_057_600.0
    step: float = 0.0
    luck: float = 0.5
    pauses: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        self.time += self.step
        return self.time

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.time += seconds

    def clock(self) -> Clock:
        return Clock(self.now, self.monotonic, self.sleep, lambda: self.luck)
