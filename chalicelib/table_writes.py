"""Conditional writes and deletions of single items of the table; each tells whether it was made."""

import re
from dataclasses import dataclass, field
from typing import Any

from chalicelib import aws
from chalicelib.attributes import Item, dumped
from chalicelib.errors import ConditionFailed

THERE, NOT_THERE = "attribute_exists(pk)", "attribute_not_exists(pk)"


@dataclass(frozen=True, slots=True)
class Update:
    """What an update sets (None: removes), sets once, adds to sets and numbers, appends to lists.

    A name stands for an attribute, reserved words included. `when` is the condition, as DynamoDB writes it,
    with `#name` for an attribute and `:name` for a value that is set or stands in `values`.
    """

    sets: Item = field(default_factory=dict)
    once: Item = field(default_factory=dict)
    add: Item = field(default_factory=dict)
    append: Item = field(default_factory=dict)
    when: str = ""
    values: Item = field(default_factory=dict)


def unchanged(was: Item) -> tuple[str, Item]:
    """Write the condition that attributes are as they were read (None: not there), and its values."""
    there = {name: value for name, value in was.items() if value is not None}
    terms = (f"#{name} = :was_{name}" if name in there else f"attribute_not_exists(#{name})" for name in was)
    return " AND ".join(terms), {f":was_{name}": value for name, value in there.items()}


def update(client: Any, table: str, key: tuple[str, str], change: Update) -> bool:
    """Update an item if the condition holds.

    Args:
        client: a DynamoDB client.
        table: its name.
        key: pk and sk.
        change: what to write, and when.

    Raises:
        Unavailable: it may work the next time.
        Rejected: it never will.

    """
    expression, written = _expression(change)
    names = {f"#{name}": name for name in re.findall(r"#(\w+)", f"{expression} {change.when}")}
    optional = {
        "ConditionExpression": change.when,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": dumped(written | change.values),
    }
    try:
        with aws.errors():
            client.update_item(
                TableName=table,
                Key=dumped({"pk": key[0], "sk": key[1]}),
                UpdateExpression=expression,
                **{name: value for name, value in optional.items() if value},
            )
    except ConditionFailed:
        return False
    return True


def _expression(change: Update) -> tuple[str, Item]:
    sets = {name: value for name, value in change.sets.items() if value is not None}
    once = {name: value for name, value in change.once.items() if value is not None}
    add, append = change.add, change.append
    clauses = {
        "SET": [
            *(f"#{name} = :{name}" for name in sets),
            *(f"#{name} = if_not_exists(#{name}, :{name})" for name in once),
            *(f"#{name} = list_append(#{name}, :{name})" for name in append),
        ],
        "REMOVE": [f"#{name}" for name, value in change.sets.items() if value is None],
        "ADD": [f"#{name} :{name}" for name in add],
    }
    expression = " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses.items() if parts)
    return expression, {f":{name}": value for name, value in (sets | once | append | add).items()}


def put(client: Any, table: str, item: Item, condition: str) -> bool:
    """Put an item if the condition holds.

    Raises:
        Unavailable: it may work the next time.
        Rejected: it never will.

    """
    names = {f"#{name}": name for name in re.findall(r"#(\w+)", condition)}
    optional = {"ExpressionAttributeNames": names} if names else {}
    try:
        with aws.errors():
            client.put_item(TableName=table, Item=dumped(item), ConditionExpression=condition, **optional)
    except ConditionFailed:
        return False
    return True


def delete(client: Any, table: str, key: tuple[str, str], condition: str, values: Item) -> bool:
    """Delete an item if the condition holds; it names `values` as `:name`.

    Raises:
        Unavailable: it may work the next time.
        Rejected: it never will.

    """
    try:
        with aws.errors():
            client.delete_item(
                TableName=table,
                Key=dumped({"pk": key[0], "sk": key[1]}),
                ConditionExpression=condition,
                ExpressionAttributeNames={f"#{name}": name for name in re.findall(r"#(\w+)", condition)},
                ExpressionAttributeValues=dumped(values),
            )
    except ConditionFailed:
        return False
    return True
