"""Makes the model anew from the project's own messages: `make train`.

Each part of the messages has one writer. So the model that is judged on a part has seen nothing of its
writer, and neither have the thresholds it is judged with.

With a company's own labelled messages (`make train HISTORY=…`) the weights and the thresholds adapt to it.
"""

import argparse
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from chalicelib.categories import Topic
from chalicelib.classifier import MODEL, Classification, Classifier
from chalicelib.classifier_model import CATEGORIES, FORMAT, Scores
from training import fit, held_out, labelled, rare, report, thresholds, word_classes
from training.labelled import Labelled

NAME = "model:2026-12"
ADAPTED = Path(".local") / "adapted.bin"
FOLDS = 5
HISTORY, WEIGHT = "history", 3.0  # a company's own message counts as much as three of ours
START: dict[str, Any] = {
    "name": NAME,
    "temperature": 1.0,
    "recruiting_heard": 0.2,  # misses 1 in 20 applicant complaints, together with the words
    "recruiting_believed": 0.5,
    # What follows is settled on what was held out.
    "applicant_from": 0.2,
    "applicant_heard": 0.0,
    "sure_from": dict.fromkeys(CATEGORIES, 0.0),
    "topic_from": {topic: 0.5 for topic in Topic if topic is not Topic.RECRUITING},
}


def main() -> None:
    """Train, judge on held-out parts, print, write."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--messages", type=Path, default=labelled.HERE)
    arguments.add_argument("--history", type=Path, help="a company's own labelled messages")
    arguments.add_argument("--out", type=Path)
    given = arguments.parse_args()
    rows = labelled.read_all(given.messages)
    if given.history:
        own = [row for row in labelled.read(given.history) if row.label]
        rows += [replace(row, part=HISTORY, weight=WEIGHT) for row in own]
    with threadpool_limits(limits=1):  # more threads add up in another order, and the bytes would differ
        model, reads = _trained(rows)
    out = given.out or (ADAPTED if given.history else MODEL)
    out.parent.mkdir(exist_ok=True)
    out.write_bytes(model)
    if out == MODEL:
        held_out.keep(rows, reads, model)
    print(f"\n{out}: {len(model):,} bytes, sha256 {hashlib.sha256(model).hexdigest()}")


def _trained(rows: Sequence[Labelled]) -> tuple[bytes, list[Classification]]:
    """Give the model, and how each message was read by one that had not seen it."""
    texts = [row.text for row in rows]
    start = START | {"lexicon": word_classes.compiled(texts)}
    if any(row.part == HISTORY for row in rows):
        start |= {"name": f"{NAME}+{HISTORY}"}
    features, folds = fit.features(texts, start["lexicon"]), _folds(rows)
    fitted = [_fitted(rows, features, folds != fold, start) for fold in range(FOLDS)]
    models = [Classifier(model) for model in fitted]
    scores = [models[fold].scores(row.text) for fold, row in zip(folds, rows, strict=True)]
    print("Held out by whole parts:\n")
    reads = _judged(rows, folds, scores, fitted)
    print(report.told(rows, reads))
    model = _fitted(rows, features, folds >= 0, start)
    return fit.with_head(model, **_settled(rows, scores)), reads


def _folds(rows: Sequence[Labelled]) -> Any:
    """Put each message into a fold, with all others of its part; a history has many writers."""
    parts = sorted({row.part for row in rows})
    return np.array(
        [(i if row.part == HISTORY else parts.index(row.part)) % FOLDS for i, row in enumerate(rows)]
    )


def _fitted(rows: Sequence[Labelled], features: fit.Features, chosen: Any, start: dict[str, Any]) -> bytes:
    where = np.flatnonzero(chosen)
    return fit.fit([rows[i] for i in where], features.of(where), start)


def _settled(rows: Sequence[Labelled], scores: Sequence[Scores]) -> dict[str, Any]:
    """Settle temperature and thresholds: on the company's own messages, if there are any."""
    own = [i for i, row in enumerate(rows) if row.part == HISTORY]
    chosen, floor = own or range(len(rows)), thresholds.FLOOR_OF_HISTORY if own else thresholds.FLOOR
    heat = thresholds.highest_temperature(rows, scores)
    settled = _of_what_is_rare(rows, scores, heat)
    rows, scores = [rows[i] for i in chosen], [scores[i] for i in chosen]
    heat = thresholds.highest_temperature(rows, scores) if own else heat
    hot = [thresholds.reheated(score, heat) for score in scores]
    rules = Classifier(fit.with_head(b"{}\n" + bytes(fit.TABLE), **START | settled, format=FORMAT))
    return settled | {"temperature": heat, "sure_from": thresholds.settled(rows, hot, rules.decide, floor)}


def _of_what_is_rare(rows: Sequence[Labelled], scores: Sequence[Scores], heat: float) -> dict[str, Any]:
    """Settle what a company's own few messages cannot: topics, and the rule for applicants."""
    hot = [thresholds.reheated(score, heat) for score in scores]
    return {"topic_from": rare.topics(rows, scores), **rare.complaints(rows, hot, START)}


def _judged(
    rows: Sequence[Labelled], folds: Any, scores: Sequence[Scores], models: Sequence[bytes]
) -> list[Classification]:
    """Classify each message by the model, and the thresholds, that have not seen its part."""
    reads: dict[int, Classification] = {}
    for fold, model in enumerate(models):
        others = np.flatnonzero(folds != fold)
        settings = _settled([rows[i] for i in others], [scores[i] for i in others])
        judge = Classifier(fit.with_head(model, **settings))
        reads |= {int(i): judge.classify(rows[i].text) for i in np.flatnonzero(folds == fold)}
    for part in sorted({row.part for row in rows}):
        of_part = [i for i, row in enumerate(rows) if row.part == part]
        print(f"{part}: {report.line([rows[i] for i in of_part], [reads[i] for i in of_part])}")
    print()
    return [reads[i] for i in range(len(rows))]


if __name__ == "__main__":
    main()
