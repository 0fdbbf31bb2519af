"""Fits the linear model with scikit-learn and writes it as the bytes that the classifier reads."""

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from chalicelib.classifier import CATEGORIES, ROOTS
from chalicelib.classifier_features import BUCKETS, buckets, readable, signs
from training.labelled import Labelled

RARE = 2  # a feature that fewer messages hold teaches nothing
STRENGTH = 10.0  # inverse of the regularisation
SIGN = 0.1  # how much one sign counts beside a text of length 1
ROUNDS = 500
TABLE = BUCKETS * (len(CATEGORIES) + 2)  # bytes: rarity, the categories, recruiting


def counts(rows: Sequence[Labelled]) -> tuple[Any, Any]:
    """Count features (messages by buckets, damped) and see signs (messages by signs)."""
    starts, where, damped, seen = [0], list[int](), list[float](), []
    for row in rows:
        plain = readable(row.text)
        counted = buckets(plain)
        where += counted.keys()
        damped += [1 + math.log(n) for n in counted.values()]
        starts.append(len(where))
        seen.append(signs(plain))
    return sp.csr_matrix((damped, where, starts), shape=(len(rows), BUCKETS)), np.array(seen, dtype=float)


def fit(rows: Sequence[Labelled], features: tuple[Any, Any], head: dict[str, Any]) -> bytes:
    """Fit on these rows; `head` says how to decide and is written in front."""
    counted, seen = features
    rarity = _rarity(counted)
    weighed = counted @ sp.diags(rarity.astype(float))
    lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    weighed = sp.diags(1 / np.where(lengths == 0, 1, lengths)) @ weighed
    used = np.flatnonzero(rarity)
    inputs = sp.hstack([weighed[:, used], SIGN * seen]).tocsr()
    category = _regression(inputs, [CATEGORIES.index(row.label) for row in rows if row.label])
    recruiting = _regression(inputs, [row.recruiting for row in rows])
    weights = np.vstack([category.coef_, recruiting.coef_])
    bias = np.concatenate([category.intercept_, recruiting.intercept_])
    return _written(rarity, used, weights, bias, head)


def _rarity(counted: Any) -> Any:
    """Inverse document frequency of each bucket as a byte; 0 where it is not used."""
    holding = np.bincount(counted.indices, minlength=BUCKETS)
    rarity = np.log((1 + counted.shape[0]) / (1 + holding)) + 1
    return np.rint(np.where(holding < RARE, 0, rarity * 255 / rarity[holding >= RARE].max())).astype(np.uint8)


def _regression(inputs: Any, wanted: Sequence[int]) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, max_iter=ROUNDS, tol=1e-4).fit(inputs, np.array(wanted))


def _written(rarity: Any, used: Any, weights: Any, bias: Any, head: dict[str, Any]) -> bytes:
    of_buckets, of_signs = weights[:, : len(used)], weights[:, len(used) :] * SIGN
    scale = np.abs(of_buckets).max(axis=1) / max(ROOTS)
    roots = np.rint(np.sign(of_buckets) * np.sqrt(np.abs(of_buckets) / scale[:, None])).astype(np.int8)
    table = np.zeros((len(weights), BUCKETS), dtype=np.int8)
    table[:, used] = roots
    head = head | {"bias": _short(bias), "scale": _short(scale), "signs": [_short(row) for row in of_signs]}
    columns: bytes = rarity.tobytes() + table.tobytes()
    return json.dumps(head, sort_keys=True).encode() + b"\n" + columns


def _short(numbers: Any) -> list[float]:
    return [float(f"{number:.6g}") for number in numbers]


def with_head(model: bytes, **settings: Any) -> bytes:
    """Give a model other settings to decide by."""
    head, _, table = model.partition(b"\n")
    return json.dumps(json.loads(head) | settings, sort_keys=True).encode() + b"\n" + table
