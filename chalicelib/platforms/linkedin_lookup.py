"""Fetches what LinkedIn's undecorated notifications leave out. Pure: the worker asks.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/comments-api#get-a-comment
https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api#get-post-by-urn
"""

import re
from dataclasses import replace

from chalicelib.message import Author, Kind, Message
from chalicelib.platforms import linkedin_urns as urns
from chalicelib.platforms import tame
from chalicelib.platforms.base import Ask, Lookup
from chalicelib.platforms.tame import Json, Object

API_VERSION = "202607"
"""LinkedIn retires a version about a year after its month: https://learn.microsoft.com/en-us/linkedin/marketing/versioning."""

HEADERS = {"LinkedIn-Version": API_VERSION, "X-Restli-Protocol-Version": "2.0.0"}

# The text of a post is in a format of its own: mentions, hashtags, and a backslash before what is neither.
# https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/little-text-format
LITTLE = re.compile(
    r"@\[(?P<mention>(?:\\.|[^\\\]])*)\]\(urn:li:\w+:[^)\s]+\)"
    r"|\{hashtag\|\\?#\|(?P<hashtag>[^}]*)\}"
    r"|\\(?P<escaped>[|{}@\[\]()<>#\\*_~])"
)


def ask(message: Message) -> Ask | None:
    """Ask for the comment or post that a notification points at."""
    path = urns.api_path(message.message_id)
    return Ask(path, headers=HEADERS) if path else None


def found(message: Message, answer: Json) -> Message:
    """Add who wrote it, what, and what it answers.

    Raises:
        PayloadError: the answer is no comment and no post.

    """
    said = tame.an_object(answer, "the answer")
    author = tame.required(said, "actor", "author")
    ours = message.from_us or author == message.account_id
    parent = parent_comment(said)
    is_reply = parent is not None and message.kind is Kind.COMMENT
    return replace(
        message,
        kind=Kind.REPLY if is_reply else message.kind,
        from_us=ours,
        in_reply_to=parent or message.in_reply_to,
        author=Author(author),
        text=text(said),
        needs_lookup=False,
    )


def text(said: Object) -> str | None:
    """Read the words of a comment or post, as decorations and the API write them."""
    commentary = tame.text(said, "commentary")
    if commentary is not None:
        return LITTLE.sub(_plain, commentary) or None
    message = said.get("message")
    return tame.text(said, "text") or tame.text(tame.an_object(message, "message"), "text")


def parent_comment(said: Object) -> str | None:
    """Find the comment that a comment answers; `object` names it in some payloads."""
    for name in ("parentComment", "object"):
        urn = tame.identifier(said, name)
        if urn and urns.is_comment(urn):
            return urns.one_spelling(urn)
    return None


def _plain(element: re.Match[str]) -> str:
    if element["mention"] is not None:
        return "@" + LITTLE.sub(_plain, element["mention"])
    return "#" + element["hashtag"] if element["hashtag"] is not None else element["escaped"]


LOOKUP = Lookup(api="linkedin", ask=ask, found=found)
