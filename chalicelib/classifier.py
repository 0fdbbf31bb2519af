"""Decides what a message asks of the company, how sure that is, and whether it is about recruiting.

The model is linear over hashed words and pieces of words: pure Python, the same answer in every process.
Why, how good it is and where it fails: docs/decisions/0017-second-classifier.md; `make train` makes it anew.
"""

from pathlib import Path
from typing import NamedTuple

from chalicelib import applicants, language, recruiting
from chalicelib.applicants import APPLICANT, Hearing
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
from chalicelib.errors import ConfigurationError

MODEL = Path(__file__).parent / "model" / "classifier.bin"
# Confidence that nobody needs to answer a bare "@name": not measured, but what the model would have to reach.
BARE_TAG = 0.95
GUESSES = 2


class Guess(NamedTuple):
    """What a message may be, and how likely that is (0 to 1)."""

    category: Category
    confidence: float


class Classification(NamedTuple):
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
    guesses: tuple[Guess, ...] = ()
    because: tuple[str, ...] = ()
    language: str = "unknown"


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
        plain, whole = readable(text), is_read_whole(text)
        if whole and is_bare_tag(plain):
            return _bare_tag()
        read = self._decided(plain, self._model.scores(plain), whole=whole)
        best, next_best = (guess.category for guess in read.guesses)
        return read._replace(because=self._model.because(plain, read.language, best, next_best))

    def scores(self, text: str) -> Scores:
        """Weigh a text."""
        return self._model.scores(readable(text))

    def decide(self, text: str, scores: Scores) -> Classification:
        """Make a decision of what a text scores; where a rule cannot be sure, no score makes it sure."""
        plain, whole = readable(text), is_read_whole(text)
        return _bare_tag() if whole and is_bare_tag(plain) else self._decided(plain, scores, whole=whole)

    def _decided(self, plain: str, scores: Scores, *, whole: bool) -> Classification:
        spoken = language.language(folded(plain))
        hearing = applicants.hear(scores, self._head, word=recruiting.heard_in(plain))
        category = applicants.category(scores, hearing)
        confidence = scores.category(category)
        topics = self._topics(scores, recruits=hearing.heard or category is APPLICANT)
        ours = has_words(plain) and spoken != language.OTHER
        clear = ours and _is_clear(category, plain, topics, hearing)
        return Classification(
            category,
            confidence,
            topics,
            self._decided_by(scores, category),
            sure=whole and clear and confidence >= self._head["sure_from"][category],
            guesses=_guesses(scores, category, confidence),
            language=spoken,
        )

    def _topics(self, scores: Scores, *, recruits: bool) -> tuple[Topic, ...]:
        """Name what is heard; recruiting is heard by rules of its own."""
        heard_from = self._head["topic_from"]
        heard = {topic for topic in heard_from if scores.topic(Topic(topic)) >= heard_from[topic]}
        return tuple(topic for topic in TOPICS if (recruits if topic is Topic.RECRUITING else topic in heard))

    def _decided_by(self, scores: Scores, category: Category) -> str:
        overruled = category is APPLICANT and scores.category(APPLICANT) < max(scores.categories)
        return "rule:applicant" if overruled else str(self._head["name"])


def _bare_tag() -> Classification:
    return Classification(Category.OTHER, BARE_TAG, (), "rule:bare-tag", sure=True)


def _guesses(scores: Scores, category: Category, confidence: float) -> tuple[Guess, ...]:
    """Give the category that was taken, then the likeliest of the others."""
    others = [Guess(c, p) for c, p in zip(CATEGORIES, scores.categories, strict=True) if c is not category]
    others.sort(key=lambda guess: -guess.confidence)
    return (Guess(category, confidence), *others[: GUESSES - 1])


def _is_clear(category: Category, plain: str, topics: tuple[Topic, ...], hearing: Hearing) -> bool:
    if category is Category.OTHER:
        return not hearing.heard and Topic.SAFETY not in topics and not may_await_us(plain)
    if category is not APPLICANT and hearing.may_complain:
        return False
    # Heard but not believed may be a mishearing; an applicant complaint without a hint of recruiting is one.
    return hearing.believed if hearing.heard else category is not APPLICANT


def load(file: str | None = None) -> Classifier:
    """Load a model, by default the one that is shipped with the code (a few milliseconds).

    Raises:
        ConfigurationError: there is no such file, or it is no model.

    """
    try:
        return Classifier((Path(file) if file else MODEL).read_bytes())
    except OSError as error:
        raise ConfigurationError(f"MODEL={file!r}: {error.strerror}; name the file of a model") from error
