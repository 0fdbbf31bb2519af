"""Turns a message into the numbered features the classifier weighs; training uses the same code.

All of it works on a copy for the classifier: the ticket keeps the text as it was written.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from zlib import crc32

READ_AT_MOST = 10_000  # characters; a Facebook comment holds 8,000, so only what is pasted in is longer
BUCKETS = 1 << 18
_LONGEST_WORD = 64  # characters; what is longer is no word and would only cost time

# Zero-width and direction characters (they split words unseen), and the marks that NFKC leaves stacked.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u0300-\u036f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_LINK = re.compile(r"<url>|https?://\S+|www\.\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\w)@[\w.\-]*\w")
_MASKS = re.compile(r"<>|@")
_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_LAST_LATIN = "\u024f"

_OPENER = re.compile(
    r"""(?:^|[.,:!?])\s*(?:wie|was|wann|wo|woher|wohin|warum|wieso|weshalb|wer|welche[rs]?|kann|koennt|können|könnt|gibt
    |gilt|habt|haben|ist|sind|darf|muss|müsst|how|what|when|where|why|who|which|can|could|is|are|do|does|did|will|any
    |has|have)\b""",
    re.VERBOSE,
)
_OF_THE_WRITER = re.compile(
    r"\b(?:ich|mi(?:r|ch)|meine?[mnr]?|wir|uns|unsere?|i|i[mv]e?|my|me|mine|we|ours?|us)\b",
)
_TO_THE_READER = re.compile(r"\b(?:ihr|euch|eue?re?[mnr]?|ihre[mn]?|ihnen|you|yours?|youre|ur?)\b")
_THANKS = re.compile(r"\b(?:danke?|merci|lob|thanks?|thx|cheers)\b")
# So common that a sentence of either language hardly does without one of them.
_SMALL_WORD = re.compile(
    r"""\b(?:der|die|das|de[mns]|eine?[mnrs]?|ist|sind|war|hat|haben?|hab|nicht|keine?[mnr]?|und|oder|aber|auch|noch|nur
    |schon|mal|mit|vo[mn]|zu[mr]?|auf|aus|beim?|für|[ai]m|wie|wer|wo|wann|sich|sehr|wieder|dann|jetzt|immer|nach|vor
    |über|unter|um|bis|seit|ohne|durch|denn|weil|dass|doch|gar|mehr|viel|heute|ich|mi(?:r|ch)|wir|uns|ihr|euch|danke
    |the|and|or|but|of|to|for|with|from|at|by|is|are|were|been|have|had|not|th(?:is|at|ese|en|an|ey|ere)|its?|if|how
    |what|when|where|who|just|all|she|never|again|after|before|more|very|still|only|you|your|out|up|i|my|we|thanks)\b""",
    re.VERBOSE,
)


def readable(text: str) -> str:
    """NFKC, invisible characters gone, links and handles masked: they tell the source, not the meaning."""
    plain = unicodedata.normalize("NFKC", text[:READ_AT_MOST])[:READ_AT_MOST]
    return _HANDLE.sub("@", _LINK.sub("<>", _INVISIBLE.sub("", plain))).strip()


def is_read_whole(text: str) -> bool:
    """Tell whether a text is short enough to be read to its end."""
    return len(text) <= READ_AT_MOST and len(unicodedata.normalize("NFKC", text)) <= READ_AT_MOST


def buckets(plain: str) -> Counter[int]:
    """Count the features of a readable text by bucket: words, pairs of words, and 2 to 5 characters."""
    return Counter(crc32(feature.encode(errors="surrogatepass")) % BUCKETS for feature in _features(plain))


def signs(plain: str) -> tuple[bool, ...]:
    """Nine things seen at a glance, each with a weight of its own."""
    text = _folded(plain).strip()
    of_writer, to_reader = bool(_OF_THE_WRITER.search(text)), bool(_TO_THE_READER.search(text))
    return (
        "?" in text,
        text.endswith("?"),
        "?" in text and bool(_OPENER.search(text)),
        of_writer,
        to_reader,
        not (of_writer or to_reader),
        bool(_THANKS.search(text)),
        "<>" in plain,
        plain.startswith(("@", ".@")),
    )


def has_words(plain: str) -> bool:
    """Tell whether there is more to read than emoji, numbers and punctuation."""
    return bool(_LETTER.search(_folded(plain)))


def is_bare_tag(plain: str) -> bool:
    """Tell whether a readable text only calls somebody's handle, and shows nothing (no link, no picture)."""
    return "@" in plain and not plain.replace("@", "").strip()


def may_await_us(plain: str) -> bool:
    """Tell whether a readable text asks something, or hands somebody particulars (a time, a number)."""
    return "?" in plain or (plain.startswith(("@", ".@")) and bool(_DIGIT.search(plain)))


def is_our_language(plain: str) -> bool:
    """Tell whether it may be German or English; fewer than six words cannot tell and count as ours."""
    text = _folded(plain)
    letters = _LETTER.findall(text)
    if 2 * sum(letter <= _LAST_LATIN for letter in letters) < len(letters):
        return False
    return len(_WORD.findall(text)) < 6 or bool(_SMALL_WORD.search(text))  # noqa: PLR2004  (see the docstring)


def _folded(plain: str) -> str:
    return _DIGIT.sub("0", _MASKS.sub(" ", plain).casefold())


def _features(plain: str) -> Iterator[str]:
    said = [word[:_LONGEST_WORD] for word in _TOKEN.findall(_folded(plain))]
    yield from ("w" + word for word in said)
    yield from (f"w{one} {two}" for one, two in pairwise(said))
    for word in _folded(plain).split():
        padded = f" {word[:_LONGEST_WORD]} "
        for size in (2, 3, 4, 5):
            yield from (padded[i : i + size] for i in range(len(padded) - size + 1))
