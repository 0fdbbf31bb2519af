"""The second reader over a real client of Bedrock: its exact calls, and a stand-in that misbehaves."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.config import Config
from botocore.stub import Stubber

from chalicelib import aws
from chalicelib.categories import Category, Topic
from chalicelib.second_reader import prompt
from tests.second_reader import (
    GOOD,
    MODEL,
    Answer,
    Bedrock,
    answered,
    bedrock,
    doubtful,
    second_reader,
    used,
)

MARKER = "==0123456789abcdef=="


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "made-up")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")


@pytest.fixture
def there() -> Iterator[Bedrock]:
    with bedrock() as running:
        yield running


def client(there: Bedrock) -> Any:
    return aws.client("bedrock-runtime", aws.ONCE.merge(Config(read_timeout=0.3)), there.url)


def test_bedrock_is_asked_exactly_this() -> None:
    real = aws.client("bedrock-runtime", aws.ONCE)
    categories = ["service_request", "applicant_complaint", "criticism", "praise", "other"]
    topics = ["recruiting", "press", "investor", "legal", "safety", "sustainability"]
    schema = {
        "type": "object",
        "properties": {
            "category": {"type": "string", "enum": categories},
            "topics": {"type": "array", "items": {"type": "string", "enum": topics}},
            "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        },
        "required": ["category", "topics", "confidence"],
        "additionalProperties": False,
    }
    expected = {
        "modelId": MODEL,
        "system": prompt.question(MODEL, "Naja.", MARKER)["system"],
        "messages": [{"role": "user", "content": [{"text": f"{MARKER}\nNaja.\n{MARKER}"}]}],
        "inferenceConfig": {"maxTokens": 200, "temperature": 0.0},
        "toolConfig": {
            "tools": [
                {
                    "toolSpec": {
                        "name": "classify",
                        "description": "Records how the message was read.",
                        "inputSchema": {"json": schema},
                    }
                }
            ],
            "toolChoice": {"tool": {"name": "classify"}},
        },
    }
    with Stubber(real) as stub:
        stub.add_response("converse", answered(used(GOOD)), expected)
        read = second_reader(real.converse).read("Naja.", doubtful(), "x")
        stub.assert_no_pending_responses()

    assert (read.category, read.sure) == (Category.CRITICISM, True)
    assert MARKER in expected["system"][0]["text"]


@pytest.mark.parametrize("code", ["ThrottlingException", "AccessDeniedException", "ModelTimeoutException"])
def test_what_bedrock_refuses_stays_unsure(code: str) -> None:
    real = aws.client("bedrock-runtime", aws.ONCE)
    with Stubber(real) as stub:
        stub.add_client_error("converse", code)

        assert second_reader(real.converse).read("Naja.", doubtful(), "x") == doubtful()


def test_a_good_answer_comes_over_the_wire(there: Bedrock) -> None:
    there.answer = lambda _text: Answer(answered(used(GOOD | {"topics": ["safety"]})))
    read = second_reader(client(there).converse).read("Naja.", doubtful(), "x")

    assert (read.sure, read.topics) == (True, (Topic.SAFETY,))
    assert [path for path, _ in there.asked] == [f"/model/{MODEL}/converse"]


BAD: dict[str, Callable[[], Answer]] = {
    "throttled": lambda: Answer({"message": "slow down"}, 429, "ThrottlingException"),
    "broken": lambda: Answer({"message": "oops"}, 500, "InternalServerException"),
    "gone": lambda: Answer(b"<html>Bad gateway</html>", 502),
    "not JSON": lambda: Answer(b"other"),
    "empty": lambda: Answer(b""),
    "a list": lambda: Answer([1]),
    "of other types": lambda: Answer({"output": "other", "stopReason": 7, "usage": []}),
    "huge": lambda: Answer(answered({"text": "Haus " * 200_000}, stop="max_tokens")),
    "a huge category": lambda: Answer(answered(used(GOOD | {"category": "x" * 1_000_000}))),
    "another tool": lambda: Answer(answered(used(GOOD), used({}, "delete_ticket"))),
}


@pytest.mark.parametrize("how", BAD)
def test_a_bad_answer_is_none_and_is_not_asked_for_again(there: Bedrock, how: str) -> None:
    there.answer = lambda _text: BAD[how]()

    assert second_reader(client(there).converse).read("Naja.", doubtful(), "x") == doubtful()
    assert len(there.asked) == 1


def test_a_late_answer_is_none(there: Bedrock) -> None:
    never = threading.Event()
    there.answer = lambda _text: Answer({}, late=never)
    try:
        assert second_reader(client(there).converse).read("Naja.", doubtful(), "x") == doubtful()
    finally:
        never.set()
    assert len(there.asked) == 1


def test_nobody_there_is_none(there: Bedrock) -> None:
    there.url = "http://127.0.0.1:9"

    assert second_reader(client(there).converse).read("Naja.", doubtful(), "x") == doubtful()
