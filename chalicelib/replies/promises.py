"""Hears until when somebody promises to do something: "wir melden uns bis Freitag", "by close of business".

A phrase of time is a promise where its clause says that we, or somebody of ours, will act. It is none where
it tells when we are open, until when something else lasts, what the reader is asked for, or what is past.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from chalicelib.replies import promise_words as words
from chalicelib.replies.clauses import Clause, clauses
from chalicelib.replies.legible import Legible
from chalicelib.replies.times import Now, Phrase, WorkingDay, monday_to_friday, phrases

_BARE = 4  # words with the phrase: so few say nothing of who acts


@dataclass(frozen=True, slots=True)
class Promise:
    """`text`: the words of time as they stand in the reply. `due`: last second of them, UTC epoch seconds."""

    text: str
    due: int


def find_promise(
    reply: Legible, *, at: int, zone: ZoneInfo, working_day: WorkingDay = monday_to_friday
) -> Promise | None:
    """Find the promise of a reply that was said `at` (UTC epoch seconds); of several, that of an answer.

    `working_day` tells which days count where working days are promised.
    """
    try:
        now = Now(at, zone, working_day)
        found = phrases(reply, now)
    except (OverflowError, ValueError, OSError):  # a time that no calendar holds
        return None
    parts = clauses(reply, [(phrase.start, phrase.end) for phrase in found])
    promised = [one for one in found if not one.begins and _is_promised(reply.said, one, parts)]
    if not promised:
        return None
    best = min(promised, key=lambda one: not _tells_answer(reply.said, one, parts))
    return Promise(reply.as_written(best.start, best.end), best.due)


def _clause(phrase: Phrase, parts: list[Clause]) -> int:
    return next(i for i, part in enumerate(parts) if phrase.start < part.end)


def _is_promised(said: str, phrase: Phrase, parts: list[Clause]) -> bool:
    at = _clause(phrase, parts)
    clause = parts[at]
    if clause.asked:
        return False
    beside = [*said[clause.start : phrase.start].split(), "~", *said[phrase.end : clause.end].split()]
    around = f" {' '.join(beside)} "
    if _is_none(around, phrase.bound) or words.IS_WEEKLY.search(said, phrase.start - 1, phrase.end + 1):
        return False
    if words.WE_ACT.search(around):
        return True
    if len(beside) > _BARE:
        return False
    return any(_acts_in(said, part) for part in _beside(parts, at))


def _beside(parts: list[Clause], at: int) -> list[Clause]:
    near = parts[max(0, at - 1) : at] + parts[at + 1 : at + 2]
    return [part for part in near if part.sentence == parts[at].sentence]


def _acts_in(said: str, clause: Clause) -> bool:
    part = said[clause.start : clause.end]
    return bool(words.WE_ACT.search(part)) and not _is_none(part, bound=False)


def _is_none(around: str, bound: bool) -> bool:  # noqa: FBT001
    """Tell whether a time, at `~`, is something else than a promise; `bound`: it is one ("by", "within")."""
    first = len(around) - len(around.lstrip(" ,.-()"))
    past = words.IS_OVER if bound or words.WILL.search(around) else words.IS_PAST
    return bool(
        words.IS_ELSE.search(around)
        or past.search(around)
        or words.IS_OVER.search(around)
        or words.IS_ASKED.match(around, first)
    )


def _tells_answer(said: str, phrase: Phrase, parts: list[Clause]) -> bool:
    clause = parts[_clause(phrase, parts)]
    return bool(words.WE_ANSWER.search(said[clause.start : clause.end]))
