"""Tells in figures how good decisions are: what `make train` and `make evaluate` print."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from chalicelib.categories import Category
from chalicelib.classifier import CATEGORIES, Classification
from training.labelled import Labelled
from training.thresholds import interval

SAMPLES = 1000  # of the bootstrap
SHORT = {category: category.value[:9] for category in CATEGORIES}


class Judged(NamedTuple):
    """One decision beside the label."""

    truth: Category
    read: Classification


def told(rows: Sequence[Labelled], reads: Sequence[Classification]) -> str:
    """Report on each language, then on all."""
    by_language: dict[str, list[Judged]] = {}
    for row, read in zip(rows, reads, strict=True):
        if row.label:
            by_language.setdefault(row.lang, []).append(Judged(row.label, read))
    chapters = [f"## {language}\n\n{_chapter(judged)}" for language, judged in sorted(by_language.items())]
    everything = [one for judged in by_language.values() for one in judged]
    unlabelled = len(rows) - len(everything)
    chapters += [f"## all\n\n{_chapter(everything)}"] if everything else []
    chapters += [f"{unlabelled} without a label: {_decided(reads)}"] if unlabelled else []
    return "\n\n".join(chapters)


def line(rows: Sequence[Labelled], reads: Sequence[Classification]) -> str:
    """Tell the three figures that matter most in one line."""
    judged = [Judged(row.label, read) for row, read in zip(rows, reads, strict=True) if row.label]
    sure = [one for one in judged if one.read.sure]
    return f"right {_right(judged)}; where sure {_right(sure)}; where surely other {_right(_other(sure))}"


def _other(judged: Sequence[Judged]) -> list[Judged]:
    return [one for one in judged if one.read.category is Category.OTHER]


def _hits(judged: Sequence[Judged]) -> int:
    return sum(one.truth is one.read.category for one in judged)


def _right(judged: Sequence[Judged]) -> str:
    return _share(_hits(judged), len(judged))


def _chapter(judged: Sequence[Judged]) -> str:
    low, high = _bootstrap(judged, macro_f1)
    return "\n".join(
        (
            f"messages           {len(judged)}",
            f"accuracy           {_right(judged)}",
            f"macro-F1           {macro_f1(judged):.3f} [{low:.3f}, {high:.3f}] (categories that occur)",
            f"calibration error  {calibration_error(judged):.3f}",
            *_of_sure(judged),
            "",
            *_of_categories(judged),
            "",
            *_confusion(judged),
        )
    )


def _of_sure(judged: Sequence[Judged]) -> list[str]:
    sure = [one for one in judged if one.read.sure]
    applicants = [one for one in judged if one.truth is Category.APPLICANT_COMPLAINT]
    unheard = [one for one in applicants if one.read.sure and not one.read.topics]
    return [
        f"sure               {_share(len(sure), len(judged))}",
        f"right where sure   {_right(sure)}",
        f"sure other right   {_right(_other(sure))}",
        f"applicants lost    {len(_other(unheard))} dropped, {len(unheard)} surely sent elsewhere",
        f"applicants heard   {_share(_heard(applicants), len(applicants))} (as recruiting)",
        f"others heard       {_share(_heard(judged) - _heard(applicants), len(judged) - len(applicants))}",
    ]


def _heard(judged: Sequence[Judged]) -> int:
    return sum(bool(one.read.topics) for one in judged)


def _of_categories(judged: Sequence[Judged]) -> list[str]:
    lines = [f"{'category':20} {'precision':31} {'recall':31} {'sure':>5} {'precision of sure':31}"]
    for category in CATEGORIES:
        read = [one for one in judged if one.read.category is category]
        true = [one for one in judged if one.truth is category]
        sure = [one for one in read if one.read.sure]
        lines.append(
            f"{category:20} {_right(read):31} {_right(true):31} {len(sure):5} {_right(sure):31}".rstrip()
        )
    return lines


def _confusion(judged: Sequence[Judged]) -> list[str]:
    pairs = Counter((one.truth, one.read.category) for one in judged)
    head = "label, down; read as" + "".join(f"{SHORT[category]:>11}" for category in CATEGORIES)
    return [head] + [
        f"{truth:20}" + "".join(f"{pairs[truth, read]:11}" for read in CATEGORIES) for truth in CATEGORIES
    ]


def _share(hits: int, of: int) -> str:
    low, high = interval(hits, of)
    return f"{hits / of:.3f} [{low:.3f}, {high:.3f}] {hits}/{of}" if of else "none"


def _decided(reads: Sequence[Classification]) -> str:
    counted = Counter((read.category, read.sure) for read in reads)
    return ", ".join(
        f"{n} {category}{'' if sure else ' (unsure)'}" for (category, sure), n in sorted(counted.items())
    )


def macro_f1(judged: Sequence[Judged]) -> float:
    """Mean F1 of the categories that occur among the labels."""
    true, read = Counter(one.truth for one in judged), Counter(one.read.category for one in judged)
    hits = Counter(one.truth for one in judged if one.truth is one.read.category)
    return sum(2 * hits[category] / (n + read[category]) for category, n in true.items()) / len(true)


def calibration_error(judged: Sequence[Judged]) -> float:
    """Mean gap between confidence and accuracy over ten bins of confidence."""
    bins: dict[int, list[Judged]] = {}
    for one in judged:
        bins.setdefault(min(9, int(one.read.confidence * 10)), []).append(one)
    return sum(
        abs(sum(one.read.confidence - (one.truth is one.read.category) for one in members))
        for members in bins.values()
    ) / len(judged)


def _bootstrap(judged: Sequence[Judged], figure: Callable[[Sequence[Judged]], float]) -> tuple[float, float]:
    dice = random.Random(1)  # noqa: S311  (repeatable, not secret)
    figures = sorted(figure(dice.choices(judged, k=len(judged))) for _ in range(SAMPLES))
    return figures[SAMPLES * 25 // 1000], figures[SAMPLES * 975 // 1000]
