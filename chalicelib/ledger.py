"""DynamoDB: the ledger, which tells of each department what it passed on and got, and how long that was held.

A hand-over has a row with either side, under `handovers/<department>`, ordered by when it was offered. The
worker writes rows, each as often as it comes: the second time changes nothing (docs/decisions/0026).
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any, NamedTuple

from chalicelib import aws
from chalicelib.attributes import Item, dumped, loaded
from chalicelib.handover import Handover, Outcome
from chalicelib.listing import Row, Rows, Start
from chalicelib.table_writes import Update, update
from chalicelib.ticket_items import handover_of

LAST_SECOND = 9_999_999_999  # of those that ten digits can tell
FIRST, LAST = "", "~"  # before and behind all ids


class Entry(NamedTuple):
    """A row of the ledger."""

    ticket_id: str
    handover: Handover


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of one table. All methods raise Unavailable and Rejected."""

    client: Any
    table: str

    def note(self, ticket_id: str, handover: Handover) -> None:
        """Write how a hand-over stands now; what is over stays over. Safe to repeat."""
        if handover.outcome is Outcome.INFORMED:
            return
        sets = {**asdict(handover), "outcome": str(handover.outcome), "ticket_id": ticket_id}
        when = "" if handover.ended_at is not None else "attribute_not_exists(#ended_at)"
        for department in handover.sides:
            key = (partition(department), _sk(handover.at, row_id(ticket_id, handover.number)))
            update(self.client, self.table, key, Update(sets, when=when))

    def read(self, into: dict[str, Entry], department: str, start: Start, limit: int) -> Rows:
        """Read rows of a department, the newest first; `into` gets what they say, by their ids."""
        edge = LAST_SECOND if start.edge is None else min(start.edge, LAST_SECOND)
        seen = start.seen if start.edge is not None else None
        request = _request(self.table, department, (0, edge), limit)
        if seen:
            request["ExclusiveStartKey"] = dumped({"pk": partition(department), "sk": _sk(edge, seen)})
        with aws.errors():
            answer = self.client.query(**request)
        found = [(_row(item["sk"]), _entry(item)) for item in map(loaded, answer["Items"])]
        into |= {row.id: entry for row, entry in found}
        last = answer.get("LastEvaluatedKey")
        return Rows([row for row, _ in found], _row(loaded(last)["sk"]) if last else None)

    def since(self, department: str, since: int) -> Iterator[Entry]:
        """Read all that was offered from a time on, the newest first, in as few queries as pages allow."""
        request = _request(self.table, department, (since, LAST_SECOND))
        while True:
            with aws.errors():
                answer = self.client.query(**request)
            yield from map(_entry, map(loaded, answer["Items"]))
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def partition(department: str) -> str:
    """Name the partition of the table that holds a department's rows."""
    return f"handovers/{department}"


def row_id(ticket_id: str, number: int) -> str:
    """Derive the id of a row, so that every repeat meets it."""
    return "h_" + blake2b(f"{ticket_id}\0{number}".encode(), digest_size=16).hexdigest()


def _sk(at: int, id_: str) -> str:
    return f"{at:010}#{id_}"


def _request(table: str, department: str, span: tuple[int, int], limit: int | None = None) -> dict[str, Any]:
    between = {":first": _sk(span[0], FIRST), ":last": _sk(span[1], LAST)}
    return {
        "TableName": table,
        "ConsistentRead": True,
        "KeyConditionExpression": "pk = :id AND sk BETWEEN :first AND :last",
        "ExpressionAttributeValues": dumped({":id": partition(department), **between}),
        "ScanIndexForward": False,
        **({"Limit": limit} if limit else {}),
    }


def _row(sk: str) -> Row:
    at, _, id_ = sk.partition("#")
    return Row(int(at), id_)


def _entry(item: Item) -> Entry:
    return Entry(item["ticket_id"], handover_of(item))
