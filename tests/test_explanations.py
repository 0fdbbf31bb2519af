"""Why a message was read as it was, in words that a person understands."""

from dataclasses import replace

import pytest

from chalicelib import explanations
from chalicelib.categories import Category, Topic
from chalicelib.decision import Decision, Result
from chalicelib.explanation_words import ENGLISH, GERMAN, Words
from tests.made import clocks

NAMES = {"human_resources": "Personal", "social_media": "Social-Media-Team"}
APPLICANT = Decision(
    category="applicant_complaint",
    confidence=0.9312,
    decided_by="linear-2",
    result=Result.DECIDED,
    guesses=(("applicant_complaint", 0.9312), ("service_request", 0.04)),
    because=("Bewerbung", "Absage"),
    language="de",
    department="human_resources",
    clocks=clocks(1),
)
UNSURE = replace(
    APPLICANT,
    category="criticism",
    confidence=0.48,
    result=Result.UNSURE,
    guesses=(("criticism", 0.48), ("praise", 0.395)),
    department="social_media",
)
OTHER = replace(APPLICANT, category="other", because=(), department=None, clocks=())


def told(decision: Decision, *, incomplete: bool = False) -> tuple[str, str]:
    explanation = explanations.explain(decision, NAMES, incomplete=incomplete)
    assert list(explanation) == ["de", "en"]
    return explanation["de"], explanation["en"]


def test_what_is_decided_tells_how_likely_it_is_and_what_spoke_for_it() -> None:
    assert told(APPLICANT) == (
        (
            "Das Modell linear-2 hält das zu 93 % für eine Beschwerde einer Bewerberin oder eines Bewerbers; "
            "dafür sprachen: „Bewerbung“, „Absage“."
        ),
        (
            "The model linear-2 takes this for an applicant's complaint (93 % sure); "
            "what spoke for it: “Bewerbung”, “Absage”."
        ),
    )


def test_what_is_unsure_tells_between_what_and_who_looks_first() -> None:
    assert told(UNSURE) == (
        (
            "Das Modell linear-2 ist sich nicht sicher, ob das Kritik (48 %) oder Lob (40 %) ist, "
            "deshalb schaut zuerst die Abteilung „Social-Media-Team“ darauf."
        ),
        (
            "The model linear-2 is unsure between criticism (48 %) and praise (40 %), "
            "so the department “Social-Media-Team” looks first."
        ),
    )


@pytest.mark.parametrize("guesses", [(), (("criticism", 0.48),)])
def test_unsure_of_a_single_guess_makes_a_sentence_too(guesses: tuple[tuple[str, float], ...]) -> None:
    german, english = told(replace(UNSURE, guesses=guesses))

    assert "am ehesten für Kritik (48 %), deshalb schaut" in german
    assert "most likely for criticism (48 %), so the department" in english


@pytest.mark.parametrize(
    ("decided_by", "german", "english"),
    [
        ("rule:applicant", "Die Regel „applicant“ hält", "The rule “applicant” takes"),
        (
            "second_reader:eu.model-1:0",
            "Der zweite Leser (eu.model-1:0) hält",
            "The second reader (eu.model-1:0)",
        ),
        ("model:1", "Das Modell 1 hält", "The model 1 takes"),
        ("linear:1", "Das Modell linear:1 hält", "The model linear:1 takes"),
    ],
)
def test_it_tells_who_has_read(decided_by: str, german: str, english: str) -> None:
    told_german, told_english = told(replace(APPLICANT, decided_by=decided_by))

    assert told_german.startswith(german)
    assert told_english.startswith(english)


def test_what_a_person_has_decided_is_told_as_such() -> None:
    assert told(replace(APPLICANT, decided_by="person", confidence=None)) == (
        "Ein Mensch hat entschieden: Es ist eine Beschwerde einer Bewerberin oder eines Bewerbers.",
        "A person has decided: it is an applicant's complaint.",
    )


@pytest.mark.parametrize(
    ("odds", "german"),
    [
        (1.0, "zu mehr als 99 % für"),
        (0.9961, "zu mehr als 99 % für"),
        (0.994, "zu 99 % für"),
        (0.004, "zu weniger als 1 % für"),
        (None, "hält das für"),
    ],
)
def test_nobody_is_ever_quite_sure(odds: float | None, german: str) -> None:
    assert german in told(replace(APPLICANT, confidence=odds))[0]


def test_without_text_there_is_nothing_to_read() -> None:
    empty = Decision(
        category=None,
        confidence=None,
        decided_by=None,
        result=Result.NOT_READ,
        department="social_media",
        clocks=clocks(1),
    )
    sentences = (
        (
            "Es gibt keinen Text, der zu lesen wäre, "
            "deshalb schaut zuerst die Abteilung „Social-Media-Team“ darauf."
        ),
        "There is no text to read, so the department “Social-Media-Team” looks first.",
    )

    assert told(empty) == told(replace(empty, result=None)) == sentences


def test_what_needs_no_answer_says_so_and_for_review_who_looks_all_the_same() -> None:
    german, english = told(OTHER)
    assert german == "Das Modell linear-2 hält das zu 93 % für etwas, das keine Antwort verlangt."
    reviewed = told(replace(OTHER, for_review=True, department="social_media"))

    assert reviewed[0] == (
        f"{german} Eine Antwort ist nicht nötig; als Stichprobe sieht das die Abteilung "
        "„Social-Media-Team“ trotzdem."
    )
    assert reviewed[1] == (
        f"{english} So it needs no answer; as part of a sample, the department “Social-Media-Team” "
        "looks all the same."
    )


def test_another_language_topics_danger_and_what_is_missing_are_told() -> None:
    odd = replace(UNSURE, language="other", topics=(Topic.PRESS, Topic.LEGAL, Topic.SAFETY))
    german, english = told(odd)

    assert "weder deutsch noch englisch" in german
    assert "Es geht dabei um eine Presseanfrage, Rechtliches und Gefahr für Menschen." in german
    assert german.endswith("wofür der Text auch sonst gehalten wird.")
    assert "neither German nor English" in english
    assert "It is about a journalist's inquiry, legal matters and danger to people." in english
    assert english.endswith("whatever else the text is taken for.")
    missing = told(replace(APPLICANT, department="social_media"), incomplete=True)
    assert missing[0].endswith(
        "Text oder Autor fehlen noch, deshalb schaut zuerst die Abteilung „Social-Media-Team“ darauf."
    )
    assert missing[1].endswith(
        "Text or author are still missing, so the department “Social-Media-Team” looks first."
    )


def test_a_department_without_a_name_is_called_by_its_id() -> None:
    assert "„sales“" in told(replace(UNSURE, department="sales"))[0]


def test_braces_in_words_of_the_text_are_nothing_but_braces() -> None:
    assert "„{odds}“" in told(replace(APPLICANT, because=("{odds}",)))[0]


@pytest.mark.parametrize("words", [GERMAN, ENGLISH])
def test_every_category_and_topic_has_words(words: Words) -> None:
    assert set(words.categories) == set(Category)
    assert set(words.topics) == set(Topic)
