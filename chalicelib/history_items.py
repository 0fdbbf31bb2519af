"""How history and corrections lie in a ticket's item."""

from dataclasses import asdict

from chalicelib.attributes import Item, seconds, there
from chalicelib.correction import Correction, Reading
from chalicelib.history import Happened, HistoryEntry


def history_item(entry: HistoryEntry) -> Item:
    """Write one line of history."""
    item = {"at": entry.at, "what": str(entry.what), "by": entry.by, "account_id": entry.account_id}
    item["about"] = dict(entry.about) or None
    correction = entry.correction and correction_item(entry.correction)
    return there(item | {"correction": correction})


def correction_item(correction: Correction) -> Item:
    """Write a correction without its reason, which is personal."""
    about = {"number": correction.number, "by": correction.by, "edited_at": correction.edited_at}
    return there(about) | {"was": reading_item(correction.was), "now": reading_item(correction.now)}


def reading_item(reading: Reading) -> Item:
    """Write how a ticket was read at some time."""
    return there({**asdict(reading), "topics": list(reading.topics)})


def history_entry(entry: Item) -> HistoryEntry:
    """Read a line of history back."""
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
    number, edited_at = int(item["number"]), seconds(item, "edited_at")
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
