"""Takes a reply apart into sentences and clauses: who does what is told within a clause."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from chalicelib.replies.calendar_words import MONTHS
from chalicelib.replies.legible import LINE, Legible, Word
from chalicelib.replies.phrases import words

_ENDS = words(". ! ? … ; :") | {LINE}
_PARTS = words(", - ( ) und u aber denn sondern dann and but so then &")
_KNOWN_MARKS = words(", - ( ) & ' \" / „ “ ” * + % € $ £ # ^ _")
# A dot after one of these ends no sentence.
_ABBREVIATED = words("""
    ca nr std tel bzw min max inkl evtl ggf str dr mr mrs ms st approx mo di mi do fr sa hr usw etc no
    jan feb mär apr jun jul aug sep sept okt nov dez oct dec
""")
# Nor after a number before one of these.
_MONTHS = frozenset(name[:3] for name in MONTHS)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a reply, as places in `Legible.said`; `sentence` counts, `asked`: a question mark ends it."""

    start: int
    end: int
    sentence: int
    asked: bool


def clauses(reply: Legible, joined: Iterable[tuple[int, int]] = ()) -> list[Clause]:
    """Take a reply apart; what is `joined` (places in `said`) is not parted."""
    kept = bytearray(len(reply.said))
    for start, end in joined:
        kept[start:end] = b"\1" * (end - start)
    found, sentence, start, at = [], 0, 0, 0
    for word, after in zip_longest(reply.words, reply.words[1:]):
        end = at + len(word.said) + 1
        inside = bool(kept[at + 1])
        ends = not inside and _ends(word.said) and not _is_abbreviation(reply.said, at, after)
        if ends or (word.said in _PARTS and not inside):
            found.append(Clause(start, end + 1, sentence, word.said == "?"))
            start, sentence = end, sentence + ends
        at = end
    found.append(Clause(start, len(reply.said), sentence, asked=False))
    return [clause for clause in found if reply.said[clause.start : clause.end].strip(" .,!?…;:-()&¶")]


def _ends(said: str) -> bool:
    """Tell whether a sentence ends here; people end one with a picture as well."""
    picture = len(said) == 1 and not said.isalnum() and said not in _KNOWN_MARKS and said not in _PARTS
    return said in _ENDS or said.startswith("..") or picture


def _is_abbreviation(said: str, at: int, after: Word | None) -> bool:
    """Tell whether a dot belongs to the word before it: "3. Dezember", "Mi. nächster Woche"."""
    if after is None or said[at + 1] != ".":
        return False
    before = said[:at][-20:].rpartition(" ")[2]
    return before in _ABBREVIATED or (before.isdigit() and after.said[:3] in _MONTHS)
