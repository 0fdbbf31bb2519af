"""Polls YouTube's channels, each when its time has come: read, send to intake, and only then remember.

Cut off in between, the next poll sends the same again, and a repeat changes nothing (docs/decisions/0001).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from chalicelib.errors import (
    ApiRefused,
    ConfigurationError,
    PayloadError,
    RateLimited,
    Unavailable,
    ZustaendigError,
)
from chalicelib.observability import logger
from chalicelib.platforms.base import Ask
from chalicelib.platforms.tame import Json
from chalicelib.platforms.youtube_comments import PLATFORM
from chalicelib.youtube_polling import outbox, schedule
from chalicelib.youtube_polling.channels import Channel
from chalicelib.youtube_polling.poll import Outcome, Poll
from chalicelib.youtube_polling.reading import Reader
from chalicelib.youtube_polling.units import SPENT

if TYPE_CHECKING:
    from chalicelib.queues import Intake
    from chalicelib.youtube_polling.channels import Channels
    from chalicelib.youtube_polling.units import Units

RUN_FOR = 150
"""Seconds after which a run asks no more questions; the function's time-out leaves room for the last ones."""

STUCK = 4
"""Failures in a row after which somebody must look: by then they have lasted for an hour or more."""

ANY_CHANNEL = "*"

# https://developers.google.com/youtube/v3/docs/errors
DAY_ENDS = frozenset({SPENT, "quotaExceeded", "dailyLimitExceeded"})


class Api(Protocol):
    """Asks YouTube; see `platform_api`. `before` is called before each try."""

    def get(self, api: str, ask: Ask, token: str, *, before: Callable[[], None]) -> Json: ...  # noqa: D102


class Count(Protocol):
    """Counts events."""

    def __call__(self, metric: str, times: int = 1, /, **dimensions: str) -> None: ...  # noqa: D102


@dataclass(slots=True)
class Meter:
    """Asks with a key; every try costs one unit. https://developers.google.com/youtube/v3/determine_quota_cost."""

    api: Api
    key: str
    units: "Units"
    cost: int = 0
    _day: str | None = None  # on which YouTube was really asked last

    def get(self, ask: Ask) -> Json:
        """Ask.

        Raises:
            RateLimited: today's units are spent, or YouTube wants to be asked later.

        """
        self._day = None
        try:
            return self.api.get(PLATFORM, ask, self.key, before=self._spend)
        except RateLimited as error:
            # What the client only remembers may be of yesterday.
            if self._day and error.reason in DAY_ENDS - {SPENT}:
                self.units.close(self._day)
            raise

    def _spend(self) -> None:
        self._day = self.units.spend()
        self.cost += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Poller:
    """Polls our channels.

    ids: our channels. tokens: API keys by channel, `*` for all others; without one a channel is not polled.
    chance: a number from 0 to 1.
    """

    ids: Collection[str]
    tokens: Callable[[], Mapping[str, str]]
    api: Api
    channels: "Channels"
    units: "Units"
    intake: "Intake"
    count: Count
    now: Callable[[], int]
    chance: Callable[[], float]

    def run(self) -> None:
        """Poll the channels whose time has come, the longest-waiting first; tell what fails, try it later.

        Raises:
            ConfigurationError: once all others were polled: a channel has no key, or fails time and again.
            Unavailable: AWS did not do something.

        """
        until, tokens = self.now() + RUN_FOR, self.tokens()
        keys = {one: key for one in self.ids if (key := tokens.get(one) or tokens.get(ANY_CHANNEL))}
        channels = self.channels.read(keys)
        due = [one for one in channels if schedule.is_due(self.now(), one)]
        for channel in sorted(due, key=lambda one: one.next_poll_at):
            meter = Meter(self.api, keys[channel.id], self.units)
            if self.now() >= until or not self._poll(channel, meter, len(channels), until):
                break
        self._complain(sorted({*self.ids} - keys.keys()), [c.id for c in channels if c.failures >= STUCK])

    def _complain(self, keyless: list[str], stuck: list[str]) -> None:
        """Fail the run, so that an alarm tells that channels are not heard."""
        if keyless:
            raise ConfigurationError(
                f"YouTube channels without an API key: {', '.join(keyless)}; add access_tokens.youtube to the"
                " secrets, or take them out of OWN_ACCOUNTS"
            )
        if stuck:
            raise ConfigurationError(
                f"YouTube channels that fail time and again: {', '.join(stuck)}; the log tells why"
            )

    def _poll(self, channel: Channel, meter: Meter, channels: int, until: int) -> bool:
        """Poll one channel, of so many; tell whether others may be polled, too."""
        started_at = self.now()

        def has_time() -> bool:
            return self.now() < until

        reader = Reader(channel.id, meter.get, self._skipped, has_time)
        poll = Poll(reader, channel.known, channel.was_empty, has_time)
        try:
            outcome = poll.outcome(started_at)
        except (ApiRefused, PayloadError, Unavailable) as error:
            return self._failed(channel, error, started_at)
        next_poll_at = schedule.after_poll(started_at, meter.cost, channels, self.units.a_day)
        if outcome.trouble:
            self._tell(channel, outcome.trouble)
            next_poll_at = max(next_poll_at, self._later(channel, outcome.trouble, started_at))
        self._settle(channel, outcome, started_at, next_poll_at)
        return not isinstance(outcome.trouble, RateLimited)

    def _settle(self, channel: Channel, outcome: Outcome, started_at: int, next_poll_at: int) -> None:
        found = list(outbox.items(channel.id, outcome.fresh, outcome.gone))
        outbox.send(self.intake, found, started_at)
        if not self.channels.save(channel, outcome, started_at, next_poll_at):
            logger().info("YouTube channel %s: another poll was quicker", channel.id)
        if found:
            self.count("Polled", len(found), platform=PLATFORM)

    def _failed(self, channel: Channel, error: ZustaendigError, started_at: int) -> bool:
        self._tell(channel, error)
        if isinstance(error, RateLimited) and error.reason in DAY_ENDS:
            return False  # nobody's failure: the channel is due when the next day begins
        self.channels.save_failure(channel, self._later(channel, error, started_at))
        return not isinstance(error, RateLimited)

    def _later(self, channel: Channel, error: ZustaendigError, started_at: int) -> int:
        refused = isinstance(error, ApiRefused)
        return schedule.after_failure(started_at, channel.failures + 1, self.chance(), refused=refused)

    def _tell(self, channel: Channel, error: ZustaendigError) -> None:
        reason = getattr(error, "reason", "") or type(error).__name__
        self.count("PollsFailed", platform=PLATFORM, reason=reason)
        logger().error("YouTube channel %s was not read, or not all of it: %s", channel.id, error)

    def _skipped(self, error: PayloadError) -> None:
        self.count("PollsFailed", platform=PLATFORM, reason="item")
        logger().error("YouTube lists something that is no comment: %s", error)
