"""DynamoDB: which tickets are overdue, and which arrived when. Queries only, never a Scan.

Both indexes are partitioned by department, so a department reads nothing of another's, and a page reads
at most `limit` rows of each partition it covers (docs/decisions/0005).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import aws, quarantine
from chalicelib.attributes import TICKET, dumped, loaded
from chalicelib.listing import LARGEST_NUMBER, Row, Rows, Start

Filters = Mapping[str, str]
Spans = Mapping[str, tuple[int, int]]
"""By partition: from when until when, both ends included."""


@dataclass(frozen=True, slots=True)
class Index:
    """An index of the table: its name, and the attributes that partition it (text) and order it (number)."""

    name: str
    partition: str
    number: str
    sk: str = TICKET


FILTERED_BY = ("platform", "category")  # what rows carry beside their keys

BY_DEADLINE = Index("awaiting-by-deadline", "awaiting", "due_at")
BY_ALARM = Index("alarms-by-time", "alarms", "alarm_at")
BY_ARRIVAL = Index("listed-by-arrival", "listed_under", "received_at")
BY_OFFER = Index("offered-by-time", "offered_to", "offered_at")
QUARANTINED = Index("listed-by-arrival", "listed_under", "received_at", quarantine.ENTRY)


@dataclass(frozen=True, slots=True)
class TicketIndex:
    """The indexes of one table.

    Each method is a `listing.Read` once it knows what is asked for, and raises Unavailable.
    """

    client: Any
    table: str

    def overdue(self, now: int, filters: Filters, partition: str, start: Start, limit: int) -> Rows:
        """Read tickets of a department whose deadline is before `now`, oldest deadline first."""
        return self._due((0, now - 1), filters, partition, start, limit)

    def due_soon(self, spans: Spans, filters: Filters, partition: str, start: Start, limit: int) -> Rows:
        """Read tickets of a department that are due in its span of time, oldest first."""
        return self._due(spans[partition], filters, partition, start, limit)

    def _due(self, span: tuple[int, int], filters: Filters, partition: str, start: Start, limit: int) -> Rows:
        span = (max(span[0], start.edge or 0), span[1])
        if span[0] > span[1]:  # the cursor was written by a faster clock than ours
            return Rows([], None)
        return self._query(BY_DEADLINE, partition, start, _request(span, filters, limit))

    def alarmed(self, now: int, partition: str, start: Start, limit: int) -> Rows:
        """Read tickets of a shard that have an alarm to be told by `now`, the oldest first."""
        span = (start.edge or 0, now)
        return self._query(BY_ALARM, partition, start, _request(span, {}, limit))

    def arrived(self, filters: Filters, partition: str, start: Start, limit: int) -> Rows:
        """Read tickets listed under `partition`, newest first."""
        return self._query(BY_ARRIVAL, partition, start, _request(_until(start), filters, limit))

    def offered(self, filters: Filters, partition: str, start: Start, limit: int) -> Rows:
        """Read tickets that are offered to a department, newest first."""
        return self._query(BY_OFFER, partition, start, _request(_until(start), filters, limit))

    def quarantined(self, partition: str, start: Start, limit: int) -> Rows:
        """Read quarantine entries, newest first."""
        return self._query(QUARANTINED, partition, start, _request(_until(start), {}, limit))

    def _query(self, index: Index, partition: str, start: Start, request: dict[str, Any]) -> Rows:
        request |= {"TableName": self.table, "IndexName": index.name}
        request["ScanIndexForward"] = index in {BY_DEADLINE, BY_ALARM}
        request["ExpressionAttributeNames"] |= {"#partition": index.partition, "#number": index.number}
        request["ExpressionAttributeValues"] |= dumped({":partition": partition})
        if start.edge is not None and start.seen:
            key = {index.partition: partition, index.number: start.edge, "pk": start.seen, "sk": index.sk}
            request["ExclusiveStartKey"] = dumped(key)
        with aws.errors():
            answer = self.client.query(**request)
        last = answer.get("LastEvaluatedKey")
        return Rows([_row(index, item) for item in answer["Items"]], _row(index, last) if last else None)


def _until(start: Start) -> tuple[int, int]:
    return 0, LARGEST_NUMBER if start.edge is None else start.edge


def _request(span: tuple[int, int], filters: Filters, limit: int) -> dict[str, Any]:
    """Write what rows are wanted: numbers from and to (both included), and what they must be beside."""
    values = {":from": span[0], ":to": span[1], **{f":{name}": value for name, value in filters.items()}}
    request: dict[str, Any] = {
        "KeyConditionExpression": "#partition = :partition AND #number BETWEEN :from AND :to",
        "ExpressionAttributeNames": {f"#{name}": name for name in filters},
        "ExpressionAttributeValues": dumped(values),
        "Limit": limit,
    }
    if filters:
        request["FilterExpression"] = " AND ".join(f"#{name} = :{name}" for name in filters)
    return request


def _row(index: Index, item: Mapping[str, Any]) -> Row:
    values = loaded(item)
    return Row(int(values[index.number]), str(values["pk"]))
