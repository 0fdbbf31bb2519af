"""Settles what counts as sure, by what a mistake costs on messages the model has not seen."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalicelib.categories import Category
from chalicelib.classifier import Classification
from chalicelib.classifier_model import CATEGORIES, Scores
from training.labelled import Labelled

SERVICE_REQUEST, APPLICANT, CRITICISM, PRAISE, OTHER = CATEGORIES

# The unit is one person looking at one message: what it costs to be unsure, whatever the message is.
LOOK = 1.0
# A sure `other` is answered by nobody. So much is lost when it was one of these after all:
LOST = {SERVICE_REQUEST: 50.0, APPLICANT: 50.0, CRITICISM: 20.0, PRAISE: 5.0}
# A sure ticket in the wrong department waits there until somebody passes it on:
MISROUTED = {SERVICE_REQUEST: 10.0, APPLICANT: 10.0, CRITICISM: 5.0, PRAISE: 3.0}
SUPERFLUOUS = 2.0  # a ticket with a deadline for what was `other`

# Least precision of what is sure, at the lower end of its 95 % interval. Held-out messages are nearer to
# those we learned from than a company's are, so it is higher than what we promise.
FLOOR = 0.97
# Human resources is the right place for most of what is only taken for an applicant's complaint.
FLOOR_OF_APPLICANTS = 0.94
# On a company's own messages nothing is further away, and few of them make the interval wide: it ends
# here for 54 right of 60.
FLOOR_OF_HISTORY = 0.80
HEATS = [round(0.5 + 0.05 * step, 2) for step in range(31)]
CANDIDATES = [round(0.2 + 0.01 * step, 2) for step in range(80)]
NEVER = 2.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A decision on a message the model was not trained on, and what the message really was."""

    truth: Category
    decision: Classification  # with every threshold at 0, so that `sure` says whether the rules allow it


def settled(
    rows: Sequence[Labelled],
    scores: Sequence[Scores],
    decide: Callable[[str, Scores], Classification],
    floor: float = FLOOR,
) -> dict[Category, float]:
    """Settle from which confidence on a decision is sure, on what was held out.

    `scores` have their temperature; `decide` knows the rules, and no threshold. Applicants' complaints have
    a floor of their own, if it is lower.
    """
    seen = [
        Seen(row.label, decide(row.text, score)) for row, score in zip(rows, scores, strict=True) if row.label
    ]
    floors = dict.fromkeys(CATEGORIES, floor) | {APPLICANT: min(floor, FLOOR_OF_APPLICANTS)}
    return {category: threshold(seen, category, floors[category]) for category in CATEGORIES}


def highest_temperature(rows: Sequence[Labelled], scores: Sequence[Scores]) -> float:
    """Give the temperature of the part which is read worst.

    To the model, a company it has never seen is no nearer than that.
    """
    return max(_temperatures(rows, scores))


def _temperatures(rows: Sequence[Labelled], scores: Sequence[Scores]) -> list[float]:
    parts: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        parts.setdefault(row.part, []).append(i)
    return [
        temperature([scores[i] for i in of], [label for i in of if (label := rows[i].label)])
        for of in parts.values()
    ]


def cost(truth: Category, decided: Category) -> float:
    """Cost of a sure decision."""
    if truth is decided:
        return 0.0
    if decided is OTHER:
        return LOST[truth]
    return MISROUTED.get(truth, SUPERFLUOUS)


def threshold(seen: Sequence[Seen], category: Category, floor: float = FLOOR) -> float:
    """Confidence from which a decision for this category costs least when it is taken for sure."""
    rows = [row for row in seen if row.decision.category is category and row.decision.sure]
    allowed = [t for t in (*CANDIDATES, NEVER) if _precise(rows, t, floor)]
    return min(allowed, key=lambda t: (_costs(rows, t), -t))


def _costs(rows: Sequence[Seen], t: float) -> float:
    return sum(
        cost(row.truth, row.decision.category) if row.decision.confidence >= t else LOOK for row in rows
    )


def _precise(rows: Sequence[Seen], t: float, floor: float) -> bool:
    sure = [row for row in rows if row.decision.confidence >= t]
    return (
        not sure or interval(sum(row.truth is row.decision.category for row in sure), len(sure))[0] >= floor
    )


def temperature(scores: Sequence[Scores], truths: Sequence[Category]) -> float:
    """Divisor of the logits under which the truths are likeliest; above 1 the model was too confident."""
    where = [CATEGORIES.index(truth) for truth in truths]
    return min(
        HEATS,
        key=lambda heat: -sum(
            math.log(reheated(s, heat).categories[i]) for s, i in zip(scores, where, strict=True)
        ),
    )  # fmt: skip


def reheated(scores: Scores, heat: float) -> Scores:
    """Scores under another temperature."""
    odds = [max(p, 1e-12) ** (1 / heat) for p in scores.categories]
    return Scores(tuple(odd / sum(odds) for odd in odds), scores.topics)


def interval(hits: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if not of:
        return 0.0, 1.0
    share, square = hits / of, z * z / of
    middle = (share + square / 2) / (1 + square)
    reach = z / (1 + square) * math.sqrt(share * (1 - share) / of + square / of / 4)
    return max(0.0, middle - reach), min(1.0, middle + reach)
