"""Who is told when work waits, and what the gateway says by itself."""

import json

import pytest

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
    alarms = of_type(resources, "AWS::CloudWatch::Alarm").values()
    watched = {alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0] for alarm in alarms}

    assert watched >= {names.logical(names.dlq(name)) for name in names.queues(IDS)}
    assert ("IntakeQueue", "ApproximateAgeOfOldestMessage") in {
        (alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0], alarm["MetricName"]) for alarm in alarms
    }
