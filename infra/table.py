"""The one table, with its two indexes."""

from infra import names
from infra.cloudformation import Resource, Resources, named

LOGICAL_NAME = "TicketsTable"
AWAITING = "awaiting-by-deadline"
LISTED = "listed-by-arrival"
EXPIRES = "expires_at"
KEYS = {
    "pk": "S",
    "sk": "S",
    "awaiting": "S",
    "acknowledge_by": "N",
    "listed_under": "S",
    "received_at": "N",
}


def resources() -> Resources:
    """Describe the table."""
    return {
        LOGICAL_NAME: {
            "Type": "AWS::DynamoDB::Table",
            "DeletionPolicy": "RetainExceptOnCreate",
            "UpdateReplacePolicy": "Retain",
            "Properties": {
                "TableName": named(names.TABLE),
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [
                    {"AttributeName": name, "AttributeType": kind} for name, kind in KEYS.items()
                ],
                "KeySchema": _key("pk", "sk"),
                "GlobalSecondaryIndexes": [
                    _index(AWAITING, "awaiting", "acknowledge_by"),
                    _index(LISTED, "listed_under", "received_at"),
                ],
                "TimeToLiveSpecification": {"AttributeName": EXPIRES, "Enabled": True},
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                "SSESpecification": {"SSEEnabled": True},
            },
        }
    }


def _key(partition: str, sort: str) -> list[Resource]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


def _index(name: str, partition: str, sort: str) -> Resource:
    return {
        "IndexName": name,
        "KeySchema": _key(partition, sort),
        # What a list filters by; the tickets themselves are read consistently from the table.
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["status", "platform", "category"]},
    }
