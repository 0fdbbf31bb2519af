"""Creates what the template describes on an engine, by direct calls: queues and table.

Safe to repeat: what is there stays, with what lies in it; a new department gets its queue.
"""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.errors import ConfigurationError
from infra import names
from infra.cloudformation import Resource, Resources
from infra.local.clients import ACCOUNT, REGION
from infra.local.engine import Engine


def queue_url(engine: Engine, name: str) -> str:
    """Give a queue's URL as of this run: the engine may listen on another port than the last time."""
    return f"{engine.url}/{ACCOUNT}/{name}"


def queue_arn(name: str) -> str:
    """Give a queue's ARN."""
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def create(engine: Engine, resources: Resources, stack: str = names.STACK) -> None:
    """Create or update every queue and table of `resources`.

    Raises:
        ConfigurationError: a table is there, but of another shape.

    """
    sqs, dynamodb = engine.client("sqs"), engine.client("dynamodb")
    there = {url.rpartition("/")[2] for url in sqs.list_queues().get("QueueUrls", [])}
    for resource in resources.values():
        properties = resolved(resource["Properties"], resources, stack)
        if resource["Type"] == "AWS::SQS::Queue":
            name = properties.pop("QueueName")
            if name not in there:
                sqs.create_queue(QueueName=name)
            attributes = {key: _text(value) for key, value in properties.items()}
            sqs.set_queue_attributes(QueueUrl=queue_url(engine, name), Attributes=attributes)
        else:
            _table(dynamodb, properties)


def resolved(value: Any, resources: Mapping[str, Resource], stack: str) -> Any:
    """Put in what CloudFormation would: the stack's name, and ARNs of queues."""
    if isinstance(value, list):
        return [resolved(each, resources, stack) for each in value]
    if not isinstance(value, dict):
        return value
    if "Fn::Sub" in value:
        return value["Fn::Sub"].replace("${AWS::StackName}", stack)
    if "Fn::GetAtt" in value:
        queue = resources[value["Fn::GetAtt"][0]]["Properties"]["QueueName"]
        return queue_arn(resolved(queue, resources, stack))
    return {key: resolved(each, resources, stack) for key, each in value.items()}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _table(dynamodb: Any, properties: Resource) -> None:
    name, ttl = properties["TableName"], properties.pop("TimeToLiveSpecification")
    for beyond_the_engine in ("PointInTimeRecoverySpecification", "SSESpecification"):
        del properties[beyond_the_engine]
    try:
        there = dynamodb.describe_table(TableName=name)["Table"]
    except dynamodb.exceptions.ResourceNotFoundException:
        dynamodb.create_table(**properties)
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=ttl)
        return
    if _shape(there) != _shape(properties):
        raise ConfigurationError(
            f"the table {name} in DATA_DIR is of an older version: remove DATA_DIR, or set another"
        )


def _shape(table: Mapping[str, Any]) -> Any:
    indexes = table.get("GlobalSecondaryIndexes", [])
    return table["KeySchema"], sorted((index["IndexName"], str(index["KeySchema"])) for index in indexes)
