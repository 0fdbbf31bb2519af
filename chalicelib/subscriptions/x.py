"""X: a webhook that has failed its check is not sent to any more, until it is checked again.

https://docs.x.com/x-api/webhooks/introduction
"""

from chalicelib.errors import PayloadError
from chalicelib.platforms import tame
from chalicelib.platforms.base import Ask
from chalicelib.platforms.tame import Object
from chalicelib.subscriptions.known import Known
from chalicelib.subscriptions.reach import WHOLE, Reach
from chalicelib.subscriptions.rows import SUBSCRIPTION, Row, State

REPLAYED = 86_400  # seconds back that X can send again: https://docs.x.com/x-api/webhooks/introduction
CHECKED_EVERY = 86_400  # seconds after which X should have checked the address by itself

NOT_THERE = "Register {}: POST /2/webhooks, then the subscriptions that should use it (docs/platforms/x.md)."
INVALID = "make subscriptions RENEW=1 has X check it again."
STILL_INVALID = (
    "X was asked to check it again. If this stays so: the address must answer within three seconds, without"
    " redirect, signed with the consumer secret."
)


def row(known: Known) -> Row:
    """Tell whether our webhook is there and valid. If it is not, or was not checked for a day, X checks it.

    Raises:
        ConfigurationError: no app-only bearer token, or no address of ours.
        ApiRefused, Unavailable, PayloadError: X does not tell.

    """
    token, found = known.token(WHOLE), Row(known.platform, None, SUBSCRIPTION, State.OK)
    webhook = our_webhook(known, token)
    if webhook is None:
        return found._replace(state=State.MISSING, remedy=NOT_THERE.format(known.address))
    if webhook.get("valid") is not True:
        return _invalid(known, found, webhook, token)
    if known.keep and known.now - known.record().handshake_at >= CHECKED_EVERY:
        return found._replace(why=known.attempt(lambda: _have_checked(known, webhook, token)))
    return found


def _invalid(known: Known, found: Row, webhook: Object, token: str) -> Row:
    invalid = found._replace(
        state=State.MISSING,
        why="X calls it invalid.",
        remedy=STILL_INVALID if known.keep else INVALID,
        lost_since=max(known.counts.last_at or 0, known.now - REPLAYED),
    )
    if not known.keep:
        return invalid
    if failure := known.attempt(lambda: _have_checked(known, webhook, token)):
        return invalid._replace(why=failure)
    now_there = our_webhook(known, token) or {}
    return invalid._replace(state=State.RENEWED, remedy="") if now_there.get("valid") is True else invalid


def _have_checked(known: Known, webhook: Object, token: str) -> None:
    """Have X send its handshake now. https://docs.x.com/x-api/webhooks/validate-webhook."""
    known.apis.send("PUT", "x", Ask(("webhooks", tame.required(webhook, "id"))), token)


def our_webhook(reach: Reach, token: str) -> Object | None:
    """Find our webhook among those of the app; None if it is not there.

    https://docs.x.com/x-api/webhooks/get-webhook

    Raises:
        ConfigurationError, ApiRefused, Unavailable, PayloadError: as above.

    """
    answer = tame.an_object(reach.apis.get("x", Ask(("webhooks",)), token), "the answer")
    if "data" not in answer and "meta" not in answer:
        raise PayloadError("X answers with no list of webhooks")
    webhooks = tame.mappings(answer, "data") if "data" in answer else []
    return next((one for one in webhooks if tame.text(one, "url") == reach.address), None)
