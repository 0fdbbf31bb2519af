"""Fits the linear model with scikit-learn and writes it as the bytes that the classifier reads."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from chalicelib.categories import Topic
from chalicelib.classifier_features import BUCKETS, buckets, folded, readable, signs, units
from chalicelib.classifier_model import CATEGORIES, FORMAT, ROOTS, TOPICS, WIDTH
from chalicelib.lexicon import Lexicon
from training.labelled import Labelled

RARE = 2  # a feature that fewer messages hold teaches nothing
STRENGTH, STRENGTH_OF_TOPICS = 5.0, 20.0  # inverse of the regularisation; topics are rare
SIGN = 0.1  # how much one sign counts beside a text of length 1
CLASS, TOPIC_CLASS = 0.15, 0.45  # likewise one class of the lexicon, and one that stands for a topic
ROUNDS = 500
TABLE = BUCKETS * WIDTH  # bytes


class Features(NamedTuple):
    """What is seen of messages.

    `counted`: damped counts, messages by units; `held`: units by buckets; `seen`: messages by signs.
    """

    counted: Any
    held: Any
    seen: Any

    def of(self, chosen: Any) -> "Features":
        """Keep some messages."""
        return Features(self.counted[chosen], self.held, self.seen[chosen])


def features(texts: Iterable[str], compiled: dict[str, Any]) -> Features:
    """See what the classifier will see."""
    lexicon, size = Lexicon(compiled), sizes(compiled["classes"])
    known, counted, seen = dict[str, int](), list[dict[int, float]](), []
    for text in texts:
        plain = readable(text)
        of_text = Counter(units(folded(plain))).items()
        counted.append({known.setdefault(unit, len(known)): 1 + math.log(n) for unit, n in of_text})
        seen.append((*signs(plain), *lexicon.signs(folded(plain))))
    held = _sparse([dict.fromkeys(sorted(buckets(unit)), 1.0) for unit in known], BUCKETS)
    return Features(_sparse(counted, len(known)), held, np.array(seen, dtype=float) * size)


def sizes(classes: Sequence[str]) -> Any:
    """Tell how much each sign counts beside a text of length 1: a unit of `signs`, then of the lexicon."""
    of_classes = [TOPIC_CLASS if name.startswith("topic_") else CLASS for name in classes]
    others = len(Lexicon({"classes": classes}).signs("")) - len(classes)
    return np.array([SIGN] * len(signs("")) + of_classes + [CLASS] * others)


def _sparse(rows: Sequence[dict[int, float]], width: int) -> Any:
    where = [column for row in rows for column in row]
    values = [value for row in rows for value in row.values()]
    starts = np.cumsum([0, *map(len, rows)])
    return sp.csr_matrix((values, where, starts), shape=(len(rows), width))


def fit(rows: Sequence[Labelled], of_rows: Features, head: dict[str, Any]) -> bytes:
    """Fit on these rows, each by its weight; `head` says how to decide and is written in front."""
    counted, rarity = of_rows.counted, _rarity(of_rows.counted @ of_rows.held)
    weighed = of_rows.held @ sp.diags(rarity.astype(float))
    squares = np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel()
    lengths = np.sqrt(counted.multiply(counted) @ squares)
    weighed = (sp.diags(1 / np.where(lengths == 0, 1, lengths)) @ counted @ weighed).tocsr()
    used = np.flatnonzero(rarity)
    inputs = sp.hstack([weighed[:, used], of_rows.seen]).tocsr()
    weights = np.array([row.weight for row in rows])
    fitted = [_regression(inputs, [CATEGORIES.index(row.label) for row in rows if row.label], weights)]
    fitted += [_topic(topic, rows, inputs, weights) for topic in TOPICS]
    coefficients = np.vstack([one.coef_ for one in fitted])
    bias = np.concatenate([one.intercept_ for one in fitted])
    return _written(rarity, used, coefficients, bias, head)


def _topic(topic: Topic, rows: Sequence[Labelled], inputs: Any, weights: Any) -> LogisticRegression:
    """Fit one topic on the messages whose topics are known."""
    known = [i for i, row in enumerate(rows) if row.tells(topic)]
    said = [topic in rows[i].topics for i in known]
    return _regression(inputs[known], said, weights[known], STRENGTH_OF_TOPICS)


def _rarity(counted: Any) -> Any:
    """Inverse document frequency of each bucket as a byte; 0 where it is not used."""
    holding = np.bincount(counted.indices, minlength=BUCKETS)
    rarity = np.log((1 + counted.shape[0]) / (1 + holding)) + 1
    return np.rint(np.where(holding < RARE, 0, rarity * 255 / rarity[holding >= RARE].max())).astype(np.uint8)


def _regression(
    inputs: Any, wanted: Sequence[int], weights: Any, strength: float = STRENGTH
) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=ROUNDS, tol=1e-4).fit(inputs, np.array(wanted), weights)


def _written(rarity: Any, used: Any, weights: Any, bias: Any, head: dict[str, Any]) -> bytes:
    of_buckets, of_signs = weights[:, : len(used)], weights[:, len(used) :].copy()
    of_signs *= sizes(head["lexicon"]["classes"])
    scale = np.abs(of_buckets).max(axis=1) / max(ROOTS)
    roots = np.rint(np.sign(of_buckets) * np.sqrt(np.abs(of_buckets) / scale[:, None])).astype(np.int8)
    table = np.zeros((BUCKETS, WIDTH), dtype=np.uint8)
    table[:, 0], table[used, 1:] = rarity, roots.T.view(np.uint8)
    head = head | {
        "format": FORMAT,
        "bias": _short(bias),
        "scale": _short(scale),
        "signs": [_short(row) for row in of_signs],
    }
    rows: bytes = table.tobytes()
    return _head(head) + rows


def _head(head: dict[str, Any]) -> bytes:
    return json.dumps(head, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _short(numbers: Any) -> list[float]:
    return [float(f"{number:.6g}") for number in numbers]


def with_head(model: bytes, **settings: Any) -> bytes:
    """Give a model other settings to decide by."""
    head, _, table = model.partition(b"\n")
    return _head(json.loads(head) | settings) + table
