"""Counts what classes of words a text holds: judgements, requests, own cases, contact that failed, and so on.

The entries are `training/lexicon.txt`, compiled into the model.
"""

import math
import re
from collections.abc import Mapping, Sequence

TOKEN = re.compile(r"\w+|[^\w\s]")
LONGEST_ENTRY = 5  # tokens
READ_TOKENS = 2000  # of a text; classes are told from its beginning as well
ENOUGH = 3  # more words of a class add nothing
STEPS = tuple(math.log1p(n) for n in range(ENOUGH + 1))


class Lexicon:
    """Entries (tokens joined by a blank) with the classes they belong to."""

    def __init__(self, entries: Mapping[str, Sequence[int]], classes: Sequence[str]) -> None:
        """Take entries and the names of the classes; names beginning with neg_ and pos_ are judgements."""
        self._entries = entries
        self._starts = {entry.partition(" ")[0] for entry in entries if " " in entry}
        self._size = len(classes)
        self._groups = tuple(
            [i for i, name in enumerate(classes) if name.startswith(kind)] for kind in ("neg_", "pos_")
        )

    def signs(self, text: str) -> list[float]:
        """Weigh each class in a casefolded text (0 to ln 4), then blame and praise, and what stands alone."""
        counts = self._counts(TOKEN.findall(text)[:READ_TOKENS])
        blame, praise = (sum(counts[i] for i in group) for group in self._groups)
        return [
            *(STEPS[min(n, ENOUGH)] for n in counts),
            STEPS[min(blame, ENOUGH)],
            STEPS[min(praise, ENOUGH)],
            float(blame > 0 == praise),
            float(praise > 0 == blame),
        ]

    def _counts(self, tokens: Sequence[str]) -> list[int]:
        counts, entries = [0] * self._size, self._entries
        for i, token in enumerate(tokens):
            for one in entries.get(token, ()):
                counts[one] += 1
            if token in self._starts:
                for end in range(i + 2, min(i + LONGEST_ENTRY, len(tokens)) + 1):
                    for one in entries.get(" ".join(tokens[i:end]), ()):
                        counts[one] += 1
        return counts
