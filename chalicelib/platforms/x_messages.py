"""What X's products share: how their posts, direct messages and deletions become messages."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.message import CREATED_VERSION, Author, Change, Ignored, Kind, Message
from chalicelib.platforms import tame
from chalicelib.platforms.tame import Object

NAME = "x"


def edition(post_id: str, history: Sequence[str]) -> tuple[str, int]:
    """Tell which post this is an edition of, and its version: an edited post has an id of its own.

    The history of a post holds the ids of all editions so far, the first as it was created.
    https://docs.x.com/x-api/fundamentals/edit-posts
    """
    if not history:
        return post_id, CREATED_VERSION
    return history[0], history.index(post_id) if post_id in history else len(history)


def post(said: Message, history: Sequence[str], answered: str | None) -> Message | Ignored:
    """Finish the message of a post. What we say without answering anybody, quotes too, is a publication."""
    ours = said.author.id is not None and said.author.id == said.account_id
    if ours and not answered:
        return Ignored.OWN_PUBLICATION
    first, version = edition(said.message_id, history)
    return replace(
        said,
        change=Change.EDITED if version else Change.CREATED,
        message_id=first,
        from_us=ours,
        # A post's address needs no more than its id: https://docs.x.com/x-for-websites/embedded-posts
        permalink=f"https://x.com/i/web/status/{said.message_id}",
        needs_lookup=said.author.id is None,
        version=version,
    )


def direct_message(payload: Object, account: str | None) -> Message | Ignored:
    """Read a direct message, which both products wrap in the same way."""
    event = tame.only(payload, "direct_message_events")
    created = tame.mapping(event, "message_create")
    if not created:
        return Ignored.NOT_A_MESSAGE
    sender = tame.identifier(created, "sender_id")
    ours = sender is not None and sender == account
    person = tame.an_object(tame.mapping(payload, "users").get(sender or ""), "the sender")
    person = tame.mapping(person, "data") or person
    return Message(
        platform=NAME,
        change=Change.CREATED,
        kind=Kind.DIRECT_MESSAGE,
        account_id=account,
        message_id=tame.required(event, "id"),
        from_us=ours,
        author=Author(sender, tame.text(person, "name", "screen_name", "username")),
        text=tame.text(tame.mapping(created, "message_data"), "text"),
        occurred_at=tame.epoch(event, "created_timestamp"),
        conversation=tame.identifier(tame.mapping(created, "target"), "recipient_id") if ours else sender,
    )


def deletion(status: Object, account: str | None) -> Message:
    """Read which post of ours is gone; it may have been an answer."""
    gone = tame.required(status, "id")
    return Message(platform=NAME, change=Change.DELETED, kind=Kind.POST, account_id=account, message_id=gone)
