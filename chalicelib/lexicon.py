"""Counts what classes of words a text holds: judgements, requests, own cases, contact that failed, and so on.

The entries are `training/lexicon.txt`, compiled into the model.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

TOKEN = re.compile(r"\w+|[^\w\s]")
LONGEST_ENTRY = 5  # tokens
READ_TOKENS = 2000  # of a text; classes are told from its beginning as well
ENOUGH = 3  # more words of a class add nothing
STEPS = tuple(math.log1p(n) for n in range(ENOUGH + 1))


Entries = Mapping[str, tuple[int, ...]]


class Lexicon:
    """Entries (tokens joined by a blank) with the classes they belong to."""

    def __init__(self, compiled: Mapping[str, Any]) -> None:
        """Take what `training/word_classes.py` has compiled, or nothing; it is kept so that it is soon read.

        `classes`: names; those beginning with neg_ and pos_ are judgements. `words`: by the numbers of their
        classes, joined by a blank, the words, joined by a comma. `phrases`: by their first word, joined by a
        comma, the numbers of their classes, joined by a plus, and behind a blank their rest.
        """
        classes: Sequence[str] = compiled.get("classes", ())
        self._words = _words(compiled.get("words", {}))
        self._phrases: Mapping[str, str] = compiled.get("phrases", {})
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
        counts, found, phrases = [0] * self._size, self._words.get, self._phrases
        for i, token in enumerate(tokens):
            for one in found(token, ()):
                counts[one] += 1
            if token in phrases:
                for one in _beginning(phrases[token], tokens[i + 1 : i + LONGEST_ENTRY]):
                    counts[one] += 1
        return counts


def _beginning(compiled: str, following: Sequence[str]) -> Iterator[int]:
    """Give the classes of the phrases that go on like this."""
    longest, phrases = _rests(compiled)
    for end in range(1, min(longest, len(following)) + 1):
        yield from phrases.get(" ".join(following[:end]), ())


@lru_cache(maxsize=4096)
def _rests(compiled: str) -> tuple[int, Entries]:
    """Give the rests of phrases, and how many tokens the longest one has."""
    phrases: dict[str, tuple[int, ...]] = {}
    for phrase in compiled.split(","):
        classes, _, rest = phrase.partition(" ")
        phrases[rest] = tuple(map(int, classes.split("+")))
    return max(len(rest.split()) for rest in phrases), phrases


def _words(compiled: Mapping[str, str]) -> Entries:
    words: dict[str, tuple[int, ...]] = {}
    for classes, of in compiled.items():
        words.update(dict.fromkeys(of.split(","), tuple(map(int, classes.split()))))
    return words
