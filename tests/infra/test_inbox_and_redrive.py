"""A department's inbox, and the way back from a dead-letter queue, on real queues."""

import json
from typing import Any

import httpx
import pytest

from chalicelib.errors import ConfigurationError
from infra import inbox, redrive
from infra.local.provision import queue_url
from tests.engine import Engine

EVENT: dict[str, Any] = {
    "id": "t_1:opened:1",
    "subject": "t_1",
    "data": {
        "id": "t_1",
        "platform": "facebook",
        "kind": "comment",
        "author": {"id": "9", "name": "Jonas Feld"},
        "text": "Seit sechs Wochen\nkeine Antwort.",
        "category": "applicant_complaint",
        "permalink": "https://www.facebook.com/1/posts/2",
        "acknowledge_by": "2026-11-26T08:44:00Z",
    },
}


def queue(engine: Engine, name: str, *bodies: str, **attributes: Any) -> str:
    engine.client("sqs").create_queue(QueueName=name)
    url = queue_url(engine, name)
    for body in bodies:
        engine.client("sqs").send_message(QueueUrl=url, MessageBody=body, MessageAttributes=attributes)
    return url


def test_an_inbox_shows_each_event_once_and_deletes_what_it_has_shown(engine: Engine) -> None:
    shown: list[Any] = []
    url = queue(engine, "inbox", *[json.dumps(EVENT)] * 2)
    box = inbox.Inbox(engine.client("sqs"), url, shown.append, wait=0)

    assert box.empty() + box.empty() + box.empty() == 2
    assert shown == [EVENT]


def test_what_could_not_be_shown_stays_in_the_queue(engine: Engine) -> None:
    def failing(_: Any) -> None:
        raise ConfigurationError("the API does not acknowledge")

    url = queue(engine, "inbox-failing", json.dumps(EVENT))

    with pytest.raises(ConfigurationError):
        inbox.Inbox(engine.client("sqs"), url, failing, wait=0).empty()

    assert in_flight(engine, url) == 1


def in_flight(engine: Engine, url: str) -> int:
    name = "ApproximateNumberOfMessagesNotVisible"
    answer: Any = engine.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=[name])
    return int(answer["Attributes"][name])


def test_an_event_is_told_in_lines() -> None:
    head, text, link = inbox.told(EVENT)

    assert head.startswith("t_1  facebook comment by Jonas Feld: applicant_complaint, due ")
    assert text.strip() == "Seit sechs Wochen keine Antwort."
    assert link.strip() == EVENT["data"]["permalink"]


def test_an_event_without_text_author_or_address_is_told_all_the_same() -> None:
    bare = {"text": None, "author": {"id": None, "name": None}, "permalink": None, "category": None}

    lines = list(inbox.told({**EVENT, "data": {**EVENT["data"], **bare}}))

    assert "by somebody: nothing to read" in lines[0]
    assert [line.strip() for line in lines[1:]] == ["(no text)"]


def test_a_withdrawn_ticket_is_told() -> None:
    gone = {"id": "t_1", "platform": "facebook", "kind": "comment", "withdrawn_at": "2026-11-26T08:44:00Z"}

    (line,) = inbox.told({**EVENT, "data": gone})
    assert line == "t_1  facebook comment: withdrawn, its message was deleted"


@pytest.mark.parametrize(
    ("late", "told"), [(75, "75 minutes late"), (0, "0 minutes late"), (-60, "60 minutes left")]
)
def test_an_alarm_is_told_by_its_level_and_how_late_it_is(late: int, told: str) -> None:
    alarm = {
        "id": "t_1",
        "platform": "facebook",
        "kind": "comment",
        "permalink": "https://www.facebook.com/1/posts/2",
        "department": "human_resources",
        "level": "escalation_2",
        "clock": "answer_by",
        "due_at": "2026-11-26T08:44:00Z",
        "minutes_late": late,
    }

    head, when, link = inbox.told({**EVENT, "data": alarm})
    assert head.startswith("t_1  facebook comment: escalation_2: answer_by of human_resources, due ")
    assert (when.strip(), link.strip()) == (told, alarm["permalink"])
    assert len(list(inbox.told({**EVENT, "data": alarm | {"permalink": None}}))) == 2


@pytest.mark.parametrize(("status", "text"), [(200, "Wo bleibt sie?"), (200, None), (404, None)])
def test_what_an_event_may_not_hold_is_read_from_the_ticket(status: int, text: str | None) -> None:
    author = {"id": "9", "name": text and "Mira Feld"}

    def answer(request: httpx.Request) -> httpx.Response:
        assert (request.method, request.url.path) == ("GET", "/tickets/t_1")
        return httpx.Response(status, json={"text": text, "author": author})

    brief = {**EVENT["data"], "text": None, "author": {"id": None, "name": None}}
    with httpx.Client(base_url="http://api", transport=httpx.MockTransport(answer)) as api:
        shown = list(inbox.told(inbox.whole(api, {**EVENT, "data": brief})))

    assert shown[0].split(":")[0].endswith("by Mira Feld" if text else "by somebody")
    assert shown[1].strip() == (text or "(no text)")


def test_an_event_that_holds_everything_asks_nothing() -> None:
    withdrawn = {**EVENT, "data": {"id": "t_1", "withdrawn_at": "2026-11-26T08:44:00Z"}}
    with httpx.Client(
        base_url="http://api", transport=httpx.MockTransport(lambda _: pytest.fail("asked"))
    ) as api:
        assert inbox.whole(api, EVENT) == EVENT
        assert inbox.whole(api, withdrawn) == withdrawn


@pytest.mark.parametrize(("status", "told"), [(200, "acknowledged"), (409, "acknowledged by lea at 08:44")])
def test_an_acknowledgement_tells_what_the_api_says(status: int, told: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert (request.method, request.url.path) == ("POST", "/tickets/t_1/acknowledge")
        return httpx.Response(status, json={"detail": told})

    with httpx.Client(base_url="http://api", transport=httpx.MockTransport(answer)) as api:
        assert inbox.acknowledge(api, EVENT) == told


def test_an_api_that_refuses_ends_the_inbox() -> None:
    refusing = httpx.MockTransport(lambda _: httpx.Response(401, text="a bearer token is needed"))

    with httpx.Client(base_url="http://api", transport=refusing) as api, pytest.raises(ConfigurationError):
        inbox.acknowledge(api, EVENT)


def test_a_redrive_moves_everything_with_its_attributes(engine: Engine) -> None:
    redrives = {"DataType": "Number", "StringValue": "3"}
    source = queue(engine, "dead", *map(str, range(12)), redrives=redrives)
    target = queue(engine, "alive")
    sqs: Any = engine.client("sqs")

    assert redrive.move(sqs, source, target) == 12

    found = []
    while messages := sqs.receive_message(
        QueueUrl=target, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    ).get("Messages"):
        found += messages
    assert sorted(int(message["Body"]) for message in found) == list(range(12))
    assert {message["MessageAttributes"]["redrives"]["StringValue"] for message in found} == {"3"}
    assert redrive.move(sqs, source, target) == 0


def test_a_redrive_does_not_go_in_circles(engine: Engine) -> None:
    url = queue(engine, "circle", "a", "b", "c")

    assert redrive.move(engine.client("sqs"), url, url) == 3
