"""Fits the linear model with scikit-learn and writes it as the bytes that the classifier reads."""

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from chalicelib.categories import Topic
from chalicelib.classifier_features import BUCKETS, buckets, folded, readable, signs
from chalicelib.classifier_model import CATEGORIES, OUTPUTS, ROOTS, TOPICS
from chalicelib.lexicon import Lexicon
from training.labelled import Labelled

RARE = 2  # a feature that fewer messages hold teaches nothing
STRENGTH = 5.0  # inverse of the regularisation
SIGN = 0.1  # how much one sign counts beside a text of length 1
CLASS = 0.15  # likewise one class of the lexicon
ROUNDS = 500
TABLE = BUCKETS * (1 + OUTPUTS)  # bytes: rarity, the categories, the topics


class Features(NamedTuple):
    """What is seen of messages: damped counts (messages by buckets), and signs (messages by signs)."""

    counted: Any
    seen: Any

    def of(self, chosen: Any) -> "Features":
        """Keep some messages."""
        return Features(self.counted[chosen], self.seen[chosen])


def features(texts: Iterable[str], compiled: dict[str, Any]) -> Features:
    """See what the classifier will see."""
    lexicon = Lexicon(compiled["entries"], compiled["classes"])
    starts, where, damped, seen = [0], list[int](), list[float](), []
    for text in texts:
        plain = readable(text)
        counted = buckets(folded(plain))
        where += counted.keys()
        damped += [1 + math.log(n) for n in counted.values()]
        starts.append(len(where))
        seen.append(
            [SIGN * sign for sign in signs(plain)] + [CLASS * n for n in lexicon.signs(folded(plain))]
        )
    shape = (len(starts) - 1, BUCKETS)
    return Features(sp.csr_matrix((damped, where, starts), shape=shape), np.array(seen, dtype=float))


def fit(rows: Sequence[Labelled], of_rows: Features, head: dict[str, Any]) -> bytes:
    """Fit on these rows, each by its weight; `head` says how to decide and is written in front."""
    rarity = _rarity(of_rows.counted)
    weighed = of_rows.counted @ sp.diags(rarity.astype(float))
    lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    weighed = sp.diags(1 / np.where(lengths == 0, 1, lengths)) @ weighed
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
    return _regression(inputs[known], [topic in rows[i].topics for i in known], weights[known])


def _rarity(counted: Any) -> Any:
    """Inverse document frequency of each bucket as a byte; 0 where it is not used."""
    holding = np.bincount(counted.indices, minlength=BUCKETS)
    rarity = np.log((1 + counted.shape[0]) / (1 + holding)) + 1
    return np.rint(np.where(holding < RARE, 0, rarity * 255 / rarity[holding >= RARE].max())).astype(np.uint8)


def _regression(inputs: Any, wanted: Sequence[int], weights: Any) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=ROUNDS, tol=1e-4).fit(inputs, np.array(wanted), weights)


def _written(rarity: Any, used: Any, weights: Any, bias: Any, head: dict[str, Any]) -> bytes:
    of_buckets, of_signs = weights[:, : len(used)], weights[:, len(used) :].copy()
    count = len(signs(""))
    of_signs[:, :count] *= SIGN
    of_signs[:, count:] *= CLASS
    scale = np.abs(of_buckets).max(axis=1) / max(ROOTS)
    roots = np.rint(np.sign(of_buckets) * np.sqrt(np.abs(of_buckets) / scale[:, None])).astype(np.int8)
    table = np.zeros((len(weights), BUCKETS), dtype=np.int8)
    table[:, used] = roots
    head = head | {"bias": _short(bias), "scale": _short(scale), "signs": [_short(row) for row in of_signs]}
    columns: bytes = rarity.tobytes() + table.tobytes()
    return _head(head) + columns


def _head(head: dict[str, Any]) -> bytes:
    return json.dumps(head, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _short(numbers: Any) -> list[float]:
    return [float(f"{number:.6g}") for number in numbers]


def with_head(model: bytes, **settings: Any) -> bytes:
    """Give a model other settings to decide by."""
    head, _, table = model.partition(b"\n")
    return _head(json.loads(head) | settings) + table
