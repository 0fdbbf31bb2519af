"""How replies of ours and further messages lie beside a ticket, and what was heard lies in it."""

from chalicelib.attributes import FURTHER, REPLY, Item, seconds, there
from chalicelib.further import FurtherMessage
from chalicelib.message import Author
from chalicelib.our_replies import GuardReading, Heard, Help, ObservedReply
from chalicelib.ticket import RANKS


def heard_of(item: Item) -> Heard:
    """Read back how a reply reads."""
    return Heard(
        id=item["id"],
        at=int(item["at"]),
        read_as=Help(item["read_as"]),
        overruled=Help(item["overruled"]) if "overruled" in item else None,
        promise=seconds(item, "promise"),
    )


def further_of(item: Item) -> FurtherMessage:
    """Read a further message back."""
    return FurtherMessage(
        id=item["sk"].removeprefix(FURTHER),
        message_id=item["message_id"],
        text=item.get("text"),
        permalink=item.get("permalink"),
        category=item.get("category"),
        occurred_at=seconds(item, "occurred_at"),
        received_at=int(item["received_at"]),
        rank=int(item["rank"]),
        deleted_at=seconds(item, "deleted_at"),
    )


def reply_of(item: Item) -> ObservedReply:
    """Read an observed reply back; of one that a person told us, when they did is when it was said."""
    told_at = seconds(item, "told_at")
    return ObservedReply(
        id=item["sk"].removeprefix(REPLY),
        message_id=item.get("message_id"),
        in_reply_to=item.get("in_reply_to"),
        author=Author(item.get("author_id"), item.get("author_name")),
        text=item.get("text"),
        occurred_at=seconds(item, "occurred_at") if told_at is None else told_at,
        received_at=int(item["received_at"]) if told_at is None else told_at,
        deleted_at=seconds(item, "deleted_at"),
        reading=guard_reading_of(item),
        where=item.get("where"),
        text_at=seconds(item, "text_at"),
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
    return {"reading": there(told), **words}


def guard_reading_of(item: Item) -> GuardReading | None:
    """Read back what a reply was read as, if the guard has read it."""
    read = item.get("reading")
    return read and GuardReading(
        label=Help(read["label"]),
        confidence=float(read["confidence"]),
        automatic=bool(read["automatic"]),
        because=tuple(item.get("because") or ()),
        promise_text=item.get("promise_text"),
        promise=seconds(read, "promise"),
        reader=read["reader"],
    )
