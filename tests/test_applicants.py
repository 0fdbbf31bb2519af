"""The rule for applicants: none is lost beside a likelier category, and none is made up."""

import pytest

from chalicelib import applicants
from chalicelib.applicants import APPLICANT
from chalicelib.categories import Category, Topic
from chalicelib.classifier_model import CATEGORIES, TOPICS, Scores
from training import rare
from training.labelled import Labelled

HEAD = {
    "recruiting_heard": 0.2,
    "recruiting_believed": 0.5,
    "applicant_from": 0.25,
    "applicant_heard": 0.3,
}
SECOND = 0.3
CRITICISM, PRAISE = Category.CRITICISM, Category.PRAISE


def scores(best: Category, second: Category, recruiting: float, odds: float = SECOND) -> Scores:
    likely = {best: 0.9 - odds, second: odds}
    return Scores(
        tuple(likely.get(category, 0.03) for category in CATEGORIES),
        tuple(recruiting if topic is Topic.RECRUITING else 0.0 for topic in TOPICS),
    )


def taken(given: Scores, *, word: bool) -> Category:
    return applicants.category(given, applicants.hear(given, HEAD, word=word))


@pytest.mark.parametrize(
    ("recruiting", "word", "overruled"),
    [(0.19, True, False), (0.2, True, True), (0.49, False, False), (0.5, False, True)],
)
def test_a_complaint_likely_enough_overrules_where_recruiting_is_believed(
    recruiting: float, *, word: bool, overruled: bool
) -> None:
    given = scores(CRITICISM, APPLICANT, recruiting)
    assert taken(given, word=word) is (APPLICANT if overruled else CRITICISM)


def test_what_is_hardly_a_complaint_overrules_nothing() -> None:
    assert taken(scores(CRITICISM, APPLICANT, 0.9, odds=0.24), word=True) is CRITICISM


def test_praise_is_never_overruled() -> None:
    given = scores(PRAISE, APPLICANT, 0.9)
    assert taken(given, word=True) is PRAISE
    assert applicants.hear(given, HEAD, word=True).may_complain


@pytest.mark.parametrize(("recruiting", "word"), [(0.0, True), (0.3, False)])
def test_a_complaint_with_a_hint_of_recruiting_stays(recruiting: float, *, word: bool) -> None:
    assert taken(scores(APPLICANT, CRITICISM, recruiting), word=word) is APPLICANT


def test_a_complaint_without_one_is_what_is_likeliest_else() -> None:
    assert taken(scores(APPLICANT, CRITICISM, 0.29), word=False) is CRITICISM


# What is settled on what was held out


def row(label: Category, *topics: Topic, known: bool = True, text: str = "So lala.") -> Labelled:
    return Labelled(text, label, "de", frozenset(topics), "part", topics_known=known)


def test_complaints_are_taken_from_where_most_are_right() -> None:
    real, false = scores(CRITICISM, APPLICANT, 0.9, odds=0.32), scores(CRITICISM, APPLICANT, 0.9, odds=0.22)
    sold, told = scores(APPLICANT, CRITICISM, 0.15), scores(APPLICANT, CRITICISM, 0.35)
    rows = [row(APPLICANT)] * 5 + [row(CRITICISM)] * 5 + [row(CRITICISM)] * 5 + [row(APPLICANT)] * 5
    settings = rare.complaints(rows, [real] * 5 + [false] * 5 + [sold] * 5 + [told] * 5, HEAD)
    assert 0.22 < settings["applicant_from"] <= 0.32
    assert 0.15 < settings["applicant_heard"] <= 0.35


def test_a_topic_is_heard_from_where_most_are_right_among_what_is_known() -> None:
    def said(likely: float) -> Scores:
        return Scores((0.2,) * len(CATEGORIES), tuple(likely for _ in TOPICS))

    rows = [row(PRAISE, Topic.PRESS)] * 4 + [row(PRAISE)] * 40 + [row(PRAISE, known=False)] * 40
    heard = rare.topics(rows, [said(0.15)] * 4 + [said(0.05)] * 40 + [said(0.7)] * 40)
    assert 0.05 < heard[Topic.PRESS] <= 0.15
    assert Topic.RECRUITING not in heard


@pytest.mark.parametrize(
    ("pairs", "f1"),
    [
        ([], 0.0),
        ([(False, True)], 0.0),
        ([(True, True), (True, False), (False, True), (False, False)], 0.5),
        ([(True, True)], 1.0),
    ],
)
def test_f1_is_told(pairs: list[tuple[bool, bool]], f1: float) -> None:
    assert rare.f1(pairs) == f1
