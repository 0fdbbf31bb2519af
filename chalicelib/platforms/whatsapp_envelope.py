"""Takes apart the deliveries of WhatsApp, one change of which holds many messages and receipts.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
"""

from collections.abc import Iterator

from chalicelib.errors import PayloadError
from chalicelib.platforms import meta, tame
from chalicelib.platforms.tame import Json, Object

MESSAGES, ECHOES, STATUSES = "messages", "message_echoes", "statuses"
LISTS = frozenset({MESSAGES, ECHOES, STATUSES})


def split(payload: Json) -> Iterator[Json]:
    """Yield one payload for each message and each status, in body order."""
    for part in meta.split(payload):
        try:
            entry = tame.only(part, "entry")
            change = tame.only(entry, "changes")
            value = tame.mapping(change, "value")
        except PayloadError:  # reading it will tell; its siblings must not suffer
            value = {}
        lists = [key for key in value if key in LISTS and isinstance(value[key], list)]
        for key in lists:
            for single in _singles(value, key):
                yield {**part, "entry": [{**entry, "changes": [{**change, "value": single}]}]}
        if not lists:
            yield part


def _singles(value: Object, key: str) -> Iterator[Json]:
    """Give each event of a list its author's contact alone: a thousand messages may bring a thousand."""
    number = {"metadata": value.get("metadata")}
    contacts = value.get("contacts") if key == MESSAGES else None  # those of an echo are the other side's
    contacts = [one for one in contacts if isinstance(one, dict)] if isinstance(contacts, list) else []
    by_id = {str(one[name]): one for one in contacts for name in ("user_id", "wa_id") if one.get(name)}
    for event in value[key]:
        ids = [event.get("from"), event.get("from_user_id")] if isinstance(event, dict) else []
        found = [by_id[str(one)] for one in ids if one and str(one) in by_id][:1]
        yield {**number, "contacts": found if any(ids) else contacts[:1], key: [event]}
