"""Measures how replies are read, with labels or without: `make evaluate-replies DATA=<file of JSON lines>`.

Whoever asks for OUT gets a JSON line for each reply, in the same order. What is wrong with the arguments or a
line is told in a line, with exit status 2.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.errors import ConfigurationError
from chalicelib.replies.reading import LABELS, ReplyReading, read_reply
from training import replies_given
from training.given import Unreadable
from training.replies_given import Given
from training.replies_report import Judged, Promised, told


def run(asked: argparse.Namespace) -> None:
    """Evaluate, print, write.

    Raises:
        Unreadable: a line is wrong.
        ConfigurationError: the model is damaged.
        OSError: a file cannot be read or written.

    """
    given = replies_given.read(asked.data)
    reads = [read_reply(one.reply, inbound=one.inbound, at=one.at, zone=one.zone) for one in given]
    print(figures(given, reads))
    if asked.out:
        rows = (row(one, read) for one, read in zip(given, reads, strict=True))
        lines = (json.dumps(one, ensure_ascii=False) for one in rows)
        asked.out.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def figures(given: Sequence[Given], reads: Sequence[ReplyReading]) -> str:
    """Report on what has a label or tells its promise, and count the rest."""
    both = list(zip(given, reads, strict=True))
    judged = [Judged(one.lang, one.label, read, one.automatic) for one, read in both if one.label]
    promised = [
        Promised(one.lang, one.promise is not None, one.promise.due if one.promise else None, read)
        for one, read in both
        if one.knows_promise
    ]
    chapters = [told(judged, promised)] if judged or promised else []
    unlabelled = Counter(read.label for one, read in both if not one.label)
    if unlabelled:
        counts = "\n".join(f"{label:12} {unlabelled[label]:6}" for label in LABELS)
        chapters.append(f"## without a label, read as\n\n{counts}")
    return "\n\n".join(chapters)


def row(given: Given, read: ReplyReading) -> dict[str, Any]:
    """Add to a line how it was read; a label that was given stays as `given_label`, a promise likewise."""
    kept = {
        f"given_{name}" if name in {"label", "automatic", "promise"} else name: value
        for name, value in given.row.items()
    }
    return kept | {
        "id": given.id,
        "label": str(read.label),
        "confidence": round(read.confidence, 4),
        "reason": list(read.reason),
        "automatic": read.automatic,
        "promise": read.promise and {"text": read.promise.text, "due": _shown(read.promise.due, given.zone)},
        "version": read.version,
    }


def _shown(due: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(due, zone).isoformat()


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make evaluate-replies", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path)
    return parser.parse_args(given)


def main() -> None:
    """Run the command."""
    try:
        run(arguments())
    except (Unreadable, ConfigurationError, OSError) as error:
        print(f"make evaluate-replies: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
