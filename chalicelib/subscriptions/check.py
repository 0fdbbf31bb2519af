"""Checks the subscriptions of all platforms. What fails with one hides nothing of the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from chalicelib.errors import ZustaendigError, told
from chalicelib.observability import logger
from chalicelib.platforms.base import Keys
from chalicelib.subscriptions import deliveries, platform_rows
from chalicelib.subscriptions.known import Known
from chalicelib.subscriptions.reach import WHOLE, Apis
from chalicelib.subscriptions.records import Key, Record
from chalicelib.subscriptions.rows import DELIVERIES, Row, State

if TYPE_CHECKING:
    from chalicelib.subscriptions.records import Records
    from chalicelib.volume import Volume


class Count(Protocol):
    """Counts events."""

    def __call__(self, metric: str, times: int = 1, /, **dimensions: str) -> None: ...  # noqa: D102


BackFill = Callable[[str, int, int], object]
"""Fetches what a platform should have sent between two times (UTC epoch seconds)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Checks all platforms.

    platforms: their names. keys: what we share with one, with our own accounts there.
    back_fill: fetches what may have been lost.
    """

    platforms: Sequence[str]
    keys: Callable[[str], Keys]
    records: "Records"
    volume: "Volume"
    apis: Apis
    public_url: str | None
    back_fill: BackFill
    count: Count
    now: Callable[[], int]

    def look(self) -> list[Row]:
        """Show how everything stands; nothing is changed, renewed or counted.

        Raises:
            Unavailable: the records cannot be read.

        """
        records = self.records.read()
        return [row for platform in self.platforms for row in self._rows(platform, records, keep=False)]

    def keep(self) -> list[Row]:
        """Renew what is due, fetch what may have been lost, and tell what is wrong.

        Raises:
            Unavailable: the records cannot be read.

        """
        records, found = self.records.read(), []
        for platform in self.platforms:
            rows = self._rows(platform, records, keep=True)
            self._tell(platform, rows)
            self._fetch(platform, rows, records.get((platform, WHOLE), Record()))
            found += rows
        self.count("SubscriptionsFailing", sum(row.is_alarming and not row.is_silence for row in found))
        return found

    def _rows(self, platform: str, records: Mapping[Key, Record], *, keep: bool) -> list[Row]:
        broken = Row(platform, None, DELIVERIES, State.UNKNOWN)
        return platform_rows.guarded(
            broken, lambda: platform_rows.rows(self._known(platform, records, keep=keep))
        )

    def _known(self, platform: str, records: Mapping[Key, Record], *, keep: bool) -> Known:
        keys, now = self.keys(platform), self.now()
        return Known(
            platform=platform,
            accounts=platform_rows.subscribed(platform, keys.accounts),
            keys=keys,
            records={account: record for (name, account), record in records.items() if name == platform},
            counts=self.volume.read(platform, now - deliveries.READ_BACK, now + 1),
            apis=self.apis,
            public_url=self.public_url,
            now=now,
            keep=keep,
            note=partial(self._note, platform, now) if keep else _note_nothing,
        )

    def _note(self, platform: str, now: int, account: str, values: Mapping[str, int | str]) -> None:
        self.records.note(platform, account, now, values)

    def _tell(self, platform: str, rows: Sequence[Row]) -> None:
        for row in rows:
            if row.is_alarming:
                about = f"{row.platform} {row.account or ''}".rstrip()
                logger().error("%s: %s %s. %s %s", about, row.what, row.state, row.why, row.remedy)
        if any(row.state is not State.OFF for row in rows):
            self.count("Silence", sum(row.is_silence for row in rows), platform=platform)

    def _fetch(self, platform: str, rows: Sequence[Row], record: Record) -> None:
        """Fetch what may have been lost; while a silence lasts, only what was not fetched before."""
        lost = [row.lost_since for row in rows if row.lost_since is not None]
        if not lost:
            return
        now = self.now()
        try:
            self.back_fill(platform, max(min(lost), record.backfilled_until), now)
            self.records.note(platform, WHOLE, now, {"backfilled_until": now})
        except ZustaendigError as error:
            logger().error("%s: what may have been lost cannot be fetched: %s", platform, told(error))


def _note_nothing(_account: str, _values: Mapping[str, int | str]) -> None: ...
