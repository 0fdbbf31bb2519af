"""Back-fill: fetching what a platform should have sent and did not, where its API still tells.

What is found goes into intake as ordinary deliveries, marked as fetched later. A message that is a ticket
already stays that ticket, so that fetching too much changes nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.envelope import Envelope
from chalicelib.platforms.base import Keys
from chalicelib.subscriptions import backfill_linkedin, backfill_meta, backfill_x
from chalicelib.subscriptions.reach import Apis, Reach

if TYPE_CHECKING:
    from chalicelib.queues import Intake


class Source(NamedTuple):
    """How a platform is asked. Times are UTC epoch seconds.

    fetch: yields bodies of deliveries, as the platform would have sent them, from what came to pass between
        two times; or has the platform send them again, and yields none.
    goes_back: for how many seconds the platform remembers.
    note: what happens then.
    """

    fetch: Callable[[Reach, int, int], Iterator[bytes]]
    goes_back: int
    note: str


IN_INTAKE = "in intake now"
RECENT = f"{IN_INTAKE}: recent comments; not fetched: direct messages, mentions, ratings"
SOURCES: Mapping[str, Source] = {
    "facebook": Source(backfill_meta.facebook, backfill_meta.REMEMBERED, RECENT),
    "instagram": Source(backfill_meta.instagram, backfill_meta.REMEMBERED, RECENT),
    "linkedin": Source(backfill_linkedin.fetch, backfill_linkedin.REMEMBERED, IN_INTAKE),
    "x": Source(backfill_x.fetch, backfill_x.REMEMBERED, "X was asked to send again what it has sent"),
}
POLLED, SOON = "youtube", "its channels are polled within minutes"
NONE = "not fetched: back-fill does not ask this platform"


class Fetched(NamedTuple):
    """What was fetched from when until when (UTC epoch seconds): so many deliveries."""

    platform: str
    since: int
    until: int
    deliveries: int
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackFill:
    """Fetches what is missing.

    keys: what we share with a platform, with our own accounts there.
    is_brief: whether a platform's deliveries go to the brief intake.
    poll_soon: has a channel of YouTube polled at once; `now` in UTC epoch seconds.
    """

    keys: Callable[[str], Keys]
    apis: Apis
    intake: "Intake"
    is_brief: Callable[[str], bool]
    poll_soon: Callable[[str, int], object]
    public_url: str | None
    now: Callable[[], int]

    def run(self, platform: str, since: int, until: int) -> Fetched:
        """Fetch what came to pass between two times (UTC epoch seconds), as far as the platform remembers.

        Raises:
            ApiRefused, Unavailable, PayloadError: the platform does not tell all; what was fetched stays.
            ConfigurationError: an access token or a setting is missing.

        """
        source, now = SOURCES.get(platform), self.now()
        if platform == POLLED:
            for channel in self.keys(platform).accounts:
                self.poll_soon(channel, now)
            return Fetched(platform, since, until, 0, SOON)
        if source is None:
            return Fetched(platform, since, until, 0, NONE)
        since, found = max(since, now - source.goes_back), 0
        for body in source.fetch(self._reach(platform, now), since, until) if since < until else ():
            envelope = Envelope(platform=platform, received_at=now, body=body, backfilled=True)
            self.intake.send(envelope.seal(), brief=self.is_brief(platform))
            found += 1
        return Fetched(platform, since, until, found, source.note)

    def _reach(self, platform: str, now: int) -> Reach:
        keys = self.keys(platform)
        return Reach(
            platform=platform,
            accounts=sorted(keys.accounts),
            keys=keys,
            apis=self.apis,
            public_url=self.public_url,
            now=now,
        )
