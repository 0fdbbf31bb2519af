"""What becomes of a delivery: each of its events as JSON, with what is decided. Pure.

The words are those of `tests/fixtures/expected`; the decision's come on top.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from chalicelib import explanations
from chalicelib.decision import Decision
from chalicelib.errors import ZustaendigError
from chalicelib.message import Change, Ignored, Message
from chalicelib.platforms.base import Platform
from chalicelib.platforms.tame import Json
from infra.errors import Unreadable

Event = dict[str, Any]
Decide = Callable[[Message], Decision]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a delivery of `size` events became.

    events: those that are messages, in body order, each with its decision.
    ignored: how many are rightly no messages.
    failed: why the others cannot be read; the worker would quarantine each of them alone.
    """

    size: int
    events: list[Event]
    ignored: int
    failed: list[str]


def of(platform: Platform, body: bytes, decide: Decide, ours: Collection[str] = ()) -> Outcome:
    """Read a delivery as the worker does.

    Args:
        platform: whose delivery it is.
        body: the delivery, byte for byte.
        decide: what to make of a message.
        ours: ids of authors that are ourselves.

    Raises:
        Unreadable: it cannot be taken apart; the worker would quarantine it as a whole.

    """
    payloads = _payloads(platform, body)
    events: list[Event] = []
    ignored, failed = 0, []
    for place, payload in enumerate(payloads, 1):
        try:
            found = platform.read(payload)
            if isinstance(found, Ignored):
                ignored += 1
            else:
                events.append(_decided(_knowing(found, ours), decide))
        except Exception as error:  # noqa: BLE001  (whatever it is, the worker lives on as well)
            failed.append(f"event {place}: {_told(error)}")
    return Outcome(len(payloads), events, ignored, failed)


def event(message: Message) -> Event:
    """Write a message; of a deletion only what is known for sure."""
    said = _bare(message) if message.change is Change.DELETED else message
    return {
        "change": said.change,
        "kind": said.kind,
        "from_us": said.from_us,
        "account_id": said.account_id,
        "message_id": said.message_id,
        "in_reply_to": said.in_reply_to,
        "author_id": said.author.id,
        "author_name": said.author.name,
        "text": said.text,
        "needs_lookup": said.needs_lookup,
        "occurred_at": moment(said.occurred_at),
    }


def moment(seconds: int | None) -> str | None:
    """Write UTC epoch seconds as RFC 3339."""
    return None if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _payloads(platform: Platform, body: bytes) -> list[Json]:
    try:
        return list(platform.split(platform.parse(body)))
    except Exception as error:  # as above
        raise Unreadable(_told(error)) from error


def _told(error: Exception) -> str:
    """Tell an error in one line, though it may quote what somebody sent."""
    words = " ".join(_reason(error).split())
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in words)


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        return f"it is not JSON ({error})"
    return str(error) if isinstance(error, ZustaendigError) else f"{type(error).__name__}: {error}"


def _knowing(message: Message, ours: Collection[str]) -> Message:
    return replace(message, from_us=True) if message.author.id in ours else message


def _bare(message: Message) -> Message:
    return Message(
        platform=message.platform,
        change=message.change,
        kind=message.kind,
        account_id=message.account_id,
        message_id=message.message_id,
    )


def _decided(message: Message, decide: Decide) -> Event:
    """Add what is decided: nothing about our own messages and about deletions."""
    nothing = message.from_us or message.change is Change.DELETED
    decision = None if nothing else decide(message)
    return event(message) | {
        "category": decision.category if decision else None,
        "confidence": decision.confidence if decision else None,
        "result": decision.result if decision else None,
        "guesses": _guesses(decision) if decision else None,
        "topics": list(decision.topics) if decision else None,
        "language": decision.language if decision else None,
        "decided_by": decision.decided_by if decision else None,
        "because": list(decision.because) if decision else None,
        "department": decision.department if decision else None,
        "acknowledge_by": moment(decision.acknowledge_by) if decision else None,
        "for_review": decision.for_review if decision else None,
        "explanation": _explanation(decision, message) if decision else None,
    }


def _guesses(decision: Decision) -> list[dict[str, object]]:
    return [{"category": each, "probability": odds} for each, odds in decision.guesses]


def _explanation(decision: Decision, message: Message) -> dict[str, str]:
    return explanations.explain(decision, {}, incomplete=message.needs_lookup)
