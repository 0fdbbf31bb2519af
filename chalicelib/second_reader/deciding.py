"""Decides with two readers, as `triage.py` does, but no later than the first reading let expect. Pure."""

from dataclasses import dataclass, replace
from typing import Protocol

from chalicelib import triage
from chalicelib.categories import Category
from chalicelib.classifier import Classification
from chalicelib.departments import Departments
from chalicelib.message import Message
from chalicelib.second_reader.rules import plausible
from chalicelib.ticket import Decision


class Second(Protocol):
    """Reads again what the first reading doubts."""

    def read(self, text: str, first: Classification, platform: str) -> Classification: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Decide:
    """Decides about messages. second: None if there is no second reader."""

    classify: triage.Classify
    second: Second | None
    rules: Departments

    def __call__(self, message: Message, received_at: int) -> Decision:
        """Decide; the result is stored before anything is sent.

        received_at: UTC epoch seconds from which the acknowledgement time runs.
        """
        firsts: list[Classification] = []

        def read(text: str) -> Classification:
            first = self.classify(text)
            firsts.append(first)
            if self.second is None or message.needs_lookup:  # its whole text is still to come
                return first
            return self.second.read(text, first, message.platform)

        decision = triage.decide(message, received_at, read, self.rules)
        by_second = (decision.decided_by or "").startswith(triage.SECOND_READER)
        if not by_second or decision.acknowledge_by is None:
            return decision
        latest = [received_at + within for within in self._expected(firsts[0])]
        return replace(decision, acknowledge_by=min([decision.acknowledge_by, *latest]))

    def _expected(self, first: Classification) -> list[int]:
        """Tell within how many seconds each of the first reading's guesses would have to be acknowledged."""
        answered = (category for category in plausible(first) if category is not Category.OTHER)
        return [self.rules.owner(category, first.topics).acknowledge_within for category in answered]
