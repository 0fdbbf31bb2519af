"""Fits the model of replies with scikit-learn and writes it as the bytes that `chalicelib.replies` reads."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from chalicelib.classifier_model import ROOTS
from chalicelib.replies.legible import Legible
from chalicelib.replies.measures import measures
from chalicelib.replies.promises import find_promise
from chalicelib.replies.reading import LABELS
from chalicelib.replies.reply_model import SIZE, counted
from chalicelib.replies.signs import signs

STRENGTH = 36.0  # inverse of the regularisation
MEASURE = 0.4  # how much one measure counts beside a text of length 1
RECEIPT = 1.4  # how much a receipt counts beside another reply: there are fewest of them
RARE = 2  # a feature that fewer replies hold teaches nothing
_AT, _ZONE = (
    1_800_000_000,
    ZoneInfo("Europe/Berlin"),
)  # any: whether something is promised does not depend on it


class Features(NamedTuple):
    """What is seen of replies: damped counts (replies by buckets), and measures."""

    counted: Any
    measured: Any


def features(rows: Sequence[dict[str, Any]]) -> Features:
    """See what the reader will see."""
    starts, where, damped, measured = [0], list[int](), list[float](), []
    for row in rows:
        reply, inbound = Legible(row["reply"]), Legible(row.get("inbound") or "")
        found = counted(reply.said)
        where += found.keys()
        damped += found.values()
        starts.append(len(where))
        promised = find_promise(reply, at=_AT, zone=_ZONE) is not None
        measured.append(measures(reply, inbound, signs(reply), promised=promised))
    return Features(
        sp.csr_matrix((damped, where, starts), shape=(len(rows), SIZE)),
        MEASURE * np.array(measured, dtype=float),
    )


def fit(rows: Sequence[dict[str, Any]], seen: Features, version: str, strength: float = STRENGTH) -> bytes:
    """Fit on these rows."""
    rarity = _rarity(seen.counted)
    weighed = _even(seen.counted @ sp.diags(rarity.astype(float)))
    used = np.flatnonzero(rarity)
    inputs = _even(sp.hstack([weighed[:, used], seen.measured]).tocsr())
    wanted = [_class(row) for row in rows]
    weigh = [RECEIPT if row["label"] == "receipt" else 1.0 for row in rows]
    fitted = LogisticRegression(C=strength, max_iter=500, tol=1e-3).fit(inputs, wanted, weigh)
    weights, bias = fitted.coef_, fitted.intercept_
    return _written(rarity, used, weights, bias, version)


def _even(rows: Any) -> Any:
    """Bring each row to length 1."""
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sp.diags(1 / np.where(lengths == 0, 1, lengths)) @ rows


def _class(row: dict[str, Any]) -> int:
    """Tell the output of a row: the labels in their order, then automatic."""
    return len(LABELS) if row["automatic"] else LABELS.index(row["label"])


def _rarity(counts: Any) -> Any:
    """Inverse document frequency of each bucket as a byte; 0 where it is not used."""
    holding = np.bincount(counts.indices, minlength=SIZE)
    rarity = np.log((1 + counts.shape[0]) / (1 + holding)) + 1
    return np.rint(np.where(holding < RARE, 0, rarity * 255 / rarity[holding >= RARE].max())).astype(np.uint8)


def _written(rarity: Any, used: Any, weights: Any, bias: Any, version: str) -> bytes:
    of_buckets, of_measures = weights[:, : len(used)], weights[:, len(used) :]
    scale = np.abs(of_buckets).max(axis=1) / max(ROOTS)
    roots = np.rint(np.sign(of_buckets) * np.sqrt(np.abs(of_buckets) / scale[:, None])).astype(np.int8)
    table = np.zeros((len(weights), SIZE), dtype=np.int8)
    table[:, used] = roots
    head = {
        "version": version,
        "bias": _short(bias),
        "measure": MEASURE,
        "scale": _short(scale),
        "measures": [_short(row) for row in of_measures],
    }
    columns: bytes = rarity.tobytes() + table.tobytes()
    return json.dumps(head, sort_keys=True, separators=(",", ":")).encode() + b"\n" + columns


def _short(numbers: Any) -> list[float]:
    return [float(f"{number:.5g}") for number in numbers]
