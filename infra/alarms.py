"""Alarms: work that nobody will look at unless somebody is told."""

from collections.abc import Sequence
from typing import Any

from infra import names, queues
from infra.cloudformation import Resource, Resources

HAS_TOPIC = "HasAlarmTopic"
STALE = 15 * queues.MINUTE

CONDITIONS = {HAS_TOPIC: {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmTopic"}, ""]}]}}


def resources(department_ids: Sequence[str]) -> Resources:
    """Describe the alarms: every dead-letter queue, and intake that is not worked off."""
    found = {
        f"{names.logical(dlq)}NotEmpty": _alarm(
            dlq, "ApproximateNumberOfMessagesVisible", above=0, why=_why(name)
        )
        for name in names.queues(department_ids)
        for dlq in [names.dlq(name)]
    }
    found["IntakeStale"] = _alarm(
        names.INTAKE,
        "ApproximateAgeOfOldestMessage",
        above=STALE,
        why="Deliveries wait: is the worker failing?",
    )
    return found


def _why(queue: str) -> str:
    if queue == names.INTAKE:
        return "Deliveries failed five times. They are tried again by themselves; the worker's log tells why."
    return f"Nobody deletes from {queue}. Mend its consumer, then: make redrive QUEUE=…"


def _alarm(queue: str, metric: str, *, above: int, why: str) -> Resource:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": why,
            "Namespace": "AWS/SQS",
            "MetricName": metric,
            "Dimensions": [
                {"Name": "QueueName", "Value": {"Fn::GetAtt": [names.logical(queue), "QueueName"]}}
            ],
            "Statistic": "Maximum",
            "Period": 5 * queues.MINUTE,
            "EvaluationPeriods": 1,
            "Threshold": above,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": _told(),
            "OKActions": _told(),
        },
    }


def _told() -> dict[str, Any]:
    return {"Fn::If": [HAS_TOPIC, [{"Ref": "AlarmTopic"}], {"Ref": "AWS::NoValue"}]}
