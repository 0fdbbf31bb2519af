"""DynamoDB: when a platform last checked that an address is ours, and for how long it then promised to send.

A platform that stops asking has forgotten us: the check of subscriptions looks at these records. They are
written on the accept path: one brief call, at most once a minute, and no boto3 (docs/decisions/0002).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chalicelib import aws
from chalicelib.platforms.base import Subscription

PARTITION = "subscriptions"
"""The partition key of all records, so that one query reads them; the sort key is platform and account."""

AT_MOST_EVERY = 60  # seconds, for each record and process
KEPT_FOR = 60 * 86_400
"""Seconds after its last change: an account that is no longer ours leaves nothing behind."""


def sort_key(platform: str, account: str | None = None) -> str:
    """Name a record; without account, that of the whole platform."""
    return f"{platform}#{account or '*'}"


@dataclass(frozen=True, slots=True)
class Handshakes:
    """Remembers handshakes that were answered. `client` is asked for when the first one is."""

    client: Callable[[], Any]
    table: str
    _noted: dict[str, int] = field(default_factory=dict)

    def note(self, platform: str, now: int, told: Subscription | None = None) -> None:
        """Remember a handshake at `now` (UTC epoch seconds), and what it told of a subscription.

        Raises:
            Unavailable: DynamoDB did not say that it has it. Nobody may wait for the next try.
            Rejected: it never will.

        """
        key = sort_key(platform, told.account if told else None)
        what = _told(now, told)
        throttled = key + next(iter(what), "")
        if not what or now - self._noted.get(throttled, now - AT_MOST_EVERY) < AT_MOST_EVERY:
            return
        self._noted[throttled] = now
        numbers = {**what, "expires_at": now + KEPT_FOR}
        with aws.errors():
            self.client().update_item(
                TableName=self.table,
                Key={"pk": {"S": PARTITION}, "sk": {"S": key}},
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in numbers),
                ExpressionAttributeNames={f"#{name}": name for name in numbers},
                ExpressionAttributeValues={f":{name}": {"N": str(n)} for name, n in numbers.items()},
            )


def _told(now: int, told: Subscription | None) -> dict[str, int]:
    if told is None:
        return {"handshake_at": now}
    if told.mode == "denied":
        return {"denied_at": now}
    if told.mode != "subscribe":
        return {}  # we leave only what is not ours any more
    # No lease is written as 0: an old one must not stay.
    return {"handshake_at": now, "lease_until": now + (told.lease or 0)}
