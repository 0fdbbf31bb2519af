"""Tells in figures how well replies are read: by language, label by label, with 95 % intervals."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from chalicelib.replies.reading import LABELS, ReplyLabel, ReplyReading
from training.figures import Share

SAMPLES = 1000  # of the bootstrap


class Judged(NamedTuple):
    """One reading beside what people say: the label, and whether a machine said it, None: not told."""

    lang: str
    truth: ReplyLabel
    read: ReplyReading
    automatic: bool | None = None


class Promised(NamedTuple):
    """One promise beside what people say. `due`: as it should be, None: nobody promises anything.

    `told`: whether the moment is given, or only that something is promised.
    """

    lang: str
    promises: bool
    due: int | None
    read: ReplyReading

    @property
    def right(self) -> bool:
        """Tell whether it was read as it should be, to the second where that is given."""
        if not self.promises or self.due is None:
            return self.promises == (self.read.promise is not None)
        return self.read.promise is not None and self.read.promise.due == self.due


def told(judged: Sequence[Judged], promised: Sequence[Promised] = ()) -> str:
    """Report on each language, and on all where there are several."""
    languages = sorted({one.lang for one in judged} | {one.lang for one in promised})
    chapters = [
        _chapter(
            lang, [one for one in judged if one.lang == lang], [one for one in promised if one.lang == lang]
        )
        for lang in languages
    ]
    if len(languages) > 1:
        chapters.append(_chapter("all", judged, promised))
    return "\n\n".join(chapters)


def _chapter(lang: str, judged: Sequence[Judged], promised: Sequence[Promised]) -> str:
    lines = [f"## {lang}", ""]
    if judged:
        lines += _of_labels(judged)
    if promised:
        lines += _of_promises(promised)
    return "\n".join(lines)


def _of_labels(judged: Sequence[Judged]) -> list[str]:
    pairs = [(one.truth, one.read.label) for one in judged]
    low, high = _bootstrap(pairs, macro_f1)
    lines = [
        f"replies        {len(judged)}",
        f"accuracy       {Share(sum(truth is read for truth, read in pairs), len(pairs))}",
        f"macro-F1       {macro_f1(pairs):.3f} [{low:.3f}, {high:.3f}] (labels that occur)",
    ]
    known = [one for one in judged if one.automatic is not None]
    if known:
        lines += _of_automatic(known)
    return [*lines, "", *_table(pairs), "", *_confusion(pairs)]


def _of_automatic(judged: Sequence[Judged]) -> list[str]:
    read = [one for one in judged if one.read.automatic]
    machines = [one for one in judged if one.automatic]
    precision = Share(sum(bool(one.automatic) for one in read), len(read))
    recall = Share(sum(one.read.automatic for one in machines), len(machines))
    return [f"automatic      precision {precision}  recall {recall}"]


def _table(pairs: Sequence[tuple[ReplyLabel, ReplyLabel]]) -> list[str]:
    lines = [f"{'label':12} {'precision':32} {'recall':32} F1"]
    for label in LABELS:
        hits = sum(truth is read is label for truth, read in pairs)
        precision = Share(hits, sum(read is label for _, read in pairs))
        recall = Share(hits, sum(truth is label for truth, _ in pairs))
        low, high = _bootstrap(pairs, partial(f1, label=label))
        interval = f"{f1(pairs, label):.3f} [{low:.3f}, {high:.3f}]"
        lines.append(f"{label:12} {precision!s:32} {recall!s:32} {interval}")
    return lines


def _confusion(pairs: Sequence[tuple[ReplyLabel, ReplyLabel]]) -> list[str]:
    counted = Counter(pairs)
    head = "label, down; read as" + "".join(f"{label:>13}" for label in LABELS)
    return [head] + [
        f"{truth:20}" + "".join(f"{counted[truth, read]:13}" for read in LABELS) for truth in LABELS
    ]


def _of_promises(promised: Sequence[Promised]) -> list[str]:
    exact = [one for one in promised if one.promises and one.due is not None]
    some = [one for one in promised if one.promises]
    none = [one for one in promised if not one.promises]
    found = sum(one.read.promise is not None for one in some)
    return [
        "",
        f"promises right {Share(sum(one.right for one in promised), len(promised))}",
        f"to the second  {Share(sum(one.right for one in exact), len(exact))} (where the moment is given)",
        f"heard          {Share(found, len(some))} (of those that promise something)",
        f"none heard     {Share(sum(one.right for one in none), len(none))} (of those that promise nothing)",
    ]


def f1(pairs: Iterable[tuple[ReplyLabel, ReplyLabel]], label: ReplyLabel) -> float:
    """F1 of a label."""
    counted = Counter(pairs)
    named = sum(n for (truth, read), n in counted.items() for one in (truth, read) if one is label)
    return 2 * counted[label, label] / named if named else 0.0


def macro_f1(pairs: Sequence[tuple[ReplyLabel, ReplyLabel]]) -> float:
    """Mean F1 of the labels that occur."""
    occur = {truth for truth, _ in pairs}
    return sum(f1(pairs, label) for label in occur) / len(occur) if occur else 0.0


def _bootstrap(
    pairs: Sequence[tuple[ReplyLabel, ReplyLabel]],
    figure: Callable[[Sequence[tuple[ReplyLabel, ReplyLabel]]], float],
) -> tuple[float, float]:
    """Give the 95 % interval of a figure by drawing as many replies again and again."""
    dice = random.Random(1)  # noqa: S311  (repeatable, not secret)
    figures = sorted(figure(dice.choices(pairs, k=len(pairs))) for _ in range(SAMPLES))
    return figures[SAMPLES * 25 // 1000], figures[SAMPLES * 975 // 1000]
