"""Messenger, for apps that read a Page's messages and nothing else; Facebook's address takes them, too.

https://developers.facebook.com/docs/messenger-platform/webhooks
"""

from chalicelib.message import Ignored, Message
from chalicelib.platforms import meta, meta_messaging
from chalicelib.platforms.tame import Json

NAME = "messenger"


def read(payload: Json) -> Message | Ignored:
    """Read the one event of a split delivery."""
    account, field, value = meta.event(payload)
    if account == meta.DASHBOARD_TEST:
        return Ignored.DASHBOARD_TEST
    if field.startswith(meta_messaging.FIELDS):
        return meta_messaging.direct_message(NAME, account, value)
    return Ignored.UNKNOWN_EVENT


PLATFORM = meta.platform(NAME, read, reply_windows=meta.DIRECT_WINDOW)
