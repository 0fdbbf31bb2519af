"""Stand-ins for Amazon Bedrock: one in Python, and one on loopback that answers as badly as we like."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

import pytest

from chalicelib import classifier
from chalicelib.categories import Category
from chalicelib.classifier import Classification
from chalicelib.second_reader.budget import MICRO, Budget, Limits, Prices
from chalicelib.second_reader.cache import Cache
from chalicelib.second_reader.pace import Pace
from chalicelib.second_reader.reader import SecondReader
from tests.fakes import FakeDynamoDB
from tests.signing import NOW

UNSURE = "Hm, so so. Naja."
MODEL = "eu.amazon.nova-micro-v1:0"
GOOD: dict[str, Any] = {"category": "criticism", "topics": [], "confidence": 0.9}


def used(said: Any, name: str = "classify") -> dict[str, Any]:
    """Write a block in which the model uses a tool."""
    return {"toolUse": {"toolUseId": "tooluse_1", "name": name, "input": said}}


def answered(*blocks: Any, stop: str = "tool_use", read: int = 700, written: int = 40) -> dict[str, Any]:
    """Write an answer of Converse."""
    return {
        "output": {"message": {"role": "assistant", "content": [*blocks]}},
        "stopReason": stop,
        "usage": {"inputTokens": read, "outputTokens": written, "totalTokens": read + written},
        "metrics": {"latencyMs": 310},
    }


@dataclass
class Said:
    """A client of Bedrock that always says the same; an error it raises."""

    response: Any = field(default_factory=lambda: answered(used(GOOD)))
    asked: list[dict[str, Any]] = field(default_factory=list)

    def converse(self, **asked: Any) -> Any:
        self.asked.append(asked)
        if isinstance(self.response, Exception):
            raise self.response
        return self.response


@dataclass
class Answer:
    """An HTTP answer. `late` is waited for before it is sent."""

    body: Any
    status: int = 200
    error: str = ""
    late: threading.Event | None = None


@dataclass
class Bedrock:
    """What runs on loopback: `answer` is given the text between the fences."""

    url: str = ""
    answer: Callable[[str], Answer] = lambda _text: Answer(answered(used(GOOD)))
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def fenced(asked: dict[str, Any]) -> str:
    """Take the message out of a question, as a model would see it."""
    (block,) = asked["messages"][0]["content"]
    marker, _, rest = block["text"].partition("\n")
    text, _, end = rest.rpartition("\n")
    assert marker == end
    assert marker not in text
    return str(text)


def _handler(bedrock: Bedrock) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            bedrock.asked.append((unquote(self.path), asked))
            answer = bedrock.answer(fenced(asked))
            if answer.late:
                answer.late.wait()
                return
            body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if answer.error:
                self.send_header("x-amzn-ErrorType", answer.error)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def bedrock() -> Iterator[Bedrock]:
    """Serve on any free port of loopback."""
    stand_in = Bedrock()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(stand_in))
    server.daemon_threads = True
    stand_in.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()


def doubtful(category: Category = Category.CRITICISM, **more: Any) -> Classification:
    """Give a first reading that is not sure."""
    fields = {"confidence": 0.5, "topics": (), "decided_by": "model:test", "sure": False}
    return Classification(category=category, **{**fields, **more})


class Doubtful:
    """A classifier that is never sure."""

    def classify(self, _text: str) -> Classification:
        return doubtful()


def doubt_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the worker's first reader doubt everything."""
    monkeypatch.setattr(classifier, "load", lambda _file: Doubtful())


def second_reader(converse: Callable[..., Any], **more: Any) -> SecondReader:
    """Build a second reader over a table of its own."""
    table, now = FakeDynamoDB(), lambda: NOW
    fields: dict[str, Any] = {
        "model": MODEL,
        "budget": Budget(table, "tickets", Limits(10_000, 100 * MICRO), Prices(250, 1250), now),
        "cache": Cache(table, "tickets", now),
        "pace": Pace(lambda: 0.0),
        "off_for": {"linkedin"},
        "is_off": lambda _category, _topics: False,
        "is_limited": lambda _platform: False,
        "marker": lambda: "==0123456789abcdef==",
        "count": lambda _metric, _times=1, /, **_dimensions: None,
    }
    return SecondReader(converse=converse, **{**fields, **more})
