"""DynamoDB: how many units of YouTube's quota were used on a day, counted before each call.

The quota's day ends at midnight Pacific Time.
https://developers.google.com/youtube/v3/getting-started#quota
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib import table_writes
from chalicelib.errors import RateLimited
from chalicelib.table_writes import Update

PACIFIC = ZoneInfo("America/Los_Angeles")
PARTITION = "youtube-units"
KEPT_FOR = 7 * 86_400  # seconds
AN_HOUR = 3600.0  # seconds: nobody need try again at once
SPENT = "unitsSpent"  # our own word beside YouTube's reasons


def day(now: int) -> str:
    """Name the quota's day at a time in UTC epoch seconds."""
    return f"{datetime.fromtimestamp(now, PACIFIC):%Y-%m-%d}"


@dataclass(frozen=True, slots=True)
class Units:
    """The units of one table; `a_day` are never exceeded, whoever polls. All methods raise Unavailable."""

    client: Any
    table: str
    a_day: int
    now: Callable[[], int]

    def spend(self) -> str:
        """Count one unit, and tell on which day.

        Raises:
            RateLimited: the day's units are spent, or YouTube has said so.

        """
        change = Update(
            add={"units": 1},
            when="attribute_not_exists(closed) AND #units <= :most",
            values={":most": self.a_day - 1},
        )
        today = day(self.now())
        if self._update(today, change):
            return today
        # The first unit of a day finds no item.
        first = Update(
            sets={"units": 1, "expires_at": self.now() + KEPT_FOR}, when="attribute_not_exists(pk)"
        )
        if self.a_day < 1 or not self._update(today, first):
            words = "today's units of YouTube's quota are spent"
            raise RateLimited(words, reason=SPENT, retry_after=AN_HOUR)
        return today

    def close(self, when: str) -> None:
        """Spend no more on a day: YouTube says that its quota is used up."""
        self._update(when, Update(sets={"closed": True, "expires_at": self.now() + KEPT_FOR}))

    def _update(self, when: str, change: Update) -> bool:
        return table_writes.update(self.client, self.table, (PARTITION, when), change)
