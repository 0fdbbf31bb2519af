"""Alarms: work that nobody will look at unless somebody is told."""

from collections.abc import Sequence
from typing import Any

from chalicelib import observability
from chalicelib.envelope import FOLLOW_UP
from chalicelib.platforms import PLATFORMS
from infra import names, queues
from infra.cloudformation import Resource, Resources

HAS_TOPIC = "HasAlarmTopic"
STALE = 15 * queues.MINUTE
UNREAD = queues.DAY
WAITING = "Deliveries wait: is the worker failing?"
WAITING_BRIEFLY = (
    f"Deliveries wait: is the worker failing? Their platform lets SQS keep them for"
    f" {queues.BRIEF_RETENTION // 3600} hours only; then they are gone."
)
WILL_EXPIRE = (
    f"Its tickets wait, and what lies there for {queues.DEPARTMENT_RETENTION // queues.DAY} days is gone."
)
SHUT = "Deliveries are answered with 5xx: are the secrets there? The log of APIHandler tells why."
LOOK = "GET /quarantine shows what could not be processed, and why."
FUNCTIONS = (
    "APIHandler",
    "ProcessIntake",
    "RedriveIntake",
    "EraseExpired",
    "TellAlarms",
    "PollYoutube",
    "KeepSubscriptions",
)
KEPT_TOO_LONG = "Nothing is erased any more, so that storage limits will pass: does its schedule still run?"
ASLEEP = "{} does not run any more, so that {}: does its schedule still run?"
SLEEPERS = {
    "EraseExpired": (STALE, KEPT_TOO_LONG),
    "RedriveIntake": (STALE, ASLEEP.format("RedriveIntake", "failed deliveries are not tried again")),
    "TellAlarms": (STALE, ASLEEP.format("TellAlarms", "nobody hears of deadlines, and pauses do not end")),
    "PollYoutube": (STALE, ASLEEP.format("PollYoutube", "nothing comes from YouTube")),
    "KeepSubscriptions": (
        3 * 60 * queues.MINUTE,  # it runs once an hour
        ASLEEP.format("KeepSubscriptions", "subscriptions end and nobody tells of silence"),
    ),
}
"""Scheduled functions: for how many seconds they may not run, and what to do then."""
WATCHED = {names.INTAKE: (STALE, WAITING), names.BRIEF_INTAKE: (STALE, WAITING_BRIEFLY)}
FAILING = (
    "A platform will not send much longer, or not at all. make subscriptions STACK=… tells which, and why."
)
SILENT = "{} does not speak to us as it uses to. make subscriptions STACK=… tells since when, and what to do."

CONDITIONS = {HAS_TOPIC: {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmTopic"}, ""]}]}}


def resources(department_ids: Sequence[str]) -> Resources:
    """Describe the alarms, each with what to do about it."""
    found: Resources = {}
    for name in names.queues(department_ids):
        dlq, logical = names.dlq(name), names.logical(name)
        after, why = WATCHED.get(name, (UNREAD, f"Nobody reads {name}. {WILL_EXPIRE}"))
        found[f"{names.logical(dlq)}NotEmpty"] = _queue(
            dlq, "ApproximateNumberOfMessagesVisible", 0, _why(name)
        )
        found[f"{logical}Stale"] = _queue(name, "ApproximateAgeOfOldestMessage", after, why)
    for function in FUNCTIONS:
        dimension = {"FunctionName": {"Ref": function}}
        found[f"{function}Fails"] = _alarm("AWS/Lambda", "Errors", dimension, 0, "Its log tells why.")
    for function, (after, why) in SLEEPERS.items():
        found[f"{function}Sleeps"] = _sleeps(function, after, why)
    api = {"ApiName": names.API, "Stage": names.STAGE}
    found["ApiFails"] = _alarm("AWS/ApiGateway", "5XXError", api, 0, SHUT)
    for platform in (*PLATFORMS, "unknown", FOLLOW_UP):
        alarm = _alarm(observability.NAMESPACE, "Quarantined", {"platform": platform}, 0, LOOK)
        found[f"{names.pascal(platform)}Quarantined"] = alarm
    return found | _subscriptions()


def _subscriptions() -> Resources:
    """Describe what the hourly check tells; between two checks, an alarm stays as it is."""
    ours = observability.NAMESPACE
    found = {"SubscriptionsFail": _alarm(ours, "SubscriptionsFailing", {}, 0, FAILING)}
    for platform in PLATFORMS:
        silent = _alarm(ours, "Silence", {"platform": platform}, 0, SILENT.format(platform))
        found[f"{names.pascal(platform)}Silent"] = silent
    for alarm in found.values():
        alarm["Properties"]["TreatMissingData"] = "ignore"
    return found


def _why(queue: str) -> str:
    if queue in names.INTAKES:
        return "Deliveries failed five times. They are tried again by themselves; the worker's log tells why."
    return f"Nobody deletes from {queue}. Mend its consumer, then: make redrive QUEUE=…"


def _queue(queue: str, metric: str, above: int, why: str) -> Resource:
    name = {"Fn::GetAtt": [names.logical(queue), "QueueName"]}
    described = _alarm("AWS/SQS", metric, {"QueueName": name}, above, why)
    described["Properties"]["Statistic"] = "Maximum"
    return described


def _sleeps(function: str, after: int, why: str) -> Resource:
    """Describe the alarm for a scheduled function that does not run: then it does not fail, either."""
    described = _alarm("AWS/Lambda", "Invocations", {"FunctionName": {"Ref": function}}, 1, why)
    described["Properties"] |= {
        "Period": after,
        "ComparisonOperator": "LessThanThreshold",
        "TreatMissingData": "breaching",
    }
    return described


def _alarm(namespace: str, metric: str, dimensions: dict[str, Any], above: int, why: str) -> Resource:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": why,
            "Namespace": namespace,
            "MetricName": metric,
            "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
            "Statistic": "Sum",
            "Period": 5 * queues.MINUTE,
            "EvaluationPeriods": 1,
            "Threshold": above,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": _topic(),
            "OKActions": _topic(),
        },
    }


def _topic() -> dict[str, Any]:
    return {"Fn::If": [HAS_TOPIC, [{"Ref": "AlarmTopic"}], {"Ref": "AWS::NoValue"}]}
