"""Finds signs of what a reply does: sends away, denies, acts, asks, answers, has seen, is automatic."""

from dataclasses import dataclass
from itertools import accumulate

from chalicelib.replies import signs_de, signs_en
from chalicelib.replies.legible import Legible
from chalicelib.replies.phrases import line_of, lines, pattern

NAMES = tuple(signs_de.SIGNS)
_LANGUAGES = (signs_de.SIGNS, signs_en.SIGNS)
_PATTERNS = tuple((name, pattern(signs[name])) for signs in _LANGUAGES for name in NAMES)
PATTERNS = tuple(found for _, found in _PATTERNS)
_COUNTS = [len(lines(signs[name])) for signs in _LANGUAGES for name in NAMES]
_BEFORE = tuple(accumulate(_COUNTS, initial=0))
PHRASES = sum(_COUNTS)


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign in a reply, by its place in `Legible.said`.

    `pattern` and `phrase` count the kinds, and all their phrases, through both languages.
    """

    name: str
    pattern: int
    phrase: int
    start: int
    end: int


def signs(reply: Legible) -> list[Sign]:
    """Find the signs in a reply, from left to right."""
    found = [
        Sign(name, i, _BEFORE[i] + line_of(match), match.start(), match.end())
        for i, (name, words) in enumerate(_PATTERNS)
        for match in words.finditer(reply.said)
    ]
    return sorted(found, key=lambda sign: (sign.start, sign.end))
