"""Reasons are words that tell something, in the language of the message."""

import pytest

from chalicelib import classifier
from chalicelib.function_words import tells_something

READER = classifier.load()


@pytest.mark.parametrize(
    "word", ["meinem", "vor", "und", "ihr", "die", "war", "will", "x", "0000", "!", "o_o"]
)
def test_what_tells_nothing_in_german_is_no_reason(word: str) -> None:
    assert not tells_something(word, "de")


@pytest.mark.parametrize("word", ["my", "also", "and", "you", "me", "will", "s", "00", "?"])
def test_what_tells_nothing_in_english_is_no_reason(word: str) -> None:
    assert not tells_something(word, "en")


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("die", "en"),
        ("war", "en"),
        ("me", "de"),
        ("nicht", "de"),
        ("nie", "de"),
        ("wann", "de"),
        ("never", "en"),
        ("not", "en"),
        ("when", "en"),
        ("danke", "de"),
    ],
)
def test_what_tells_something_is_one(word: str, language: str) -> None:
    assert tells_something(word, language)


@pytest.mark.parametrize("word", ["und", "the"])
def test_where_the_language_is_not_told_both_count(word: str) -> None:
    assert not tells_something(word, "unknown")
    assert tells_something("colis", "other")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "Seit meinem Vorstellungsgespräch vor sechs Wochen höre ich nichts von euch.",
            "vorstellungsgespräch",
        ),
        ("Wann kommt denn nun mein Paket an, ich warte seit Montag darauf?", "paket"),
        ("Thank you so much to all of the staff, they were lovely with my mum!", "lovely"),
        ("Where is my refund? It has been three weeks and I am still waiting for it.", "refund"),
    ],
)
def test_a_reading_names_what_tells_something(text: str, told: str) -> None:
    read = READER.classify(text)
    assert told in read.because
    assert all(tells_something(word, read.language) for word in read.because)


def test_of_nothing_but_function_words_there_is_no_reason() -> None:
    assert READER.classify("Und was ist mit uns, so wie ihr da seid?").because == ()
