"""Labelled examples: what people made of messages, for a company's classifier to learn from (decision 19).

An example is an item beside its ticket. It holds no text: whoever exports it reads that from the ticket, so
that what is erased there is nowhere else. Of a ticket the last correction counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from chalicelib import aws
from chalicelib.attributes import Item, dumped, loaded
from chalicelib.correction import Reading
from chalicelib.history_items import reading_item, reading_of
from chalicelib.table_reads import read_keys
from chalicelib.table_writes import Update, update
from chalicelib.ticket import Ticket
from chalicelib.ticket_index import BY_ARRIVAL
from chalicelib.ticket_store import TicketStore

EXAMPLE, LISTED_UNDER = "example", "examples"
AT_ONCE = 50
"""Tickets whose texts are in memory while examples are exported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What a person made of a message, and how a model had read it.

    `number` orders those of one ticket. `by`: who it was, as the history tells it. `at`: UTC epoch seconds.
    `edited_at`: which text of the message it is about; None, as created.
    """

    ticket_id: str
    number: int
    category: str
    topics: tuple[str, ...]
    by: str | None
    at: int
    edited_at: int | None
    model: Reading


@dataclass(frozen=True, slots=True)
class Examples:
    """The examples of one table. All methods raise Unavailable and Rejected."""

    client: Any
    table: str
    tickets: TicketStore

    def note(self, ticket_id: str) -> None:
        """Keep what people made of a ticket; nothing, if nobody has corrected it."""
        ticket = self.tickets.read(ticket_id)
        example = example_of(ticket) if ticket else None
        if example:
            self.keep(example)

    def keep(self, example: Example) -> None:
        """Keep an example, unless there is a later one of its ticket; safe to repeat."""
        key = (example.ticket_id, EXAMPLE)
        first = {"number": 0, "model": reading_item(example.model)}
        update(self.client, self.table, key, Update(once=first))
        sets = {
            "number": example.number,
            "category": example.category,
            "topics": list(example.topics),
            "by": example.by,
            "edited_at": example.edited_at,
            "listed_under": LISTED_UNDER,
            "received_at": example.at,
        }
        update(self.client, self.table, key, Update(sets, when="#number < :number"))

    def usable(self) -> Iterator[tuple[Example, Ticket]]:
        """Give each example whose text is still there and still the one that was corrected, oldest first."""
        keys = self._keys()
        while some := list(islice(keys, AT_ONCE)):
            found = [_example(item) for item in read_keys(self.client, self.table, some)]
            tickets = self.tickets.read_all(example.ticket_id for example in found)
            for example in sorted(found, key=lambda one: (one.at, one.ticket_id)):
                ticket = tickets.get(example.ticket_id)
                if ticket and ticket.text and ticket.edited_at == example.edited_at:
                    yield example, ticket

    def _keys(self) -> Iterator[Item]:
        request: dict[str, Any] = {
            "TableName": self.table,
            "IndexName": BY_ARRIVAL.name,
            "KeyConditionExpression": "#partition = :partition",
            "ExpressionAttributeNames": {"#partition": BY_ARRIVAL.partition},
            "ExpressionAttributeValues": dumped({":partition": LISTED_UNDER}),
        }
        while True:
            with aws.errors():
                answer = self.client.query(**request)
            for item in map(loaded, answer["Items"]):
                yield {"pk": item["pk"], "sk": item["sk"]}
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def example_of(ticket: Ticket) -> Example | None:
    """Write what people made of a ticket as an example; None if nobody has corrected it."""
    lines = [(line, line.correction) for line in ticket.history if line.correction]
    if not lines:
        return None
    (_, first), (line, last) = lines[0], lines[-1]
    return Example(
        ticket_id=ticket.id,
        number=last.number,
        category=last.now.category or "",
        topics=last.now.topics,
        by=line.by,
        at=line.at,
        edited_at=last.edited_at,
        model=first.was,
    )


def _example(item: Item) -> Example:
    return Example(
        ticket_id=item["pk"],
        number=int(item["number"]),
        category=item["category"],
        topics=tuple(item["topics"]),
        by=item.get("by"),
        at=int(item["received_at"]),
        edited_at=int(item["edited_at"]) if "edited_at" in item else None,
        model=reading_of(item["model"]),
    )
