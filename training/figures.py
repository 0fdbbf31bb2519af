"""The figures by which decisions are judged. Pure; shares are 0 to 1."""

import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from chalicelib.categories import Category
from chalicelib.classifier import Classification
from training.thresholds import interval

SAMPLES = 1000  # of the bootstrap
BINS = 10  # of confidence, for the calibration error
FEW = 30.0  # up to so many expected hits a binomial is drawn hit by hit, beyond it is as good as normal
STEPS = range(10, 101, 10)  # per cent of the messages

Pair = tuple[Category, Category]
"""A label, and what the message was read as."""


class Judged(NamedTuple):
    """One decision beside the label."""

    truth: Category
    read: Classification

    @property
    def right(self) -> bool:
        """Tell whether both are the same."""
        return self.truth is self.read.category


class Share(NamedTuple):
    """So many of so many."""

    hits: int
    of: int

    def __str__(self) -> str:
        """Write it with its 95 % interval."""
        low, high = interval(self.hits, self.of)
        return (
            f"{self.hits / self.of:.3f} [{low:.3f}, {high:.3f}] {self.hits}/{self.of}" if self.of else "none"
        )


class Covered(NamedTuple):
    """The share of the surest messages that are right; `confidence` is that of the least sure of them."""

    per_cent: int
    confidence: float
    right: Share


def right(judged: Iterable[Judged]) -> Share:
    """Count how many were read as their label says."""
    hits = [one.right for one in judged]
    return Share(sum(hits), len(hits))


def precision(judged: Iterable[Judged], category: Category) -> Share:
    """Count how many of those read as a category are of it."""
    return right(one for one in judged if one.read.category is category)


def recall(judged: Iterable[Judged], category: Category) -> Share:
    """Count how many of a category are read as such."""
    return right(one for one in judged if one.truth is category)


def decided(judged: Iterable[Judged]) -> list[Judged]:
    """Leave out what the classifier is unsure of."""
    return [one for one in judged if one.read.sure]


def calibration_error(judged: Sequence[Judged]) -> float:
    """Mean gap between confidence and accuracy over ten bins of confidence."""
    gaps = [0.0] * BINS
    for one in judged:
        gaps[min(BINS - 1, int(one.read.confidence * BINS))] += one.read.confidence - one.right
    return sum(map(abs, gaps)) / len(judged)


def risk_coverage(judged: Sequence[Judged]) -> list[Covered]:
    """Tell how many are right if only the surest 10 %, 20 % … of the messages are decided."""
    surest = sorted(judged, key=lambda one: -one.read.confidence)
    hits = list(accumulate(one.right for one in surest))
    sizes = [(step, -(-len(surest) * step // 100)) for step in STEPS]  # rounded up
    return [Covered(step, surest[n - 1].read.confidence, Share(hits[n - 1], n)) for step, n in sizes]


def macro_f1(pairs: Counter[Pair]) -> float:
    """Mean F1 of the categories that occur among the labels."""
    true, read = Counter[Category](), Counter[Category]()
    for (truth, guess), n in pairs.items():
        true[truth] += n
        read[guess] += n
    scores = [2 * pairs[c, c] / (n + read[c]) for c, n in true.items() if n]
    return sum(scores) / len(scores)


def pairs_of(judged: Iterable[Judged]) -> Counter[Pair]:
    """Count labels and readings."""
    return Counter((one.truth, one.read.category) for one in judged)


def bootstrap(pairs: Counter[Pair], figure: Callable[[Counter[Pair]], float]) -> tuple[float, float]:
    """Give the 95 % interval of a figure by drawing as many messages again and again."""
    dice = random.Random(1)  # noqa: S311  (repeatable, not secret)
    figures = sorted(figure(_drawn(pairs, dice)) for _ in range(SAMPLES))
    return figures[SAMPLES * 25 // 1000], figures[SAMPLES * 975 // 1000]


def _drawn(pairs: Counter[Pair], dice: random.Random) -> Counter[Pair]:
    """Draw with replacement, cell by cell: as good as message by message, and quick."""
    left = weight = pairs.total()
    drawn = Counter[Pair]()
    for pair, n in pairs.items():
        drawn[pair] = left if n == weight else _binomial(left, n / weight, dice)
        left, weight = left - drawn[pair], weight - n
    return drawn


def _binomial(n: int, chance: float, dice: random.Random) -> int:
    if chance > 1 / 2:
        return n - _binomial(n, 1 - chance, dice)
    if n * chance <= FEW:
        hits, at = -1, 0
        while at <= n:  # from one hit to the next
            at += int(math.log(1 - dice.random()) / math.log(1 - chance)) + 1
            hits += 1
        return hits
    return min(n, max(0, round(dice.gauss(n * chance, (n * chance * (1 - chance)) ** 0.5))))
