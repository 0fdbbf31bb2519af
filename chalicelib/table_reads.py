"""Reads of the table that take more than one call: many keys, and all that shares a partition key."""

import time
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from chalicelib import aws
from chalicelib.attributes import Item, dumped, loaded
from chalicelib.errors import Unavailable

KEYS_AT_ONCE = 100  # that one BatchGetItem takes
TRIES = 8


def read_keys(client: Any, table: str, keys: Sequence[Item]) -> Iterator[Item]:
    """Read items by their keys, consistently; those that are not there are left out.

    Raises:
        Unavailable: DynamoDB left keys unprocessed (throttling) time and again.

    """
    for start in range(0, len(keys), KEYS_AT_ONCE):
        left = [dumped(key) for key in keys[start : start + KEYS_AT_ONCE]]
        for attempt in count():
            with aws.errors():
                answer = client.batch_get_item(RequestItems={table: {"Keys": left, "ConsistentRead": True}})
            yield from map(loaded, answer["Responses"].get(table, []))
            left = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
            if not left:
                break
            if attempt == TRIES:
                raise Unavailable("BatchGetItem: keys stay unprocessed")
            time.sleep(0.02 * 2**attempt)


def read_partition(
    client: Any,
    table: str,
    pk: str,
    projection: str | None = None,
    between: tuple[str, str] | None = None,
) -> Iterator[Item]:
    """Read all items of a partition key, consistently, in as many queries as 1 MB pages need.

    between: only those whose sort key is one of these two, or between them.

    Raises:
        Unavailable: a query failed.

    """
    request: dict[str, Any] = {
        "TableName": table,
        "ConsistentRead": True,
        "KeyConditionExpression": "pk = :id",
        "ExpressionAttributeValues": dumped({":id": pk}),
    }
    if projection:
        request["ProjectionExpression"] = projection
    if between:
        request["KeyConditionExpression"] += " AND sk BETWEEN :first AND :last"
        request["ExpressionAttributeValues"] |= dumped({":first": between[0], ":last": between[1]})
    while True:
        with aws.errors():
            answer = client.query(**request)
        yield from map(loaded, answer["Items"])
        if "LastEvaluatedKey" not in answer:
            return
        request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
