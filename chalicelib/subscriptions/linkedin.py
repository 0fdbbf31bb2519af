"""LinkedIn: a subscription lives as long as its member's grant and role, and until its own end.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/organization-social-action-notifications
"""

from chalicelib.errors import PayloadError
from chalicelib.platforms import restli, tame
from chalicelib.platforms.base import Ask
from chalicelib.platforms.linkedin import NOTIFICATIONS
from chalicelib.platforms.linkedin_lookup import HEADERS
from chalicelib.platforms.tame import Object
from chalicelib.subscriptions.known import Known
from chalicelib.subscriptions.rows import SUBSCRIPTION, Row, State

PAGE = "urn:li:organization"
"""How the ids of pages begin; the other ones among our own accounts are people, who have no subscription."""

RENEW_BEFORE = 7 * 86_400  # seconds before its end

NOT_THERE = "Subscribe the page for app, member and organization, as docs/platforms/linkedin.md tells."
ELSEWHERE = "It sends to {}. If that is wrong, subscribe it anew (docs/platforms/linkedin.md)."
BY_HAND = "Subscribe the page anew by hand, as docs/platforms/linkedin.md tells."
KEY = ("developerApplication", "user", "entity", "eventType")


def row(known: Known, organization: str) -> Row:
    """Tell how long an organization's subscription lasts, and renew it in time.

    Raises:
        ConfigurationError: there is no access token, or no address of ours.
        ApiRefused, Unavailable, PayloadError: LinkedIn does not tell, or does not renew.

    """
    found = Row(known.platform, organization, SUBSCRIPTION, State.OK)
    subscription = _subscription(known, organization)
    if subscription is None:
        return found._replace(state=State.MISSING, remedy=NOT_THERE, lost_since=known.counts.last_at)
    until, webhook = tame.epoch(subscription, "expiresAt"), tame.text(subscription, "webhook")
    found = found._replace(until=until)
    if webhook != known.address:
        return found._replace(state=State.FAILING, remedy=ELSEWHERE.format(webhook))
    if until is None or until - known.now > RENEW_BEFORE:
        return found
    due = found._replace(state=State.DUE)
    return _renewed(known, due, subscription) if known.keep else due


def _renewed(known: Known, due: Row, subscription: Object) -> Row:
    """Subscribe anew under the same key, which moves the end."""
    key = {name: tame.required(subscription, name) for name in KEY if name in subscription}
    if len(key) < len(KEY):
        return due._replace(state=State.FAILING, remedy=BY_HAND)
    ask = Ask(("rest", "eventSubscriptions", restli.escaped(key)), headers=HEADERS)
    token, body = known.token(key["entity"]), {"webhook": known.address}
    if failure := known.attempt(lambda: known.apis.send("PUT", "linkedin", ask, token, json=body)):
        return due._replace(state=State.FAILING, why=failure, remedy=BY_HAND)
    until = tame.epoch(_subscription(known, key["entity"]) or {}, "expiresAt")
    if until == due.until:
        return due._replace(state=State.FAILING, why="LinkedIn took it, but its end stays.", remedy=BY_HAND)
    return due._replace(state=State.RENEWED, until=until)


def _subscription(known: Known, organization: str) -> Object | None:
    """Find an organization's subscription among those of the member whose token we have."""
    parameters = {"q": "subscriberAndEventType", "eventType": NOTIFICATIONS}
    ask = Ask(("rest", "eventSubscriptions"), parameters, HEADERS)
    answer = tame.an_object(known.apis.get("linkedin", ask, known.token(organization)), "the answer")
    if not isinstance(answer.get("elements"), list):
        raise PayloadError("LinkedIn answers with no list of subscriptions")
    subscriptions = tame.mappings(answer, "elements")
    return next((one for one in subscriptions if tame.text(one, "entity") == organization), None)
