"""Counts what the model of replies weighs: words, pairs of words, and 2 to 5 characters, by bucket."""

from collections import Counter
from functools import lru_cache
from itertools import pairwise

from chalicelib.classifier_features import LONGEST_WORD, bucket, words

SIZES = (2, 3, 4, 5)


def buckets(text: str) -> Counter[int]:
    """Count the features of a folded text by bucket."""
    said = words(text)
    counted = Counter(bucket(f"w{word}") for word in said)
    counted.update(bucket(f"w{one} {two}") for one, two in pairwise(said))
    for word in text.split():
        counted.update(_pieces(word[:LONGEST_WORD]))
    return counted


@lru_cache(maxsize=20_000)  # most of what people write is made of few words
def _pieces(word: str) -> tuple[int, ...]:
    padded = f" {word} "
    return tuple(bucket(padded[i : i + size]) for size in SIZES for i in range(len(padded) - size + 1))
