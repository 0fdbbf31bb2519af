"""One HTTP connection: whatever comes in, the answer is the app's or a problem in the gateway's words."""

import base64
import logging
import socket
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Any

from chalicelib import problems
from infra import gateway as answers
from infra.local.gateway import Gateway, Refused, length

logger = logging.getLogger(__name__)

DRAIN = 64 * 1024 * 1024  # bytes of a refused body that we read, so that its sender gets to read the answer
DRAIN_WITHIN = 2.0  # seconds without a byte
NO_HEADERS: Mapping[str, str] = {}


class Handler(BaseHTTPRequestHandler):
    """Reads requests of one connection, one after the other."""

    protocol_version = default_request_version = "HTTP/1.1"
    timeout = 60
    server: Any  # counts what it is at (`busy`), and tells when it is `stopping`

    def __init__(self, gateway: Gateway, *connection: Any) -> None:
        self.gateway = gateway
        super().__init__(*connection)

    def _handle(self) -> None:
        with self.server.busy():
            try:
                body = self._body()
            except Refused as refusal:
                self._hang_up(refusal)
                return
            self._answer(body)
            self.close_connection |= self.server.stopping

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _handle  # noqa: N815

    def _body(self) -> bytes:
        expected = length(self.headers)
        body = self.rfile.read(expected)
        if len(body) < expected:
            raise ConnectionError("the sender went away in the middle of a body")
        return body

    def _answer(self, body: bytes) -> None:
        try:
            response = self.gateway.answer(self.command, self.path, dict(self.headers.items()), body)
            headers = response["headers"] | response["multiValueHeaders"]
            content = _content(response)
        except Refused as refusal:
            self._refuse(refusal)
        except Exception:
            logger.exception("no answer to %s %s", self.command, self._address())
            self._refuse(Refused("DEFAULT_5XX"))
        else:
            self._send(response["statusCode"], headers, content)

    def _refuse(self, refusal: Refused, headers: Mapping[str, str] = NO_HEADERS) -> None:
        usual, detail = answers.ANSWERS[refusal.kind]
        status, kind = refusal.status or usual, {"Content-Type": problems.CONTENT_TYPE}
        self._send(status, {**kind, **headers}, answers.body(status, detail).encode())

    def _send(self, status: int, headers: Mapping[str, str | list[str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            for each in value if isinstance(value, list) else [value]:
                self.send_header(name, each)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _hang_up(self, refusal: Refused) -> None:
        """Refuse a request whose end we do not know, and read on until its sender has read that."""
        self._refuse(refusal, {"Connection": "close"})  # send_header takes note of it
        left = DRAIN
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(DRAIN_WITHIN)
            while left > 0 and (piece := self.connection.recv(65536)):
                left -= len(piece)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Refuse what is no request at all; http.server would send a page."""
        self._hang_up(Refused("DEFAULT_4XX", code))

    def version_string(self) -> str:
        """Tell who answers."""
        return "zustaendig"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:  # noqa: ARG002
        """Log a request without its query: that holds verify tokens."""
        status = getattr(code, "value", code)
        logger.info("%s %s %s", self.command, self._address(), status)

    def _address(self) -> str:
        return str(getattr(self, "path", "")).partition("?")[0]

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (http.server's name)
        """Log what http.server has to say."""
        logger.info(format, *args)


def _content(response: Mapping[str, Any]) -> bytes:
    """Read the body of what a function answered."""
    text = response["body"] or ""
    if response.get("isBase64Encoded"):
        return base64.b64decode(text)
    return text if isinstance(text, bytes) else str(text).encode()
