"""Weighs a text: the linear model as `training/fit.py` writes it, in pure Python.

The file is one line of JSON (the head), then a row of bytes for each bucket: its rarity, and its weight for
each output: the categories, then the topics, in their order.

A text weighs what its units weigh together. Most of what people write is made of few words, so what a unit
weighs is remembered.
"""

import json
import math
from collections import Counter
from functools import cache, lru_cache
from typing import Any, NamedTuple

from chalicelib.categories import Category, Topic
from chalicelib.classifier_features import BUCKETS, LONGEST_WORD, bucket, buckets, folded, signs, units, words
from chalicelib.errors import ConfigurationError
from chalicelib.function_words import tells_something
from chalicelib.lexicon import Lexicon

CATEGORIES, TOPICS = tuple(Category), tuple(Topic)
OUTPUTS = len(CATEGORIES) + len(TOPICS)
FORMAT = 2
WIDTH = 1 + OUTPUTS  # bytes of a row
# A weight is stored in one byte as the signed root of its size, so that small weights keep their differences.
ROOTS = tuple(root * abs(root) for root in (*range(128), *range(-128, 0)))
REASONS = 4  # words that are told
_READ_FOR_REASONS = 300  # words
_REMEMBERED = 16_384  # units; some 10 MB
_NOTHING = (0,) * WIDTH


class Scores(NamedTuple):
    """What the model makes of a text: a probability for each category and for each topic, in their order."""

    categories: tuple[float, ...]
    topics: tuple[float, ...]

    def category(self, category: Category) -> float:
        """How likely a category is."""
        return self.categories[CATEGORIES.index(category)]

    def topic(self, topic: Topic) -> float:
        """How likely a topic is."""
        return self.topics[TOPICS.index(topic)]


class Model:
    """The weights, and in its head all that training has settled."""

    def __init__(self, model: bytes) -> None:
        """Take a model as `make train` writes it.

        Raises:
            ConfigurationError: the model is damaged.

        """
        self._table, self._first = model, model.find(b"\n") + 1
        if len(model) - self._first != BUCKETS * WIDTH:
            raise ConfigurationError(
                "the classifier's model is damaged: run `make train` or check it out again"
            )
        self.head: dict[str, Any] = json.loads(model[: self._first])
        if self.head.get("format") != FORMAT:
            raise ConfigurationError(
                "the classifier's model is of another version: make it anew by `make train`"
            )
        self._lexicon = Lexicon(self.head.get("lexicon", {}))
        self._of_signs = tuple(zip(*self.head.get("signs", ()), strict=True))
        self._remembered = lru_cache(_REMEMBERED)(self._sum)

    def scores(self, plain: str) -> Scores:
        """Weigh a readable text."""
        logits = self._logits(plain)
        heat = self.head["temperature"]
        categories, highest = logits[: len(CATEGORIES)], max(logits[: len(CATEGORIES)])
        odds = [math.exp((logit - highest) / heat) for logit in categories]
        total = sum(odds)
        return Scores(tuple(odd / total for odd in odds), tuple(map(_likely, logits[len(CATEGORIES) :])))

    def because(
        self, plain: str, language: str, category: Category, rather_than: Category
    ) -> tuple[str, ...]:
        """Name the words that spoke most for one category rather than for another, none without meaning."""
        read = words(folded(plain))[:_READ_FOR_REASONS]
        said = dict.fromkeys(word for word in read if tells_something(word, language))
        one, other = CATEGORIES.index(category), CATEGORIES.index(rather_than)
        spoke = {word: self._speaks(word, one) - self._speaks(word, other) for word in said}
        best = sorted((word for word in said if spoke[word] > 0), key=lambda word: -spoke[word])
        return tuple(best[:REASONS])

    def _speaks(self, word: str, output: int) -> float:
        return float(self.head["scale"][output] * self._weigh(word)[1 + output])

    def _logits(self, plain: str) -> list[float]:
        text, head = folded(plain), self.head
        square, *sums = self._together(Counter(units(text)))
        length = math.sqrt(square) or 1.0
        seen = zip((*signs(plain), *self._lexicon.signs(text)), self._of_signs, strict=True)
        told = [[sign * weight for weight in weights] for sign, weights in seen if sign]
        said = (scale * one / length for scale, one in zip(head["scale"], sums, strict=True))
        return list(map(sum, zip(head["bias"], said, *told, strict=True)))

    def _together(self, counted: Counter[str]) -> tuple[float, ...]:
        """Add up what units weigh; one that is said again counts less each time."""
        weights: list[tuple[float, ...]] = [_NOTHING]
        for unit, times in counted.items():
            weight = self._weigh(unit)
            weights.append(weight if times == 1 else _damped(weight, 1 + math.log(times)))
        return tuple(map(sum, zip(*weights, strict=True)))

    def _weigh(self, unit: str) -> tuple[int, ...]:
        """Weigh a unit: the square of its length, then what it adds to each output."""
        if " " in unit:  # there are too many to remember
            return self._row(bucket(f"w{unit}"))
        return self._remembered(unit) if len(unit) <= LONGEST_WORD else self._sum(unit)

    def _sum(self, unit: str) -> tuple[int, ...]:
        return tuple(map(sum, zip(*map(self._row, buckets(unit)), strict=True)))

    def _row(self, one: int) -> tuple[int, ...]:
        start = self._first + WIDTH * one
        rarity, *weights = self._table[start : start + WIDTH]
        return (rarity * rarity, *map(_times(rarity).__getitem__, weights)) if rarity else _NOTHING


@cache
def _times(rarity: int) -> tuple[int, ...]:
    """Multiply each weight that a byte can stand for."""
    return tuple(rarity * root for root in ROOTS)


def _damped(weight: tuple[float, ...], factor: float) -> tuple[float, ...]:
    square, *sums = weight
    return (square * factor * factor, *(factor * one for one in sums))


def _likely(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))
