"""What our people and accounts said to a message, and what that is worth. Times are UTC epoch seconds."""

from dataclasses import dataclass
from enum import StrEnum

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
class ObservedReply:
    """What our own account said to a message, as the platform showed it; without text once it was deleted."""

    message_id: str
    in_reply_to: str | None
    author: Author
    text: str | None
    occurred_at: int | None
    received_at: int
    deleted_at: int | None = None
