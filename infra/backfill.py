"""`make backfill PLATFORM=… SINCE=…`: fetches what a platform should have sent since then and did not.

SINCE is a date or a time, as in 2026-11-20 or 2026-11-20T08:00; without an offset it is this machine's time.
On this machine by run.json; in an account with STACK=….
"""

import os
import time
from datetime import UTC, datetime

from chalicelib.errors import ConfigurationError
from chalicelib.platforms import PLATFORMS
from chalicelib.subscriptions.backfill import POLLED, SOURCES, Fetched
from chalicelib.subscriptions.errands import BACK_FILL
from infra import errand
from infra.commands import command


def since(text: str, now: int) -> int:
    """Read a time in the past into UTC epoch seconds.

    Raises:
        ConfigurationError: it is none.

    """
    try:
        found = int(datetime.fromisoformat(text).astimezone(UTC).timestamp())
    except (ValueError, OverflowError):
        found = 0
    if not 0 < found < now:
        raise ConfigurationError(f"SINCE={text}: give a date or time in the past, as in 2026-11-20T08:00")
    return found


def told(fetched: Fetched) -> str:
    """Write what was fetched in a line."""
    begin = f"{datetime.fromtimestamp(fetched.since, UTC).astimezone():%a %d %b %Y %H:%M}"
    return f"{fetched.platform} since {begin}: {fetched.deliveries} deliveries fetched; {fetched.note}"


@command
def main() -> None:
    """Fetch from PLATFORM since SINCE."""
    platform = os.environ.get("PLATFORM", "")
    if platform not in PLATFORMS:
        raise ConfigurationError(f"PLATFORM={platform}: name one of {', '.join((*SOURCES, POLLED))}")
    begin = since(os.environ.get("SINCE", ""), int(time.time()))
    (row,) = errand.run({"do": BACK_FILL, "platform": platform, "since": begin})
    print(told(Fetched(**row)))


if __name__ == "__main__":
    main()
