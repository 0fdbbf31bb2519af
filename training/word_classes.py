"""Compiles `lexicon.txt`, what people edit, into the entries that the model carries."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from chalicelib.classifier_features import folded, readable
from chalicelib.lexicon import LONGEST_ENTRY, TOKEN

FILE = Path(__file__).with_name("lexicon.txt")
_CLASS = re.compile(r"\[(\w+)\]")


def compiled(texts: Iterable[str], file: Path = FILE) -> dict[str, Any]:
    """Give the classes and the entries, words and phrases, as `Lexicon` takes them.

    `verspät*` becomes all words of these texts that begin so: the model only looks entries up.
    """
    classes: list[str] = []
    entries: dict[str, set[int]] = {}
    vocabulary = sorted({token for text in texts for token in TOKEN.findall(folded(readable(text)))})
    for name, entry in _read(file):
        if name not in classes:
            classes.append(name)
        for tokens in _spelt(entry, vocabulary):
            entries.setdefault(tokens, set()).add(classes.index(name))
    return {"classes": classes, "words": _words(entries), "phrases": _phrases(entries)}


def _words(entries: Mapping[str, set[int]]) -> dict[str, str]:
    words: dict[str, list[str]] = {}
    for entry, of in sorted(entries.items()):
        if " " not in entry:
            words.setdefault(" ".join(map(str, sorted(of))), []).append(entry)
    return {classes: ",".join(of) for classes, of in words.items()}


def _phrases(entries: Mapping[str, set[int]]) -> dict[str, str]:
    phrases: dict[str, list[str]] = {}
    for entry, of in sorted(entries.items()):
        first, several, rest = entry.partition(" ")
        if several:
            phrases.setdefault(first, []).append(f"{'+'.join(map(str, sorted(of)))} {rest}")
    return {first: ",".join(of) for first, of in phrases.items()}


def _read(file: Path) -> Iterator[tuple[str, str]]:
    name = ""
    for line in file.read_text(encoding="utf-8").splitlines():
        if found := _CLASS.match(line):
            name = found[1]
        elif line and not line.startswith("#"):
            yield from ((name, entry) for one in line.split(",") if (entry := one.strip()))


def _spelt(entry: str, vocabulary: list[str]) -> Iterator[str]:
    tokens = TOKEN.findall(folded(readable(entry.removesuffix("*"))))
    if not tokens or len(tokens) > LONGEST_ENTRY:
        return
    yield " ".join(tokens)
    if entry.endswith("*") and len(tokens) == 1:
        yield from (word for word in vocabulary if word.startswith(tokens[0]))
