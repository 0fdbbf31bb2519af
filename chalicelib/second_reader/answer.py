"""Reads what Bedrock answers: a reading in exactly the shape that was asked for, or nothing at all. Pure.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html#API_runtime_Converse_ResponseSyntax
"""

from typing import Any, NamedTuple

from chalicelib.categories import Category, Topic
from chalicelib.second_reader.prompt import TOOL

_FIELDS = {"category", "topics", "confidence"}
_BESIDE_IT = {"text", "reasoningContent"}  # models think aloud; nobody reads that


class Reading(NamedTuple):
    """What the second reader says. `confidence`: 0 to 1, its own word; nobody has calibrated it."""

    category: Category
    topics: tuple[Topic, ...]
    confidence: float


class Usage(NamedTuple):
    """What a call has used, in tokens."""

    read: int
    written: int


def reading(response: Any) -> Reading | None:
    """Read an answer of `converse`; None if it is anything but one call of our tool as we asked for it."""
    if not isinstance(response, dict) or response.get("stopReason") != "tool_use":
        return None
    blocks = _at(response, "output", "message", "content")
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return None
    uses = [block["toolUse"] for block in blocks if "toolUse" in block]
    strange = any(set(block) - _BESIDE_IT - {"toolUse"} for block in blocks)
    if strange or len(uses) != 1 or _at(uses[0], "name") != TOOL:
        return None
    return checked(_at(uses[0], "input"))


def checked(said: Any) -> Reading | None:
    """Check what was said against the schema, value by value; None if it is anything else."""
    if not isinstance(said, dict) or set(said) != _FIELDS:
        return None
    category, topics, confidence = said["category"], said["topics"], said["confidence"]
    if not _is_one_of(category, Category) or type(confidence) not in {int, float}:
        return None
    if not isinstance(topics, list) or not all(_is_one_of(topic, Topic) for topic in topics):
        return None
    if len(set(topics)) < len(topics) or not 0 <= confidence <= 1:
        return None
    return Reading(Category(category), tuple(t for t in Topic if t in topics), float(confidence))


def usage(response: Any) -> Usage | None:
    """Read what a call has used, as Bedrock (not the model) counts it; None if it does not tell."""
    counts = [_at(response, "usage", name) for name in ("inputTokens", "outputTokens")]
    if not all(type(count) is int and count >= 0 for count in counts):
        return None
    return Usage(*counts)


def _is_one_of(value: Any, words: type[Category | Topic]) -> bool:
    return type(value) is str and value in words.__members__.values()


def _at(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
