"""Writes the model card, docs/model-card.md: `make card`, and `make train` at its end.

The figures are those of `make evaluate`: both call `training/evaluate.py`.
"""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from string import Template

from chalicelib.classifier import MODEL, Classifier
from chalicelib.classifier_model import CATEGORIES
from training import evaluate, held_out, labelled
from training.labelled import Labelled

HERE = Path(__file__).parent
TEMPLATE, HARD = HERE / "model-card.template.md", HERE / "hard" / "hard.jsonl"
CARD = HERE.parent / "docs" / "model-card.md"


def written(model: bytes, rows: Sequence[Labelled], hard: Path = HARD, kept: Path = held_out.FILE) -> str:
    """Write the card of a model that was made from these messages.

    hard: messages that nobody trained on; kept: what `held_out.keep` wrote.
    """
    return Template(TEMPLATE.read_text("utf-8")).substitute(
        version=_version(model),
        size=f"{len(model):,}",
        sha256=held_out.digest(model),
        messages=f"{len(rows):,}",
        by_language=_table("language", rows, [row.lang for row in rows]),
        by_part=_table("part", rows, [row.part for row in rows]),
        held_out=_block(held_out.read(model, kept) or "Not kept for this model: `make train` keeps them."),
        hard=_block(_on(hard, model)),
    )


def _version(model: bytes) -> str:
    return str(json.loads(model.partition(b"\n")[0])["name"])


def _on(file: Path, model: bytes) -> str:
    if not file.exists():
        return "There is none yet."
    return evaluate.figures(evaluate.measured(file, Classifier(model)))


def _block(told: str) -> str:
    """Keep the columns of a report; its headings stay inside."""
    return f"```text\n{told}\n```" if "\n" in told else told


def _table(name: str, rows: Sequence[Labelled], groups: Sequence[str]) -> str:
    counted = Counter((group, row.label) for group, row in zip(groups, rows, strict=True))
    heads = [name, *CATEGORIES, "all"]
    lines = [heads, ["---", *["--:"] * (len(heads) - 1)]]
    for group in sorted(set(groups), key=_natural):
        numbers = [counted[group, category] for category in CATEGORIES]
        lines.append([group, *(f"{n:,}" for n in (*numbers, sum(numbers)))])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _natural(name: str) -> tuple[str, int]:
    """Sort part10 behind part9."""
    stem = name.rstrip("0123456789")
    return stem, int(name[len(stem) :] or 0)


def main() -> None:
    """Write the card of the shipped model."""
    CARD.write_text(written(MODEL.read_bytes(), labelled.read_all()), "utf-8")


if __name__ == "__main__":
    main()
