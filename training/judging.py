"""Reads messages as the worker would, and tells who would own them. Nothing is stored or sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib import triage
from chalicelib.categories import Category
from chalicelib.classifier import Classification
from chalicelib.message import Change, Kind, Message
from chalicelib.policies import Policies
from training.given import Given

NO_PLATFORM = NOT_TOLD = "unknown"
NOTHING_TO_READ = Classification(Category.OTHER, 0.0, (), "nothing to read", sure=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message. `department`: its owner, None where nobody needs to answer."""

    given: Given
    read: Classification
    department: str | None

    @property
    def label(self) -> Category | None:
        """What a reader made of it."""
        return self.given.label

    @property
    def lang(self) -> str:
        """Its language as it was given, else as the classifier takes it."""
        return self.read.language if self.given.lang in {None, "", NOT_TOLD} else str(self.given.lang)


def judge(messages: Sequence[Given], classify: triage.Classify, rules: Policies) -> Iterator[Outcome]:
    """Decide about each message, in their order."""
    for given in messages:
        read = NOTHING_TO_READ

        def remembered(text: str) -> Classification:
            nonlocal read
            read = classify(text)
            return read

        department = triage.decide(_message(given), 0, remembered, rules).department
        yield Outcome(given, read, department)


def _message(given: Given) -> Message:
    return Message(
        platform=given.platform or NO_PLATFORM,
        change=Change.CREATED,
        kind=Kind.MENTION,
        message_id=str(given.id),
        text=given.text,
    )


def row(outcome: Outcome) -> dict[str, Any]:
    """Write an outcome as a line of OUT."""
    read = outcome.read
    return {
        "id": outcome.given.id,
        "category": read.category,
        "probability": round(read.confidence, 4),
        "decision": "decided" if read.sure else "unsure",
        "topics": list(read.topics),
        "department": outcome.department,
        "language": read.language,
    }
