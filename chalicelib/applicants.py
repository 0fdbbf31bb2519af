"""Settles whether a message is an applicant's complaint, and about recruiting at all. Pure.

Few say it in so many words, and none may be lost: what is likely enough beside a likelier category is one.
But they are rare, and without a hint of recruiting a message is none.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from chalicelib.categories import Category, Topic
from chalicelib.classifier_model import CATEGORIES, Scores

APPLICANT, PRAISE = Category.APPLICANT_COMPLAINT, Category.PRAISE


class Hearing(NamedTuple):
    """What of recruiting was heard in a message.

    `heard`: by a word or by the model. `believed`: the model finds it likely, or both agree. `hinted`: enough
    for what the model takes for a complaint. `may_complain`: it is believed, and likely enough an applicant's
    complaint, whatever else is likelier.
    """

    heard: bool
    believed: bool
    hinted: bool
    may_complain: bool


def hear(scores: Scores, head: Mapping[str, Any], *, word: bool) -> Hearing:
    """Hear by what the model says and by whether there is a word of recruiting."""
    likely = scores.topic(Topic.RECRUITING)
    believed = bool(likely >= head["recruiting_heard" if word else "recruiting_believed"])
    return Hearing(
        heard=word or bool(likely >= head["recruiting_heard"]),
        believed=believed,
        hinted=word or bool(likely >= head["applicant_heard"]),
        may_complain=believed and bool(scores.category(APPLICANT) >= head["applicant_from"]),
    )


def category(scores: Scores, hearing: Hearing) -> Category:
    """Give the likeliest category, or what this rule makes of it; praise is never overruled.

    Of praise that may be an applicant's complaint, two in three are praise: a person looks at it.
    """
    best, second = sorted(CATEGORIES, key=scores.category, reverse=True)[:2]
    if best is APPLICANT:
        return best if hearing.hinted else second
    return APPLICANT if hearing.may_complain and best is not PRAISE else best
