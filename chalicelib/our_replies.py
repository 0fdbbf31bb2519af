"""What our people and accounts said to a message, and what that is worth. Times are UTC epoch seconds."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from chalicelib.message import Author


class Help(StrEnum):
    """What the replies of a ticket's people are worth to who wrote; see decision 21."""

    NONE = "none"
    BRUSH_OFF = "brush_off"
    RECEIPT = "receipt"
    SUBSTANTIVE = "substantive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """How a reply of a person of ours reads, and when it counts.

    id: of the reply. at: when it was said, but not before the message, nor after we saw it.
    read_as: by the guard. overruled: what a person says that it is.
    promise: by when it promises something.
    """

    id: str
    at: int
    read_as: Help
    overruled: Help | None = None
    promise: int | None = None

    @property
    def help(self) -> Help:
        """What counts: a person's reading before the guard's."""
        return self.overruled or self.read_as


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardReading:
    """What the brush-off guard read a reply as.

    confidence: from 0 to 1. automatic: a machine said it, so that it stops nothing. because: words that speak
    for it; they and `promise_text` are as personal as the reply. promise: by when it promises something.
    reader: the version of the guard's model.
    """

    label: Help
    confidence: float
    automatic: bool
    because: tuple[str, ...] = ()
    promise_text: str | None = None
    promise: int | None = None
    reader: str

    def without_words(self) -> Self:
        """Give it without words of the reply, for when those may not be kept."""
        return replace(self, because=(), promise_text=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedReply:
    """What was said to a message in our name: by our account, as the platform showed it, or as we are told.

    It has no text once it was deleted. id: as in `Heard`. message_id: None where a person tells us.
    reading: None if the guard has not read it. where: where a person says that they said it.
    text_at, seen_at: when its text, which an edit may have replaced, was said and when we saw it.
    read_for: the ticket for whose message it was read, if for any. rank: of its text.
    beside: under which id it lies; under two, if it was seen before what it answers had joined a ticket.
    """

    id: str
    message_id: str | None
    in_reply_to: str | None
    author: Author
    text: str | None
    occurred_at: int | None
    received_at: int
    deleted_at: int | None = None
    reading: GuardReading | None = None
    where: str | None = None
    text_at: int | None = None
    seen_at: int | None = None
    read_for: str | None = None
    rank: int = 0
    beside: str | None = None

    def without_words(self) -> Self:
        """Give it without what may not be kept."""
        return replace(self, text=None, reading=self.reading and self.reading.without_words())
