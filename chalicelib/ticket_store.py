"""DynamoDB: tickets. Every write is one call and safe to repeat."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chalicelib import aws
from chalicelib.errors import ConditionFailed
from chalicelib.identity import Caller
from chalicelib.table_reads import read_keys, read_partition
from chalicelib.ticket import Happened, HistoryEntry, Status, Ticket
from chalicelib.ticket_items import (
    CONTENT,
    TICKET,
    Item,
    content_values,
    dumped,
    history_item,
    listed_under,
    ticket_item,
    ticket_of,
)

THERE = "attribute_exists(pk)"


@dataclass(frozen=True, slots=True)
class TicketStore:
    """The tickets of one table.

    All methods raise Unavailable (may work the next time) and Rejected (never will).
    """

    client: Any
    table: str

    def read(self, ticket_id: str) -> Ticket | None:
        """Read a ticket with its content, consistently, in one query of its two items."""
        items = read_partition(self.client, self.table, ticket_id)
        return _ticket({item["sk"]: item for item in items})

    def read_all(self, ticket_ids: Iterable[str]) -> dict[str, Ticket]:
        """Read tickets with their content, consistently; ids that are not there are left out."""
        ids = list(dict.fromkeys(ticket_ids))
        found: dict[str, dict[str, Item]] = {}
        keys = [{"pk": ticket_id, "sk": sk} for ticket_id in ids for sk in (TICKET, CONTENT)]
        for item in read_keys(self.client, self.table, keys):
            found.setdefault(item["pk"], {})[item["sk"]] = item
        tickets = {i: _ticket(found.get(i, {})) for i in ids}
        return {i: ticket for i, ticket in tickets.items() if ticket}

    def open(self, ticket: Ticket) -> Ticket:
        """Put a ticket unless it is there already, and return the one that is there.

        The content goes first, so that a ticket that exists has its text. A twin of ours may have written
        a poorer content a moment ago: content is filled, not put.
        """
        self._fill_content(ticket)
        try:
            with aws.errors():
                self.client.put_item(
                    TableName=self.table,
                    Item=dumped(ticket_item(ticket)),
                    ConditionExpression="attribute_not_exists(pk)",
                )
        except ConditionFailed:
            return self.read(ticket.id) or ticket
        return ticket

    def enrich(self, old: Ticket, new: Ticket) -> None:
        """Write what a repeat has added; a decision or a status is never written here.

        Content that has expired or was erased stays away.
        """
        if content_values(old) != content_values(new):
            self._fill_content(new, THERE)
        sets, values = [], Item()
        for name in ("account_id", "in_reply_to", "occurred_at"):
            if getattr(old, name) is None and getattr(new, name) is not None:
                sets.append(f"{name} = if_not_exists({name}, :{name})")
                values[f":{name}"] = getattr(new, name)
        if old.incomplete and not new.incomplete:  # never the other way round: somebody may know more by now
            sets.append("incomplete = :no")
            values[":no"] = False
        if sets:
            self._update(new.id, "SET " + ", ".join(sets), THERE, values)
        if new.accounts != old.accounts:
            self._note_account(new)

    def _note_account(self, ticket: Ticket) -> None:
        again = ticket.history[-1]
        account = again.account_id
        self._update(
            ticket.id,
            "SET history = list_append(history, :line) ADD accounts :accounts",
            f"{THERE} AND NOT contains(accounts, :account)",
            {":line": [history_item(again)], ":accounts": {account}, ":account": account},
        )

    def mark_dispatched(self, ticket: Ticket, now: int) -> None:
        """Remember that the department's queue has the ticket; the first time counts."""
        self._update(
            ticket.id,
            "SET dispatched_at = :now, history = list_append(history, :line)",
            f"{THERE} AND attribute_not_exists(dispatched_at)",
            {":now": now, ":line": [history_item(HistoryEntry(now, Happened.DISPATCHED))]},
        )

    def acknowledge(self, ticket: Ticket, by: Caller, now: int) -> Ticket | None:
        """Acknowledge an open ticket; it leaves `awaiting-by-deadline` in the same write.

        Returns:
            The ticket as it is afterwards, whoever acknowledged it.

        """
        self._update(
            ticket.id,
            "SET #status = :acknowledged, listed_under = :listed, acknowledged_at = :now,"
            " acknowledged_by = :by, history = list_append(history, :line) REMOVE awaiting",
            "#status = :open",
            {
                ":acknowledged": str(Status.ACKNOWLEDGED),
                ":listed": listed_under(ticket.decision.department, Status.ACKNOWLEDGED),
                ":now": now,
                ":by": by.subject,
                ":line": [history_item(HistoryEntry(now, Happened.ACKNOWLEDGED, by=by.name))],
                ":open": str(Status.OPEN),
            },
        )
        return self.read(ticket.id)

    def _fill_content(self, ticket: Ticket, condition: str = "") -> None:
        values = {name: value for name, value in content_values(ticket).items() if value is not None}
        # The time makes it an item even if there is neither text nor author yet.
        values["received_at"] = ticket.received_at
        sets = ", ".join(f"#{name} = if_not_exists(#{name}, :{name})" for name in values)
        by_name = {f":{name}": value for name, value in values.items()}
        self._update(ticket.id, f"SET {sets}", condition, by_name, item=CONTENT)

    def _update(
        self, ticket_id: str, expression: str, condition: str, values: Item, *, item: str = TICKET
    ) -> None:
        """Update an item if the condition holds; if it does not, the update has been made before.

        `#name` in an expression stands for an attribute whose name DynamoDB reserves.
        """
        names = {f"#{name}": name for name in re.findall(r"#(\w+)", expression + condition)}
        optional = {"ConditionExpression": condition, "ExpressionAttributeNames": names}
        try:
            with aws.errors():
                self.client.update_item(
                    TableName=self.table,
                    Key=dumped({"pk": ticket_id, "sk": item}),
                    UpdateExpression=expression,
                    ExpressionAttributeValues=dumped(values),
                    **{name: value for name, value in optional.items() if value},
                )
        except ConditionFailed:
            return


def _ticket(items: dict[str, Item]) -> Ticket | None:
    return ticket_of(items[TICKET], items.get(CONTENT, {})) if TICKET in items else None
