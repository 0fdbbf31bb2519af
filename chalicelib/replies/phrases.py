"""Compiles phrases as people write them into patterns that `Legible` is searched with.

In a phrase `*` is the rest of a word and `…` is up to six words of the same sentence; brackets, `|` and `?`
mean what they mean in regular expressions. Umlauts may be written out. No pattern is without an end.
"""

import re

_REST_OF_WORD = r"\w{0,40}"
_GAP = "(?:[^ .!?¶]{1,130} ){0,6}"
_GROUP = re.compile(r"\((?!\?)")
_UMLAUTS = {"ä": "(?:ä|ae)", "ö": "(?:ö|oe)", "ü": "(?:ü|ue)"}


def pattern(phrases: str) -> re.Pattern[str]:
    """Compile phrases, one a line; what is found has its blanks outside, and `lastgroup` names its line."""
    named = [f"(?P<line{number}>{_one(line)})" for number, line in enumerate(lines(phrases))]
    return re.compile(f"(?<= )(?:{'|'.join(named)})(?= )")


def lines(phrases: str) -> list[str]:
    """Give phrases one by one."""
    return [line.strip() for line in phrases.splitlines() if line.strip()]


def line_of(found: re.Match[str]) -> int:
    """Tell which line of its phrases a pattern has found."""
    return int((found.lastgroup or "line0").removeprefix("line"))


def _one(line: str) -> str:
    line = _GROUP.sub("(?:", line.casefold())  # so that the last group is the line
    return spelled(line.replace("*", _REST_OF_WORD).replace("… ", _GAP))


def spelled(words: str) -> str:
    """Let umlauts be written out."""
    for umlaut, either in _UMLAUTS.items():
        words = words.replace(umlaut, either)
    return words


def words(text: str) -> frozenset[str]:
    """Give the words of a text, as a set."""
    return frozenset(text.split())
