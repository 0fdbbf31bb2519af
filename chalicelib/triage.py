"""Decides what a message is and who owns it: classify, then look up the rule. Pure."""

from collections.abc import Callable

from chalicelib.categories import Category, Topic
from chalicelib.classifier import Classification
from chalicelib.decision import Decision, Result
from chalicelib.departments import Departments, Owner
from chalicelib.message import Message
from chalicelib.plain_text import plain
from chalicelib.policies import About, Policies
from chalicelib.review import is_in_sample

Classify = Callable[[str], Classification]

SECOND_READER = "second_reader:"
"""What `decided_by` begins with if the second reader has decided."""

GUESSES = 2


def decide(message: Message, start: int, classify: Classify, policies: Policies) -> Decision:
    """Decide once and for all; the result is stored before anything is sent.

    Unsure, incomplete and text-less messages go to the department that catches all: unsure is never unowned.
    So does the review sample of what needs no answer, and danger to people in what seems to need none.

    Args:
        message: what was said.
        start: UTC epoch seconds at which its clocks start.
        classify: reads a text that is not empty.
        policies: the rules and the clocks.

    """
    departments = policies.departments
    text = plain(message.text or "").strip()
    read = classify(text) if text else None
    unneeded = _needs_no_answer(message, read)
    for_review = unneeded and is_in_sample(message.platform, message.message_id, departments.review_share)
    owner = None if unneeded and not for_review else _owner(message, read, departments)
    return Decision(
        category=read.category if read else None,
        confidence=round(read.confidence, 4) if read else None,
        topics=read.topics if read else (),
        decided_by=read.decided_by if read else None,
        result=_result(read),
        guesses=tuple((each, round(odds, 4)) for each, odds in read.guesses[:GUESSES]) if read else (),
        because=read.because if read else (),
        language=read.language if read else None,
        department=owner.department if owner else None,
        clocks=policies.clocks(owner, _about(message, read), start) if owner else (),
        for_review=for_review,
    )


def _needs_no_answer(message: Message, read: Classification | None) -> bool:
    """Tell whether it is `other` for sure; danger to people is looked at, whatever it is taken for."""
    if read is None or not read.sure or message.needs_lookup:
        return False
    return read.category is Category.OTHER and Topic.SAFETY not in read.topics


def _owner(message: Message, read: Classification | None, departments: Departments) -> Owner:
    if read is None:
        return departments.catch_all()
    if not read.sure or message.needs_lookup or read.category is Category.OTHER:
        return departments.catch_all(read.topics)
    return departments.owner(read.category, read.topics)


def _about(message: Message, read: Classification | None) -> About:
    sure = read is not None and read.sure and not message.needs_lookup
    return About(read.category if read and sure else None, message.platform, message.kind)


def _result(read: Classification | None) -> Result:
    if read is None:
        return Result.NOT_READ
    if not read.sure:
        return Result.UNSURE
    second = read.decided_by.startswith(SECOND_READER)
    return Result.DECIDED_BY_SECOND_READER if second else Result.DECIDED
