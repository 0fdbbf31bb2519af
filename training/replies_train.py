"""Makes the model of replies anew from our own labelled replies: `make train-replies`.

It learns from `replies/de.jsonl` and `en.jsonl` and prints how it reads, fold by fold, what it has not seen.
`replies/held_out.jsonl` is not opened here.
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
from training.replies_split import DEVELOPMENT

VERSION = "replies:2026-11"
FOLDS = 10
_AT, _ZONE = 1_800_000_000, ZoneInfo("Europe/Berlin")


def development() -> list[dict[str, Any]]:
    """Read what may be learned from."""
    return [json.loads(line) for file in DEVELOPMENT for line in file.read_text("utf-8").splitlines()]


def read_by_others(
    rows: Sequence[dict[str, Any]], seen: replies_fit.Features, strength: float = replies_fit.STRENGTH
) -> list[ReplyReading]:
    """Read each reply by a model that has not seen it."""
    read: dict[int, ReplyReading] = {}
    for fold in range(FOLDS):
        others = [i for i in range(len(rows)) if i % FOLDS != fold]
        part = replies_fit.Features(seen.counted[others], seen.measured[others])
        model = ReplyModel(replies_fit.fit([rows[i] for i in others], part, VERSION, strength))
        for i in range(fold, len(rows), FOLDS):
            asked, said = rows[i]["inbound"], rows[i]["reply"]
            read[i] = read_reply(said, inbound=asked, at=_AT, zone=_ZONE, model=model)
    return [read[i] for i in range(len(rows))]


def main() -> None:
    """Train, judge on what was not seen, print, write."""
    arguments = argparse.ArgumentParser(prog="make train-replies", description=__doc__)
    arguments.add_argument("--out", type=Path, default=FILE)
    out = arguments.parse_args().out
    rows = development()
    with threadpool_limits(limits=1):  # more threads add up in another order, and the bytes would differ
        seen = replies_fit.features(rows)
        judged = [
            replies_report.Judged(row["lang"], ReplyLabel(row["label"]), reading, bool(row["automatic"]))
            for row, reading in zip(rows, read_by_others(rows, seen), strict=True)
        ]
        model = replies_fit.fit(rows, seen, VERSION)
    print(replies_report.told(judged))
    out.write_bytes(model)
    print(f"\n{out}: {len(model):,} bytes, sha256 {hashlib.sha256(model).hexdigest()}")


if __name__ == "__main__":
    main()
