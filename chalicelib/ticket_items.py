"""How a ticket lies in the table.

Items share the ticket's id as `pk`: `ticket` (decision, state, history), `content` (text, author, permalink,
words for which the text was read so: what is personal), so that the personal one can expire or be erased
alone, and `reply#<id>` for each observed reply. Sparse attributes:

awaiting      department id, only while a clock runs; with `due_at`, index `awaiting-by-deadline`
alarms        one of a few shards, only while an alarm is to come; with `alarm_at`, index `alarms-by-time`
offered_to    department id, only while it is offered to that; with `offered_at`, index `offered-by-time`
listed_under  department and status; index `listed-by-arrival`

What is no ticket may stand in the place of one: a message of our own, which `answers` what has this id, or a
message that was deleted before we knew it (`deleted_at`).

None is not stored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any
from zlib import crc32

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from chalicelib.clocks import Alarm, Clock, ClockName, Pause
from chalicelib.correction import Correction, Reading, Reason
from chalicelib.decision import Decision, Result
from chalicelib.further import FurtherMessage
from chalicelib.handover import Handover, Outcome
from chalicelib.history import Happened, HistoryEntry
from chalicelib.message import Author
from chalicelib.our_replies import GuardReading, Heard, Help, ObservedReply
from chalicelib.ticket import RANKS, Status, Ticket

type_serializer = TypeSerializer()
type_deserializer = TypeDeserializer()

Item = dict[str, Any]
"""Attribute values in Python types."""

TICKET, CONTENT, REPLY, FURTHER = "ticket", "content", "reply#", "further#"

ALARM_SHARDS = tuple(f"alarms/{number}" for number in range(4))
"""Partitions of `alarms-by-time`: as many queries has a pass that finds nothing."""


def dumped(values: Mapping[str, Any]) -> dict[str, Any]:
    """Write attribute values as DynamoDB wants them, None left out."""
    return {name: type_serializer.serialize(_plain(v)) for name, v in values.items() if v is not None}


def loaded(item: Mapping[str, Any]) -> Item:
    """Read attribute values as DynamoDB gives them."""
    return {name: type_deserializer.deserialize(value) for name, value in item.items()}


def _plain(value: Any) -> Any:
    return Decimal(str(round(value, 4))) if isinstance(value, float) else value


def listed_under(department: str | None, status: Status) -> str:
    """Name the partition of `listed-by-arrival` for tickets of a department in a status."""
    return f"{department}/{status}" if department else str(status)


def ticket_item(ticket: Ticket) -> Item:
    """Write the item of a new ticket, without personal content."""
    decision = ticket.decision
    return {
        "pk": ticket.id,
        "sk": TICKET,
        "platform": ticket.platform,
        "message_id": ticket.message_id,
        "kind": str(ticket.kind),
        "account_id": ticket.account_id,
        "in_reply_to": ticket.in_reply_to,
        "incomplete": ticket.incomplete,
        "backfilled": ticket.backfilled or None,
        "occurred_at": ticket.occurred_at,
        "received_at": ticket.received_at,
        **_reading(decision),
        **state_values(ticket),
        "for_review": decision.for_review or None,
        "rank": ticket.rank,
        "edited_at": ticket.edited_at,
        "conversation": ticket.conversation,
        "withdrawn_at": ticket.withdrawn_at,
        "told_withdrawn": ticket.told_withdrawn or None,
        "accounts": set(ticket.accounts) or None,
        "history": [history_item(entry) for entry in ticket.history],
    }


def state_values(ticket: Ticket) -> Item:
    """Write what people and clocks change: whose it is, where it stands, and what is due when.

    None where there is nothing: what was there before is to be removed.
    """
    decision, running = ticket.decision, ticket.due_at is not None
    return {
        "department": decision.department,
        "status": str(ticket.status),
        "listed_under": listed_under(decision.department, ticket.status),
        "clocks": [clock_item(clock) for clock in decision.clocks] or None,
        "awaiting": decision.department if running else None,
        "due_at": ticket.due_at,
        "alarms": alarm_shard(ticket.id) if ticket.alarm_at is not None else None,
        "alarm_at": ticket.alarm_at,
        "pauses": [list(filter(None, (pause.start, pause.until))) for pause in ticket.pauses] or None,
        "heard": [_told(asdict(each)) for each in ticket.heard] or None,
        "handover": handover_item(ticket.handover) if ticket.handover else None,
        "offered_to": ticket.handover.to if ticket.handover else None,
        "offered_at": ticket.handover.at if ticket.handover else None,
        "untold_handovers": [handover_item(each) for each in ticket.untold_handovers] or None,
        "informed": set(ticket.informed) or None,
        "held_since": ticket.held_since,
        "moves": ticket.moves or None,
        "follow_ups": ticket.follow_ups or None,
        "asked_at": ticket.asked_at,
        "joined_by": set(ticket.joined) or None,
        "resolved_at": ticket.resolved_at,
        "acknowledged_at": ticket.acknowledged_at,
        "acknowledged_by": ticket.acknowledged_by,
    }


def alarm_shard(ticket_id: str) -> str:
    """Name the partition of `alarms-by-time` for a ticket."""
    return ALARM_SHARDS[crc32(ticket_id.encode()) % len(ALARM_SHARDS)]


def clock_item(clock: Clock) -> Item:
    """Write a clock."""
    alarms = [_told(asdict(alarm)) for alarm in clock.alarms]
    return _told({**asdict(clock), "name": str(clock.name), "alarms": alarms})


def clock_of(item: Item) -> Clock:
    """Read a clock back."""
    return Clock(
        name=ClockName(item["name"]),
        started_at=int(item["started_at"]),
        seconds=int(item["seconds"]),
        due_at=int(item["due_at"]),
        calendar=item["calendar"],
        calendar_version=item["calendar_version"],
        policy=item["policy"],
        no_later_than=_seconds(item, "no_later_than"),
        stopped_at=_seconds(item, "stopped_at"),
        alarms=tuple(map(alarm_of, item["alarms"])),
    )


def alarm_of(item: Item) -> Alarm:
    """Read an alarm back."""
    return Alarm(
        level=item["level"],
        at=int(item["at"]),
        told_at=_seconds(item, "told_at"),
        claimed_at=_seconds(item, "claimed_at"),
        claimed_until=_seconds(item, "claimed_until"),
        passed_at=_seconds(item, "passed_at"),
    )


def heard_of(item: Item) -> Heard:
    """Read back how a reply reads."""
    return Heard(
        id=item["id"],
        at=int(item["at"]),
        read_as=Help(item["read_as"]),
        overruled=Help(item["overruled"]) if "overruled" in item else None,
        promise=_seconds(item, "promise"),
    )


def handover_item(handover: Handover) -> Item:
    """Write a hand-over."""
    return _told({**asdict(handover), "outcome": str(handover.outcome)})


def handover_of(item: Item) -> Handover:
    """Read a hand-over back."""
    return Handover(
        number=int(item["number"]),
        giver=item.get("giver"),
        to=item.get("to"),
        by=item["by"],
        at=int(item["at"]),
        held=int(item["held"]),
        due_at=_seconds(item, "due_at"),
        outcome=Outcome(item["outcome"]),
        ended_at=_seconds(item, "ended_at"),
        ended_by=item.get("ended_by"),
    )


def history_item(entry: HistoryEntry) -> Item:
    """Write one line of history."""
    item = {"at": entry.at, "what": str(entry.what), "by": entry.by, "account_id": entry.account_id}
    item["about"] = dict(entry.about) or None
    correction = entry.correction and correction_item(entry.correction)
    return _told(item | {"correction": correction})


def correction_item(correction: Correction) -> Item:
    """Write a correction without its reason, which is personal."""
    about = {"number": correction.number, "by": correction.by, "edited_at": correction.edited_at}
    return _told(about) | {"was": reading_item(correction.was), "now": reading_item(correction.now)}


def reading_item(reading: Reading) -> Item:
    """Write how a ticket was read at some time."""
    return _told({**asdict(reading), "topics": list(reading.topics)})


def _told(item: Item) -> Item:
    return {name: _plain(value) for name, value in item.items() if value is not None}


def reading_values(ticket: Ticket) -> Item:
    """Write how the present text is read, without words of it."""
    return {**_reading(ticket.decision), "proposed_department": ticket.proposed_department}


def _reading(decision: Decision) -> Item:
    guesses = [{"category": str(category), "confidence": _plain(odds)} for category, odds in decision.guesses]
    return {
        "category": decision.category and str(decision.category),
        "confidence": decision.confidence,
        "topics": [str(topic) for topic in decision.topics],
        "decided_by": decision.decided_by,
        "result": decision.result and str(decision.result),
        "guesses": guesses or None,
        "language": decision.language,
    }


def content_values(ticket: Ticket) -> Item:
    """Write what is personal, without the key."""
    return {
        "text": ticket.text,
        "because": because_value(ticket.decision),
        "author_id": ticket.author.id,
        "author_name": ticket.author.name,
        "permalink": ticket.permalink,
    }


def because_value(decision: Decision) -> list[str] | None:
    """Write the words of the text for which it was read so."""
    return list(decision.because) or None


def ticket_of(item: Item, content: Item, replies: Iterable[Item] = ()) -> Ticket:
    """Read a ticket back from its items; `content` is empty once it has expired or was erased."""
    withdrawn = item["status"] == Status.WITHDRAWN
    erased = not content and not withdrawn
    content = {} if withdrawn else content  # a twin may have written it again
    return Ticket(
        id=item["pk"],
        platform=item["platform"],
        message_id=item["message_id"],
        kind=item["kind"],
        account_id=item.get("account_id"),
        in_reply_to=item.get("in_reply_to"),
        author=Author(content.get("author_id"), content.get("author_name")),
        text=content.get("text"),
        permalink=content.get("permalink"),
        incomplete=item["incomplete"],
        backfilled=bool(item.get("backfilled")),
        occurred_at=_seconds(item, "occurred_at"),
        received_at=int(item["received_at"]),
        decision=_decision(item, content),
        status=Status(item["status"]),
        rank=int(item["rank"]),
        text_rank=int((content if "rank" in content else item)["rank"]),
        erased=erased,
        conversation=item.get("conversation"),
        proposed_department=item.get("proposed_department"),
        accounts=frozenset(item.get("accounts", ())),
        dispatched_at=_seconds(item, "dispatched_at"),
        told_rank=_seconds(item, "told_rank"),
        edited_at=_seconds(item, "edited_at"),
        withdrawn_at=_seconds(item, "withdrawn_at"),
        told_withdrawn=bool(item.get("told_withdrawn")),
        corrections=int(item.get("corrections", 0)),
        moves=int(item.get("moves", 0)),
        pauses=tuple(Pause(*map(int, pause)) for pause in item.get("pauses", ())),
        heard=tuple(map(heard_of, item.get("heard", ()))),
        handover=handover_of(item["handover"]) if "handover" in item else None,
        untold_handovers=tuple(map(handover_of, item.get("untold_handovers", ()))),
        informed=frozenset(item.get("informed", ())),
        held_since=_seconds(item, "held_since"),
        resolved_at=_seconds(item, "resolved_at"),
        follow_ups=int(item.get("follow_ups", 0)),
        asked_at=_seconds(item, "asked_at"),
        joined=frozenset(item.get("joined_by", ())),
        told_joined=int(item.get("told_joined", 0)),
        revision=int(item.get("revision", 0)),
        reasons=tuple(map(_reason, content.get("reasons", ()))),
        acknowledged_at=_seconds(item, "acknowledged_at"),
        acknowledged_by=item.get("acknowledged_by"),
        history=tuple(_history_entry(entry) for entry in item["history"]),
        observed_replies=tuple(reply_of(reply) for reply in replies),
    )


def further_of(item: Item) -> FurtherMessage:
    """Read a further message back."""
    return FurtherMessage(
        id=item["sk"].removeprefix(FURTHER),
        message_id=item["message_id"],
        text=item.get("text"),
        permalink=item.get("permalink"),
        category=item.get("category"),
        occurred_at=_seconds(item, "occurred_at"),
        received_at=int(item["received_at"]),
        rank=int(item["rank"]),
        deleted_at=_seconds(item, "deleted_at"),
    )


def reply_of(item: Item) -> ObservedReply:
    """Read an observed reply back; of one that a person told us, when they did is when it was said."""
    told_at = _seconds(item, "told_at")
    return ObservedReply(
        id=item["sk"].removeprefix(REPLY),
        message_id=item.get("message_id"),
        in_reply_to=item.get("in_reply_to"),
        author=Author(item.get("author_id"), item.get("author_name")),
        text=item.get("text"),
        occurred_at=_seconds(item, "occurred_at") if told_at is None else told_at,
        received_at=int(item["received_at"]) if told_at is None else told_at,
        deleted_at=_seconds(item, "deleted_at"),
        reading=guard_reading_of(item),
        where=item.get("where"),
        text_at=_seconds(item, "text_at"),
        seen_at=int(item["rank"]) % RANKS if "rank" in item else None,
        read_for=item.get("read_for"),
        rank=int(item.get("rank", 0)),
        beside=item["pk"],
    )


def guard_values(reading: GuardReading) -> Item:
    """Write what a reply was read as; its words have attributes of their own, to be erased alone."""
    told = {"label": str(reading.label), "confidence": reading.confidence, "reader": reading.reader}
    told |= {"automatic": reading.automatic, "promise": reading.promise}
    words = {"because": list(reading.because) or None, "promise_text": reading.promise_text}
    return {"reading": _told(told), **words}


def guard_reading_of(item: Item) -> GuardReading | None:
    """Read back what a reply was read as, if the guard has read it."""
    read = item.get("reading")
    return read and GuardReading(
        label=Help(read["label"]),
        confidence=float(read["confidence"]),
        automatic=bool(read["automatic"]),
        because=tuple(item.get("because") or ()),
        promise_text=item.get("promise_text"),
        promise=_seconds(read, "promise"),
        reader=read["reader"],
    )


def _decision(item: Item, content: Item) -> Decision:
    return Decision(
        category=item.get("category"),
        confidence=float(item["confidence"]) if "confidence" in item else None,
        topics=tuple(item["topics"]),
        decided_by=item.get("decided_by"),
        result=Result(item["result"]) if "result" in item else None,
        guesses=tuple((each["category"], float(each["confidence"])) for each in item.get("guesses", ())),
        because=tuple(content.get("because", ())),
        language=item.get("language"),
        department=item.get("department"),
        clocks=tuple(map(clock_of, item.get("clocks", ()))),
        for_review=bool(item.get("for_review")),
    )


def _reason(item: Item) -> Reason:
    return Reason(int(item["number"]), item["by"], item["text"], bool(item.get("of_change")))


def _history_entry(entry: Item) -> HistoryEntry:
    made = entry.get("correction")
    correction = _correction(made) if made else None
    what = Happened(entry["what"])
    return HistoryEntry(
        int(entry["at"]), what, entry.get("by"), entry.get("account_id"), correction, _about(entry)
    )


def _about(entry: Item) -> Item:
    return {k: v if isinstance(v, str) else int(v) for k, v in entry.get("about", {}).items()}


def _correction(item: Item) -> Correction:
    was, now = reading_of(item["was"]), reading_of(item["now"])
    number, edited_at = int(item["number"]), _seconds(item, "edited_at")
    return Correction(number=number, by=item["by"], was=was, now=now, edited_at=edited_at)


def reading_of(item: Item) -> Reading:
    """Read back how a ticket was read at some time."""
    return Reading(
        category=item.get("category"),
        topics=tuple(item["topics"]),
        department=item.get("department"),
        decided_by=item.get("decided_by"),
        confidence=float(item["confidence"]) if "confidence" in item else None,
    )


def _seconds(item: Item, name: str) -> int | None:
    return int(item[name]) if name in item else None
