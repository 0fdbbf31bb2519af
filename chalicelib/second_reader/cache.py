"""DynamoDB: what the second reader has said of a text, so that it is not asked, and paid, again.

Neither the text nor anything out of it is stored: only a digest of text, model and prompt (from which a text
can be guessed, but not read), and the category, the topics and the confidence. After a week it is gone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from chalicelib import table_writes
from chalicelib.second_reader import prompt
from chalicelib.second_reader.answer import Reading, checked
from chalicelib.table_reads import read_keys
from chalicelib.table_writes import Update

KEPT_FOR = 7 * 86_400  # seconds
SORT_KEY = "second-reading"


def digest(model: str, clean: str) -> str:
    """Name the cached reading of a cleaned text by a model."""
    asked = f"{model}\0{prompt.VERSION}\0{clean.casefold()}"
    return blake2b(asked.encode(errors="surrogatepass"), digest_size=16, person=b"second reading").hexdigest()


@dataclass(frozen=True, slots=True)
class Cache:
    """The cached readings of one table. All methods raise Unavailable."""

    client: Any
    table: str
    now: Callable[[], int]

    def read(self, name: str) -> Reading | None:
        """Read what was said; None if nothing was, or it is too old."""
        for item in read_keys(self.client, self.table, [{"pk": _partition(name), "sk": SORT_KEY}]):
            if item["expires_at"] > self.now():
                fields = ("category", "topics")
                return checked({n: item.get(n) for n in fields} | {"confidence": float(item["confidence"])})
        return None

    def keep(self, name: str, said: Reading) -> None:
        """Keep what was said, for a week."""
        item = {
            "category": str(said.category),
            "topics": [*map(str, said.topics)],
            "confidence": said.confidence,
            "expires_at": self.now() + KEPT_FOR,
        }
        table_writes.update(self.client, self.table, (_partition(name), SORT_KEY), Update(sets=item))


def _partition(name: str) -> str:
    return f"second-reading#{name}"
