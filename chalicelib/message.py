"""What somebody said to the company, in the words every platform is read into."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

from chalicelib.errors import PayloadError

CREATED_VERSION, EDITED_VERSION = 0, 1
"""The version of a text as it was created, and that of an edit that has neither counter nor time."""

LONGEST_NAME = 2048
"""Characters of an id, a name or a link: no platform comes near, and what we tell of it fits into SQS."""


class Kind(StrEnum):
    """Where the message was said."""

    COMMENT = "comment"  # top level, under a post of ours
    REPLY = "reply"  # to a comment, or to a post of ours on X
    MENTION = "mention"  # elsewhere, about us
    POST = "post"  # on our page, or matched by a stream rule
    DIRECT_MESSAGE = "direct_message"
    REVIEW = "review"


class Change(StrEnum):
    """What happened to the message."""

    CREATED = "created"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote it: platform-native id and display name, null where the platform withholds them."""

    id: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a delivery. What the delivery does not carry is None, never invented.

    `occurred_at` is the message's own time in UTC epoch seconds, of an edit that of the edit. `from_us`: our
    own account wrote it. `needs_lookup`: the platform withholds text or author, so a look-up must fetch them.
    `version` orders the texts of one message: 0 as it was created; an edit has more, its counter or its time
    in epoch milliseconds, or 1 where the platform tells neither: then the one received last counts.
    `conversation`: in a direct conversation, the id of the person, whoever of the two wrote.

    Raises:
        PayloadError: a text holds half a surrogate pair, which neither SQS nor DynamoDB can carry; or an id,
            a name or a link is longer than any platform has it.

    """

    platform: str
    change: Change
    kind: Kind
    message_id: str
    account_id: str | None = None
    from_us: bool = False
    in_reply_to: str | None = None
    author: Author = Author()
    text: str | None = None
    permalink: str | None = None
    needs_lookup: bool = False
    occurred_at: int | None = None
    version: int = CREATED_VERSION
    conversation: str | None = None

    def __post_init__(self) -> None:
        if not self.message_id:
            raise PayloadError("the message has no id")
        for name, value in self._texts():
            if not _encodable(value):
                raise PayloadError(f"{name} holds half a surrogate pair")
            if name != "text" and len(value) > LONGEST_NAME:
                raise PayloadError(f"{name} has {len(value)} characters, more than {LONGEST_NAME}")

    def _texts(self) -> Iterator[tuple[str, str]]:
        yield from ((f"author {one.name}", getattr(self.author, one.name) or "") for one in fields(Author))
        for one in fields(self):
            value = getattr(self, one.name)
            if isinstance(value, str):
                yield one.name, value


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class Ignored(StrEnum):
    """Why an event of a delivery is not a message; each is counted."""

    OWN_PUBLICATION = "own_publication"  # our own post: nobody asks us anything
    OWN_MESSAGE = "own_message"  # our own comment or answer
    NOT_A_MESSAGE = "not_a_message"  # likes, receipts, hiding, typing …
    NEW_VIDEO = "new_video"  # our own; its comments are asked for
    UNREADABLE = "unreadable"  # encrypted: nobody but the app can read it
    DASHBOARD_TEST = "dashboard_test"  # the platform's own "Test" button
    UNKNOWN_EVENT = "unknown_event"  # newer than we are
