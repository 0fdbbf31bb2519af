"""Decides what a message asks of the company, how sure that is, and whether it is about recruiting.

The model is linear over hashed words and pieces of words: pure Python, the same answer in every process.
Why, how good it is and where it fails: docs/decisions/0017-second-classifier.md; `make train` makes it anew.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from chalicelib import language, recruiting
from chalicelib.categories import Category, Topic
from chalicelib.classifier_features import (
    folded,
    has_words,
    is_bare_tag,
    is_read_whole,
    may_await_us,
    readable,
)
from chalicelib.classifier_model import CATEGORIES, TOPICS, Model, Scores

MODEL = Path(__file__).parent / "model" / "classifier.bin"
APPLICANT = Category.APPLICANT_COMPLAINT
# Confidence that nobody needs to answer a bare "@name": not measured, but what the model would have to reach.
BARE_TAG = 0.95
GUESSES = 2


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


class Classifier:
    """Reads German and English; other languages come back unsure."""

    def __init__(self, model: bytes) -> None:
        """Take a model as `make train` writes it.

        Raises:
            ConfigurationError: the model is damaged.

        """
        self._model = Model(model)
        self._head = self._model.head

    def classify(self, text: str) -> Classification:
        """Read a text that is not empty; only its first 10,000 characters, and then it is never sure."""
        read = self.decide(text, self.scores(text))
        if read.decided_by.startswith("rule:bare"):
            return read
        best, next_best = (guess.category for guess in read.guesses)
        return replace(read, because=self._model.because(readable(text), best, next_best))

    def scores(self, text: str) -> Scores:
        """Weigh a text."""
        return self._model.scores(readable(text))

    def decide(self, text: str, scores: Scores) -> Classification:
        """Make a decision of what a text scores; where a rule cannot be sure, no score makes it sure."""
        plain = readable(text)
        whole = is_read_whole(text)
        if whole and is_bare_tag(plain):
            return Classification(Category.OTHER, BARE_TAG, (), "rule:bare-tag", sure=True)
        spoken = language.language(folded(plain))
        heard, believed = self._recruiting(plain, scores)
        category, confidence, decided_by = self._category(scores, believed=believed)
        topics = self._topics(scores, recruits=heard or category is APPLICANT)
        ours = has_words(plain) and spoken != language.OTHER
        clear = ours and _is_clear(category, plain, topics, heard=heard, believed=believed)
        return Classification(
            category,
            confidence,
            topics,
            decided_by,
            sure=whole and clear and confidence >= self._head["sure_from"][category],
            guesses=_guesses(scores, category, confidence),
            language=spoken,
        )

    def _topics(self, scores: Scores, *, recruits: bool) -> tuple[Topic, ...]:
        """Name what is heard; recruiting is heard by rules of its own."""
        heard_from = self._head["topic_from"]
        heard = {topic for topic in heard_from if scores.topic(Topic(topic)) >= heard_from[topic]}
        return tuple(topic for topic in TOPICS if (recruits if topic is Topic.RECRUITING else topic in heard))

    def _recruiting(self, plain: str, scores: Scores) -> tuple[bool, bool]:
        """Heard: by a word or by the model. Believed: the model finds it likely, or both agree."""
        low, high = self._head["recruiting_heard"], self._head["recruiting_believed"]
        word, likely = recruiting.heard_in(plain), scores.topic(Topic.RECRUITING)
        return word or likely >= low, likely >= (low if word else high)

    def _category(self, scores: Scores, *, believed: bool) -> tuple[Category, float, str]:
        read = dict(zip(CATEGORIES, scores.categories, strict=True))
        category = max(CATEGORIES, key=read.__getitem__)
        if category is APPLICANT or not believed or read[APPLICANT] < self._head["applicant_from"]:
            return category, read[category], self._head["name"]
        return APPLICANT, read[APPLICANT], "rule:applicant"


def _guesses(scores: Scores, category: Category, confidence: float) -> tuple[Guess, ...]:
    """Give the category that was taken, then the likeliest of the others."""
    others = [Guess(c, p) for c, p in zip(CATEGORIES, scores.categories, strict=True) if c is not category]
    others.sort(key=lambda guess: -guess.confidence)
    return (Guess(category, confidence), *others[: GUESSES - 1])


def _is_clear(
    category: Category, plain: str, topics: tuple[Topic, ...], *, heard: bool, believed: bool
) -> bool:
    if category is Category.OTHER:
        return not heard and Topic.SAFETY not in topics and not may_await_us(plain)
    # Heard but not believed may be a mishearing; an applicant complaint without a hint of recruiting is one.
    return believed if heard else category is not APPLICANT


def load() -> Classifier:
    """Load the model that is shipped with the code (a few milliseconds)."""
    return Classifier(MODEL.read_bytes())
