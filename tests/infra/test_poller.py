"""The poller does with a batch what Lambda's event source mapping does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from infra.local import events
from infra.local.poller import Poller

ARN = "arn:aws:sqs:eu-central-1:000000000000:zustaendig-intake"


def received(id_: str) -> dict[str, Any]:
    return {
        "MessageId": id_,
        "ReceiptHandle": f"handle of {id_}",
        "Body": "{}",
        "MD5OfBody": "99914b932bd37a50b983c5e7c90ae93b",
        "Attributes": {"ApproximateReceiveCount": "2", "SentTimestamp": "1790000000000"},
        "MessageAttributes": {"redrives": {"DataType": "Number", "StringValue": "1"}},
    }


@dataclass
class FakeSqs:
    """Holds messages; answers deletions with `code` if there is one."""

    messages: list[dict[str, Any]]
    code: str | None = None
    deleted: list[str] = field(default_factory=list)

    def receive_message(self, **asked: Any) -> dict[str, Any]:
        return {"Messages": self.messages[: asked["MaxNumberOfMessages"]]} if self.messages else {}

    def delete_message_batch(self, **asked: Any) -> dict[str, Any]:
        if self.code:
            return {"Failed": [{"Id": entry["Id"], "Code": self.code} for entry in asked["Entries"]]}
        self.deleted += [entry["ReceiptHandle"] for entry in asked["Entries"]]
        return {"Successful": asked["Entries"]}


def turn(sqs: FakeSqs, handler: Callable[[Any, Any], Any]) -> None:
    Poller(sqs, "url", ARN, handler, lambda: events.context("ProcessIntake", 60), batch_size=5).turn()


def test_the_handler_gets_the_event_that_lambda_would_give_it() -> None:
    given = []

    turn(FakeSqs([received("a")]), lambda event, context: given.append((event, context)))

    ((event, context),) = given
    assert event == {
        "Records": [
            {
                "messageId": "a",
                "receiptHandle": "handle of a",
                "body": "{}",
                "attributes": {"ApproximateReceiveCount": "2", "SentTimestamp": "1790000000000"},
                "messageAttributes": {
                    "redrives": {
                        "stringValue": "1",
                        "stringListValues": [],
                        "binaryListValues": [],
                        "dataType": "Number",
                    }
                },
                "md5OfBody": "99914b932bd37a50b983c5e7c90ae93b",
                "eventSource": "aws:sqs",
                "eventSourceARN": ARN,
                "awsRegion": "eu-central-1",
            }
        ]
    }
    assert context.function_name == "zustaendig-ProcessIntake"


def test_what_is_done_is_deleted_and_what_failed_stays() -> None:
    sqs = FakeSqs([received("a"), received("b")])

    turn(sqs, lambda *_: {"batchItemFailures": [{"itemIdentifier": "a"}]})

    assert sqs.deleted == ["handle of b"]


def raising(*_: Any) -> Any:
    raise RuntimeError


@pytest.mark.parametrize("handler", [raising, lambda *_: object(), lambda *_: "done"])
def test_a_batch_whose_outcome_is_unknown_stays(handler: Callable[[Any, Any], Any]) -> None:
    sqs = FakeSqs([received("a"), received("b")])

    turn(sqs, handler)

    assert sqs.deleted == []


def test_an_empty_queue_calls_nobody() -> None:
    turn(FakeSqs([]), raising)


def test_a_batch_is_never_larger_than_lambdas() -> None:
    sizes = []

    turn(FakeSqs([received(str(n)) for n in range(9)]), lambda event, _: sizes.append(len(event["Records"])))

    assert sizes == [5]


@pytest.mark.parametrize(("code", "complaints"), [("ReceiptHandleIsInvalid", 0), ("InternalError", 1)])
def test_a_message_that_is_gone_already_counts_as_deleted(
    caplog: pytest.LogCaptureFixture, code: str, complaints: int
) -> None:
    turn(FakeSqs([received("a")], code), lambda *_: None)

    assert len(caplog.records) == complaints
