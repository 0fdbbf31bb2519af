"""DynamoDB: how many deliveries of each platform came in which hour. The worker counts them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib import observability
from chalicelib.envelope import Envelope
from chalicelib.errors import ZustaendigError
from chalicelib.table_reads import read_partition
from chalicelib.table_writes import Update, update

HOUR = 3600
KEPT_FOR = 60 * 86_400  # seconds; eight weeks are compared


@dataclass(frozen=True, slots=True)
class Volume:
    """The hourly counters of one table."""

    client: Any
    table: str

    def note(self, envelope: Envelope) -> None:
        """Count a delivery in the hour in which it came. One that is tried again may be counted again.

        Parts of a delivery, what is retried and what we fetched ourselves are nothing that a platform sent
        just then. A count that fails is told in the log and fails nothing else.
        """
        if envelope.is_part or envelope.quarantine_id or envelope.backfilled:
            return
        try:
            self._add(envelope.platform, envelope.received_at)
        except ZustaendigError as error:
            observability.logger().warning("a delivery of %s is not counted: %s", envelope.platform, error)

    def _add(self, platform: str, at: int) -> None:
        one_more = Update(sets={"last_at": at, "expires_at": at + KEPT_FOR}, add={"deliveries": 1})
        update(self.client, self.table, (_partition(platform), _written(at)), one_more)

    def read(self, platform: str, since: int, until: int) -> "Counts":
        """Read the hours from `since` to before `until` (UTC epoch seconds).

        Raises:
            Unavailable: a query failed.

        """
        hours = _written(since), _written(until - 1)
        items = list(read_partition(self.client, self.table, _partition(platform), between=hours))
        by_hour = {_read(item["sk"]): int(item["deliveries"]) for item in items}
        return Counts(by_hour, max((int(item["last_at"]) for item in items), default=None))


@dataclass(frozen=True, slots=True)
class Counts:
    """Deliveries by the hour's first second; hours without any are left out. `last_at`: the latest one."""

    by_hour: Mapping[int, int]
    last_at: int | None


def _partition(platform: str) -> str:
    return f"volume#{platform}"


def _written(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H}"


def _read(hour: str) -> int:
    return int(datetime.strptime(f"{hour}+0000", "%Y-%m-%dT%H%z").timestamp())
