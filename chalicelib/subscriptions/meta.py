"""Facebook, Messenger, Instagram: an app that fails for an hour is unsubscribed without a word.

https://developers.facebook.com/docs/graph-api/reference/page/subscribed_apps
https://developers.facebook.com/docs/messenger-platform/webhooks
"""

from collections.abc import Mapping

from chalicelib.platforms import tame
from chalicelib.platforms.base import Ask
from chalicelib.subscriptions import tokens
from chalicelib.subscriptions.known import Known
from chalicelib.subscriptions.rows import SUBSCRIPTION, Row, State

MESSAGING = ("messages", "message_echoes", "message_edits", "messaging_postbacks", "standby")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "facebook": ("feed", "mention", "ratings", *MESSAGING),
    "messenger": MESSAGING,
    # Once an account is subscribed to any field, it sends all those that were chosen for the app.
    # https://developers.facebook.com/docs/instagram-platform/webhooks
    "instagram": (),
}
ANY_OF_INSTAGRAM, ANY_OF_A_PAGE = "comments,messages", "feed"

REMEDY = "make subscriptions RENEW=1 subscribes it."
REFUSED = (
    "Meta said yes, but it is not subscribed: does the token belong to the app whose webhooks we answer?"
)


def row(known: Known, account: str) -> Row:
    """Tell whether our app is subscribed to an account with all fields, and subscribe it if it is not.

    Raises:
        ConfigurationError: there is no access token.
        ApiRefused, Unavailable, PayloadError: Meta does not tell, or does not subscribe.

    """
    found = Row(known.platform, account, SUBSCRIPTION, State.OK)
    missing = _missing(known, account)
    if not missing:
        return found
    why = f"Not subscribed: {', '.join(missing)}."
    broken = found._replace(state=State.MISSING, why=why, remedy=REMEDY, lost_since=known.counts.last_at)
    if not known.keep:
        return broken
    if failure := known.attempt(lambda: _subscribe(known, account)):
        return broken._replace(why=failure)
    if _missing(known, account):
        return broken._replace(remedy=REFUSED)
    return broken._replace(state=State.RENEWED, remedy="")


def _subscribe(known: Known, account: str) -> None:
    api, path, token = _edge(known, account)
    known.apis.send("POST", api, Ask(path, {"subscribed_fields": _wanted(known, account, token)}), token)


def _missing(known: Known, account: str) -> list[str]:
    subscribed = _subscribed(known, account)
    needed = FIELDS[known.platform]
    if not needed:
        return [] if subscribed else ["any field"]
    return [field for field in needed if field not in subscribed]


def _subscribed(known: Known, account: str) -> set[str]:
    """Read the fields that our app is subscribed to: a token shows the subscriptions of its own app alone."""
    api, path, token = _edge(known, account)
    answer = tame.an_object(known.apis.get(api, Ask(path), token), "the answer")
    apps = tame.mappings(answer, "data")
    return {field for app in apps for field in app.get("subscribed_fields", []) if isinstance(field, str)}


def _edge(known: Known, account: str) -> tuple[str, tuple[str, str], str]:
    """Tell where to ask: Instagram's account, or the Page it belongs to, is whoever the token is for.

    https://developers.facebook.com/docs/instagram-platform/webhooks#enable-subscriptions
    """
    token = known.token(account)
    api = "instagram" if tokens.is_of_instagram_login(token) else "meta"
    return api, ("me" if known.platform == "instagram" else account, "subscribed_apps"), token


def _wanted(known: Known, account: str, token: str) -> str:
    """Name the fields to subscribe to; those that are subscribed already must be among them, or they end."""
    if known.platform == "instagram":
        return ANY_OF_INSTAGRAM if tokens.is_of_instagram_login(token) else ANY_OF_A_PAGE
    return ",".join(sorted({*FIELDS[known.platform], *_subscribed(known, account)}))
