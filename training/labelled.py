"""Reads labelled messages: JSON lines with `text`, and where known `label`, `lang` and `recruiting`."""

import json
from dataclasses import dataclass
from pathlib import Path

from chalicelib.categories import Category

HERE = Path(__file__).parent / "messages"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and what a reader made of it; `part` names its file, and so its writer."""

    text: str
    label: Category | None
    lang: str
    recruiting: bool
    part: str


def read(file: Path) -> list[Labelled]:
    """Read one file."""
    with file.open(encoding="utf-8") as lines:
        return [_row(json.loads(line), file.stem) for line in lines if line.strip()]


def read_all(folder: Path = HERE) -> list[Labelled]:
    """Read the project's own messages, part by part in the order of their names."""
    return [row for file in sorted(folder.glob("*.jsonl")) for row in read(file)]


def _row(row: dict[str, object], part: str) -> Labelled:
    label = row.get("label")
    return Labelled(
        text=str(row["text"]),
        label=Category(str(label)) if label else None,
        lang=str(row.get("lang") or "unknown"),
        recruiting=bool(row.get("recruiting")),
        part=part,
    )
