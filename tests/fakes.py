"""In-memory stand-ins for the AWS clients, as strict as AWS where it matters to us.

They know only the expressions our code writes and fail on others. `test_stores.py` runs one suite over them
and over the local engine, so that they cannot drift apart from it unnoticed.
"""

import copy
import operator
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.types import Binary, TypeDeserializer
from botocore.exceptions import ClientError

from chalicelib.ticket_index import BY_ALARM, BY_ARRIVAL, BY_DEADLINE, BY_OFFER, FILTERED_BY

Item = dict[str, Any]

INDEXES = {
    index.name: (index.partition, index.number) for index in (BY_DEADLINE, BY_ALARM, BY_ARRIVAL, BY_OFFER)
}
PROJECTED = {"pk", "sk", *FILTERED_BY}

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
SQS_FORBIDS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
MAX_ITEM, MAX_SQS, MAX_DELAY = 400 * 1024, 1024 * 1024, 900


def refusal(code: str, operation: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message or code}}, operation)


def plain(value: Any) -> Any:
    return TypeDeserializer().deserialize(value)


class FakeDynamoDB:
    """One table with our indexes."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, str], Item] = {}
        self.by_ticket: dict[str, dict[str, Item]] = {}  # the same items, so that a read needs no search

    def put_item(
        self,
        *,
        TableName: str,  # noqa: N803
        Item: Item,  # noqa: N803
        ConditionExpression: str = "",  # noqa: N803
        ExpressionAttributeNames: dict[str, str] | None = None,  # noqa: N803
    ) -> Item:
        del TableName
        key = _key(Item)
        self._check(key, ConditionExpression, ExpressionAttributeNames or {}, {}, "PutItem")
        self._keep(key, copy.deepcopy(Item), "PutItem")
        return {}

    def update_item(  # noqa: PLR0913
        self,
        *,
        TableName: str,  # noqa: N803
        Key: Item,  # noqa: N803
        UpdateExpression: str,  # noqa: N803
        ConditionExpression: str = "",  # noqa: N803
        ExpressionAttributeNames: dict[str, str] | None = None,  # noqa: N803
        ExpressionAttributeValues: Item | None = None,  # noqa: N803
    ) -> Item:
        del TableName
        names, values = ExpressionAttributeNames or {}, ExpressionAttributeValues or {}
        key = _key(Key)
        self._check(key, ConditionExpression, names, values, "UpdateItem")
        item = {**Key, **self.items.get(key, {})}  # no value is changed in place
        self._keep(key, _updated(item, UpdateExpression, names, values), "UpdateItem")
        return {}

    def delete_item(
        self,
        *,
        TableName: str,  # noqa: N803
        Key: Item,  # noqa: N803
        ConditionExpression: str = "",  # noqa: N803
        ExpressionAttributeNames: dict[str, str] | None = None,  # noqa: N803
        ExpressionAttributeValues: Item | None = None,  # noqa: N803
    ) -> Item:
        del TableName
        names, values = ExpressionAttributeNames or {}, ExpressionAttributeValues or {}
        self._check(_key(Key), ConditionExpression, names, values, "DeleteItem")
        self.items.pop(_key(Key), None)
        self.by_ticket.get(_key(Key)[0], {}).pop(_key(Key)[1], None)
        return {}

    def batch_get_item(self, *, RequestItems: Item) -> Item:  # noqa: N803
        ((table, request),) = RequestItems.items()
        keys = [_key(key) for key in request["Keys"]]
        if not 0 < len(keys) <= 100 or len(set(keys)) < len(keys):
            raise refusal("ValidationException", "BatchGetItem")
        return {"Responses": {table: [copy.deepcopy(self.items[k]) for k in keys if k in self.items]}}

    def query(  # noqa: PLR0913
        self,
        *,
        TableName: str,  # noqa: N803
        KeyConditionExpression: str,  # noqa: N803
        ExpressionAttributeValues: Item,  # noqa: N803
        ExpressionAttributeNames: dict[str, str] | None = None,  # noqa: N803
        IndexName: str | None = None,  # noqa: N803
        FilterExpression: str = "",  # noqa: N803
        ScanIndexForward: bool = True,  # noqa: N803
        ConsistentRead: bool = False,  # noqa: N803
        Limit: int = 10**9,  # noqa: N803
        ProjectionExpression: str = "",  # noqa: N803
        ExclusiveStartKey: Item | None = None,  # noqa: N803
    ) -> Item:
        del TableName
        assert ConsistentRead == (not IndexName), "the table is read consistently; indexes cannot be"
        names, values = ExpressionAttributeNames or {}, ExpressionAttributeValues
        attributes = INDEXES[IndexName] if IndexName else ("pk", "sk")
        found = self.indexed(IndexName, values) if IndexName else self.by_ticket.get(values[":id"]["S"], {})
        rows = [i for i in found.values() if all(a in i for a in attributes)]
        rows = [i for i in rows if _holds(i, KeyConditionExpression, names, values)]
        rows.sort(key=lambda i: _order(i, attributes[1]), reverse=not ScanIndexForward)
        if ExclusiveStartKey:
            start = _order(ExclusiveStartKey, attributes[1])
            rows = [
                i
                for i in rows
                if (_order(i, attributes[1]) > start) == ScanIndexForward
                and _order(i, attributes[1]) != start
            ]
        read, more = rows[:Limit], len(rows) > Limit
        if ProjectionExpression:
            read = [{n: i[n] for n in ProjectionExpression.split(", ") if n in i} for i in read]
        shown = [i for i in read if _holds(i, FilterExpression, names, values)]
        if IndexName:
            shown = [{n: v for n, v in i.items() if n in PROJECTED or n in attributes} for i in shown]
        answer: Item = {"Items": copy.deepcopy(shown), "ScannedCount": len(read), "Count": len(shown)}
        if more:
            answer["LastEvaluatedKey"] = {n: read[-1][n] for n in {"pk", "sk", *attributes}}
        return answer

    def indexed(self, index: str, values: Item) -> Mapping[Any, Item]:
        """Give all items that may be in a partition of an index."""
        del index, values
        return self.items

    def _check(
        self, key: tuple[str, str], condition: str, names: dict[str, str], values: Item, op: str
    ) -> None:
        if not _holds(self.items.get(key, {}), condition, names, values):
            raise refusal("ConditionalCheckFailedException", op)

    def _keep(self, key: tuple[str, str], item: Item, operation: str) -> None:
        if sum(len(name) + _size(plain(value)) for name, value in item.items()) > MAX_ITEM:
            raise refusal("ValidationException", operation)
        self.items[key] = self.by_ticket.setdefault(key[0], {})[key[1]] = item


def _size(value: Any) -> int:
    """Count bytes, much as DynamoDB does."""
    if isinstance(value, Binary):
        return len(bytes(value))  # type: ignore[call-overload]
    return len(value.encode()) if isinstance(value, str) else len(repr(value))


def _key(item: Item) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def _order(item: Item, attribute: str) -> tuple[Any, str, str]:
    return plain(item[attribute]), *_key(item)


def _holds(item: Item, expression: str, names: dict[str, str], values: Item) -> bool:
    expression = re.sub(r"(\S+) BETWEEN (\S+) AND (\S+)", r"\1 >= \2 AND \1 <= \3", expression)
    return all(_term(item, term.strip(), names, values) for term in expression.split(" AND ") if term.strip())


def _term(item: Item, term: str, names: dict[str, str], values: Item) -> bool:
    def named(name: str) -> str:
        return names[name] if name.startswith("#") else name

    if match := re.fullmatch(r"attribute_(not_)?exists\((\S+)\)", term):
        return (named(match[2]) in item) != bool(match[1])
    if match := re.fullmatch(r"NOT contains\((\S+), (:\S+)\)", term):
        held = plain(item[named(match[1])]) if named(match[1]) in item else ()
        return plain(values[match[2]]) not in held
    if match := re.fullmatch(r"(\S+) (<>|[<>]?=|[<>]) (:\S+)", term):
        if named(match[1]) not in item:
            return match[2] == "<>"
        left, right = plain(item[named(match[1])]), plain(values[match[3]])
        return bool(COMPARE[match[2]](left, right))
    raise AssertionError(f"the fake does not know {term!r}")


def _updated(item: Item, expression: str, names: dict[str, str], values: Item) -> Item:
    before = dict(item)
    clauses = re.split(r"\b(SET|REMOVE|ADD)\b", expression)[1:]
    for verb, body in zip(clauses[::2], clauses[1::2], strict=True):
        for action in re.split(r",\s*(?![^(]*\))", body.strip()):
            _apply(verb, action.strip(), before, item, (names, values))
    return item


def _apply(verb: str, action: str, before: Item, item: Item, context: tuple[dict[str, str], Item]) -> None:
    names, values = context
    name = re.split(r"[ =]", action)[0]
    name = names[name] if name.startswith("#") else name
    if verb == "REMOVE":
        item.pop(name, None)
    elif verb == "ADD":
        item[name] = _added(before.get(name), values[action.split()[1]])
    elif match := re.fullmatch(r"\S+ = (:\S+)", action):
        item[name] = values[match[1]]
    elif match := re.fullmatch(r"\S+ = if_not_exists\(\S+, (:\S+)\)", action):
        item[name] = before.get(name, values[match[1]])
    elif match := re.fullmatch(r"\S+ = list_append\(\S+, (:\S+)\)", action):
        item[name] = {"L": before[name]["L"] + values[match[1]]["L"]}
    else:
        raise AssertionError(f"the fake does not know {action!r}")


def _added(held: Item | None, value: Item) -> Item:
    if "N" in value:
        return {"N": str(int((held or {"N": "0"})["N"]) + int(value["N"]))}
    return {"SS": sorted({*(held or {"SS": []})["SS"], *value["SS"]})}


@dataclass(frozen=True)
class Queue:
    """How long a queue keeps messages (seconds), and where those go that were received so often."""

    retention: int
    dlq: str | None = None
    receives: int = 5


class FakeSqs:
    """Queues by URL; a received message stays in flight until it is deleted or `expire` is called.

    Those whose kind is told lose what is older than they keep, and move what was received too often to their
    dead-letter queue, where it keeps its age.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
    """

    def __init__(self, queues: Mapping[str, Queue] | None = None, now: Callable[[], int] = lambda: 0) -> None:
        self.waiting: dict[str, list[Item]] = {}
        self.in_flight: dict[str, tuple[str, Item]] = {}
        self.queues, self.now = queues or {}, now

    def send_message(
        self,
        *,
        QueueUrl: str,  # noqa: N803
        MessageBody: str,  # noqa: N803
        MessageAttributes: Item | None = None,  # noqa: N803
        DelaySeconds: int = 0,  # noqa: N803
    ) -> Item:
        if not 0 <= DelaySeconds <= MAX_DELAY:
            raise refusal("InvalidParameterValue", "SendMessage")
        if len(MessageBody.encode()) > MAX_SQS or SQS_FORBIDS.search(MessageBody) or not MessageBody:
            raise refusal("InvalidParameterValue", "SendMessage")
        message = {"MessageId": str(uuid.uuid4()), "Body": MessageBody, "Receives": 0, "SentAt": self.now()}
        message["DelaySeconds"] = DelaySeconds  # told, not waited for
        message["MessageAttributes"] = MessageAttributes or {}
        self.waiting.setdefault(QueueUrl, []).append(message)
        return {"MessageId": message["MessageId"]}

    def receive_message(self, *, QueueUrl: str, MaxNumberOfMessages: int = 1, **_: Any) -> Item:  # noqa: N803
        self._age()
        self._bury(QueueUrl)
        queue = self.waiting.setdefault(QueueUrl, [])
        taken, self.waiting[QueueUrl] = queue[:MaxNumberOfMessages], queue[MaxNumberOfMessages:]
        for message in taken:
            message["Receives"] += 1
            message["ReceiptHandle"] = str(uuid.uuid4())
            self.in_flight[message["ReceiptHandle"]] = (QueueUrl, message)
        return {"Messages": copy.deepcopy(taken)} if taken else {}

    def _age(self) -> None:
        for url, kind in self.queues.items():
            kept = [m for m in self.waiting.get(url, []) if m["SentAt"] + kind.retention > self.now()]
            self.waiting[url] = kept
        for handle, (url, message) in list(self.in_flight.items()):
            if url in self.queues and message["SentAt"] + self.queues[url].retention <= self.now():
                del self.in_flight[handle]

    def _bury(self, url: str) -> None:
        kind = self.queues.get(url)
        if kind and kind.dlq:
            dead = [m for m in self.waiting.get(url, []) if m["Receives"] >= kind.receives]
            self.waiting[url] = [m for m in self.waiting.get(url, []) if m not in dead]
            self.waiting.setdefault(kind.dlq, []).extend({**m, "Receives": 0} for m in dead)

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> Item:  # noqa: N803
        del QueueUrl
        self.in_flight.pop(ReceiptHandle, None)
        return {}

    def expire(self) -> None:
        """Let the visibility time-out of everything in flight pass."""
        for url, message in self.in_flight.values():
            self.waiting[url].append(message)
        self.in_flight.clear()

    def bodies(self, url: str) -> list[str]:
        self._age()
        return [message["Body"] for message in self.waiting.get(url, [])]

    def everything(self) -> list[str]:
        """Give what lies in any queue, in flight or not."""
        self._age()
        waiting = [message["Body"] for messages in self.waiting.values() for message in messages]
        return waiting + [message["Body"] for _, message in self.in_flight.values()]


class Crash(BaseException):
    """The Lambda function is killed: not even `except Exception` sees it."""


class Watched:
    """A client, fake or real, whose calls are watched and may be cut off behind their effect."""

    def __init__(self, client: Any, after: Callable[[str, Item], None]) -> None:
        self._client, self._after = client, after

    def __getattr__(self, operation: str) -> Any:
        method = getattr(self._client, operation)

        def call(**arguments: Any) -> Any:
            answer = method(**arguments)
            self._after(operation, arguments)
            return answer

        return call
