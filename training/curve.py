"""Tells what more messages are worth: `make curve` trains on every thousand more and reads the hard set."""

import random
from dataclasses import dataclass

from threadpoolctl import threadpool_limits

from chalicelib.classifier import Classifier
from chalicelib.classifier_model import CATEGORIES
from training import fit, labelled, word_classes
from training.card import HARD
from training.labelled import Labelled
from training.train import START

STEP = 1000


@dataclass(frozen=True, slots=True)
class Point:
    """So many messages, and which share of the hard ones is read right, by language."""

    messages: int
    right: dict[str, float]


def main() -> None:
    """Print the curve as a table."""
    rows, hard = labelled.read_all(), labelled.read(HARD)
    random.Random(1).shuffle(rows)  # noqa: S311  (repeatable, not secret)
    languages = sorted({row.lang for row in hard})
    print(f"| messages | {' | '.join(languages)} |\n| --: |{' --: |' * len(languages)}")
    with threadpool_limits(limits=1):
        for messages in [*range(STEP, len(rows), STEP), len(rows)]:
            point = measured(rows[:messages], hard)
            print(f"| {messages:,} | {' | '.join(f'{point.right[one]:.3f}' for one in languages)} |")


def measured(rows: list[Labelled], hard: list[Labelled]) -> Point:
    """Train on some, read the hard ones."""
    texts = [row.text for row in rows]
    start = START | {"lexicon": word_classes.compiled(texts)}
    classifier = Classifier(fit.fit(rows, fit.features(texts, start["lexicon"]), start))
    hits: dict[str, list[bool]] = {}
    for row in hard:
        scores = classifier.scores(row.text).categories
        hits.setdefault(row.lang, []).append(CATEGORIES[scores.index(max(scores))] is row.label)
    return Point(len(rows), {lang: sum(of) / len(of) for lang, of in hits.items()})


if __name__ == "__main__":
    main()
