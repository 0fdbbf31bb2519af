"""What is made of a message once it is read: who owns it until when, or that nobody need answer."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib import departments, review, triage
from chalicelib.categories import Category, Topic
from chalicelib.classifier import Classification, Guess
from chalicelib.decision import Decision, Result
from chalicelib.message import Change, Kind, Message
from tests.made import POLICIES

RULES = POLICIES.departments
ALL, NONE = (RULES.model_copy(update={"review_share": share}) for share in (1.0, 0.0))
NOW, HOUR = 1_764_057_600, 3600
SAID = Message(platform="x", change=Change.CREATED, kind=Kind.MENTION, message_id="1", text="Es brennt!")
READ = Classification(
    category=Category.CRITICISM,
    confidence=0.61237,
    topics=(),
    decided_by="linear-2",
    sure=True,
    guesses=(Guess(Category.CRITICISM, 0.61237), Guess(Category.PRAISE, 0.21), Guess(Category.OTHER, 0.1)),
    because=("brennt",),
    language="de",
)


def read(**changes: Any) -> Classification:
    return READ._replace(**changes)


def decided(
    reading: Classification, message: Message = SAID, rules: departments.Departments = NONE
) -> Decision:
    return triage.decide(message, NOW, lambda _text: reading, replace(POLICIES, departments=rules))


def test_a_decision_tells_all_that_was_read() -> None:
    decision = decided(read())
    assert decision.acknowledge_by == NOW + 8 * HOUR
    assert replace(decision, clocks=()) == Decision(
        category="criticism",
        confidence=0.6124,
        decided_by="linear-2",
        result=Result.DECIDED,
        guesses=(("criticism", 0.6124), ("praise", 0.21)),
        because=("brennt",),
        language="de",
        department="communications",
    )


@pytest.mark.parametrize(
    ("sure", "decided_by", "result", "owner"),
    [
        (True, "linear-2", Result.DECIDED, "communications"),
        (True, "rule:applicant", Result.DECIDED, "communications"),
        (True, "second_reader:some-model", Result.DECIDED_BY_SECOND_READER, "communications"),
        (False, "linear-2", Result.UNSURE, "social_media"),
        (False, "second_reader:some-model", Result.UNSURE, "social_media"),
    ],
)
def test_how_a_reading_ends(*, sure: bool, decided_by: str, result: Result, owner: str) -> None:
    decision = decided(read(sure=sure, decided_by=decided_by))

    assert (decision.result, decision.department) == (result, owner)


def test_without_text_nothing_is_read() -> None:
    empty = Message(platform="x", change=Change.CREATED, kind=Kind.MENTION, message_id="1")
    decision = decided(read(), empty, ALL)

    assert decision.acknowledge_by == NOW + 2 * HOUR
    assert replace(decision, clocks=()) == Decision(
        category=None,
        confidence=None,
        decided_by=None,
        result=Result.NOT_READ,
        department="social_media",
    )


@pytest.mark.parametrize("category", list(Category))
@pytest.mark.parametrize("sure", [True, False])
def test_danger_always_has_an_owner_within_half_an_hour(category: Category, *, sure: bool) -> None:
    for rules in (NONE, ALL):
        decision = decided(read(category=category, sure=sure, topics=(Topic.SAFETY,)), rules=rules)

        assert decision.department is not None
        assert decision.acknowledge_by == NOW + HOUR // 2
        assert not decision.for_review


def test_danger_in_what_seems_to_need_no_answer_goes_to_the_desk() -> None:
    assert decided(read(category=Category.OTHER, topics=(Topic.SAFETY,))).department == "social_media"


@pytest.mark.parametrize("topics", [(), (Topic.PRESS,)])
def test_other_for_sure_has_no_owner_unless_it_is_for_review(topics: tuple[Topic, ...]) -> None:
    other = read(category=Category.OTHER, topics=topics)
    unneeded, reviewed = decided(other), decided(other, rules=ALL)

    assert (unneeded.department, unneeded.acknowledge_by, unneeded.for_review) == (None, None, False)
    assert (reviewed.department, reviewed.acknowledge_by) == ("social_media", NOW + 2 * HOUR)
    assert (reviewed.for_review, reviewed.decided_by) == (True, "linear-2")


@pytest.mark.parametrize("category", [each for each in Category if each is not Category.OTHER])
def test_only_what_needs_no_answer_is_for_review(category: Category) -> None:
    assert not decided(read(category=category), rules=ALL).for_review
    assert not decided(read(category=Category.OTHER, sure=False), rules=ALL).for_review


# ── the review sample ─────────────────────────────────────────────────────────────────────────────────────


DRAWN = ["75", "142"]


def drawn(share: float, platform: str = "x", several: int = 20_000) -> set[str]:
    ids = map(str, range(several))
    return {each for each in ids if review.is_in_sample(platform, each, share)}


def test_the_sample_is_the_share_that_was_asked_for() -> None:
    assert drawn(0) == set()
    assert len(drawn(1)) == 20_000
    assert 320 <= len(drawn(0.02)) <= 480  # four standard deviations around 400
    assert 9_700 <= len(drawn(0.5)) <= 10_300


def test_a_message_is_always_drawn_or_never() -> None:
    assert [each for each in map(str, range(200)) if review.is_in_sample("x", each, 0.02)] == DRAWN


def test_a_larger_share_keeps_what_a_smaller_one_draws() -> None:
    assert drawn(0.02) < drawn(0.05) < drawn(0.5)


def test_platforms_are_drawn_from_apart() -> None:
    assert drawn(0.02, "x") != drawn(0.02, "facebook")
    assert review.is_in_sample("x", "1", 1) is review.is_in_sample("x1", "", 1) is True
