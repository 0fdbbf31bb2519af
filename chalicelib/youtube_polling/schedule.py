"""When a channel is polled next. Pure; times in UTC epoch seconds."""

from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.youtube_polling.channels import Channel

MIN_INTERVAL = 300
TIMERS_ERR = 30  # seconds by which a timer may be early: else a poll now and then would wait for two rounds
DAY = 86_400

LONGEST_PAUSE = 6 * 3600
FAILED_PAUSE, REFUSED_PAUSE = 300, 3600
"""What a failure costs at first: it may be over soon, or somebody must mend it (no channel, no key)."""


def is_due(now: int, channel: "Channel") -> bool:
    """Tell whether it is time, or somebody has asked for it since the last poll. A failure is waited out."""
    asked = channel.soon_at > channel.polled_at and not channel.failures
    due_at = channel.polled_at + MIN_INTERVAL if asked else channel.next_poll_at
    return now >= min(due_at, channel.next_poll_at) - TIMERS_ERR


def after_poll(started_at: int, cost: int, channels: int, units_a_day: int) -> int:
    """Spread what such polls cost over the day, an equal share for each channel."""
    interval = ceil(cost * DAY * channels / units_a_day)
    return started_at + max(MIN_INTERVAL, interval)


def after_failure(started_at: int, failures: int, chance: float, *, refused: bool) -> int:
    """Wait twice as long each time, with jitter so that not all channels come back together.

    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/

    Args:
        started_at: when the poll began.
        failures: how many there were in a row, this one included.
        chance: a number from 0 to 1.
        refused: the API said no for good.

    """
    first = REFUSED_PAUSE if refused else FAILED_PAUSE
    pause = min(LONGEST_PAUSE, first * 2 ** min(failures, 10))
    return started_at + max(MIN_INTERVAL, int(pause * (1 + chance) / 2))
