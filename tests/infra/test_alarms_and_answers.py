"""Who is told when work waits, and what the gateway says by itself."""

import copy
import json
import re

import pytest
from samtranslator.translator.transform import transform

from chalicelib.platforms import PLATFORMS
from infra import names
from tests.infra.test_package import IDS, Template, of_type


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("MISSING_AUTHENTICATION_TOKEN", 404),
        ("REQUEST_TOO_LARGE", 413),
        ("UNSUPPORTED_MEDIA_TYPE", 415),
        ("THROTTLED", 429),
        ("DEFAULT_4XX", 400),
        ("DEFAULT_5XX", 500),
        ("INTEGRATION_TIMEOUT", 504),
    ],
)
def test_the_gateway_answers_in_problem_details(resources: Template, kind: str, status: int) -> None:
    response = resources["RestAPI"]["Properties"]["GatewayResponses"][kind]

    body = json.loads(response["ResponseTemplates"]["application/json"])
    assert response["StatusCode"] == body["status"] == status
    assert body.keys() == {"type", "title", "status", "detail"}
    assert response["ResponseParameters"]["Headers"]["Content-Type"] == "'application/problem+json'"


def test_a_flood_is_throttled(resources: Template) -> None:
    (settings,) = resources["RestAPI"]["Properties"]["MethodSettings"]

    assert (settings["ResourcePath"], settings["HttpMethod"]) == ("/*", "*")
    assert settings["ThrottlingRateLimit"] > 0
    assert settings["ThrottlingBurstLimit"] > 0


def test_somebody_is_told_of_every_dead_letter_queue(resources: Template) -> None:
    every = of_type(resources, "AWS::CloudWatch::Alarm").values()
    alarms = [alarm for alarm in every if alarm["Namespace"] == "AWS/SQS"]
    watched = {alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0] for alarm in alarms}

    assert watched >= {names.logical(names.dlq(name)) for name in names.queues(IDS)}
    aged = {names.logical(name) for name in names.queues(IDS)}
    assert {(queue, "ApproximateAgeOfOldestMessage") for queue in aged} <= {
        (alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0], alarm["MetricName"]) for alarm in alarms
    }


def test_somebody_is_told_of_functions_that_fail_and_of_new_quarantine_entries(resources: Template) -> None:
    alarms = of_type(resources, "AWS::CloudWatch::Alarm").values()
    told = {(alarm["MetricName"], str(each["Value"])) for alarm in alarms for each in alarm["Dimensions"]}

    assert {
        ("Errors", str({"Ref": name})) for name in of_type(resources, "AWS::Serverless::Function")
    } <= told
    assert ("5XXError", "zustaendig") in told
    assert {("Quarantined", name) for name in (*PLATFORMS, "unknown")} <= told


def test_somebody_is_told_of_each_clock_that_stands_still(resources: Template) -> None:
    functions = of_type(resources, "AWS::Serverless::Function").items()
    clocked = {
        name: event["Properties"]["Schedule"]
        for name, function in functions
        for event in function.get("Events", {}).values()
        if event["Type"] == "Schedule"
    }
    alarms = of_type(resources, "AWS::CloudWatch::Alarm").values()
    asleep = {
        alarm["Dimensions"][0]["Value"]["Ref"]: alarm
        for alarm in alarms
        if alarm["MetricName"] == "Invocations"
    }

    assert asleep.keys() == clocked.keys() >= {"KeepSubscriptions", "PollYoutube", "RedriveIntake"}
    for name, alarm in asleep.items():
        hourly = clocked[name] == "rate(1 hour)"
        assert alarm["Period"] == (3 * 3600 if hourly else 900)
        assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)
        assert alarm["TreatMissingData"] == "breaching"


def test_somebody_is_told_of_silence_and_of_subscriptions_until_the_next_check(resources: Template) -> None:
    alarms = of_type(resources, "AWS::CloudWatch::Alarm").values()
    ours = [alarm for alarm in alarms if alarm["MetricName"] in {"Silence", "SubscriptionsFailing"}]

    assert [alarm["Dimensions"] for alarm in ours if alarm["MetricName"] == "SubscriptionsFailing"] == [[]]
    silent = {
        each["Value"] for alarm in ours if alarm["MetricName"] == "Silence" for each in alarm["Dimensions"]
    }
    assert silent == set(PLATFORMS)
    for alarm in ours:
        # They are counted once an hour, in one of twelve periods.
        assert alarm["TreatMissingData"] == "ignore"
        assert "make subscriptions STACK=" in alarm["AlarmDescription"]


def test_every_alarm_has_a_name_that_cloudformation_takes(resources: Template) -> None:
    assert all(re.fullmatch("[A-Za-z0-9]+", name) for name in resources)


def test_there_is_one_stage_and_it_is_the_throttled_one(
    packaged: Template, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SAM would open a second one, which nobody asked for."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    uploaded = copy.deepcopy(packaged)
    for function in of_type(uploaded["Resources"], "AWS::Serverless::Function").values():
        function["CodeUri"] = "s3://bucket/key"
    expanded = transform(uploaded, {}, NoPolicies())["Resources"]
    stages = [r["Properties"].get("StageName") for r in expanded.values() if r["Type"].endswith("::Stage")]
    deployments = of_type(expanded, "AWS::ApiGateway::Deployment").values()

    assert stages == ["v1"]
    assert all("StageName" not in deployment for deployment in deployments)


class NoPolicies:
    """AWS's managed policies, of which we use none."""

    def load(self) -> dict[str, str]:
        return {}
