"""Facebook, Messenger, Instagram: an app that fails for an hour is unsubscribed without a word.

https://developers.facebook.com/docs/graph-api/reference/page/subscribed_apps
https://developers.facebook.com/docs/messenger-platform/webhooks
"""

from chalicelib.errors import PayloadError
from chalicelib.platforms import tame
from chalicelib.platforms.base import Ask
from chalicelib.subscriptions import tokens
from chalicelib.subscriptions.known import Known
from chalicelib.subscriptions.rows import SUBSCRIPTION, Row, State

PAGE = frozenset({"feed", "mention", "ratings"})
MESSAGING = frozenset({"messages", "message_echoes", "message_edits", "messaging_postbacks", "standby"})
# Once an account of Instagram is subscribed to any field, it sends all those that were chosen for the app.
# https://developers.facebook.com/docs/instagram-platform/webhooks
ANY = {"instagram": "comments,messages", "meta": "feed"}

REMEDY = "make subscriptions RENEW=1 subscribes it."
REFUSED = "Meta said yes, and it is not subscribed: is the token of the app whose webhooks we answer?"


def row(known: Known, account: str) -> Row:
    """Tell whether our app is subscribed to an account with all fields, and subscribe it if it is not.

    Raises:
        ConfigurationError: there is no access token.
        ApiRefused, Unavailable, PayloadError: Meta does not tell, or does not subscribe.

    """
    there = _subscribed(known, account)
    found, missing = Row(known.platform, account, SUBSCRIPTION, State.OK), _missing(known, account, there)
    if not missing:
        known.remember(account, {"fields": ",".join(sorted(there))})
        return found
    why = f"Not subscribed: {', '.join(sorted(missing))}."
    broken = found._replace(state=State.MISSING, why=why, remedy=REMEDY, lost_since=known.counts.last_at)
    if not known.keep:
        return broken
    if failure := known.attempt(lambda: _subscribe(known, account, there | missing)):
        return broken._replace(why=failure)
    if _missing(known, account, _subscribed(known, account)):
        return broken._replace(remedy=REFUSED)
    return broken._replace(state=State.RENEWED, remedy="")


def _missing(known: Known, account: str, there: set[str]) -> set[str]:
    """Name what is missing. A Page's messages are the Page's choice, but all of their fields, or none.

    If nothing is subscribed any more, somebody else has ended it: then all that was there is missing.
    """
    if known.platform == "instagram":
        return set() if there else set(ANY[_edge(known, account)[0]].split(","))
    needed = set(PAGE if known.platform == "facebook" else MESSAGING)
    if there & MESSAGING:
        needed |= MESSAGING
    remembered = known.record(account).fields
    return needed - there if there or not remembered else needed | set(remembered.split(","))


def _subscribe(known: Known, account: str, fields: set[str]) -> None:
    """Subscribe to these fields; those that are not named end."""
    api, path, token = _edge(known, account)
    wanted = {"subscribed_fields": ",".join(sorted(fields))}
    known.apis.send("POST", api, Ask(path, wanted), token)


def _subscribed(known: Known, account: str) -> set[str]:
    """Read the fields that our app is subscribed to: a token shows the subscriptions of its own app alone."""
    api, path, token = _edge(known, account)
    answer = tame.an_object(known.apis.get(api, Ask(path), token), "the answer")
    if not isinstance(answer.get("data"), list):
        raise PayloadError("Meta answers with no list of subscriptions")
    apps = tame.mappings(answer, "data")
    return {field for app in apps for field in tame.identifiers(app, "subscribed_fields")}


def _edge(known: Known, account: str) -> tuple[str, tuple[str, str], str]:
    """Tell where to ask: Instagram's account, or the Page it belongs to, is whoever the token is for.

    https://developers.facebook.com/docs/instagram-platform/webhooks/setup
    """
    token = known.token(account)
    api = "instagram" if tokens.is_of_instagram_login(token) else "meta"
    return api, ("me" if known.platform == "instagram" else account, "subscribed_apps"), token
