"""How LinkedIn names things: URNs, of which a comment has two.

https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/urns
"""

import re
from urllib.parse import quote

# A comment is named by its thread and its number. Notifications write urn:li:comment:(activity:1,2), their
# decorations and the API urn:li:comment:(urn:li:activity:1,2). A deletion has only the first.
COMMENT = re.compile(r"urn:li:comment:\((?:urn:li:)?([A-Za-z]{1,40}):([0-9]{1,20}),([0-9]{1,20})\)")
POST = re.compile(r"urn:li:(?:share|ugcPost):[0-9]{1,20}")


def one_spelling(urn: str) -> str:
    """Write the URN of a comment as notifications do; all else stays as it is."""
    comment = COMMENT.fullmatch(urn)
    return f"urn:li:comment:({comment[1]}:{comment[2]},{comment[3]})" if comment else urn


def is_comment(urn: str) -> bool:
    """Tell whether a URN names a comment."""
    return COMMENT.fullmatch(urn) is not None


def api_path(urn: str) -> tuple[str, ...] | None:
    """Tell where the API has a comment or a post; None for what it does not have.

    https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/comments-api
    https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api
    """
    if comment := COMMENT.fullmatch(urn):
        thread, number = f"urn:li:{comment[1]}:{comment[2]}", comment[3]
        return "rest", "socialActions", thread, "comments", number
    return ("rest", "posts", urn) if POST.fullmatch(urn) else None


def permalink(urn: str) -> str | None:
    """Tell where people see a comment or a post."""
    if comment := COMMENT.fullmatch(urn):
        place = f"https://www.linkedin.com/feed/update/urn:li:{comment[1]}:{comment[2]}"
        return f"{place}?commentUrn={quote(one_spelling(urn), safe='')}"
    return f"https://www.linkedin.com/feed/update/{urn}" if POST.fullmatch(urn) else None
