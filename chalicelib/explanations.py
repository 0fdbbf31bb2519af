"""Tells why a message was read as it was, and who therefore looks at it, as a person would. Pure.

The words themselves, German and English, are in `explanation_words.py`.
"""

from collections.abc import Iterable, Iterator, Mapping

from chalicelib.categories import Category, Topic
from chalicelib.correction import PERSON
from chalicelib.decision import Decision, Result
from chalicelib.explanation_words import ENGLISH, GERMAN, Words

MOST_WORDS = 6
"""Of the words that spoke for a category, as many as a sentence bears."""

ALMOST_SURE, HARDLY = 0.995, 0.005
"""No reader is ever 100 % sure, and what it names it does not hold impossible."""


def explain(decision: Decision, names: Mapping[str, str], *, incomplete: bool) -> dict[str, str]:
    """Explain a decision, by language.

    Args:
        decision: what was made of a message.
        names: of the departments, by id; one without name is called by its id.
        incomplete: a look-up must still fetch text or author.

    """
    return {
        language: " ".join(_sentences(decision, names, words, incomplete=incomplete))
        for language, words in (("de", GERMAN), ("en", ENGLISH))
    }


def _sentences(
    decision: Decision, names: Mapping[str, str], words: Words, *, incomplete: bool
) -> Iterator[str]:
    owner = names.get(decision.department, decision.department) if decision.department else None
    if decision.category is None or decision.result is Result.NOT_READ:
        yield words.not_read + _looks_first(owner, words)
        return
    if decision.result is Result.UNSURE:
        yield _unsure(decision, words) + _looks_first(owner, words)
    else:
        yield _decided(decision, words)
    if decision.language == "other":
        yield words.other_language
    if incomplete:
        yield words.incomplete + _looks_first(owner, words)
    if topics := [words.topics[Topic(topic)] for topic in decision.topics]:
        yield words.about.format(topics=_listed(topics, words))
    if Topic.SAFETY in decision.topics:
        yield words.urgent
    if decision.for_review:
        yield words.for_review.format(owner=owner)


def _decided(decision: Decision, words: Words) -> str:
    assert decision.category is not None
    category = words.categories[Category(decision.category)]
    if decision.decided_by == PERSON:
        return words.decided_by_person.format(category=category)
    odds = decision.confidence
    sentence = (words.decided_without_odds if odds is None else words.decided).format(
        reader=_reader(decision, words), odds=_odds(odds or 0, words), category=category
    )
    quoted = [words.quoted.format(word=word) for word in decision.because[:MOST_WORDS]]
    return sentence + (words.because.format(words=", ".join(quoted)) if quoted else "") + "."


def _unsure(decision: Decision, words: Words) -> str:
    guesses = decision.guesses or ((decision.category, decision.confidence or 0),)
    told = [
        words.guess.format(category=words.categories[Category(each)], odds=_odds(odds, words))
        for each, odds in guesses
        if each is not None
    ]
    reader = _reader(decision, words)
    if len(told) == 1:
        return words.unsure_of_one.format(reader=reader, guess=told[0])
    return words.unsure.format(reader=reader, first=told[0], second=told[1])


def _looks_first(owner: str | None, words: Words) -> str:
    return words.looks_first.format(owner=owner) if owner else "."


def _reader(decision: Decision, words: Words) -> str:
    kind, _, name = (decision.decided_by or "").partition(":")
    return words.readers.get(kind, words.model).format(name=name or kind, whole=decision.decided_by)


def _odds(odds: float, words: Words) -> str:
    if odds >= ALMOST_SURE:
        return words.over
    return words.under if odds < HARDLY else words.percent.format(number=round(100 * odds))


def _listed(several: Iterable[str], words: Words) -> str:
    *others, last = several
    return f"{', '.join(others)} {words.and_} {last}" if others else last
