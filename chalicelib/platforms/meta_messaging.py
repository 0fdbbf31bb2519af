"""Messaging events, as Messenger and Instagram send them.

https://developers.facebook.com/docs/messenger-platform/reference/webhook-events
"""

from dataclasses import replace

from chalicelib.message import EDITED_VERSION, Author, Change, Ignored, Kind, Message
from chalicelib.platforms import tame
from chalicelib.platforms.tame import Json, Object

FIELDS = ("messag", "standby")
"""How fields begin that hold messaging events, where these come as changes."""

# Receipts, reactions, who of several apps may answer, orders and opt-ins: nobody says anything.
NOT_MESSAGES = frozenset(
    {
        "account_linking",
        "app_roles",
        "checkout_update",
        "delivery",
        "game_play",
        "message_context",
        "messaging_customer_information",
        "messaging_feedback",
        "optin",
        "pass_thread_control",
        "payment",
        "policy-enforcement",
        "policy_enforcement",
        "pre_checkout",
        "reaction",
        "read",
        "referral",
        "request_thread_control",
        "response_feedback",
        "take_thread_control",
    }
)


def direct_message(platform: str, account: str | None, value: Json) -> Message | Ignored:
    """Read a messaging event: which of the keys exists tells what it is."""
    event = tame.an_object(value, "the messaging event")
    if "message" in event:
        return _message(platform, account, event)
    if "message_edit" in event:
        return _edit(platform, account, event)
    if "postback" in event:
        return _postback(platform, account, event)
    return Ignored.NOT_A_MESSAGE if NOT_MESSAGES & event.keys() else Ignored.UNKNOWN_EVENT


def _message(platform: str, account: str | None, event: Object) -> Message:
    """Read a message, or that it was unsent: then its id is all that is left of it."""
    message = tame.mapping(event, "message")
    said = _said(platform, account, event, message)
    if message.get("is_deleted"):
        return Message(
            platform=platform,
            change=Change.DELETED,
            kind=said.kind,
            account_id=account,
            message_id=said.message_id,
            conversation=said.conversation,
        )
    quoted = tame.mapping(message, "reply_to")
    story = tame.mapping(quoted, "story")
    return replace(said, in_reply_to=tame.identifier(quoted, "mid") or tame.identifier(story, "id"))


def _edit(platform: str, account: str | None, event: Object) -> Message | Ignored:
    """Read an edit; one without words tells nothing.

    https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/message-edits
    """
    edit = tame.mapping(event, "message_edit")
    if not tame.text(edit, "text"):
        return Ignored.NOT_A_MESSAGE
    return replace(_said(platform, account, event, edit), change=Change.EDITED, version=_version(event, edit))


def _version(event: Object, edit: Object) -> int:
    edits = tame.counter(edit, "num_edit")
    if edits is not None:
        return max(edits, EDITED_VERSION)
    return tame.milliseconds(event, "timestamp") or EDITED_VERSION


def _postback(platform: str, account: str | None, event: Object) -> Message | Ignored:
    """Read a pressed button: its title is what the person says. Older ones have neither id nor title.

    https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/messaging_postbacks
    """
    button = tame.mapping(event, "postback")
    if not tame.identifier(button, "mid") or not tame.text(button, "title"):
        return Ignored.NOT_A_MESSAGE
    said = _said(platform, account, event, button)
    return Ignored.NOT_A_MESSAGE if said.from_us else said


def _said(platform: str, account: str | None, event: Object, what: Object) -> Message:
    sender = tame.identifier(tame.mapping(event, "sender"), "id")
    flags = (what.get("is_echo"), what.get("is_self"), event.get("is_self"))
    ours = any(flags) or (sender is not None and sender == account)
    recipient = tame.identifier(tame.mapping(event, "recipient"), "id")
    return Message(
        platform=platform,
        change=Change.CREATED,
        kind=Kind.DIRECT_MESSAGE,
        account_id=account,
        message_id=tame.required(what, "mid"),
        from_us=ours,
        author=Author(sender),
        text=tame.text(what, "text", "title"),
        occurred_at=tame.epoch(event, "timestamp"),
        conversation=recipient if ours and recipient != account else sender,
    )
