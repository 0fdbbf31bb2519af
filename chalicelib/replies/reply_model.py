"""Weighs a reply: a linear model as `training/replies_fit.py` writes it, in pure Python.

The file is one line of JSON (the head), then a column of bytes for rarity and one for each output: brush-off,
receipt by a person, substantive, automatic.
"""

import json
import math
from collections.abc import Sequence
from functools import cache
from operator import mul
from pathlib import Path
from typing import NamedTuple

from chalicelib.classifier_model import ROOTS
from chalicelib.errors import ConfigurationError
from chalicelib.replies.pieces import buckets

FILE = Path(__file__).parents[1] / "model" / "replies.bin"
SIZE = 1 << 16  # buckets
OUTPUTS = 4
_DIGITS = str.maketrans("123456789", "000000000")


class Weighed(NamedTuple):
    """Probabilities of what a reply may be; together 1."""

    brush_off: float
    receipt: float  # by a person
    substantive: float
    automatic: float


def counted(said: str) -> dict[int, float]:
    """Count words, pairs and pieces of words of `Legible.said` by bucket, damped."""
    damped: dict[int, float] = {}
    for bucket, count in buckets(said.translate(_DIGITS)).items():
        damped[bucket % SIZE] = damped.get(bucket % SIZE, 0.0) + 1 + math.log(count)
    return damped


class ReplyModel:
    """The weights, and in the head what training has settled; `version` names them."""

    def __init__(self, model: bytes) -> None:
        """Take a model as `make train-replies` writes it.

        Raises:
            ConfigurationError: the model is damaged.

        """
        head, _, table = model.partition(b"\n")
        if len(table) != SIZE * (1 + OUTPUTS):
            raise ConfigurationError(
                "the model of replies is damaged: run `make train-replies` or check it out again"
            )
        self._head = json.loads(head)
        self.version = str(self._head["version"])
        self._rarity, *self._columns = (table[i : i + SIZE] for i in range(0, len(table), SIZE))

    def weigh(self, said: str, measures: Sequence[float]) -> Weighed:
        """Weigh a reply by its words and its measures."""
        values = {bucket: n * self._rarity[bucket] for bucket, n in counted(said).items()}
        length = math.hypot(*values.values()) or 1.0
        seen = [self._head["measure"] * measure for measure in measures]
        whole = math.hypot(bool(any(values.values())), *seen) or 1.0
        logits = [
            bias
            + sum(map(mul, of_measures, seen)) / whole
            + scale
            * sum(value * ROOTS[column[bucket]] for bucket, value in values.items())
            / (length * whole)
            for bias, of_measures, scale, column in zip(
                self._head["bias"], self._head["measures"], self._head["scale"], self._columns, strict=True
            )
        ]
        odds = [math.exp(logit - max(logits)) for logit in logits]
        return Weighed(*(odd / sum(odds) for odd in odds))

    def speaks(self, said: str, output: int) -> float:
        """Tell how much some words speak for an output rather than for the others."""
        values = [(bucket, n * self._rarity[bucket]) for bucket, n in counted(said).items()]
        spoke = [
            scale * sum(value * ROOTS[column[bucket]] for bucket, value in values)
            for scale, column in zip(self._head["scale"], self._columns, strict=True)
        ]
        others = max(one for i, one in enumerate(spoke) if i != output)
        return float(spoke[output] - others) / (len(values) + 1)


@cache
def shipped() -> ReplyModel:
    """Give the model that is shipped with the code."""
    return ReplyModel(FILE.read_bytes())
