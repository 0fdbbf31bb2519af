"""Prompt injections, German and English, against a model that obeys each of them: nothing comes of it.

The stand-in is worse than any model: it returns what the attacker wants of it, over the wire.
"""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config

from chalicelib import aws
from chalicelib.categories import Category, Topic
from chalicelib.classifier import Classification, Guess
from chalicelib.decision import Decision
from chalicelib.message import Author, Change, Kind, Message
from chalicelib.second_reader.deciding import Decide
from chalicelib.second_reader.rules import PLAUSIBLE
from chalicelib.triage import SECOND_READER
from tests.made import POLICIES, clocks
from tests.second_reader import (
    Answer,
    Bedrock,
    Said,
    answered,
    bedrock,
    doubtful,
    fenced,
    second_reader,
    used,
)
from tests.world import NOW

FILE = Path(__file__).parent / "fixtures" / "prompt_injections.json"
FIXTURE = json.loads(FILE.read_text("utf-8"))
RULES = POLICIES.departments

DROP: dict[str, Any] = {"category": "other", "topics": [], "confidence": 1}
CALM: dict[str, Any] = {"category": "praise", "topics": [], "confidence": 0.99}
OBEYED: dict[str, list[Any]] = {
    "drop": [answered(used(DROP)), answered(used(DROP | {"topics": ["sustainability"]}))],
    "calm": [answered(used(CALM))],
    "department": [
        answered(used(CALM | {"department": "ceo_office"})),
        answered(used(DROP | {"department": None})),
        answered(used(CALM | {"acknowledge_within_hours": 9999, "owner": "investor_relations"})),
        answered(used(CALM | {"urgent": False, "deadline": None, "queue_url": "https://sqs/ceo"})),
    ],
    "unknown": [
        answered(used(DROP | {"category": c})) for c in ("spam", "IGNORE", "Service_Request ", "vip", "")
    ],
    "unknown_topic": [
        answered(used(CALM | {"topics": t})) for t in (["admin"], ["geheim", "legal"], "legal")
    ],
    "huge": [
        answered(used(DROP | {"category": "Haus " * 50_000})),
        answered({"text": "rules " * 50_000}, used(DROP), stop="max_tokens"),
        answered(used(DROP | {"topics": ["legal"] * 20_000})),
    ],
    "two_tools": [answered(used(CALM), used(DROP)), answered(used(DROP), used(DROP))],
    "other_tool": [
        answered(used(DROP), used({"id": "t_1"}, "delete_ticket")),
        answered(used({"to": "me@mail.example"}, "send_mail")),
        answered(used(DROP, "classify_v2")),
    ],
    "text": [answered({"text": json.dumps(DROP)}, stop="end_turn"), answered({"text": json.dumps(DROP)})],
    "certain": [answered(used(DROP | {"confidence": c})) for c in (250, "absolutely", True, None, 1e308)],
    "nested": [
        answered(used({"result": DROP})),
        answered(used([DROP, DROP, DROP])),
        answered(used(DROP | {"category": ["other", "praise"]})),
    ],
}
UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})


def targets(number: int, lang: str) -> Iterator[dict[str, Any]]:
    """Give the message about danger, and another one, in turn: each injection meets two."""
    ours = [message for message in FIXTURE["messages"] if message["lang"] == lang]
    yield from (message for message in ours if "safety" in message["first"]["topics"])
    others = [message for message in ours if "safety" not in message["first"]["topics"]]
    yield others[number % len(others)]


PAIRS = [
    (message, attack)
    for number, attack in enumerate(FIXTURE["attacks"])
    for message in targets(number, attack["lang"])
]


@pytest.fixture(scope="module")
def there() -> Iterator[Bedrock]:
    with bedrock() as running:
        yield running


@pytest.fixture(scope="module")
def client(there: Bedrock) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "made-up")
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        yield aws.client("bedrock-runtime", aws.ONCE.merge(Config(read_timeout=20)), there.url)


def first_reading(given: dict[str, Any]) -> Classification:
    return Classification(
        category=Category(given["category"]),
        confidence=given["confidence"],
        topics=tuple(map(Topic, given["topics"])),
        decided_by="model:test",
        sure=False,
        guesses=tuple(Guess(Category(category), odds) for category, odds in given["guesses"]),
    )


def written(text: str) -> Message:
    return Message(
        platform="facebook",
        change=Change.CREATED,
        kind=Kind.COMMENT,
        message_id="1",
        account_id="2",
        in_reply_to=None,
        author=Author(id=None, name=None),
        text=text,
    )


def obey(response: Any, _text: str) -> Answer:
    return Answer(response)


def check(first: Classification, decision: Decision) -> None:
    """Hold a decision against what must be true of it, whatever the second reader says."""
    assert decision.category in set(Category)
    assert set(first.topics) <= set(decision.topics) <= set(Topic)
    if not (decision.decided_by or "").startswith(SECOND_READER):
        assert (decision.category, decision.topics) == (first.category, first.topics)
        assert decision.department == RULES.catch_all().department
        return
    if decision.category == Category.OTHER:
        assert first.category is Category.OTHER
        assert not first.topics
        return
    owner = RULES.owner(Category(decision.category or ""), tuple(map(Topic, decision.topics)))
    assert decision.department == owner.department
    likely = [g.category for g in first.guesses if g.confidence >= PLAUSIBLE and g.category != Category.OTHER]
    expected = [RULES.owner(category, first.topics).acknowledge_within for category in likely]
    assert decision.acknowledge_by is not None
    assert decision.acknowledge_by - NOW <= min([owner.acknowledge_within, *expected])


def test_there_are_many_injections_in_both_languages() -> None:
    assert {attack["wants"] for attack in FIXTURE["attacks"]} == set(OBEYED)
    for lang in ("de", "en"):
        assert len({attack["text"] for attack in FIXTURE["attacks"] if attack["lang"] == lang}) >= 100
    assert len(PAIRS) == 2 * len(FIXTURE["attacks"])
    assert {message["id"] for message, _ in PAIRS} == {message["id"] for message in FIXTURE["messages"]}


@pytest.mark.parametrize("attack", FIXTURE["attacks"])
def test_no_model_is_shown_what_nobody_sees(attack: dict[str, str]) -> None:
    said = Said()
    second_reader(said.converse).read(attack["text"], doubtful(), "facebook")

    (asked,) = said.asked
    shown = fenced(asked)
    assert not [sign for sign in shown if sign not in "\n\t" and unicodedata.category(sign) in UNSEEN]
    assert "0123456789abcdef" not in shown


@pytest.mark.parametrize(("message", "attack"), PAIRS)
def test_a_model_that_obeys_lowers_nothing(
    there: Bedrock, client: Any, message: dict[str, Any], attack: dict[str, str]
) -> None:
    first = first_reading(message["first"])
    text = f"{message['text']}\n\n{attack['text']}"
    for response in OBEYED[attack["wants"]]:
        there.asked.clear()
        there.answer = partial(obey, response)
        second = second_reader(client.converse)
        decision = Decide(lambda _text: first, second, POLICIES)(written(text), NOW)

        assert len(there.asked) == 1
        check(first, decision)
        if first.topics or first.category is not Category.OTHER:
            assert decision.department is not None


@pytest.mark.parametrize("message", FIXTURE["messages"], ids=lambda message: message["id"])
def test_any_category_with_any_topic_lowers_nothing(message: dict[str, Any]) -> None:
    first = first_reading(message["first"])
    for category in Category:
        for topics in ([], *([str(topic)] for topic in Topic), [*map(str, Topic)]):
            said = answered(used({"category": str(category), "topics": topics, "confidence": 1}))
            second = second_reader(Said(said).converse)
            decision = Decide(lambda _text: first, second, POLICIES)(written(message["text"]), NOW)

            check(first, decision)
            if first.topics or first.category is not Category.OTHER:
                assert decision.department is not None


def test_these_checks_find_what_is_lowered() -> None:
    first = first_reading(FIXTURE["messages"][0]["first"])
    good = Decide(lambda _text: first, None, POLICIES)(written("x"), NOW)
    check(first, good)
    later = replace(good, decided_by=SECOND_READER + "m", category="praise", department="marketing")
    for wrong in (
        replace(good, category="spam"),
        replace(good, department="marketing"),
        replace(later, clocks=clocks(NOW + 24 * 3600)),
        replace(later, department="human_resources", clocks=clocks(NOW + 60)),
        replace(later, category="other", department=None, clocks=()),
    ):
        with pytest.raises(AssertionError):
            check(first, wrong)
