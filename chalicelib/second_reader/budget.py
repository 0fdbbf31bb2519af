"""DynamoDB: the calls and the money that the second reader has had on a day (UTC), counted before each call.

Money is counted in micro-dollars, whole numbers: 1,000,000 are one US dollar.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Any, NamedTuple

from chalicelib import table_writes
from chalicelib.second_reader.answer import Usage
from chalicelib.table_writes import NOT_THERE, Update

PARTITION = "second-reader-budget"
KEPT_FOR = 7 * 86_400  # seconds
MICRO = 1_000_000
THOUSAND = 1000


class Prices(NamedTuple):
    """Micro-dollars for a thousand tokens that the model reads, and that it writes."""

    read: float
    written: float

    def of(self, used: Usage) -> int:
        """Price a call, in micro-dollars, rounded up."""
        return ceil((used.read * self.read + used.written * self.written) / THOUSAND)


class Limits(NamedTuple):
    """What may be used on a day: calls, and micro-dollars."""

    calls: int
    money: int


class Reserved(NamedTuple):
    """Money that is set aside for a call, in micro-dollars, and on which day."""

    day: str
    money: int


@dataclass(frozen=True, slots=True)
class Budget:
    """The budget of one table: it holds for all workers together. All methods raise Unavailable."""

    client: Any
    table: str
    limits: Limits
    prices: Prices
    now: Callable[[], int]

    def reserve(self, most: Usage) -> Reserved | None:
        """Set aside one call and the most that it can cost; None if the day's budget does not hold that."""
        money, today = self.prices.of(most), f"{datetime.fromtimestamp(self.now(), UTC):%Y-%m-%d}"
        if self.limits.calls < 1 or money > self.limits.money:
            return None
        one_more = Update(
            add={"calls": 1, "money": money},
            when="#calls <= :most_calls AND #money <= :most_money",
            values={":most_calls": self.limits.calls - 1, ":most_money": self.limits.money - money},
        )
        # The first call of a day finds no item; and another worker may just then have made it.
        first = Update(sets={"calls": 1, "money": money, "expires_at": self.now() + KEPT_FOR}, when=NOT_THERE)
        if any(self._update(today, change) for change in (one_more, first, one_more)):
            return Reserved(today, money)
        return None

    def settle(self, reserved: Reserved, used: Usage) -> None:
        """Correct what was set aside to what the call has cost. Calls stay counted."""
        difference = self.prices.of(used) - reserved.money
        if difference:
            self._update(reserved.day, Update(add={"money": difference}))

    def _update(self, day: str, change: Update) -> bool:
        return table_writes.update(self.client, self.table, (PARTITION, day), change)
