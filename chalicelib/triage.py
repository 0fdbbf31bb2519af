"""Decides what a message is and who owns it: classify, then look up the rule. Pure."""

from collections.abc import Callable

from chalicelib.categories import Category
from chalicelib.classifier import Classification
from chalicelib.departments import Departments, Owner
from chalicelib.message import Message
from chalicelib.plain_text import plain
from chalicelib.ticket import Decision

Classify = Callable[[str], Classification]


def decide(message: Message, received_at: int, classify: Classify, departments: Departments) -> Decision:
    """Decide once and for all; the result is stored before anything is sent.

    Unsure, incomplete and text-less messages go to the department that catches all: unsure is never unowned.

    Args:
        message: what was said.
        received_at: UTC epoch seconds from which the acknowledgement time runs.
        classify: reads a text that is not empty.
        departments: the rules.

    """
    text = plain(message.text or "").strip()
    read = classify(text) if text else None
    if read is None or not read.sure or message.needs_lookup:
        owner: Owner | None = departments.catch_all()
    elif read.category is Category.OTHER:
        owner = None
    else:
        owner = departments.owner(read.category, read.topics)
    return Decision(
        category=read.category if read else None,
        confidence=round(read.confidence, 4) if read else None,
        topics=read.topics if read else (),
        decided_by=read.decided_by if read else None,
        department=owner.department if owner else None,
        acknowledge_by=received_at + owner.acknowledge_within if owner else None,
    )
