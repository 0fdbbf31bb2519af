"""Whatever comes over the wire: the answer is the app's, or a problem in the gateway's words."""

import json
import socket
import time
from collections.abc import Iterator
from http.client import HTTPResponse
from threading import Event, Thread
from typing import Any, cast

import pytest

from infra import gateway as answers
from infra.local.gateway import LARGEST_BODY, Gateway, Refused
from infra.local.server import Server


class StubGateway:
    """Answers with what came; refuses or fails where the path says so."""

    def __init__(self) -> None:
        self.arrived, self.go_on = Event(), Event()
        self.go_on.set()

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Any:
        if path == "/missing":
            raise Refused("MISSING_AUTHENTICATION_TOKEN")
        if path == "/broken":
            raise ZeroDivisionError
        self.arrived.set()
        self.go_on.wait()
        text = f"{method} {path} {headers.get('X-Mixed-Case')} {len(body)}"
        return {
            "statusCode": 200,
            "headers": {"Content-Type": "text/plain"},
            "multiValueHeaders": {"X-Twice": ["1", "2"]},
            "body": text,
        }


@pytest.fixture
def gateway() -> StubGateway:
    return StubGateway()


@pytest.fixture
def server(gateway: StubGateway) -> Iterator[Server]:
    server = Server(0, cast("Gateway", gateway))
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.finish()


def ask(server: Server, request: bytes, method: str = "POST") -> tuple[HTTPResponse, bytes]:
    """Send bytes and read one answer."""
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=30) as connection:
        connection.sendall(request)
        with HTTPResponse(connection, method=method) as response:
            response.begin()
            return response, response.read()


def request(head: str, body: bytes = b"") -> bytes:
    return head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (request("GET /missing HTTP/1.1"), 404),
        (request("GET /broken HTTP/1.1"), 500),
        (request("POST / HTTP/1.1\nContent-Length: abc"), 400),
        (request("POST / HTTP/1.1\nContent-Length: -1"), 400),
        (request("POST / HTTP/1.1\nContent-Length: +1", b"x"), 400),
        (request("POST / HTTP/1.1\nContent-Length: 1_0", b"0123456789"), 400),
        (request("POST / HTTP/1.1\nContent-Length: \xb2", b"xx"), 400),  # superscript two
        (request("POST / HTTP/1.1\nContent-Length: 1\nContent-Length: 2", b"xx"), 400),
        (request("POST / HTTP/1.1\nTransfer-Encoding: chunked", b"0\r\n\r\n"), 411),
        (request(f"POST / HTTP/1.1\nContent-Length: {LARGEST_BODY + 1}"), 413),
        (request("POST / HTTP/1.1\nContent-Length: " + "9" * 5000), 413),
        (request("BREW / HTTP/1.1"), 501),
        (request("GET / HTTP/2.0"), 505),
        (request("GET /" + "a" * 70_000 + " HTTP/1.1"), 414),
        (request("GET / HTTP/1.1\n" + "\n".join(["a: b"] * 200)), 431),
        (request("GARBAGE"), 400),
        (b"\x00\xff\xfe\r\n\r\n", 400),
    ],
)
def test_every_refusal_is_a_problem(server: Server, sent: bytes, status: int) -> None:
    response, body = ask(server, sent)

    problem = json.loads(body)
    assert response.status == problem["status"] == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert problem.keys() == {"type", "title", "status", "detail"}


def test_a_body_that_is_too_large_is_read_so_that_its_sender_sees_the_answer(server: Server) -> None:
    size = LARGEST_BODY + 1

    response, body = ask(server, request(f"POST / HTTP/1.1\nContent-Length: {size}", b"x" * size))

    assert response.status == 413
    assert json.loads(body)["detail"] == answers.ANSWERS["REQUEST_TOO_LARGE"][1]


def test_the_apps_answer_comes_back_as_it_is(server: Server) -> None:
    response, body = ask(server, request("POST /a?b=c HTTP/1.1\nX-Mixed-Case: Y\nContent-Length: 3", b"abc"))

    assert (response.status, body) == (200, b"POST /a?b=c Y 3")
    assert response.headers.get_all("X-Twice") == ["1", "2"]


def test_an_answer_to_head_has_no_body(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=30) as connection:
        connection.sendall(request("HEAD /missing HTTP/1.1\nConnection: close"))
        received = b"".join(iter(lambda: connection.recv(65536), b""))

    assert received.startswith(b"HTTP/1.1 404 ")
    assert received.endswith(b"\r\n\r\n")


def test_verify_tokens_do_not_reach_the_log(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        ask(server, request("GET /webhooks/facebook?hub.verify_token=secret HTTP/1.1"))

    assert "GET /webhooks/facebook 200" in caplog.text
    assert "secret" not in caplog.text


def test_a_stop_finishes_the_request_in_hand(server: Server, gateway: StubGateway) -> None:
    gateway.go_on.clear()
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=30) as connection:
        connection.sendall(request("GET / HTTP/1.1"))
        gateway.arrived.wait()
        finishing = Thread(target=server.finish)
        finishing.start()
        while not server.stopping:
            time.sleep(0.01)
        gateway.go_on.set()
        received = b"".join(iter(lambda: connection.recv(65536), b""))
        finishing.join()

    assert received.startswith(b"HTTP/1.1 200 ")
