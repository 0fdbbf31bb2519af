"""When the last handshake came. Platforms that repeat theirs have forgotten us when they stop."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from chalicelib.subscriptions.known import Known
from chalicelib.subscriptions.rows import HANDSHAKE, Row, State

MINUTE, HOUR = 60, 3600


class Pace(NamedTuple):
    """How often a platform repeats its handshake: seconds after which it is late, failing and missing."""

    late: int
    failing: int
    missing: int
    remedy: str


PACES: Mapping[str, Pace] = {
    # Every two hours; after three that failed, the address is blocked. Two are told, so that there is time.
    # https://learn.microsoft.com/en-us/linkedin/shared/api-guide/webhook-validation
    "linkedin": Pace(
        2 * HOUR + 30 * MINUTE,
        4 * HOUR + 30 * MINUTE,
        6 * HOUR + 30 * MINUTE,
        'Validate the address again in the "Webhooks" tab of the app, at https://www.linkedin.com/developers/apps;'
        " it must answer within three seconds.",
    ),
    # Hourly, says one page; within 24 hours, says another. An hour is left for those that are late.
    # https://docs.x.com/x-api/webhooks/introduction
    "x": Pace(
        24 * HOUR,
        25 * HOUR,
        30 * HOUR,
        "Have X check the address: make subscriptions RENEW=1, or PUT /2/webhooks/<id>.",
    ),
}


def rows(known: Known) -> Iterator[Row]:
    """Tell the last handshake of the platform as a whole, if there was one or there should have been."""
    last, pace = known.record().handshake_at, PACES.get(known.platform)
    if last and not pace:
        yield Row(known.platform, None, HANDSHAKE, State.OK, since=last)
    elif not last and pace:
        why = "None has come yet."
        yield Row(known.platform, None, HANDSHAKE, State.UNKNOWN, why=why, remedy="Register our address.")
    elif pace:
        yield _row(known, last, pace)


def _row(known: Known, last: int, pace: Pace) -> Row:
    age = known.now - last
    row = Row(known.platform, None, HANDSHAKE, State.OK, since=last)
    if age < pace.late:
        return row
    if age < pace.failing:
        return row._replace(state=State.DUE, why="It is late.")
    state = State.MISSING if age >= pace.missing else State.FAILING
    why = f"None for {age // HOUR} h."
    return row._replace(state=state, why=why, remedy=pace.remedy, lost_since=last)
