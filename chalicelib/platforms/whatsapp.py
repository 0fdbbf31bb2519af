"""WhatsApp Cloud API: what people write to a business number, and what we write with the app on the phone.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference
"""

from dataclasses import replace

from chalicelib.message import CREATED_VERSION, EDITED_VERSION, Author, Change, Ignored, Kind, Message
from chalicelib.platforms import meta, tame
from chalicelib.platforms.tame import Json, Object
from chalicelib.platforms.whatsapp_envelope import ECHOES, MESSAGES, STATUSES, split

NAME = "whatsapp"

# What people write, also while somebody else on our side answers them (`standby`), and what we write.
FIELDS = frozenset({"message_echoes", "messages", "smb_message_echoes", "standby"})
# How the names of the other fields begin. `history` is what was said before the number was connected: nobody
# waits for an answer any more.
NOT_MESSAGES = (
    "account_",
    "automatic_events",
    "business_",
    "calls",
    "flows",
    "group_",
    "history",
    "message_template_",
    "messaging_handovers",
    "partner_solutions",
    "payment_",
    "phone_number_",
    "security",
    "smb_app_state_sync",
    "template_",
    "tracking_events",
    "user_",
)

# `type` of a message in which nobody says anything: an emoji, a chat that was opened, a number that changed.
SILENT = frozenset({"reaction", "request_welcome", "system"})
CHANGES = {"edit": Change.EDITED, "revoke": Change.DELETED}
WORDS = {
    "text": "body",
    "image": "caption",
    "video": "caption",
    "document": "caption",
    "button": "text",
    "order": "text",
}
PRESSED = {"button_reply": "title", "list_reply": "title", "nfm_reply": "body"}


def read(payload: Json) -> Message | Ignored:
    """Read the one event of a split delivery."""
    account, field, value = meta.event(payload)
    if account == meta.DASHBOARD_TEST:
        return Ignored.DASHBOARD_TEST
    if field not in FIELDS:
        return Ignored.NOT_A_MESSAGE if field.startswith(NOT_MESSAGES) else Ignored.UNKNOWN_EVENT
    value = meta.content(value, field)
    key = next((key for key in (MESSAGES, ECHOES) if key in value), None)
    if key is None:
        return Ignored.NOT_A_MESSAGE if value.keys() & {STATUSES, "errors"} else Ignored.UNKNOWN_EVENT
    said = tame.only(value, key)
    if tame.text(said, "type") in SILENT or _is_about_calls(said):
        return Ignored.NOT_A_MESSAGE
    number = tame.identifier(tame.mapping(value, "metadata"), "phone_number_id")
    return _message(number or account, value, said, ours=key == ECHOES)


def _is_about_calls(said: Object) -> bool:
    return tame.text(tame.mapping(said, "interactive"), "type") == "call_permission_reply"


def _message(account: str | None, value: Object, said: Object, *, ours: bool) -> Message:
    """Read a message; an edit or a revocation has an id of its own and names the message that it changes.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/edit
    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/revoke
    """
    author, kind = _author(value, said), tame.text(said, "type") or ""
    change = CHANGES.get(kind, Change.CREATED)
    about = tame.mapping(said, kind) if kind in CHANGES else {"original_message_id": said.get("id")}
    message = Message(
        platform=NAME,
        change=change,
        kind=Kind.DIRECT_MESSAGE,
        account_id=account,
        message_id=tame.required(about, "original_message_id"),
        conversation=tame.identifier(said, "to", "to_user_id") if ours else author.id,
    )
    if change is Change.DELETED:
        return message
    edited = change is Change.EDITED
    words = tame.mapping(about, "message") if edited else said
    return replace(
        message,
        from_us=ours,
        in_reply_to=tame.identifier(tame.mapping(words, "context"), "id"),
        author=author,
        text=_text(words),
        occurred_at=tame.epoch(said, "timestamp"),
        version=(tame.milliseconds(said, "timestamp") or EDITED_VERSION) if edited else CREATED_VERSION,
    )


def _author(value: Object, said: Object) -> Author:
    """Read the author: people with a user name may hide their number, and have an id for this business alone.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
    """
    contact = next(iter(tame.mappings(value, "contacts")), {})
    return Author(
        tame.identifier(said, "from", "from_user_id") or tame.identifier(contact, "wa_id", "user_id"),
        tame.text(tame.mapping(contact, "profile"), "name", "username"),
    )


def _text(words: Object) -> str | None:
    """Read what was written, or what the pressed button says."""
    kind = tame.text(words, "type") or "text"
    if kind != "interactive":
        return tame.text(tame.mapping(words, kind), WORDS[kind]) if kind in WORDS else None
    pressed = tame.mapping(words, kind)
    return next(
        (tame.text(tame.mapping(pressed, what), name) for what, name in PRESSED.items() if what in pressed),
        None,
    )


PLATFORM = meta.platform(NAME, read, split=split, reply_windows=meta.DIRECT_WINDOW)
