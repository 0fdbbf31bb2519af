"""API Gateway's part on this machine: from a request to the app's event, and when the gateway refuses."""

from collections.abc import Mapping
from email.message import Message
from typing import Any

from chalice.local import LocalGateway

from infra import names
from infra.local import events

TIMEOUT = 29  # seconds

LARGEST_BODY = 10 * 1024 * 1024
"""Bytes.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
"""


class Refused(Exception):  # noqa: N818  (it is what the gateway did)
    """The gateway answers itself: as `infra.gateway.ANSWERS` says of `kind`, or with another status."""

    def __init__(self, kind: str, status: int | None = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.status = status


class Gateway(LocalGateway):
    """Chalice's local gateway, with AWS's event and without Chalice's own answers."""

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Any:
        """Have the app answer a request, in Lambda's words.

        Raises:
            Refused: there is nothing at this address.

        """
        lower = {name.lower(): value for name, value in headers.items()}
        try:
            event = self._generate_lambda_event(method, path, lower, body or None)
        except ValueError as error:
            raise Refused("MISSING_AUTHENTICATION_TOKEN") from error
        event |= {"headers": dict(headers), "path": path.partition("?")[0], "httpMethod": method}
        event["requestContext"] |= {"stage": names.STAGE, "protocol": "HTTP/1.1"}
        if isinstance(event["body"], bytes):
            # What is no UTF-8 does not survive API Gateway either: its signature will not fit.
            event["body"] = event["body"].decode("utf-8", "replace")
        return self._app_object(event, events.context("APIHandler", TIMEOUT))


def length(headers: Message) -> int:
    """Read how long a body is.

    Raises:
        Refused: it cannot be told, or it is longer than the gateway takes.

    """
    if "transfer-encoding" in headers:
        raise Refused("DEFAULT_4XX", 411)
    given = set(headers.get_all("content-length", ["0"]))
    text = given.pop()
    if given or not (text.isascii() and text.isdigit()):
        raise Refused("DEFAULT_4XX")
    digits = text.lstrip("0") or "0"
    if len(digits) > len(str(LARGEST_BODY)) or int(digits) > LARGEST_BODY:
        raise Refused("REQUEST_TOO_LARGE")
    return int(digits)
