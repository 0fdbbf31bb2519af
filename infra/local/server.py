"""The HTTP server in front of the local gateway; when it stops, it finishes what it is at."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any

from chalice.config import Config
from chalice.local import CustomLocalChalice, LocalChalice

from infra.local.gateway import Gateway
from infra.local.handler import Handler

logger = logging.getLogger(__name__)

FINISH_WITHIN = 10.0  # seconds


class Server(ThreadingHTTPServer):
    """Knows how many requests it is at."""

    request_queue_size = 128

    def __init__(self, port: int, gateway: Gateway) -> None:
        super().__init__(("127.0.0.1", port), partial(Handler, gateway))
        self.stopping = False
        self._at = 0
        self._changed = Condition()

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Count a request while it is being answered."""
        with self._changed:
            self._at += 1
        try:
            yield
        finally:
            with self._changed:
                self._at -= 1
                self._changed.notify_all()

    def finish(self) -> None:
        """Accept nothing more and wait until what was accepted is answered."""
        self.stopping = True
        self.shutdown()
        self.server_close()
        with self._changed:
            if not self._changed.wait_for(lambda: not self._at, FINISH_WITHIN):
                logger.error("%s requests were not answered within %s s", self._at, FINISH_WITHIN)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002  (socketserver's)
        """Log what went wrong with a connection; mostly, its other end has gone."""
        logger.exception("connection of %s lost", client_address)  # noqa: LOG004  (called while handling one)


@contextmanager
def serving(app: Any, port: int) -> Iterator[str]:
    """Serve a Chalice app on loopback and give its address."""
    # What chalice.local does: each thread gets a current request of its own.
    CustomLocalChalice.__bases__ = (LocalChalice, type(app))
    app.__class__ = CustomLocalChalice
    server = Server(port, Gateway(app, Config()))
    Thread(target=server.serve_forever, name="api", daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.finish()
