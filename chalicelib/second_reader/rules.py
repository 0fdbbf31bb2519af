"""What of the second reader's word counts. Pure.

It reads what strangers have written to mislead it. So it may add to what was heard, never take from it; and
what seems to wait for an answer is not dropped on its word.
"""

from chalicelib.categories import Category, Topic
from chalicelib.classifier import Classification
from chalicelib.second_reader.answer import Reading
from chalicelib.triage import SECOND_READER

PLAUSIBLE = 0.2
"""Probability from which on a guess of the first reading is not set aside."""

BELIEVED = 0.7
"""What the second reader must call its own confidence. Not calibrated: it only lets it say that it doubts."""


def plausible(first: Classification) -> tuple[Category, ...]:
    """Tell what a message may be by its first reading, the likeliest first."""
    guesses = (guess.category for guess in first.guesses if guess.confidence >= PLAUSIBLE)
    return tuple(dict.fromkeys((first.category, *guesses)))


def combined(first: Classification, second: Reading, model: str) -> Classification:
    """Make one reading of both; the first one, unsure as it was, where the second is not to be believed."""
    topics = _topics(first, second)
    if second.confidence < BELIEVED:
        return first
    if second.category is Category.OTHER and not _may_be_dropped(first, topics):
        return first
    return first._replace(
        category=second.category,
        confidence=second.confidence,
        topics=topics,
        decided_by=SECOND_READER + model,
        sure=True,
        because=(),  # these words spoke for what the first one read
    )


def _topics(first: Classification, second: Reading) -> tuple[Topic, ...]:
    heard = {*first.topics, *second.topics}
    if second.category is Category.APPLICANT_COMPLAINT:
        heard.add(Topic.RECRUITING)
    return tuple(topic for topic in Topic if topic in heard)


def _may_be_dropped(first: Classification, topics: tuple[Topic, ...]) -> bool:
    """Both must find that nobody waits for an answer, and neither may hear what somebody cares about."""
    applicant = Category.APPLICANT_COMPLAINT in plausible(first)
    return first.category is Category.OTHER and not topics and not applicant
