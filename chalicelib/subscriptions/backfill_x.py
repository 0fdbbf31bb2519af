"""X sends again what it has sent or tried to, if it is asked; it comes by the webhook.

https://docs.x.com/x-api/webhooks/create-replay-job-for-webhook
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from chalicelib.errors import ConfigurationError
from chalicelib.platforms import tame
from chalicelib.platforms.base import Ask
from chalicelib.subscriptions.reach import WHOLE, Reach
from chalicelib.subscriptions.x import our_webhook

MINUTE = 60
REMEMBERED = 86_400 - 5 * MINUTE
"""Seconds; a day, says X. It takes whole minutes, none of them older, and our clocks may differ."""


def fetch(reach: Reach, since: int, until: int) -> Iterator[bytes]:
    """Have X send again what came to pass between two times (UTC epoch seconds); yields nothing."""
    first, last = _minute(since), _minute(until)
    if first == last:
        return
    token = reach.token(WHOLE)
    webhook = our_webhook(reach, token)
    if webhook is None:
        raise ConfigurationError(f"X knows no webhook at {reach.address}: register it")
    job = {"webhook_id": tame.required(webhook, "id"), "from_date": first, "to_date": last}
    reach.apis.send("POST", "x", Ask(("webhooks", "replay")), token, json=job)
    yield from ()


def _minute(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y%m%d%H%M}"
