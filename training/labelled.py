"""Reads labelled messages: JSON lines with `text`; `label`, `lang`, `recruiting`, `topics` where known."""

import json
from dataclasses import dataclass
from pathlib import Path

from chalicelib.categories import Category, Topic

HERE = Path(__file__).parent / "messages"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and what a reader made of it; `part` names its file, and so its writer.

    `weight`: how much it counts in training. Where its `topics` are not all known, recruiting is.
    """

    text: str
    label: Category | None
    lang: str
    topics: frozenset[Topic]
    part: str
    topics_known: bool = False
    weight: float = 1.0

    def tells(self, topic: Topic) -> bool:
        """Tell whether it is known if the message has this topic."""
        return self.topics_known or topic is Topic.RECRUITING


def read(file: Path) -> list[Labelled]:
    """Read one file."""
    with file.open(encoding="utf-8") as lines:
        return [_row(json.loads(line), file.stem) for line in lines if line.strip()]


def read_all(folder: Path = HERE) -> list[Labelled]:
    """Read the project's own messages, part by part in the order of their names."""
    return [row for file in sorted(folder.glob("*.jsonl")) for row in read(file)]


def _row(row: dict[str, object], part: str) -> Labelled:
    label = row.get("label")
    topics = row.get("topics")
    said = {Topic(str(topic)) for topic in topics} if isinstance(topics, list) else set()
    return Labelled(
        text=str(row["text"]),
        label=Category(str(label)) if label else None,
        lang=str(row.get("lang") or "unknown"),
        topics=frozenset(said | ({Topic.RECRUITING} if row.get("recruiting") else set())),
        part=part,
        topics_known=topics is not None,
    )
