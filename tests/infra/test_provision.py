"""The engine gets the queues and the table that the template describes, and keeps what lies in them."""

import json
from typing import Any

import pytest

from chalicelib.errors import ConfigurationError
from infra import names, queues, table, template
from infra.cloudformation import Resources
from infra.local.provision import create, queue_arn, queue_url
from tests.engine import Engine

IDS = ("human_resources", "marketing")


def attributes(engine: Engine, name: str) -> dict[str, str]:
    answer: Any = engine.client("sqs").get_queue_attributes(
        QueueUrl=queue_url(engine, name), AttributeNames=["All"]
    )
    found: dict[str, str] = answer["Attributes"]
    return found


def test_queues_have_what_the_template_says(engine: Engine) -> None:
    create(engine, template.owned(IDS), "says")

    found = attributes(engine, "says-intake")
    assert found["VisibilityTimeout"] == str(queues.INTAKE_VISIBILITY)
    assert found["MessageRetentionPeriod"] == str(queues.RETENTION)
    assert json.loads(found["RedrivePolicy"]) == {
        "deadLetterTargetArn": queue_arn("says-intake-dlq"),
        "maxReceiveCount": queues.RECEIVES,
    }
    assert attributes(engine, "says-department-marketing-dlq")["MessageRetentionPeriod"] == str(
        queues.DLQ_RETENTION
    )


def test_the_table_has_its_indexes_and_expires_what_it_should(engine: Engine) -> None:
    create(engine, template.owned(IDS), "indexed")

    dynamodb: Any = engine.client("dynamodb")
    described = dynamodb.describe_table(TableName="indexed-tickets")["Table"]
    ttl = dynamodb.describe_time_to_live(TableName="indexed-tickets")["TimeToLiveDescription"]
    names = {index["IndexName"] for index in described["GlobalSecondaryIndexes"]}
    assert names == {"awaiting-by-deadline", "alarms-by-time", "listed-by-arrival", "offered-by-time"}
    assert (ttl["AttributeName"], ttl["TimeToLiveStatus"]) == ("expires_at", "ENABLED")


def test_a_new_department_gets_its_queue_and_the_others_keep_what_lies_in_them(engine: Engine) -> None:
    create(engine, template.owned(IDS), "grows")
    engine.client("sqs").send_message(QueueUrl=queue_url(engine, "grows-intake"), MessageBody="kept")

    create(engine, template.owned([*IDS, "legal"]), "grows")

    assert attributes(engine, "grows-department-legal")["QueueArn"] == queue_arn("grows-department-legal")
    assert attributes(engine, "grows-intake")["ApproximateNumberOfMessages"] == "1"


def changed(resources: Resources) -> Resources:
    (index, *_) = resources[table.LOGICAL_NAME]["Properties"]["GlobalSecondaryIndexes"]
    index["IndexName"] = "of-another-version"
    return resources


def test_a_table_of_another_shape_is_refused_with_the_remedy(engine: Engine) -> None:
    create(engine, changed(template.owned(IDS)), "older")

    with pytest.raises(ConfigurationError, match=f"older-{names.TABLE} .*remove DATA_DIR"):
        create(engine, template.owned(IDS), "older")
