"""Measures a reply: what the model weighs besides words and pieces of words. Training uses the same code."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from chalicelib.replies.legible import HANDLE, LINE, LINK, MAIL, PHONE, Legible
from chalicelib.replies.phrases import pattern
from chalicelib.replies.signs import NAMES, PATTERNS, PHRASES, Sign

_ENOUGH = 4  # more signs of a kind add nothing
_STEPS = tuple(math.log1p(n) for n in range(_ENOUGH + 1))
_SHORT, _LONG = 8, 40  # words
_ONE_PHRASE = 0.8  # how much one phrase counts beside its kind

COUNTED = {
    "i": pattern("(i|i'm|i'll|i've|me|my|ich|mir|mich|mein|meine|meinen|meiner|ik|i'd)"),
    "we": pattern("(we|we're|we'll|we've|us|our|wir|uns|unser|unsere|unserem|unseren|unserer)"),
    "they": pattern(
        "(they|they'll|them|their|he|she|the team|team|kollege|kollegin|kollegen|kolleginnen|frau|herr)"
    ),
    "money": pattern("([£$€] \\d{1,6}|\\d{1,6}(,\\d\\d)? (€|euro|eur|chf|quid|pence|cent))"),
    "clock": pattern("(\\d{1,2}[:.]\\d\\d|\\d{1,2} (uhr|am|pm))"),
    "number": pattern("\\d{1,6}"),
    "day": pattern(
        "(today|tomorrow|tonight|heute|heut|morgen|übermorgen|monday|tuesday|wednesday|thursday|friday|saturday"
        "|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)"
    ),
    "not": pattern("(not|no|n't|never|nicht|kein|keine|keinen|nie|\\w{1,8}n't)"),
    "please": pattern("(please|bitte|kindly|pls)"),
    "sie": pattern("(ihnen|ihre|ihrem|ihren|ihr|sie)"),
    "you": pattern("(you|your|yours|du|dir|dich|dein|deine|euch|eure)"),
}
_MASKS = (LINK, MAIL, PHONE, HANDLE, LINE, "?", "!", "^", ",", "...")
_LETTERS = re.compile(r"[^\W\d_]{4,64}")


def measures(reply: Legible, inbound: Legible, found: Sequence[Sign], *, promised: bool) -> list[float]:
    """Give the measures of a reply, always as many, each about 0 to 2."""
    return [
        *_of_signs(found),
        *(_damped(sum(1 for _ in words.finditer(reply.said))) for words in COUNTED.values()),
        *_of_marks(reply),
        *_of_length(reply),
        float(promised),
        float(bool(reply.words) and reply.words[-1].said == "?"),
        _shared(reply, inbound),
        *_order(reply, found),
    ]


def _damped(count: int) -> float:
    return _STEPS[min(count, _ENOUGH)]


def _of_signs(found: Sequence[Sign]) -> list[float]:
    by_pattern, by_name = Counter(sign.pattern for sign in found), Counter(sign.name for sign in found)
    by_phrase = Counter(sign.phrase for sign in found)
    return [
        *(_damped(by_pattern[i]) for i in range(len(PATTERNS))),
        *(_damped(by_name[name]) for name in NAMES),
        *(_ONE_PHRASE * _damped(min(by_phrase[i], 2)) for i in range(PHRASES)),
    ]


def _of_marks(reply: Legible) -> list[float]:
    said = Counter(word.said for word in reply.words)
    return [_damped(said[mark]) for mark in _MASKS]


def _of_length(reply: Legible) -> list[float]:
    count = len(reply.words)
    return [math.log1p(min(count, 400)) / 3, float(count <= _SHORT), float(count > _LONG)]


def _shared(reply: Legible, inbound: Legible) -> float:
    """How much of what was asked is spoken of."""
    asked, said = set(_LETTERS.findall(inbound.said)), set(_LETTERS.findall(reply.said))
    return len(asked & said) / math.sqrt(len(asked) + 1)


def _order(reply: Legible, found: Sequence[Sign]) -> list[float]:
    """Count the signs at the end of a reply: it tells what happens next."""
    last = [sign.name for sign in found if sign.start > len(reply.said) * 2 // 3]
    return [_damped(last.count(name)) for name in NAMES]
