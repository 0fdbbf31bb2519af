"""Settles from where on what is rare is heard: topics, and applicants' complaints. On what was held out.

By F1: among what is heard and what is missed, the least is wrong.
"""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

from chalicelib import applicants, recruiting
from chalicelib.applicants import APPLICANT
from chalicelib.categories import Topic
from chalicelib.classifier_features import readable
from chalicelib.classifier_model import Scores
from training.labelled import Labelled

TOPIC_FROM = [round(0.04 * step, 2) for step in range(1, 21)]
FROM = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
HEARD = (0.0, 0.1, 0.2, 0.25, 0.3, 0.4)


def topics(rows: Sequence[Labelled], scores: Sequence[Scores]) -> dict[Topic, float]:
    """Settle from which probability on each topic is heard; recruiting has rules of its own."""
    return {topic: _topic(topic, rows, scores) for topic in Topic if topic is not Topic.RECRUITING}


def _topic(topic: Topic, rows: Sequence[Labelled], scores: Sequence[Scores]) -> float:
    told = [(s.topic(topic), topic in r.topics) for r, s in zip(rows, scores, strict=True) if r.tells(topic)]
    return max(TOPIC_FROM, key=lambda least: f1((likely >= least, true) for likely, true in told))


def complaints(rows: Sequence[Labelled], scores: Sequence[Scores], head: dict[str, Any]) -> dict[str, float]:
    """Settle what the rule for applicants asks for; `scores` have their temperature, `head` the rest."""
    words = [recruiting.heard_in(readable(row.text)) for row in rows]
    told = list(zip(scores, words, [row.label is APPLICANT for row in rows], strict=True))

    def good(settings: dict[str, float]) -> float:
        return f1((_is_taken(score, head | settings, word=word), true) for score, word, true in told)

    candidates = ({"applicant_from": a, "applicant_heard": b} for a, b in product(FROM, HEARD))
    return max(candidates, key=good)


def _is_taken(scores: Scores, head: dict[str, Any], *, word: bool) -> bool:
    return applicants.category(scores, applicants.hear(scores, head, word=word)) is APPLICANT


def f1(told: Iterable[tuple[bool, bool]]) -> float:
    """Give the harmonic mean of precision and recall of pairs of taken and true; 0 where nothing is right."""
    pairs = list(told)
    hits, all_ = sum(taken and true for taken, true in pairs), sum(taken + true for taken, true in pairs)
    return 2 * hits / all_ if all_ else 0.0
