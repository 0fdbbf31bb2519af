"""Reads the replies that somebody gives us to evaluate, line by line, and is strict about them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.replies.reading import LABELS, ReplyLabel
from training.given import id_of, read_lines, text_of

# Where a line does not tell when and where it was said. A Wednesday morning.
USUAL_AT = int(datetime(2026, 11, 25, 9, tzinfo=UTC).timestamp())
USUAL_ZONE = "Europe/Berlin"
_LAST = 4_102_444_800  # the year 2100: what is later, or before 1970, is a mistake


@dataclass(frozen=True, slots=True)
class Told:
    """What a line says of a promise. `due`: UTC epoch seconds, None where it only says that there is one."""

    text: str
    due: int | None


@dataclass(frozen=True, slots=True)
class Given:
    """A reply to evaluate. `id`: as it was given, else its line; None: not told.

    `knows_promise`: the line tells whether something is promised. `row`: the line itself.
    """

    id: str | int
    lang: str
    inbound: str
    reply: str
    at: int
    zone: ZoneInfo
    label: ReplyLabel | None
    automatic: bool | None
    knows_promise: bool
    promise: Told | None
    row: dict[str, Any]


def read(file: Path) -> list[Given]:
    """Read JSON lines as training/README.md tells; all but the reply may be missing.

    Raises:
        Unreadable: names the first line that is wrong.

    """
    return read_lines(file, _given, "reply")


# Whatever is wrong with a line is a ValueError, and told with its number.


def _given(row: Any, number: int) -> Given:
    if not isinstance(row, dict):
        raise ValueError('it must be an object, as in {"id": "1", "reply": "…"}')  # noqa: TRY004
    reply = text_of(row, "reply")
    if reply is None:
        raise ValueError("`reply` is missing")
    return Given(
        id=id_of(row, number),
        lang=text_of(row, "lang") or "unknown",
        inbound=text_of(row, "inbound") or "",
        reply=reply,
        at=_moment(row.get("at"), "at") if row.get("at") is not None else USUAL_AT,
        zone=_zone(text_of(row, "tz") or USUAL_ZONE),
        label=_label(text_of(row, "label")),
        automatic=_automatic(row.get("automatic")),
        knows_promise="promise" in row,
        promise=_promise(row.get("promise")),
        row=row,
    )


def _moment(value: Any, name: str) -> int:
    """Read epoch seconds or ISO 8601 with an offset, as UTC epoch seconds."""
    wrong = f"`{name}` must be UTC epoch seconds, or ISO 8601 with an offset as in 2026-11-25T10:00:00+01:00"
    moment = value
    if isinstance(value, str):
        try:
            read_as = datetime.fromisoformat(value)
            moment = int(read_as.timestamp()) if read_as.tzinfo else None
        except (ValueError, OverflowError):
            raise ValueError(wrong) from None
    if type(moment) is not int or not 0 <= moment < _LAST:
        raise ValueError(wrong)
    return moment


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        raise ValueError(f"`tz` is {name!r}; give an IANA zone as Europe/Berlin") from None


def _label(label: str | None) -> ReplyLabel | None:
    try:
        return ReplyLabel(label) if label else None
    except ValueError:
        raise ValueError(f"`label` is {label!r}; there are {', '.join(LABELS)}") from None


def _automatic(value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise ValueError("`automatic` must be true or false")


def _promise(value: Any) -> Told | None:
    """Read words, or `{"text", "due"?}`."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return Told(value, None)
    if not isinstance(value, dict):
        raise ValueError('`promise` must be null, words, or {"text": "…", "due": "…"}')  # noqa: TRY004
    due = value.get("due")
    return Told(text_of(value, "text") or "", None if due is None else _moment(due, "promise.due"))
