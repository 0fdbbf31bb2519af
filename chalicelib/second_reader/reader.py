"""Asks the second reader, within budget and time; whatever goes wrong, the first reading stands, unsure."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from chalicelib.categories import Category, Topic
from chalicelib.classifier import Classification
from chalicelib.errors import told
from chalicelib.observability import Count, logger
from chalicelib.second_reader import answer, prompt, rules
from chalicelib.second_reader.answer import Reading, Usage
from chalicelib.second_reader.budget import Budget
from chalicelib.second_reader.cache import Cache, digest
from chalicelib.second_reader.pace import Pace

ADDED = 1000
"""Tokens that Bedrock may add to make our tool known to the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReader:
    """Asks about what is not sure. It raises nothing.

    converse: calls Bedrock. model: id of a model or inference profile.
    off_for: platforms of which it gets nothing to read.
    is_off: tells whether messages of this category and these topics are none of its business.
    is_limited: tells whether a platform limits how long we may keep what was said; then nothing is cached.
    marker: makes a word that nobody can guess, another one each time.
    """

    converse: Callable[..., Any]
    model: str
    budget: Budget
    cache: Cache
    pace: Pace
    off_for: Collection[str]
    is_off: Callable[[Category, tuple[Topic, ...]], bool]
    is_limited: Callable[[str], bool]
    marker: Callable[[], str]
    count: Count

    def read(self, text: str, first: Classification, platform: str) -> Classification:
        """Give the better of two readings: `first`, unless that is unsure and the second one may decide."""
        clean = prompt.cleaned(text)
        if first.sure or not prompt.fits(clean) or self._is_switched_off(first, platform):
            return first
        try:
            said, how = self._said(clean, keep=not self.is_limited(platform))
        except Exception as error:  # noqa: BLE001  (nothing that a stranger wrote may stop the worker here)
            logger().warning("the second reader has failed: %s", told(error))
            said, how = None, "failed"
        read = rules.combined(first, said, self.model) if said else first
        if read.sure and self.is_off(read.category, read.topics):
            read = first
        self.count("SecondReadings", platform=platform, how=how, decided=str(read.sure).lower())
        return read

    def _is_switched_off(self, first: Classification, platform: str) -> bool:
        return platform in self.off_for or any(
            self.is_off(category, first.topics) for category in rules.plausible(first)
        )

    def _said(self, clean: str, *, keep: bool) -> tuple[Reading | None, str]:
        """Say what was said, and how we came by it."""
        name = digest(self.model, clean)
        if keep and (known := self.cache.read(name)):
            return known, "cached"
        if not self.pace.allows():
            return None, "no_time"
        asked = prompt.question(self.model, clean, self.marker())
        reserved = self.budget.reserve(_most(asked))
        if reserved is None:
            return None, "budget_spent"
        with self.pace.waiting():
            response = self.converse(**asked)
        if used := answer.usage(response):
            self.budget.settle(reserved, used)
        said = answer.reading(response)
        if said and keep:
            self.cache.keep(name, said)
        return said, "asked" if said else "nonsense"


def _most(asked: dict[str, Any]) -> Usage:
    """Tell the most that a question can use: no token is shorter than a byte."""
    return Usage(len(json.dumps(asked, ensure_ascii=False).encode()) + ADDED, prompt.LONGEST_ANSWER)
