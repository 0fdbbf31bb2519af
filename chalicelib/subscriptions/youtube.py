"""YouTube: the hub forgets us when a lease ends, so each channel is subscribed again at half time.

https://developers.google.com/youtube/v3/guides/push_notifications
https://www.w3.org/TR/websub/#subscribing
"""

from urllib.parse import quote

from chalicelib.errors import ConfigurationError
from chalicelib.platforms.base import Ask
from chalicelib.subscriptions.known import Known
from chalicelib.subscriptions.records import Record
from chalicelib.subscriptions.rows import SUBSCRIPTION, Row, State

TOPIC = "https://www.youtube.com/xml/feeds/videos.xml?channel_id="
LEASE = 432_000  # seconds; the hub may promise less, and tells when it verifies
FIRST_PAUSE, LONGEST_PAUSE = 600, 6 * 3600  # seconds between two requests that were not answered
LONGEST_SECRET = 199  # bytes: https://www.w3.org/TR/websub/#subscriber-sends-subscription-request

NO_PUSHES = "Pushes are not set up (docs/platforms/youtube.md); comments are polled all the same."
NOT_VERIFIED = (
    "The hub was asked and has not verified us. Is PUBLIC_URL reachable from outside, and the verify token in"
    " the secrets still the one that it was given?"
)
DENIED = "The hub refuses this channel: does it exist, and is its id right in OWN_ACCOUNTS?"


def row(known: Known, channel: str) -> Row:
    """Tell how a channel's subscription stands, and ask the hub for another lease if it is time."""
    if not known.keys.signing and not known.keys.verify_token:
        return Row(known.platform, channel, SUBSCRIPTION, State.OFF, why=NO_PUSHES)
    record = known.record(channel)
    found = _standing(known, channel, record)
    if found.state is State.OK or not known.keep or known.now < next_ask(record):
        return found
    if failure := known.attempt(lambda: _subscribe(known, channel, unanswered(record) + 1)):
        return found._replace(why=failure)
    return found._replace(
        state=State.RENEWED, why="The hub was asked; it verifies us in a moment.", remedy=""
    )


def _subscribe(known: Known, channel: str, asks: int) -> None:
    form = _form(known, channel)
    known.note(channel, {"asked_at": known.now, "asks": asks})
    known.apis.send("POST", "websub", Ask(("subscribe",)), form=form)


def _standing(known: Known, channel: str, record: Record) -> Row:
    """Tell how it stands before anything is done about it."""
    row = Row(known.platform, channel, SUBSCRIPTION, State.OK, record.handshake_at or None)
    row = row._replace(until=record.lease_until or None)
    late = NOT_VERIFIED if unanswered(record) else ""
    if record.denied_at > record.handshake_at:
        denied = row._replace(state=State.MISSING, since=record.denied_at, until=None)
        return denied._replace(why="Denied.", remedy=DENIED)
    if record.lease_until <= known.now:
        why = "Its lease has ended." if record.lease_until else "It was never verified."
        return row._replace(state=State.MISSING, why=why, remedy=late or "make subscriptions RENEW=1")
    lease = record.lease_until - record.handshake_at
    if known.now < record.handshake_at + lease // 2:
        return row
    failing = known.now >= record.handshake_at + lease * 3 // 4
    return row._replace(state=State.FAILING if failing else State.DUE, why=late, remedy=late)


def unanswered(record: Record) -> int:
    """Count requests since the hub last verified us."""
    return record.asks if record.asked_at >= record.handshake_at else 0


def next_ask(record: Record) -> int:
    """Tell when the hub may be asked again: at once, then less and less often until it verifies us."""
    asks = unanswered(record)
    return record.asked_at + min(FIRST_PAUSE * 2 ** (asks - 1), LONGEST_PAUSE) if asks else 0


def _form(known: Known, channel: str) -> dict[str, str]:
    """Write the request. The callback carries our verify token; see `platforms/websub.py`.

    Raises:
        ConfigurationError: a secret, the verify token or our address is missing.

    """
    if not known.keys.signing or not known.keys.verify_token:
        raise ConfigurationError("add signing.youtube and verify_tokens.youtube to the secrets")
    if len(known.keys.signing[0]) > LONGEST_SECRET:
        raise ConfigurationError(f"signing.youtube must have no more than {LONGEST_SECRET} bytes")
    return {
        "hub.mode": "subscribe",
        "hub.topic": TOPIC + channel,
        "hub.callback": f"{known.address}?token={quote(known.keys.verify_token, safe='')}",
        "hub.secret": known.keys.signing[0].decode(),
        "hub.lease_seconds": str(LEASE),
    }
