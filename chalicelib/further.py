"""What the person who wrote a message adds to it: it joins the ticket and opens none. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherMessage:
    """One further message of a ticket; times are UTC epoch seconds.

    id: under which its ticket is found. rank: of its text. It has no text once it was deleted or erased.
    """

    id: str
    message_id: str
    text: str | None
    permalink: str | None
    category: str | None
    occurred_at: int | None
    received_at: int
    rank: int
    deleted_at: int | None = None
