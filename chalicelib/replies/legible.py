"""Lays a reply out for reading: disguises off, casefolded, one blank between words and marks.

Rules look at that; what they find is shown as it stands in the reply, so each word knows where it came from.
No word is longer than `LONGEST_WORD`, and no pattern is without an end: so reading takes linear time.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from chalicelib.classifier_features import INVISIBLE, READ_AT_MOST, SPACED, WHOLE_WORD, in_latin

LONGEST_WORD = 64  # characters; what is longer is no word
LINK, MAIL, PHONE, HANDLE, LINE = "<link>", "<mail>", "<phone>", "<handle>", "¶"

_TOKEN = re.compile(
    r"""
    (?P<link><url>|(?:https?://|www\.)\S{1,500}
      |\b[\w-]{2,40}(?:\.[\w-]{1,40}){0,3}\.(?:de|at|ch|com|org|net|info|eu|uk|io|app|example)\b(?:/\S{0,200})?)
  | (?P<mail>\b[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64})
  | (?P<handle>(?<!\w)@\w{1,64})
  | (?P<date>\b(?:\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)
      |\d{1,2}\.\s?\d{1,2}\.(?:\s?(?:20)?\d\d\b)?)(?!\d))
  | (?P<phone>(?<![\w+])(?:\+\d{1,3}|0)\d?[\d /()-]{5,20}\d(?!\d))
  | (?P<number>\d{1,4}(?:[.:/-]\d{1,4}){1,3}|\d{1,6})
  | (?P<short>\b(?:[^\W\d_]\.){2,4})
  | (?P<line>\n\s{0,200})
  | (?P<word>[^\W\d_]\w{0,63}(?:'\w{1,10})?)
  | (?P<mark>\.{2,9}|[^\s])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_STANDS_FOR = {"link": LINK, "mail": MAIL, "phone": PHONE, "handle": HANDLE, "line": LINE}
_AS_TYPED = str.maketrans("’`´‐‑‒–—−", "'''------")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a mark of a reply, casefolded, and from where to where it stands there."""

    said: str
    start: int
    end: int


class Legible:
    """A reply as rules read it. `said`: its words and marks, a blank before, between and after them."""

    def __init__(self, reply: str) -> None:
        self._reply = reply[:READ_AT_MOST]
        self.words = tuple(_words(*_undisguised(self._reply)))
        self.said = " " + "".join(word.said + " " for word in self.words)

    @cached_property
    def _starts(self) -> list[int]:
        """Where in `said` each word starts."""
        starts, at = [], 1
        for word in self.words:
            starts.append(at)
            at += len(word.said) + 1
        return starts

    def index(self, at: int) -> int:
        """Tell which word stands at a place of `said`; a blank belongs to the word before it."""
        return max(0, bisect_right(self._starts, at) - 1)

    def as_written(self, start: int, end: int) -> str:
        """Give what stands in the reply for a part of `said`."""
        blank = self.said[start:end]
        start += len(blank) - len(blank.lstrip())
        end -= len(blank) - len(blank.rstrip())
        if start >= end:
            return ""
        return self._reply[self.words[self.index(start)].start : self.words[self.index(end - 1)].end]


def _undisguised(reply: str) -> tuple[str, list[int]]:
    """Give the text without disguises, and for each of its characters where it stands in the reply."""
    plain, places = [], []
    for start, end in _clusters(reply):
        shown = INVISIBLE.sub("", unicodedata.normalize("NFKC", reply[start:end]))
        plain.append(shown)
        places += [start] * len(shown)
    text = WHOLE_WORD.sub(in_latin, "".join(plain)).translate(_AS_TYPED)
    return _closed_up(text[:READ_AT_MOST], [*places[:READ_AT_MOST], len(reply)])


def _clusters(reply: str) -> list[tuple[int, int]]:
    """Keep each character together with the marks on it."""
    starts = [i for i, one in enumerate(reply) if not i or not unicodedata.combining(one)]
    return list(zip(starts, [*starts[1:], len(reply)], strict=True)) if starts else []


def _closed_up(text: str, places: list[int]) -> tuple[str, list[int]]:
    """Make words of spaced letters."""
    kept, at = [], 0
    for spaced in SPACED.finditer(text):
        kept += [*range(at, spaced.start()), *range(spaced.start(), spaced.end(), 2)]
        at = spaced.end()
    kept += range(at, len(text))
    return "".join(text[i] for i in kept), [*(places[i] for i in kept), places[len(text)]]


def _words(plain: str, places: list[int]) -> list[Word]:
    return [
        Word(_said(token), places[token.start()], places[token.end()]) for token in _TOKEN.finditer(plain)
    ]


def _said(token: re.Match[str]) -> str:
    if mask := _STANDS_FOR.get(token.lastgroup or ""):
        return mask
    said = token[0].casefold()
    return said.replace(".", "") if token["short"] else said.replace(" ", "")
