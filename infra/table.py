"""The one table, with its indexes."""

from chalicelib.ticket_index import BY_ALARM, BY_ARRIVAL, BY_DEADLINE, BY_OFFER, FILTERED_BY, Index
from infra import names
from infra.cloudformation import Resource, Resources, named, ref

LOGICAL_NAME = "TicketsTable"
INDEXES = (BY_DEADLINE, BY_ALARM, BY_ARRIVAL, BY_OFFER)
EXPIRES = "expires_at"
KEYS = {
    "pk": "S",
    "sk": "S",
    **{index.partition: "S" for index in INDEXES},
    **{index.number: "N" for index in INDEXES},
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
                "GlobalSecondaryIndexes": [_index(index) for index in INDEXES],
                "TimeToLiveSpecification": {"AttributeName": EXPIRES, "Enabled": True},
                "PointInTimeRecoverySpecification": {
                    "PointInTimeRecoveryEnabled": True,
                    "RecoveryPeriodInDays": ref("RecoveryDays"),
                },
                "SSESpecification": {"SSEEnabled": True},
            },
        }
    }


def _key(partition: str, sort: str) -> list[Resource]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


def _index(index: Index) -> Resource:
    return {
        "IndexName": index.name,
        "KeySchema": _key(index.partition, index.number),
        # The tickets themselves are read consistently from the table.
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(FILTERED_BY)},
    }
