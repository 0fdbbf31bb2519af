"""A table of many tickets, and a client that counts what it reads."""

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.attributes import CONTENT, dumped
from chalicelib.ticket import Ticket
from chalicelib.ticket_index import BY_ALARM, BY_DEADLINE
from chalicelib.ticket_items import alarm_shard, content_values, ticket_item
from tests.fakes import FakeDynamoDB, Item, plain
from tests.watch import made
from tests.world import NOW

Key = tuple[int, str, str]
DEPARTMENTS = ("communications", "customer_service", "human_resources", "marketing")
HOUR = 3600


class BigTable(FakeDynamoDB):
    """The fake with its two indexes by time kept in order, so that a query needs no search."""

    def __init__(self) -> None:
        super().__init__()
        self.ordered: dict[tuple[str, str], list[Key]] = {}
        self.asked: Item = {}

    def query(self, **request: Any) -> Item:
        self.asked = request
        return super().query(**request)

    def indexed(self, index: str, values: Item) -> Mapping[Any, Item]:
        rows = self.ordered.get((index, plain(values[":partition"])), [])
        number = {BY_ALARM.name: BY_ALARM.number, BY_DEADLINE.name: BY_DEADLINE.number}[index]
        begin = bisect_left(rows, (int(plain(values[":from"])), "", ""))
        if start := self.asked.get("ExclusiveStartKey"):
            after = int(plain(start[number])), plain(start["pk"]), plain(start["sk"])
            begin = bisect_right(rows, after)
        some = rows[begin : begin + self.asked["Limit"] + 1]  # one more tells that there are more
        return {row: self.items[row[1], row[2]] for row in some}

    def _keep(self, key: tuple[str, str], item: Item, operation: str) -> None:
        self._reorder(self.items.get(key, {}), list.remove)
        super()._keep(key, item, operation)
        self._reorder(item, insort)

    def _reorder(self, item: Item, change: Callable[[list[Key], Key], object]) -> None:
        for index in (BY_ALARM, BY_DEADLINE):
            if index.partition in item:
                partition = index.name, plain(item[index.partition])
                row = int(plain(item[index.number])), plain(item["pk"]), plain(item["sk"])
                change(self.ordered.setdefault(partition, []), row)

    def fill(self, tickets: int) -> None:
        """Open so many tickets: half of them are overdue, a tenth will soon be."""
        samples: dict[tuple[int, int], list[Item]] = {}
        for number in range(tickets):
            department, sample = number // 10 % len(DEPARTMENTS), (number % 10, number // 40 % 60)
            overdue, soon, late = sample[0] % 2 == 0, sample[0] == 1, 20 * sample[1]
            at = NOW - 8 * HOUR + (-1 - late if overdue else late if soon else 2 * HOUR + late)
            if (at, department) not in samples:
                samples[at, department] = _items(made(0, at=at, department=DEPARTMENTS[department]))
            self._put_like(samples[at, department], number)

    def _put_like(self, sample: list[Item], number: int) -> None:
        ticket = f"t_{number:032x}"
        for item in sample:
            mine = {**item, "pk": {"S": ticket}}
            if "alarms" in mine:
                mine["alarms"] = {"S": alarm_shard(ticket)}
            key = ticket, mine["sk"]["S"]
            self.items[key] = self.by_ticket.setdefault(ticket, {})[key[1]] = mine
            self._reorder(mine, insort)


def _items(ticket: Ticket) -> list[Item]:
    content = {"pk": ticket.id, "sk": CONTENT, "rank": ticket.rank, **content_values(ticket)}
    return [dumped(ticket_item(ticket)), dumped(content)]


class Counting:
    """A client that counts the rows and calls of each operation, of queries by the index they ask."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.read, self.returned = Counter[str](), Counter[str]()
        self.calls = Counter[str]()

    def __getattr__(self, operation: str) -> Any:
        method = getattr(self._client, operation)

        def call(**arguments: Any) -> Any:
            answer = method(**arguments)
            self.calls[operation] += 1
            if operation == "query":
                index = arguments.get("IndexName", "the table")
                self.read[index] += answer["ScannedCount"]
                self.returned[index] += answer["Count"]
            return answer

        return call

    def forget(self) -> None:
        for counter in (self.read, self.returned, self.calls):
            counter.clear()
