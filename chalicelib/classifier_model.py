"""Weighs a text: the linear model as `training/fit.py` writes it, in pure Python.

The file is one line of JSON (the head), then a column of bytes for rarity and one for each output: the
categories, then the topics, in their order.
"""

import json
import math
from collections.abc import Iterable, Iterator
from operator import mul
from typing import Any, NamedTuple

from chalicelib.categories import Category, Topic
from chalicelib.classifier_features import BUCKETS, bucket, buckets, folded, pieces, signs, words
from chalicelib.errors import ConfigurationError
from chalicelib.lexicon import Lexicon

CATEGORIES, TOPICS = tuple(Category), tuple(Topic)
OUTPUTS = len(CATEGORIES) + len(TOPICS)
# A weight is stored in one byte as the signed root of its size, so that small weights keep their differences.
ROOTS = tuple(root * abs(root) for root in (*range(128), *range(-128, 0)))
REASONS = 4  # words that are told
_READ_FOR_REASONS = 300  # words


class Scores(NamedTuple):
    """What the model makes of a text: a probability for each category and for each topic, in their order."""

    categories: tuple[float, ...]
    topics: tuple[float, ...]

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
        head, _, table = model.partition(b"\n")
        if len(table) != BUCKETS * (1 + OUTPUTS):
            raise ConfigurationError(
                "the classifier's model is damaged: run `make train` or check it out again"
            )
        self.head: dict[str, Any] = json.loads(head)
        lexicon = self.head.get("lexicon", {})
        self._lexicon = Lexicon(lexicon.get("entries", {}), lexicon.get("classes", ()))
        self._rarity, *self._columns = (table[i : i + BUCKETS] for i in range(0, len(table), BUCKETS))

    def scores(self, plain: str) -> Scores:
        """Weigh a readable text."""
        logits = self._logits(plain)
        heat = self.head["temperature"]
        categories, highest = logits[: len(CATEGORIES)], max(logits[: len(CATEGORIES)])
        odds = [math.exp((logit - highest) / heat) for logit in categories]
        total = sum(odds)
        return Scores(tuple(odd / total for odd in odds), tuple(map(_likely, logits[len(CATEGORIES) :])))

    def because(self, plain: str, category: Category, rather_than: Category) -> tuple[str, ...]:
        """Name the words that spoke most for one category rather than for another."""
        said = dict.fromkeys(word for word in words(folded(plain))[:_READ_FOR_REASONS] if word.isalpha())
        one, other = CATEGORIES.index(category), CATEGORIES.index(rather_than)
        spoke = {word: self._speaks(word, one) - self._speaks(word, other) for word in said}
        best = sorted((word for word in said if spoke[word] > 0), key=lambda word: -spoke[word])
        return tuple(best[:REASONS])

    def _speaks(self, word: str, output: int) -> float:
        found = (bucket("w" + word), *pieces(word))
        weigh = map(self._rarity.__getitem__, found)
        return float(
            self.head["scale"][output] * sum(map(mul, weigh, _weights(self._columns[output], found)))
        )

    def _logits(self, plain: str) -> list[float]:
        text, rarity = folded(plain), self._rarity
        counted = {b: n for b, n in buckets(text).items() if rarity[b]}
        values = [rarity[b] if n == 1 else (1 + math.log(n)) * rarity[b] for b, n in counted.items()]
        length = math.sqrt(sum(map(mul, values, values))) or 1.0
        seen, head = [*signs(plain), *self._lexicon.signs(text)], self.head
        return [
            bias
            + sum(map(mul, of_signs, seen))
            + scale * sum(map(mul, values, _weights(column, counted))) / length
            for column, scale, of_signs, bias in zip(
                self._columns, head["scale"], head["signs"], head["bias"], strict=True
            )
        ]


def _weights(column: bytes, wanted: Iterable[int]) -> Iterator[int]:
    return map(ROOTS.__getitem__, map(column.__getitem__, wanted))


def _likely(logit: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, logit))))
