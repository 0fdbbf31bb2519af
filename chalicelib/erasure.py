"""DynamoDB: erases what platforms do not let us keep, some time before their storage limits pass.

What has a limit stands in the index `listed-by-arrival`, under what is to be erased next, ordered by when it
came: a run reads what is due and nothing else. Every write is conditional and safe to repeat, so a run may be
cut off anywhere. DynamoDB's own expiry may come days late; it is there in case that we do not run at all.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from chalicelib import aws
from chalicelib.attributes import CONTENT, dumped, loaded
from chalicelib.errors import Unavailable
from chalicelib.storage_limits import Kept, StorageLimits, expiring
from chalicelib.table_writes import Update, delete, update
from chalicelib.ticket_index import BY_ARRIVAL

AT_ONCE = 5_000
"""Items of one kind in one run, so that it ends before its time-out; the margin has room for six runs."""

SLOW_CLOCKS = 60
"""Seconds by which other clocks may be behind ours: what is erased must be over for everybody."""

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Erasure:
    """The erasure of one table. `count` counts what was erased, by platform and kind."""

    client: Any
    table: str
    limits: StorageLimits
    count: Callable[..., None]

    def run(self) -> None:
        """Erase what is due, at most AT_ONCE of each kind.

        Raises:
            Unavailable: DynamoDB did not erase one; the others were erased all the same.

        """
        failed = []
        for platform, what in self.limits.erased():
            try:
                self._erase_due(platform, what)
            except Unavailable as error:
                failed.append(error)
        if failed:
            raise failed[0]

    def _erase_due(self, platform: str, what: Kept) -> None:
        erased, failed = 0, None
        for key in islice(self._due(platform, what), AT_ONCE):
            try:
                erased += self._erase(key, platform, what)
            except Unavailable as error:
                failed = error
        if erased:
            self.count("Erased", erased, platform=platform, what=what)
        if failed:
            raise failed

    def _due(self, platform: str, what: Kept) -> Iterator[Key]:
        """Find the keys of what is due, oldest first."""
        before = self.limits.received_before(platform, what) - SLOW_CLOCKS
        request: dict[str, Any] = {
            "TableName": self.table,
            "IndexName": BY_ARRIVAL.name,
            "KeyConditionExpression": "#partition = :partition AND #number <= :before",
            "ExpressionAttributeNames": {"#partition": BY_ARRIVAL.partition, "#number": BY_ARRIVAL.number},
            "ExpressionAttributeValues": dumped({":partition": expiring(platform, what), ":before": before}),
        }
        while True:
            with aws.errors():
                answer = self.client.query(**request)
            for item in map(loaded, answer["Items"]):
                yield item["pk"], item["sk"]
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _erase(self, key: Key, platform: str, what: Kept) -> bool:
        """Erase one thing, unless that was done already: the index may lag behind the table."""
        listed = {":listed": expiring(platform, what)}
        when = "#listed_under = :listed"
        if what is Kept.DELIVERY:
            return delete(self.client, self.table, key, when, listed)
        sets: dict[str, Any] = {"listed_under": None}
        if what is Kept.PROFILE or key[1] == CONTENT:
            sets |= {"author_id": None, "author_name": None}
        if key[1] == CONTENT:
            sets |= {"reasons": None}
        if what is Kept.TEXT:
            sets |= {"text": None, "because": None, "promise_text": None, "expires_at": None}
        elif Kept.TEXT in self.limits.stages(platform):
            sets["listed_under"] = expiring(platform, Kept.TEXT)
        return update(self.client, self.table, key, Update(sets, when=when, values=listed))
