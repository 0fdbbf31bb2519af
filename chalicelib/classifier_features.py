"""Turns a message into the numbered features the classifier weighs; training uses the same code.

All of it works on a copy for the classifier: the ticket keeps the text as it was written.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from zlib import crc32

READ_AT_MOST = 10_000  # characters; a Facebook comment holds 8,000, so only what is pasted in is longer
BUCKETS = 1 << 18
LONGEST_WORD = 64  # characters; what is longer is no word and would only cost time

# Zero-width and direction characters (they split words unseen), and the marks that NFKC leaves stacked.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u0300-\u036f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_LINK = re.compile(r"<url>|https?://\S+|www\.\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\w)@[\w.\-]*\w")
_MASKS = re.compile(r"<>|@")
_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_RUN = re.compile(r"\w+|[^\w\s]+")
_LETTER = re.compile(r"[^\W\d_]")

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
# Letters of other scripts that look like Latin ones; only exchanged in words that hold Latin letters as well.
_LOOK_ALIKE = str.maketrans(
    "аеорсухіјѕһԁвкмнтгзьАЕОРСУХІЈЅВКМНТΑΒΕΖΗΙΚΜΝΟΡΤΥΧαορυνικτ",
    "aeopcyxijshdbkmhtr3bAEOPCYXIJSBKMHTABEZHIKMNOPTYXaopuvikt",
)
_FOREIGN = re.compile("[\u0370-\u04ff]")
_LATIN = re.compile("[A-Za-z]")
WHOLE_WORD = re.compile(r"\w+")
# "s c h l e c h t", "s.c.h.l.e.c.h.t": at least four single letters with the same mark between them.
SPACED = re.compile(r"(?<![^\W_])[^\W\d_](?:([ .*_·-])[^\W\d_])(?:\1[^\W\d_]){2,}(?![^\W_])")


def readable(text: str) -> str:
    """Take disguises off, and mask links and handles: they tell the source, not the meaning.

    NFKC; invisible characters go; look-alike letters become Latin; spaced letters become words.
    """
    plain = INVISIBLE.sub("", unicodedata.normalize("NFKC", text[:READ_AT_MOST])[:READ_AT_MOST])
    plain = _HANDLE.sub("@", _LINK.sub("<>", plain))
    if _FOREIGN.search(plain):
        plain = WHOLE_WORD.sub(in_latin, plain)
    return SPACED.sub(lambda word: word[0].replace(word[1], ""), plain).strip()


def in_latin(word: re.Match[str]) -> str:
    """Exchange look-alike letters in a word that holds Latin ones as well."""
    mixed = _LATIN.search(word[0]) and _FOREIGN.search(word[0])
    return word[0].translate(_LOOK_ALIKE) if mixed else word[0]


def is_read_whole(text: str) -> bool:
    """Tell whether a text is short enough to be read to its end."""
    return len(text) <= READ_AT_MOST and len(unicodedata.normalize("NFKC", text)) <= READ_AT_MOST


def units(text: str) -> list[str]:
    """Take a folded text apart into what is weighed at once: words, runs of marks, and pairs."""
    return _RUN.findall(text) + [f"{one} {two}" for one, two in pairwise(words(text))]


def buckets(unit: str) -> set[int]:
    """Tell where the weights of a unit are: those of a pair, or of words and 3 to 5 characters."""
    if " " in unit:
        return {bucket(f"w{unit}")}
    return {*(bucket(f"w{word}") for word in words(unit)), *map(bucket, pieces(unit))}


def bucket(feature: str) -> int:
    """Tell where the weights of a feature are."""
    return crc32(feature.encode("utf-8", "surrogatepass")) % BUCKETS


def signs(plain: str) -> tuple[bool, ...]:
    """Nine things seen at a glance, each with a weight of its own."""
    text = folded(plain).strip()
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
    return bool(_LETTER.search(folded(plain)))


def is_bare_tag(plain: str) -> bool:
    """Tell whether a readable text only calls somebody's handle, and shows nothing (no link, no picture)."""
    return "@" in plain and not plain.replace("@", "").strip()


def may_await_us(plain: str) -> bool:
    """Tell whether a readable text asks something, or hands somebody particulars (a time, a number)."""
    return "?" in plain or (plain.startswith(("@", ".@")) and bool(_DIGIT.search(plain)))


def folded(plain: str) -> str:
    """Casefold a readable text; masks go, and every digit is alike."""
    return _DIGIT.sub("0", _MASKS.sub(" ", plain).casefold())


def words(text: str) -> list[str]:
    """Take a folded text apart into words and marks."""
    return [word[:LONGEST_WORD] for word in _TOKEN.findall(text)]


def pieces(unit: str) -> Iterator[str]:
    """Give pieces of 3 to 5 characters; a blank marks the ends."""
    padded = f" {unit[:LONGEST_WORD]} "
    return (padded[i : i + size] for size in (3, 4, 5) for i in range(len(padded) - size + 1))
