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

from collections.abc import Iterable
from dataclasses import asdict
from zlib import crc32

from chalicelib.attributes import TICKET, Item, plain, seconds, there
from chalicelib.clock_items import clock_item, clock_of
from chalicelib.clocks import Pause
from chalicelib.correction import Reason
from chalicelib.decision import Decision, Result
from chalicelib.handover import Handover, Outcome
from chalicelib.history_items import history_entry, history_item
from chalicelib.message import Author
from chalicelib.reply_items import heard_of, reply_of
from chalicelib.ticket import Status, Ticket

ALARM_SHARDS = tuple(f"alarms/{number}" for number in range(4))
"""Partitions of `alarms-by-time`: as many queries has a pass that finds nothing."""


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
        "heard": [there(asdict(each)) for each in ticket.heard] or None,
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


def handover_item(handover: Handover) -> Item:
    """Write a hand-over."""
    return there({**asdict(handover), "outcome": str(handover.outcome)})


def handover_of(item: Item) -> Handover:
    """Read a hand-over back."""
    return Handover(
        number=int(item["number"]),
        giver=item.get("giver"),
        to=item.get("to"),
        by=item["by"],
        at=int(item["at"]),
        held=int(item["held"]),
        due_at=seconds(item, "due_at"),
        outcome=Outcome(item["outcome"]),
        ended_at=seconds(item, "ended_at"),
        ended_by=item.get("ended_by"),
    )


def reading_values(ticket: Ticket) -> Item:
    """Write how the present text is read, without words of it."""
    return {**_reading(ticket.decision), "proposed_department": ticket.proposed_department}


def _reading(decision: Decision) -> Item:
    guesses = [{"category": str(category), "confidence": plain(odds)} for category, odds in decision.guesses]
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
        occurred_at=seconds(item, "occurred_at"),
        received_at=int(item["received_at"]),
        decision=_decision(item, content),
        status=Status(item["status"]),
        rank=int(item["rank"]),
        text_rank=int((content if "rank" in content else item)["rank"]),
        erased=erased,
        conversation=item.get("conversation"),
        proposed_department=item.get("proposed_department"),
        accounts=frozenset(item.get("accounts", ())),
        dispatched_at=seconds(item, "dispatched_at"),
        told_rank=seconds(item, "told_rank"),
        edited_at=seconds(item, "edited_at"),
        withdrawn_at=seconds(item, "withdrawn_at"),
        told_withdrawn=bool(item.get("told_withdrawn")),
        corrections=int(item.get("corrections", 0)),
        moves=int(item.get("moves", 0)),
        pauses=tuple(Pause(*map(int, pause)) for pause in item.get("pauses", ())),
        heard=tuple(map(heard_of, item.get("heard", ()))),
        handover=handover_of(item["handover"]) if "handover" in item else None,
        untold_handovers=tuple(map(handover_of, item.get("untold_handovers", ()))),
        informed=frozenset(item.get("informed", ())),
        held_since=seconds(item, "held_since"),
        resolved_at=seconds(item, "resolved_at"),
        follow_ups=int(item.get("follow_ups", 0)),
        asked_at=seconds(item, "asked_at"),
        joined=frozenset(item.get("joined_by", ())),
        told_joined=int(item.get("told_joined", 0)),
        revision=int(item.get("revision", 0)),
        reasons=tuple(map(_reason, content.get("reasons", ()))),
        acknowledged_at=seconds(item, "acknowledged_at"),
        acknowledged_by=item.get("acknowledged_by"),
        history=tuple(history_entry(entry) for entry in item["history"]),
        observed_replies=tuple(reply_of(reply) for reply in replies),
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
