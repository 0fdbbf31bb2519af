"""What the gateway answers by itself, in the template and on this machine: the same problem details."""

import json
from typing import Any

from chalicelib import problems
from infra.cloudformation import Resources

# https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
ANSWERS = {
    "ACCESS_DENIED": (403, "the gateway does not let this request through"),
    "API_CONFIGURATION_ERROR": (500, problems.OURS),
    "AUTHORIZER_CONFIGURATION_ERROR": (500, problems.OURS),
    "AUTHORIZER_FAILURE": (500, problems.OURS),
    "BAD_REQUEST_BODY": (400, "the body is not what this address takes"),
    "BAD_REQUEST_PARAMETERS": (400, "the parameters are not what this address takes"),
    "DEFAULT_4XX": (400, "the gateway cannot make sense of this request"),
    "DEFAULT_5XX": (500, problems.OURS),
    "EXPIRED_TOKEN": (403, "the request is signed with an expired token"),
    "INTEGRATION_FAILURE": (504, "no answer in time; try again"),
    "INTEGRATION_TIMEOUT": (504, "no answer in time; try again"),
    "INVALID_API_KEY": (403, "the gateway does not let this request through"),
    "INVALID_SIGNATURE": (403, "the gateway does not let this request through"),
    # The gateway's words for "no such address", or "not with this method".
    "MISSING_AUTHENTICATION_TOKEN": (404, "there is nothing at this address"),
    "QUOTA_EXCEEDED": (429, "too many requests; try again later"),
    "REQUEST_TOO_LARGE": (413, "the body is larger than the gateway takes"),
    "RESOURCE_NOT_FOUND": (404, "there is nothing at this address"),
    "THROTTLED": (429, "too many requests; try again later"),
    "UNAUTHORIZED": (401, "a bearer token is needed"),
    "UNSUPPORTED_MEDIA_TYPE": (415, "this address does not take this content type"),
    "WAF_FILTERED": (403, "the gateway does not let this request through"),
}

# Steady and burst requests a second over all callers: a bound on what a flood can cost.
RATE, BURST = 200, 400


def body(status: int, detail: str) -> str:
    """Write an answer's body."""
    return json.dumps(problems.problem(status, detail))


def resources() -> Resources:
    """Override what Chalice says of the API."""
    return {
        "RestAPI": {
            "Properties": {
                # Else SAM opens a second stage, named "Stage", to which no settings apply.
                # https://github.com/aws/serverless-application-model/issues/191
                "OpenApiVersion": "2.0",
                "GatewayResponses": responses(),
                "MethodSettings": [
                    {
                        "ResourcePath": "/*",
                        "HttpMethod": "*",
                        "ThrottlingRateLimit": RATE,
                        "ThrottlingBurstLimit": BURST,
                    }
                ],
            }
        }
    }


def responses() -> dict[str, Any]:
    """Describe the gateway's own answers."""
    return {kind: _response(*answer) for kind, answer in ANSWERS.items()}


def _response(status: int, detail: str) -> dict[str, Any]:
    return {
        "StatusCode": status,
        # The gateway takes the template for JSON whatever the caller accepts; the header is ours to set.
        "ResponseParameters": {"Headers": {"Content-Type": f"'{problems.CONTENT_TYPE}'"}},
        "ResponseTemplates": {"application/json": body(status, detail)},
    }
