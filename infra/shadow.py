"""Decides about tickets anew with two models, and tells what differs. Pure: nothing is stored or sent."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chalicelib import triage
from chalicelib.categories import Category
from chalicelib.classifier import Classification
from chalicelib.message import Change, Kind, Message
from chalicelib.policies import Policies
from chalicelib.ticket import Ticket

MOST_EXAMPLES = 20
SHORT = {category: category.value[:9] for category in Category}


class Verdict(NamedTuple):
    """What a model makes of a ticket. `owner`: a department, None where nobody needs to answer."""

    category: Category
    confidence: float
    decided: bool
    owner: str | None

    def __str__(self) -> str:
        decided = "decided" if self.decided else "unsure"
        return f"{self.category} {self.confidence:.2f} {decided}, {self.owner or 'nobody'}"


@dataclass(frozen=True, slots=True)
class Replayed:
    """A ticket with a text, as the old and the new model would have it."""

    ticket: Ticket
    old: Verdict
    new: Verdict

    @property
    def differs(self) -> bool:
        """Tell whether somebody would notice."""
        return self.old._replace(confidence=0) != self.new._replace(confidence=0)


Judge = Callable[[Ticket], Verdict | None]
"""Gives a model's verdict about a ticket, None if it has no text."""


def judge(classify: triage.Classify, rules: Policies) -> Judge:
    """Make a judge of a classifier; it decides as the worker would."""

    def verdict(ticket: Ticket) -> Verdict | None:
        read: Classification | None = None

        def remembered(text: str) -> Classification:
            nonlocal read
            read = classify(text)
            return read

        decision = triage.decide(_message(ticket), ticket.received_at, remembered, rules)
        if read is None:
            return None
        return Verdict(read.category, read.confidence, read.sure, decision.department)

    return verdict


def _message(ticket: Ticket) -> Message:
    return Message(
        platform=ticket.platform,
        change=Change.CREATED,
        kind=Kind(ticket.kind),
        message_id=ticket.message_id,
        account_id=ticket.account_id,
        in_reply_to=ticket.in_reply_to,
        author=ticket.author,
        text=ticket.text,
        needs_lookup=ticket.incomplete,
    )


def replay(tickets: Iterable[Ticket], old: Judge, new: Judge) -> Iterator[Replayed]:
    """Have both judge the tickets; those without a text (erased, withdrawn, none) are left out."""
    for ticket in tickets:
        before, after = old(ticket), new(ticket)
        if before and after:
            yield Replayed(ticket, before, after)


def told(replayed: Sequence[Replayed], *, with_text: bool) -> Iterator[str]:
    """Write what would change."""
    for name, count in _changes(replayed).items():
        share = f"{count / len(replayed):7.1%}" if replayed else ""
        yield f"{name:20}{count:7}{share}"
    yield ""
    yield from _table(replayed)
    examples = [each for each in replayed if each.differs]
    if examples:
        yield from ("", f"{len(examples)} would change; the newest of them:")
    for each in examples[:MOST_EXAMPLES]:
        yield f"{each.ticket.id}  {each.old}  →  {each.new}"
        if with_text:
            yield f"    {_in_a_line(each.ticket.text or '')}"


def _in_a_line(text: str) -> str:
    """Take out line breaks, and what would steer a terminal."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _changes(replayed: Sequence[Replayed]) -> dict[str, int]:
    return {
        "another category": sum(each.old.category is not each.new.category for each in replayed),
        "another owner": sum(each.old.owner != each.new.owner for each in replayed),
        "decided → unsure": sum(each.old.decided and not each.new.decided for each in replayed),
        "unsure → decided": sum(each.new.decided and not each.old.decided for each in replayed),
    }


def _table(replayed: Sequence[Replayed]) -> Iterator[str]:
    pairs = Counter((each.old.category, each.new.category) for each in replayed)
    yield f"{'old, down; new':20}" + "".join(f"{SHORT[category]:>11}" for category in Category)
    for old in Category:
        yield f"{old:20}" + "".join(f"{pairs[old, new]:11}" for new in Category)
