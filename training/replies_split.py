"""Parts our labelled replies: two thirds to learn from, and a third that nothing is chosen on.

The third is drawn by a hash of the reply's words, so that neither a new line nor another order moves a pair.
`python -m training.replies_split <files of JSON lines>` writes `replies/de.jsonl`, `replies/en.jsonl` and
`replies/held_out.jsonl`.
"""

import hashlib
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "replies"
HELD_OUT = HERE / "held_out.jsonl"
DEVELOPMENT = (HERE / "de.jsonl", HERE / "en.jsonl")
_WORD = re.compile(r"\w+")


def is_held_out(reply: str) -> bool:
    """Tell whether a reply is in the third that is held out; case and punctuation make no difference."""
    said = " ".join(_WORD.findall(reply.casefold()))
    return hashlib.sha256(said.encode()).digest()[0] % 3 == 0


def split(rows: Iterable[dict[str, Any]]) -> dict[Path, list[dict[str, Any]]]:
    """Put each row where it belongs."""
    parts: dict[Path, list[dict[str, Any]]] = {file: [] for file in (*DEVELOPMENT, HELD_OUT)}
    for row in rows:
        parts[HELD_OUT if is_held_out(row["reply"]) else HERE / f"{row['lang']}.jsonl"].append(row)
    return parts


def main() -> None:
    """Run the command; it prints numbers, and nothing of what is held out."""
    given = [Path(name) for name in sys.argv[1:]]
    rows = [json.loads(line) for file in given for line in file.read_text("utf-8").splitlines() if line]
    for file, several in split(rows).items():
        lines = (json.dumps(row, ensure_ascii=False) for row in several)
        file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        print(f"{file.name}: {len(several)}")


if __name__ == "__main__":
    main()
