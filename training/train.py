"""Makes the model anew from the project's own messages: `make train`.

Each part of the messages has one writer. So the model that is judged on a part has seen nothing of its
writer, and neither have the thresholds it is judged with.
"""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from chalicelib.classifier import CATEGORIES, MODEL, Classification, Classifier, Scores
from training import fit, labelled, report, thresholds
from training.labelled import Labelled

NAME = "model:2026-11"
START: dict[str, Any] = {
    "name": NAME,
    "temperature": 1.0,
    "recruiting_heard": 0.2,  # misses 1 in 20 applicant complaints, together with the words
    "recruiting_believed": 0.5,
    "applicant_from": 0.2,  # from here on every second believed one is an applicant complaint, held out
    "sure_from": dict.fromkeys(CATEGORIES, 0.0),
}


def main() -> None:
    """Train, judge on held-out parts, print, write."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--messages", type=Path, default=labelled.HERE)
    arguments.add_argument("--out", type=Path, default=MODEL)
    given = arguments.parse_args()
    with threadpool_limits(limits=1):  # more threads add up in another order, and the bytes would differ
        model = _trained(labelled.read_all(given.messages))
    given.out.write_bytes(model)
    print(f"\n{given.out.name}: {len(model):,} bytes, sha256 {hashlib.sha256(model).hexdigest()}")
    print(model.partition(b"\n")[0].decode())


def _trained(rows: Sequence[Labelled]) -> bytes:
    features = fit.counts(rows)
    parts = np.array([row.part for row in rows])
    held_out = {str(part): _fitted(rows, features, parts != part) for part in np.unique(parts)}
    scores = [Classifier(held_out[row.part]).scores(row.text) for row in rows]
    print("Held out part by part:\n")
    print(report.told(rows, _judged(rows, scores, held_out)))
    return fit.with_head(_fitted(rows, features, parts != ""), **_settled(rows, scores))


def _fitted(rows: Sequence[Labelled], features: tuple[Any, Any], chosen: Any) -> bytes:
    where = np.flatnonzero(chosen)
    return fit.fit([rows[i] for i in where], (features[0][where], features[1][where]), START)


def _settled(rows: Sequence[Labelled], scores: Sequence[Scores]) -> dict[str, Any]:
    truths = [row.label for row in rows if row.label]
    heat = thresholds.temperature(scores, truths)
    undecided = Classifier(fit.with_head(MODEL_OF_NOTHING, **START))
    seen = [
        thresholds.Seen(truth, undecided.decide(row.text, thresholds.reheated(score, heat)))
        for row, truth, score in zip(rows, truths, scores, strict=True)
    ]
    return {"temperature": heat, "sure_from": {c: thresholds.threshold(seen, c) for c in CATEGORIES}}


def _judged(
    rows: Sequence[Labelled], scores: Sequence[Scores], models: dict[str, bytes]
) -> list[Classification]:
    reads: list[Classification] = []
    for part, model in models.items():
        others = [i for i, row in enumerate(rows) if row.part != part]
        settings = _settled([rows[i] for i in others], [scores[i] for i in others])
        judge = Classifier(fit.with_head(model, **settings))
        of_part = [row for row in rows if row.part == part]
        reads += [judge.classify(row.text) for row in of_part]
        print(f"{part}: {report.line(of_part, reads[-len(of_part) :])}")
    print()
    return reads


MODEL_OF_NOTHING = b"{}\n" + bytes(fit.TABLE)

if __name__ == "__main__":
    main()
