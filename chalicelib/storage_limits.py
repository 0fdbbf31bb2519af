"""How long we may keep what people wrote. Pure; times are UTC epoch seconds, durations seconds.

Some platforms limit that (`Platform.limits`), from when we received it. For us it is over a margin earlier:
then nothing is shown, filled in or sent any more, and `erasure.py` has the time to take it from the table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.platforms.base import UNLIMITED, Limits, Platform

HOUR = 60 * 60
MARGIN = HOUR // 2

LONGEST_STAY = 11 * HOUR
"""How long SQS keeps what is sent to the brief intake, its dead-letter queue included.

Nobody can shorten it for a single envelope, so that none is sent which might lie there beyond its limit.
"""

ANYTHING = "unknown"
"""What lies in intake and is no envelope may be of any platform: the shortest of all limits holds for it."""


class Kept(StrEnum):
    """What is kept, each with a limit of its own."""

    DELIVERY = "delivery"  # whole: the first of its limits counts
    PROFILE = "profile"  # who wrote it
    TEXT = "text"


def expiring(platform: str, what: Kept) -> str:
    """Name the partition of `listed-by-arrival` in which items wait for their erasure."""
    return f"expiring-{what}/{platform}"


@dataclass(frozen=True, slots=True)
class StorageLimits:
    """The limits of all platforms, and the clock."""

    by_platform: Mapping[str, Limits]
    now: Callable[[], int]

    def until(self, platform: str, what: Kept, received_at: int) -> int | None:
        """Tell from when on it is over; None: never."""
        limit = _limit(self.by_platform.get(platform, self.by_platform[ANYTHING]), what)
        return None if limit is None else received_at + limit - MARGIN

    def expiry(self, platform: str, what: Kept, received_at: int) -> dict[str, str | int]:
        """Write the attributes by which `erasure.py` finds an item by its index; none if it may stay.

        `expires_at` is the limit itself: DynamoDB deletes the item some time after it, whatever we do.
        """
        until = self.until(platform, what, received_at)
        if until is None:
            return {}
        listed = expiring(platform if platform in self.by_platform else ANYTHING, what)
        return {"listed_under": listed, "received_at": received_at, "expires_at": until + MARGIN}

    def is_over(self, platform: str, what: Kept, received_at: int) -> bool:
        """Tell whether it may not be kept any more."""
        until = self.until(platform, what, received_at)
        return until is not None and until <= self.now()

    def may_wait(self, platform: str, received_at: int) -> bool:
        """Tell whether a delivery may be sent to intake now, however long it will then lie there."""
        until = self.until(platform, Kept.DELIVERY, received_at)
        return until is None or self.now() + LONGEST_STAY <= until

    def is_brief(self, platform: str) -> bool:
        """Tell whether deliveries of a platform go to the brief intake."""
        return self.by_platform.get(platform, UNLIMITED) != UNLIMITED


def _limit(limits: Limits, what: Kept) -> int | None:
    if what is Kept.DELIVERY:
        return min((limit for limit in limits if limit is not None), default=None)
    return limits.profile if what is Kept.PROFILE else limits.text


def storage_limits(platforms: Mapping[str, Platform], now: Callable[[], int]) -> StorageLimits:
    """Gather the limits of all platforms."""
    limits = {name: platform.limits for name, platform in platforms.items()}
    texts = [each.text for each in limits.values() if each.text is not None]
    profiles = [each.profile for each in limits.values() if each.profile is not None]
    shortest = Limits(min(texts, default=None), min(profiles, default=None))
    return StorageLimits({**limits, ANYTHING: shortest}, now)
