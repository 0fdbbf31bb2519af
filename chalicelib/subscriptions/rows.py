"""What a check shows: one row for each thing that can fail, with what to do about it."""

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """How a thing stands."""

    OK = "ok"
    DUE = "due"  # to be renewed soon, or just being renewed
    RENEWED = "renewed"  # by this very check
    FAILING = "failing"  # it works still, but not for long
    MISSING = "missing"  # it does not work
    UNKNOWN = "unknown"  # we cannot see it
    OFF = "off"  # the platform is not used


ALARMING = frozenset({State.FAILING, State.MISSING})

DELIVERIES, HANDSHAKE, SUBSCRIPTION, TOKEN = "deliveries", "handshake", "subscription", "access token"


class Row(NamedTuple):
    """One thing of one account, or of a whole platform. Times are UTC epoch seconds.

    what: deliveries, handshake, subscription or access token.
    since: when it last was as it should be. until: how long it will be.
    why: what we saw; remedy: what somebody should do; both empty if there is nothing to tell.
    lost_since: deliveries may have been lost since then.
    """

    platform: str
    account: str | None
    what: str
    state: State
    since: int | None = None
    until: int | None = None
    why: str = ""
    remedy: str = ""
    lost_since: int | None = None

    @property
    def is_alarming(self) -> bool:
        """Tell whether somebody should be told at once."""
        return self.state in ALARMING

    @property
    def is_silence(self) -> bool:
        """Tell whether the platform does not speak to us any more."""
        return self.is_alarming and self.what in {DELIVERIES, HANDSHAKE}
