"""LinkedIn remembers the notifications that it has sent, or should have, for sixty days.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/organization-social-action-notifications
"""

import json
from collections.abc import Iterator

from chalicelib.errors import PayloadError
from chalicelib.platforms import restli, tame
from chalicelib.platforms.base import Ask
from chalicelib.platforms.linkedin import NOTIFICATIONS
from chalicelib.platforms.linkedin_lookup import HEADERS
from chalicelib.platforms.tame import Object
from chalicelib.subscriptions.each_account import each_account
from chalicelib.subscriptions.linkedin import PAGE
from chalicelib.subscriptions.reach import Reach

REMEMBERED = 60 * 86_400  # seconds
ACTIONS = ("COMMENT", "COMMENT_EDIT", "COMMENT_DELETE", "ADMIN_COMMENT", "SHARE", "SHARE_MENTION")
IN_A_DELIVERY = 10  # notifications, as LinkedIn sends them
ON_A_PAGE, MOST_PAGES = 100, 50


def fetch(reach: Reach, since: int, until: int) -> Iterator[bytes]:
    """Yield deliveries of all notifications between two times (UTC epoch seconds)."""

    def of(organization: str) -> Iterator[bytes]:
        found = list(_notifications(reach, organization, since, until))
        for start in range(0, len(found), IN_A_DELIVERY):
            some = found[start : start + IN_A_DELIVERY]
            yield json.dumps({"type": NOTIFICATIONS, "notifications": some}).encode()

    return each_account((one for one in reach.accounts if one.startswith(PAGE)), of)


def _notifications(reach: Reach, organization: str, since: int, until: int) -> Iterator[Object]:
    """Ask page by page, until one is short or brings nothing new."""
    seen: set[str] = set()
    for page in range(MOST_PAGES):
        found = _page(reach, organization, (since, until), page * ON_A_PAGE)
        new = [one for one in found if json.dumps(one, sort_keys=True) not in seen]
        seen.update(json.dumps(one, sort_keys=True) for one in new)
        yield from new
        if not new or len(found) < ON_A_PAGE:
            return


def _page(reach: Reach, organization: str, time: tuple[int, int], start: int) -> list[Object]:
    parameters = {
        "q": "criteria",
        "actions": restli.escaped(ACTIONS),
        "organizationalEntity": organization,
        "timeRange": restli.escaped({"start": time[0] * 1000, "end": time[1] * 1000}),
        "start": str(start),
        "count": str(ON_A_PAGE),
    }
    ask = Ask(("rest", "organizationalEntityNotifications"), parameters, HEADERS)
    answer = tame.an_object(reach.apis.get("linkedin", ask, reach.token(organization)), "the answer")
    if not isinstance(answer.get("elements"), list):
        raise PayloadError("LinkedIn answers with no list of notifications")
    return [*tame.mappings(answer, "elements")]
