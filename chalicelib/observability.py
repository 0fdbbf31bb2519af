"""Logs and metrics. Message texts and secrets appear in neither.

Powertools is imported when something is logged or counted, never on the way of an accepted delivery.
"""

from functools import cache
from typing import TYPE_CHECKING, Protocol

from chalicelib.errors import told, traced

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger


class Count(Protocol):
    """Counts events, by platform and reason."""

    def __call__(self, metric: str, times: int = 1, /, **dimensions: str) -> None: ...  # noqa: D102


NAMESPACE = "Zustaendig"


@cache
def logger() -> "Logger":
    """Give the logger: one JSON line a record."""
    from aws_lambda_powertools import Logger  # noqa: PLC0415

    return Logger(service="zustaendig")


def failure(what: str, error: BaseException, **about: str) -> None:
    """Log that something failed, why and where, but never an error's own text: it may quote a message."""
    logger().error(what, extra={"error": told(error), "trace": traced(error), **about}, stacklevel=3)


def count(metric: str, times: int = 1, /, **dimensions: str) -> None:
    """Count events as a CloudWatch metric, by what is given (platform, reason)."""
    from aws_lambda_powertools.metrics import MetricUnit, single_metric  # noqa: PLC0415

    with single_metric(name=metric, unit=MetricUnit.Count, value=times, namespace=NAMESPACE) as counted:
        for name, value in dimensions.items():
            counted.add_dimension(name=name, value=value)
