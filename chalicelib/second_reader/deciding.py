"""Decides with two readers, as `triage.py` does, but no later than the first reading let expect. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from chalicelib import triage
from chalicelib.categories import Category
from chalicelib.classifier import Classification
from chalicelib.clocks import Clock, sooner
from chalicelib.decision import Decision
from chalicelib.message import Message
from chalicelib.policies import About, Policies
from chalicelib.second_reader.rules import plausible


class Second(Protocol):
    """Reads again what the first reading doubts."""

    def read(self, text: str, first: Classification, platform: str) -> Classification: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Decide:
    """Decides about messages. second: None if there is no second reader."""

    classify: triage.Classify
    second: Second | None
    policies: Policies

    def __call__(self, message: Message, start: int) -> Decision:
        """Decide; the result is stored before anything is sent.

        start: UTC epoch seconds at which its clocks start.
        """
        firsts: list[Classification] = []

        def read(text: str) -> Classification:
            first = self.classify(text)
            firsts.append(first)
            if self.second is None or message.needs_lookup:  # its whole text is still to come
                return first
            return self.second.read(text, first, message.platform)

        decision = triage.decide(message, start, read, self.policies)
        by_second = (decision.decided_by or "").startswith(triage.SECOND_READER)
        if not by_second or not decision.clocks:
            return decision
        clocks = decision.clocks
        for expected in self._expected(firsts[0], message, start):
            clocks = tuple(map(sooner, clocks, expected))
        return replace(decision, clocks=clocks)

    def _expected(self, first: Classification, message: Message, start: int) -> Iterator[tuple[Clock, ...]]:
        """Give the clocks that each of the first reading's guesses would have."""
        for category in plausible(first):
            if category is not Category.OTHER:
                owner = self.policies.departments.owner(category, first.topics)
                about = About(category, message.platform, message.kind)
                yield self.policies.clocks(owner, about, start)
