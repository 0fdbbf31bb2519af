"""Attribute values: how Python types lie in DynamoDB. None is not stored."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

type_serializer = TypeSerializer()
type_deserializer = TypeDeserializer()

Item = dict[str, Any]
"""Attribute values in Python types."""

TICKET, CONTENT, REPLY, FURTHER = "ticket", "content", "reply#", "further#"
"""Sort keys of what lies under a ticket's id."""


def dumped(values: Mapping[str, Any]) -> dict[str, Any]:
    """Write attribute values as DynamoDB wants them, None left out."""
    return {name: type_serializer.serialize(plain(v)) for name, v in values.items() if v is not None}


def loaded(item: Mapping[str, Any]) -> Item:
    """Read attribute values as DynamoDB gives them."""
    return {name: type_deserializer.deserialize(value) for name, value in item.items()}


def plain(value: Any) -> Any:
    """Give a value as the serializer takes it: it takes no float."""
    return Decimal(str(round(value, 4))) if isinstance(value, float) else value


def there(item: Item) -> Item:
    """Give what lies within an item, plain, without what is None."""
    return {name: plain(value) for name, value in item.items() if value is not None}


def seconds(item: Item, name: str) -> int | None:
    """Read a number that may not be there."""
    return int(item[name]) if name in item else None
