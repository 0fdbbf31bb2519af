"""Draws the risk-coverage curve: how many are right if only the surest are decided."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from training import figures
from training.figures import Covered, Judged
from training.judging import Outcome

INCHES, DOTS = (7, 4.5), 120


def curves(outcomes: Iterable[Outcome]) -> dict[str, list[Covered]]:
    """Give a curve for each language with labels."""
    judged: dict[str, list[Judged]] = {}
    for outcome in outcomes:
        if outcome.label:
            judged.setdefault(outcome.lang, []).append(Judged(outcome.label, outcome.read))
    return {language: figures.risk_coverage(several) for language, several in sorted(judged.items())}


def draw(by_language: Mapping[str, Sequence[Covered]], file: Path) -> None:
    """Write the curves as a PNG."""
    from matplotlib.figure import Figure  # noqa: PLC0415  (only `make evaluate` has it)

    figure = Figure(figsize=INCHES, layout="constrained")
    axes = figure.add_subplot()
    for language, curve in by_language.items():
        shares = [step.right.hits / step.right.of for step in curve]
        axes.plot(
            [step.per_cent for step in curve], shares, marker="o", label=f"{language} ({curve[-1].right.of})"
        )
    axes.set(
        xlabel="decided, surest first (% of the messages)", ylabel="right", xlim=(0, 102), ylim=(0, 1.02)
    )
    axes.grid(alpha=0.3)
    axes.legend(title="language (messages)")
    figure.savefig(file, dpi=DOTS, format="png")
