"""Tells in figures how good decisions are: what `make train`, `make evaluate` and the model card print."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from chalicelib.categories import Category, Topic
from chalicelib.classifier import Classification
from chalicelib.classifier_model import CATEGORIES
from training import figures
from training.figures import Judged, Share

Read = TypeVar("Read")
SHORT = {category: category.value[:9] for category in CATEGORIES}
APPLICANT = Category.APPLICANT_COMPLAINT


class Row(Protocol):
    """What is known of a message: its label, if somebody gave one, and its language."""

    @property
    def label(self) -> Category | None:
        """What a reader made of it."""

    @property
    def lang(self) -> str:
        """Its language."""


def told(rows: Iterable[Row], reads: Iterable[Classification]) -> str:
    """Report on each language, on all, and on what has no label."""
    judged: dict[str, list[Judged]] = {}
    unlabelled: dict[str, list[Classification]] = {}
    for row, read in zip(rows, reads, strict=True):
        if row.label:
            judged.setdefault(row.lang, []).append(Judged(row.label, read))
        else:
            unlabelled.setdefault(row.lang, []).append(read)
    chapters = _chapters(judged, _of_labelled)
    return "\n\n".join((*chapters, *_chapters(unlabelled, _of_unlabelled, " without a label")))


def line(rows: Iterable[Row], reads: Iterable[Classification]) -> str:
    """Tell the three figures that matter most in one line."""
    judged = [Judged(row.label, read) for row, read in zip(rows, reads, strict=True) if row.label]
    sure = figures.decided(judged)
    other = figures.precision(sure, Category.OTHER)
    return f"right {figures.right(judged)}; where decided {figures.right(sure)}; where decided other {other}"


def _chapters(
    by_language: dict[str, list[Read]], tell: Callable[[Sequence[Read]], Iterable[str]], about: str = ""
) -> list[str]:
    named = sorted(by_language.items())
    if len(named) > 1:
        named.append(("all", [one for several in by_language.values() for one in several]))
    return [f"## {language}{about}\n\n" + "\n".join(tell(several)) for language, several in named]


def _of_labelled(judged: Sequence[Judged]) -> list[str]:
    pairs = figures.pairs_of(judged)
    low, high = figures.bootstrap(pairs, figures.macro_f1)
    return [
        f"messages            {len(judged)}",
        f"accuracy            {figures.right(judged)}",
        f"macro-F1            {figures.macro_f1(pairs):.3f} [{low:.3f}, {high:.3f}] (categories that occur)",
        f"calibration error   {figures.calibration_error(judged):.3f}",
        *_of_decided(judged),
        *_of_applicants(judged),
        "",
        *_of_categories(judged),
        "",
        *_confusion(judged),
        "",
        *_risk_coverage(judged),
    ]


def _of_unlabelled(reads: Sequence[Classification]) -> list[str]:
    counted = Counter(read.category for read in reads)
    decided = Counter(read.category for read in reads if read.sure)
    return [
        f"messages            {len(reads)}",
        f"decided             {Share(decided.total(), len(reads))}",
        "",
        f"{'read as':20} {'messages':>8} {'decided':>8}",
        *(f"{category:20} {counted[category]:8} {decided[category]:8}" for category in CATEGORIES),
    ]


def _of_decided(judged: Sequence[Judged]) -> list[str]:
    sure = figures.decided(judged)
    return [
        f"decided             {Share(len(sure), len(judged))}",
        f"right where decided {figures.right(sure)}",
        f"decided other right {figures.precision(sure, Category.OTHER)}",
    ]


def _of_applicants(judged: Sequence[Judged]) -> list[str]:
    applicants = [one for one in judged if one.truth is APPLICANT]
    others = [one for one in judged if one.truth is not APPLICANT]
    unheard = [one for one in figures.decided(applicants) if not _heard(one)]
    dropped = sum(one.read.category is Category.OTHER for one in unheard)
    return [
        f"applicant complaint precision {figures.precision(judged, APPLICANT)}",
        f"applicant complaint recall    {figures.recall(judged, APPLICANT)}",
        f"applicants lost     {dropped} dropped, {len(unheard)} decided without the topic recruiting",
        f"applicants heard    {_share_heard(applicants)} (as recruiting)",
        f"others heard        {_share_heard(others)}",
    ]


def _share_heard(judged: Sequence[Judged]) -> Share:
    return Share(sum(map(_heard, judged)), len(judged))


def _heard(one: Judged) -> bool:
    return Topic.RECRUITING in one.read.topics


def _of_categories(judged: Sequence[Judged]) -> list[str]:
    sure = figures.decided(judged)
    lines = [f"{'category':20} {'precision':31} {'recall':31} {'precision where decided':31}".rstrip()]
    for category in CATEGORIES:
        precise, found, precise_where_sure = (
            str(share)
            for share in (
                figures.precision(judged, category),
                figures.recall(judged, category),
                figures.precision(sure, category),
            )
        )
        lines.append(f"{category:20} {precise:31} {found:31} {precise_where_sure}")
    return lines


def _confusion(judged: Sequence[Judged]) -> list[str]:
    pairs = figures.pairs_of(judged)
    head = "label, down; read as" + "".join(f"{SHORT[category]:>11}" for category in CATEGORIES)
    return [head] + [
        f"{truth:20}" + "".join(f"{pairs[truth, read]:11}" for read in CATEGORIES) for truth in CATEGORIES
    ]


def _risk_coverage(judged: Sequence[Judged]) -> list[str]:
    head = f"{'coverage':>8}  {'confidence':>10}  right (if only the surest were decided)"
    return [head] + [
        f"{step.per_cent:6} %  {step.confidence:10.3f}  {step.right}"
        for step in figures.risk_coverage(judged)
    ]
