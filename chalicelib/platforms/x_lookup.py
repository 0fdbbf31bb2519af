"""Fetches a post of X that came without its author. Pure: the worker asks.

https://docs.x.com/x-api/posts/get-post-by-id
"""

import re
from dataclasses import replace

from chalicelib.errors import PayloadError
from chalicelib.message import Author, Message
from chalicelib.platforms import tame
from chalicelib.platforms.base import Ask, Lookup
from chalicelib.platforms.tame import Json

POST = re.compile(r"[0-9]{1,19}")  # https://docs.x.com/fundamentals/x-ids
FIELDS = {
    "expansions": "author_id",
    "tweet.fields": "author_id,created_at,note_tweet,text",
    "user.fields": "name,username",
}


def ask(message: Message) -> Ask | None:
    """Ask for a post and who wrote it."""
    return Ask(("tweets", message.message_id), FIELDS) if POST.fullmatch(message.message_id) else None


def found(message: Message, answer: Json) -> Message:
    """Add what the answer tells; X answers 200 for what is gone, too, with `errors` in place of `data`.

    Raises:
        PayloadError: the post is not in the answer.

    """
    said = tame.an_object(answer, "the answer")
    post = tame.mapping(said, "data")
    if tame.identifier(post, "id") != message.message_id:
        raise PayloadError("the post is not in the answer: deleted, protected, or not for us to see")
    author = tame.required(post, "author_id")
    users = tame.mappings(tame.mapping(said, "includes"), "users")
    names = [tame.text(user, "name", "username") for user in users if tame.identifier(user, "id") == author]
    long_form = tame.text(tame.mapping(post, "note_tweet"), "text")
    return replace(
        message,
        from_us=message.from_us or author == message.account_id,
        author=Author(author, names[0] if names else None),
        text=message.text or long_form or tame.text(post, "text"),
        occurred_at=message.occurred_at or tame.epoch(post, "created_at"),
        needs_lookup=False,
    )


LOOKUP = Lookup(api="x", ask=ask, found=found)
