"""DynamoDB: which tickets are overdue, and which arrived when. Queries only, never a Scan.

Both indexes are partitioned by department, so a department reads nothing of another's, and a page reads
at most `limit` rows of each partition it covers (docs/decisions/0005).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import aws, quarantine
from chalicelib.listing import Position, Rows
from chalicelib.ticket_items import TICKET, dumped, loaded


@dataclass(frozen=True, slots=True)
class _Index:
    name: str
    partition: str
    number: str
    sk: str = TICKET


BY_DEADLINE = _Index("awaiting-by-deadline", "awaiting", "acknowledge_by")
BY_ARRIVAL = _Index("listed-by-arrival", "listed_under", "received_at")
QUARANTINED = _Index("listed-by-arrival", "listed_under", "received_at", quarantine.ENTRY)


@dataclass(frozen=True, slots=True)
class TicketIndex:
    """The indexes of one table. All methods raise Unavailable."""

    client: Any
    table: str

    def overdue(
        self, now: int, filters: Mapping[str, str], partition: str, start: Position | None, limit: int
    ) -> Rows:
        """Read tickets of a department whose deadline is before `now`, oldest deadline first."""
        condition = {"KeyConditionExpression": "#partition = :partition AND acknowledge_by < :now"}
        return self._query(BY_DEADLINE, partition, start, {**_filter(filters, now=now), **condition}, limit)

    def arrived(self, filters: Mapping[str, str], partition: str, start: Position | None, limit: int) -> Rows:
        """Read tickets listed under `partition`, newest first."""
        return self._query(BY_ARRIVAL, partition, start, _filter(filters), limit)

    def quarantined(self, partition: str, start: Position | None, limit: int) -> Rows:
        """Read quarantine entries, newest first."""
        return self._query(QUARANTINED, partition, start, _filter({}), limit)

    def _query(
        self, index: _Index, partition: str, start: Position | None, what: dict[str, Any], limit: int
    ) -> Rows:
        request = {
            "TableName": self.table,
            "IndexName": index.name,
            "KeyConditionExpression": "#partition = :partition",
            "ScanIndexForward": index is BY_DEADLINE,
            "Limit": limit,
            **what,
        }
        request["ExpressionAttributeNames"]["#partition"] = index.partition
        request["ExpressionAttributeValues"] |= dumped({":partition": partition})
        if start:
            request["ExclusiveStartKey"] = _key(index, partition, start)
        with aws.errors():
            answer = self.client.query(**request)
        last = answer.get("LastEvaluatedKey")
        return Rows(
            [_position(index, item) for item in answer["Items"]], _position(index, last) if last else None
        )


def _filter(filters: Mapping[str, str], **values: Any) -> dict[str, Any]:
    """Write what the rows must be, beside the key."""
    request: dict[str, Any] = {
        "ExpressionAttributeNames": {f"#{name}": name for name in filters},
        "ExpressionAttributeValues": dumped(
            {f":{name}": value for name, value in {**filters, **values}.items()}
        ),
    }
    if filters:
        request["FilterExpression"] = " AND ".join(f"#{name} = :{name}" for name in filters)
    return request


def _key(index: _Index, partition: str, position: Position) -> dict[str, Any]:
    number, row_id = position
    return dumped({index.partition: partition, index.number: number, "pk": row_id, "sk": index.sk})


def _position(index: _Index, item: Mapping[str, Any]) -> Position:
    values = loaded(item)
    return int(values[index.number]), str(values["pk"])
