"""What a check of subscriptions finds in tests: APIs that answer as told, records and counts of our own."""

import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from chalicelib.platforms.base import Ask, Keys
from chalicelib.settings import API_URLS
from chalicelib.subscriptions.known import Known
from chalicelib.subscriptions.records import Record
from chalicelib.volume import Counts
from tests.test_redrive import EVENT
from tests.world import NOW, World, build

HOUR, DAY = 3600, 86_400
PUBLIC_URL = "https://api.example/v1"
TOKEN = "token-of-the-app"

Call = tuple[str, str, tuple[str, ...]]


@dataclass
class FakeApis:
    """Answers each question with what is told for its method, API and path; remembers what was asked."""

    answers: dict[Call, list[Any]] = field(default_factory=dict)
    asked: list[tuple[Call, Ask, str | None, Any]] = field(default_factory=list)

    def get(self, api: str, ask: Ask, token: str | None = None) -> Any:
        return self._answer("GET", api, ask, token, None)

    def send(
        self,
        method: str,
        api: str,
        ask: Ask,
        token: str | None = None,
        **content: Any,
    ) -> Any:
        return self._answer(method, api, ask, token, content.get("form") or content.get("json"))

    def _answer(self, method: str, api: str, ask: Ask, token: str | None, content: Any) -> Any:
        call = (method, api, tuple(map(str, ask.path)))
        self.asked.append((call, ask, token, content))
        answers = self.answers[call]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def answer(self, method: str, api: str, *path: str, with_: Any) -> None:
        """Tell what to answer each time."""
        self.answers[method, api, path] = [with_]

    def answer_in_turn(self, method: str, api: str, *path: str, with_: list[Any]) -> None:
        """Tell what to answer, the last thing again and again."""
        self.answers[method, api, path] = with_

    @property
    def methods(self) -> list[str]:
        return [call[0] for call, *_ in self.asked]


@dataclass
class Noted:
    """Remembers what was noted."""

    notes: list[tuple[str, dict[str, int | str]]] = field(default_factory=list)

    def __call__(self, account: str, values: Mapping[str, int | str]) -> None:
        self.notes.append((account, dict(values)))


def keys(*accounts: str, **given: Any) -> Keys:
    """Give a platform's keys, with a token for all accounts."""
    defaults: dict[str, Any] = {
        "signing": (b"signing-secret",),
        "verify_token": "verify-token",
        "access_tokens": {"*": TOKEN},
    }
    return Keys(**{**defaults, "accounts": frozenset(accounts), **given})


def known(platform: str, *accounts: str, **given: Any) -> Known:
    """Give what a check knows; by default it keeps alive what it can."""
    record: Record | None = given.pop("record", None)
    of = accounts[0] if accounts else "*"
    defaults: dict[str, Any] = {
        "keys": keys(*accounts),
        "records": {of: record} if record else {},
        "counts": Counts({}, None),
        "apis": FakeApis(),
        "public_url": PUBLIC_URL,
        "now": NOW,
        "keep": True,
        "note": Noted(),
    }
    return Known(platform=platform, accounts=sorted(accounts), **{**defaults, **given})


# ── platforms on loopback ─────────────────────────────────────────────────────────────────────────────────

Answer = tuple[int, Any]


@dataclass
class Asked:
    """A request as a platform saw it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str


@dataclass
class Platforms:
    """All platforms' APIs on one address: each method and path has an answer; all else is a 404."""

    url: str = ""
    answers: dict[tuple[str, str], Answer | Callable[[Asked], Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        found = self.answers.get((asked.method, asked.path), (404, {"error": {"code": 803}}))
        return found(asked) if callable(found) else found


@contextmanager
def platforms() -> Iterator[Platforms]:
    """Serve them."""
    there = Platforms()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            address = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = dict(parse_qsl(address.query))
            status, content = there.answer(Asked(self.command, address.path, query, headers, body))
            raw = b"" if content is None else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = do_PUT = _answer  # noqa: N815  (http.server's names)

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        there.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield there
        finally:
            server.shutdown()
            thread.join()


def use(monkeypatch: pytest.MonkeyPatch, world: World, there: Platforms, **accounts: list[str]) -> None:
    """Have a world ask these platforms about our accounts, with a token for each."""
    file = Path(os.environ["SECRETS_FILE"])
    tokens = {platform: {"*": TOKEN} for platform in accounts}
    file.write_text(json.dumps({**json.loads(file.read_text()), "access_tokens": tokens}))
    api_urls = dict.fromkeys(API_URLS, there.url)
    build(
        monkeypatch,
        world,
        OWN_ACCOUNTS=json.dumps(accounts),
        PUBLIC_URL=PUBLIC_URL,
        SECRETS_FILE=str(file),
        **api_urls,
    )


def asking(detail: Mapping[str, Any]) -> dict[str, Any]:
    """Give the clock's event with a detail."""
    return {**EVENT, "detail": dict(detail)}
