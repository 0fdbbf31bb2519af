"""Decides what a message asks of the company, how sure that is, and whether it is about recruiting.

The model is linear over hashed words and pieces of words: pure Python, the same answer in every process.
Why, how good it is and where it fails: docs/decisions/0004-first-classifier.md; `make train` makes it anew.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from operator import mul
from pathlib import Path
from typing import Any, NamedTuple

from chalicelib import recruiting
from chalicelib.categories import Category, Topic
from chalicelib.classifier_features import (
    BUCKETS,
    buckets,
    has_words,
    is_bare_tag,
    is_our_language,
    is_read_whole,
    may_await_us,
    readable,
    signs,
)
from chalicelib.errors import ConfigurationError

MODEL = Path(__file__).parent / "model" / "classifier.bin"
CATEGORIES = tuple(Category)
APPLICANT = Category.APPLICANT_COMPLAINT
# Confidence that nobody needs to answer a bare "@name": not measured, but what the model would have to reach.
BARE_TAG = 0.95
# A weight is stored in one byte as the signed root of its size, so that small weights keep their differences.
ROOTS = tuple(root * abs(root) for root in (*range(128), *range(-128, 0)))


@dataclass(frozen=True, slots=True)
class Classification:
    """What a message was read as.

    `confidence`: calibrated probability of `category`, 0 to 1. `decided_by` names the model or the rule.
    `sure` False: a person should look first; True for `other` means that nobody needs to answer.
    `guesses`: the likeliest categories, best first. `because`: words of the text that spoke most for
    `category`; they are as personal as the text. `language`: "de", "en", "other", or "unknown" where there is
    too little to tell.
    """

    category: Category
    confidence: float
    topics: tuple[Topic, ...]
    decided_by: str
    sure: bool
    guesses: tuple["Guess", ...] = ()
    because: tuple[str, ...] = ()
    language: str = "unknown"


class Guess(NamedTuple):
    """What a message may be, and how likely that is (0 to 1)."""

    category: Category
    confidence: float


class Scores(NamedTuple):
    """What the model makes of a text: a probability for each category, in their order, and for recruiting."""

    categories: tuple[float, ...]
    recruiting: float


class Classifier:
    """Reads German and English; other languages come back unsure."""

    def __init__(self, model: bytes) -> None:
        """Take a model as `training/train.py` writes it: one line of JSON, then a column of bytes per output.

        Raises:
            ConfigurationError: the model is damaged.

        """
        head, _, table = model.partition(b"\n")
        if len(table) != BUCKETS * (len(CATEGORIES) + 2):
            raise ConfigurationError(
                "the classifier's model is damaged: run `make train` or check it out again"
            )
        self._head: dict[str, Any] = json.loads(head)
        self._rarity, *self._columns = (table[i : i + BUCKETS] for i in range(0, len(table), BUCKETS))

    def classify(self, text: str) -> Classification:
        """Read a text that is not empty; only its first 10,000 characters, and then it is never sure."""
        return self.decide(text, self.scores(text))

    def scores(self, text: str) -> Scores:
        """Weigh a text."""
        *categories, recruits = self._logits(readable(text))
        heat, highest = self._head["temperature"], max(categories)
        odds = [math.exp((logit - highest) / heat) for logit in categories]
        return Scores(tuple(odd / sum(odds) for odd in odds), 1 / (1 + math.exp(-recruits)))

    def decide(self, text: str, scores: Scores) -> Classification:
        """Make a decision of what a text scores; where a rule cannot be sure, no score makes it sure."""
        plain = readable(text)
        whole = is_read_whole(text)
        if whole and is_bare_tag(plain):
            return Classification(Category.OTHER, BARE_TAG, (), "rule:bare-tag", sure=True)
        heard, believed = self._recruiting(plain, scores)
        category, confidence, decided_by = self._category(scores, believed=believed)
        clear = _is_clear(category, plain, heard=heard, believed=believed)
        return Classification(
            category,
            confidence,
            (Topic.RECRUITING,) if heard or category is APPLICANT else (),
            decided_by,
            sure=whole and clear and confidence >= self._head["sure_from"][category],
        )

    def _recruiting(self, plain: str, scores: Scores) -> tuple[bool, bool]:
        """Heard: by a word or by the model. Believed: the model finds it likely, or both agree."""
        low, high = self._head["recruiting_heard"], self._head["recruiting_believed"]
        word = recruiting.heard_in(plain)
        return word or scores.recruiting >= low, scores.recruiting >= (low if word else high)

    def _category(self, scores: Scores, *, believed: bool) -> tuple[Category, float, str]:
        read = dict(zip(CATEGORIES, scores.categories, strict=True))
        category = max(CATEGORIES, key=read.__getitem__)
        if category is APPLICANT or not believed or read[APPLICANT] < self._head["applicant_from"]:
            return category, read[category], self._head["name"]
        return APPLICANT, read[APPLICANT], "rule:applicant"

    def _logits(self, plain: str) -> list[float]:
        counted = {bucket: n for bucket, n in buckets(plain).items() if self._rarity[bucket]}
        values = [(1 + math.log(n)) * self._rarity[bucket] for bucket, n in counted.items()]
        length = math.sqrt(sum(map(mul, values, values))) or 1.0
        seen, head = signs(plain), self._head
        return [
            bias
            + sum(map(mul, of_signs, seen))
            + scale * sum(map(mul, values, _weights(column, counted))) / length
            for column, scale, of_signs, bias in zip(
                self._columns, head["scale"], head["signs"], head["bias"], strict=True
            )
        ]


def _weights(column: bytes, wanted: Iterable[int]) -> Iterable[int]:
    return map(ROOTS.__getitem__, map(column.__getitem__, wanted))


def _is_clear(category: Category, plain: str, *, heard: bool, believed: bool) -> bool:
    if not has_words(plain) or not is_our_language(plain):
        return False
    if category is Category.OTHER:
        return not heard and not may_await_us(plain)
    # Heard but not believed may be a mishearing; an applicant complaint without a hint of recruiting is one.
    return believed if heard else category is not APPLICANT


def load() -> Classifier:
    """Load the model that is shipped with the code (a few milliseconds)."""
    return Classifier(MODEL.read_bytes())
