"""The app gets the event that API Gateway would give it."""

import base64
from typing import Any

import pytest
from chalice.app import Chalice
from chalice.config import Config

from infra.local.gateway import Gateway, Refused


@pytest.fixture
def events() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def chalice(events: list[dict[str, Any]]) -> Gateway:
    app = Chalice("small")

    @app.route("/webhooks/{platform}", methods=["POST"], content_types=["application/json", "image/png"])
    def accept(platform: str) -> str:
        assert app.current_request
        events.append(app.current_request.to_original_event())
        return platform

    return Gateway(app, Config())


def test_the_app_gets_api_gateways_event(chalice: Gateway, events: list[dict[str, Any]]) -> None:
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": "s"}

    chalice.answer("POST", "/webhooks/x?a=1&a=2", headers, '{"ä": 1}'.encode())

    (event,) = events
    assert event["body"] == '{"ä": 1}'
    assert event["headers"] == headers
    assert event["pathParameters"] == {"platform": "x"}
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"]}
    assert event["requestContext"]["stage"] == "v1"


def test_a_body_that_is_no_text_is_changed_as_the_real_gateway_changes_it(
    chalice: Gateway, events: list[dict[str, Any]]
) -> None:
    chalice.answer("POST", "/webhooks/x", {"Content-Type": "application/json"}, b"\xff{}")

    assert events[0]["body"] == "\ufffd{}"


def test_a_binary_type_comes_in_base64(chalice: Gateway, events: list[dict[str, Any]]) -> None:
    chalice.answer("POST", "/webhooks/x", {"Content-Type": "image/png"}, b"\x89PNG")

    assert events[0]["isBase64Encoded"] is True
    assert base64.b64decode(events[0]["body"]) == b"\x89PNG"


@pytest.mark.parametrize("path", ["/", "/webhooks", "/webhooks/x/y", "//[x", "/%00", ""])
def test_an_address_that_is_not_there_is_refused(chalice: Gateway, path: str) -> None:
    with pytest.raises(Refused, match="MISSING_AUTHENTICATION_TOKEN"):
        chalice.answer("POST", path, {}, b"")
