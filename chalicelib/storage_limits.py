"""How long we may keep what people wrote. Pure; times are UTC epoch seconds, durations seconds.

Some platforms limit that (`Platform.limits`), from when we received it. For us it is over a margin earlier:
then nothing is shown, filled in or sent any more, and `erasure.py` has the time to take it from the table.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.message import Author
from chalicelib.platforms.base import UNLIMITED, Limits, Platform

if TYPE_CHECKING:  # the accept path knows no tickets
    from chalicelib.further import FurtherMessage
    from chalicelib.our_replies import ObservedReply
    from chalicelib.ticket import Ticket

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

    def content_expiry(self, platform: str, received_at: int) -> dict[str, str | int]:
        """Write the same attributes for a ticket's content, which is erased in stages."""
        stages = self.stages(platform)
        if not stages:
            return {}
        # DynamoDB deletes the whole item, so not before its last stage.
        return self.expiry(platform, stages[-1], received_at) | {
            "listed_under": expiring(platform, stages[0])
        }

    def stages(self, platform: str) -> tuple[Kept, ...]:
        """Tell what of a ticket's content is erased, in this order; its author goes with the text at last."""
        limits = self.by_platform.get(platform, UNLIMITED)
        if limits.text is None:
            return (Kept.PROFILE,) if limits.profile is not None else ()
        earlier = limits.profile is not None and limits.profile < limits.text
        return (Kept.PROFILE, Kept.TEXT) if earlier else (Kept.TEXT,)

    def erased(self) -> Iterator[tuple[str, Kept]]:
        """Name what is to be erased, platform by platform; what is over first comes first."""
        for platform, limits in self.by_platform.items():
            if limits != UNLIMITED:
                yield from ((platform, what) for what in (Kept.DELIVERY, *self.stages(platform)))

    def received_before(self, platform: str, what: Kept) -> int:
        """Tell until when something must have been received so that it is over now."""
        return self.now() - (self.until(platform, what, 0) or 0)

    def kept(self, ticket: "Ticket") -> "Ticket":
        """Give a ticket with what of it may be kept now."""
        if not self.is_brief(ticket.platform):
            return ticket
        over = {what: self.is_over(ticket.platform, what, ticket.received_at) for what in Kept}
        return replace(
            ticket,
            text=None if over[Kept.TEXT] else ticket.text,
            decision=ticket.decision.without_words() if over[Kept.TEXT] else ticket.decision,
            author=Author() if over[Kept.TEXT] or over[Kept.PROFILE] else ticket.author,
            # They may quote the text, and name its author.
            reasons=() if over[Kept.TEXT] or over[Kept.PROFILE] else ticket.reasons,
            further=tuple(self._kept_further(ticket.platform, one) for one in ticket.further),
            observed_replies=tuple(self._kept_reply(ticket, said) for said in ticket.observed_replies),
        )

    def _kept_reply(self, ticket: "Ticket", reply: "ObservedReply") -> "ObservedReply":
        since = ticket.received_at if reply.message_id is None else reply.received_at
        return reply.without_words() if self.is_over(ticket.platform, Kept.TEXT, since) else reply

    def _kept_further(self, platform: str, one: "FurtherMessage") -> "FurtherMessage":
        over = self.is_over(platform, Kept.TEXT, one.received_at)
        return replace(one, text=None, permalink=None) if over else one

    def in_queue(self, ticket: "Ticket") -> "Ticket":
        """Give a ticket as departments' queues may hold it for days: if need be, without text and author."""
        if not self.is_brief(ticket.platform):
            return ticket
        return replace(ticket, text=None, author=Author(), decision=ticket.decision.without_words())

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
