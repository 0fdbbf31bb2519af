"""The history of a ticket: what has happened to it, line by line. Times are UTC epoch seconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from chalicelib.correction import Correction

About = Mapping[str, str | int]
"""What else a line tells, by name; times are UTC epoch seconds."""

NOTHING: About = {}


class Happened(StrEnum):
    """What the history of a ticket tells."""

    OPENED = "opened"
    RECEIVED_AGAIN = "received_again"  # by another account or product
    DISPATCHED = "dispatched"
    EDITED = "edited"
    COMPLETED = "completed"  # a look-up fetched what was missing
    OWNER_GIVEN = "owner_given"  # an edit made it need an answer
    WITHDRAWN = "withdrawn"
    ACKNOWLEDGED = "acknowledged"
    RECLASSIFIED = "reclassified"  # a person read it differently, or confirmed how it was read
    REPLIED = "replied"  # one of us, here or on the platform; `about` tells how it reads
    OVERRULED = "overruled"  # a person read a reply of ours differently
    PAUSED = "paused"
    RESUMED = "resumed"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    FOLLOWED_UP = "followed_up"  # the person wrote again
    HANDOVER_OFFERED = "handover_offered"
    HANDOVER_ACCEPTED = "handover_accepted"
    HANDOVER_RETURNED = "handover_returned"
    INFORMED = "informed"  # another department may see it
    ALARMED = "alarmed"  # a level of a clock was reached


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of a ticket's history."""

    at: int
    what: Happened
    by: str | None = None
    account_id: str | None = None
    correction: Correction | None = None
    about: About = field(default_factory=dict)
