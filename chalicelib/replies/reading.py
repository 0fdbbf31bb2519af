"""Reads a company's reply: whether it helps, is a mere receipt, or sends the person elsewhere.

Signs that can be shown, and a linear model trained on our own replies. Why, and how good it is:
docs/decisions/0021-reply-reading.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from chalicelib.replies.clauses import clauses
from chalicelib.replies.legible import Legible
from chalicelib.replies.measures import measures
from chalicelib.replies.promises import Promise, find_promise
from chalicelib.replies.reply_model import ReplyModel, shipped
from chalicelib.replies.signs import Sign, signs
from chalicelib.replies.times import WorkingDay, monday_to_friday

REASONS = 4  # that are told
_LONGEST_REASON = 60  # characters of `Legible.said`
_MOST_CLAUSES = 60  # that are weighed
_BARE_WORD = 3  # blanks around and in a clause of one word and a mark; it says little by itself
_MARKS = " ,;:"


class ReplyLabel(StrEnum):
    """What a reply is to the person who gets it."""

    BRUSH_OFF = "brush_off"  # they have to start again somewhere else, or nobody takes it on
    RECEIPT = "receipt"  # nothing happens yet, but somebody holds it
    SUBSTANTIVE = "substantive"  # it moves


LABELS = tuple(ReplyLabel)
# Signs whose words are shown, those that say most first.
_SPEAKS_FOR = {
    ReplyLabel.BRUSH_OFF: ("sent_away", "denied", "corporate"),
    ReplyLabel.RECEIPT: ("automatic", "seen"),
    ReplyLabel.SUBSTANTIVE: ("acts", "done", "own_matter", "asks"),
}


@dataclass(frozen=True, slots=True)
class ReplyReading:
    """What a reply was read as.

    `confidence`: probability of `label`, 0 to 1. `reason`: words that speak for it, as they stand there.
    `automatic`: a machine said it, so it is a receipt and stops no clock. `version`: of the model.
    """

    label: ReplyLabel
    confidence: float
    reason: tuple[str, ...]
    automatic: bool
    promise: Promise | None
    version: str


def read_reply(  # noqa: PLR0913  (the contract, and who hands in a calendar or a model)
    reply: str,
    *,
    inbound: str = "",
    at: int,
    zone: ZoneInfo,
    working_day: WorkingDay = monday_to_friday,
    model: ReplyModel | None = None,
) -> ReplyReading:
    """Read a reply to `inbound` that was given `at` (UTC epoch seconds); only its first 10,000 characters.

    `zone`: where "tomorrow" is told. `working_day`: which days count where working days are promised.
    """
    model = model or shipped()
    text, asked = Legible(reply), Legible(inbound)
    promise = find_promise(text, at=at, zone=zone, working_day=working_day)
    found = signs(text)
    weighed = model.weigh(text.said, measures(text, asked, found, promised=promise is not None))
    likely = {
        ReplyLabel.BRUSH_OFF: weighed.brush_off,
        ReplyLabel.RECEIPT: weighed.receipt + weighed.automatic,
        ReplyLabel.SUBSTANTIVE: weighed.substantive,
    }
    best = max(LABELS, key=likely.__getitem__)
    automatic = best is ReplyLabel.RECEIPT and weighed.automatic > weighed.receipt
    reason = _reason(text, found, best) or _clause(text, model, best, automatic=automatic)
    return ReplyReading(best, likely[best], reason, automatic, promise, model.version)


def _reason(text: Legible, found: Sequence[Sign], label: ReplyLabel) -> tuple[str, ...]:
    """Name the words that speak for a label; signs that say more go first."""
    kinds = _SPEAKS_FOR[label]
    telling = sorted(
        (sign for sign in found if sign.name in kinds and sign.end - sign.start <= _LONGEST_REASON),
        key=lambda sign: (kinds.index(sign.name) > 1, -(sign.end - sign.start)),
    )
    kept: list[Sign] = []
    for sign in telling:
        if len(kept) < REASONS and all(sign.end <= one.start or one.end <= sign.start for one in kept):
            kept.append(sign)
    kept.sort(key=lambda sign: sign.start)
    return tuple(dict.fromkeys(text.as_written(sign.start, sign.end).strip(_MARKS) for sign in kept))


def _clause(text: Legible, model: ReplyModel, label: ReplyLabel, *, automatic: bool) -> tuple[str, ...]:
    """Name the clause that speaks most for a label, where no sign does."""
    output = len(LABELS) if automatic else LABELS.index(label)
    parts = clauses(text)[:_MOST_CLAUSES]
    parts = [part for part in parts if text.said.count(" ", part.start, part.end) > _BARE_WORD] or parts
    if not parts:
        return ()
    best = max(parts, key=lambda part: model.speaks(text.said[part.start : part.end], output))
    return (text.as_written(best.start, best.end).strip(_MARKS),)
