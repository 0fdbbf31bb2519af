"""Makes the model of replies anew from our own labelled replies: `make train-replies`.

It learns from `replies/de.jsonl`, `en.jsonl` and `short.jsonl`, and prints how it reads, fold by fold, what
it has not seen of the first two. `replies/held_out.jsonl` is not opened here.
"""

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from threadpoolctl import threadpool_limits

from chalicelib.replies.reading import ReplyLabel, ReplyReading, read_reply
from chalicelib.replies.reply_model import FILE, ReplyModel
from training import replies_fit, replies_report
from training.replies_split import DEVELOPMENT, HERE

VERSION = "replies:2026-11"
FOLDS = 10
SHORT = HERE / "short.jsonl"  # replies without what was asked
_AT, _ZONE = 1_800_000_000, ZoneInfo("Europe/Berlin")


def rows_of(*files: Path) -> list[dict[str, Any]]:
    """Read labelled replies."""
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def read_by_others(
    rows: Sequence[dict[str, Any]], seen: replies_fit.Features, judged: int
) -> list[ReplyReading]:
    """Read the first rows, so many as are judged, each by a model that has not seen it."""
    read: dict[int, ReplyReading] = {}
    for fold in range(FOLDS):
        others = [i for i in range(len(rows)) if i >= judged or i % FOLDS != fold]
        part = replies_fit.Features(seen.counted[others], seen.measured[others])
        model = ReplyModel(replies_fit.fit([rows[i] for i in others], part, VERSION))
        for i in range(fold, judged, FOLDS):
            asked, said = rows[i]["inbound"], rows[i]["reply"]
            read[i] = read_reply(said, inbound=asked, at=_AT, zone=_ZONE, model=model)
    return [read[i] for i in range(judged)]


def main() -> None:
    """Train, judge on what was not seen, print, write."""
    arguments = argparse.ArgumentParser(prog="make train-replies", description=__doc__)
    arguments.add_argument("--out", type=Path, default=FILE)
    out = arguments.parse_args().out
    judging = rows_of(*DEVELOPMENT)
    rows = judging + rows_of(SHORT)
    with threadpool_limits(limits=1):  # more threads add up in another order, and the bytes would differ
        seen = replies_fit.features(rows)
        judged = [
            replies_report.Judged(row["lang"], ReplyLabel(row["label"]), reading, bool(row["automatic"]))
            for row, reading in zip(judging, read_by_others(rows, seen, len(judging)), strict=True)
        ]
        model = replies_fit.fit(rows, seen, VERSION)
    print(replies_report.told(judged))
    out.write_bytes(model)
    print(f"\n{out}: {len(model):,} bytes, sha256 {hashlib.sha256(model).hexdigest()}")


if __name__ == "__main__":
    main()
