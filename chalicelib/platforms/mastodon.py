"""Mastodon: statuses that an instance reports by webhook, and notifications that somebody passes on.

https://docs.joinmastodon.org/admin/webhooks/
"""

from collections.abc import Iterator

from chalicelib.errors import PayloadError
from chalicelib.message import CREATED_VERSION, Author, Change, Ignored, Kind, Message
from chalicelib.platforms import signatures, tame
from chalicelib.platforms.base import Keys, Platform, Request
from chalicelib.platforms.tame import Json, Object

NAME = "mastodon"
SIGNATURE_HEADER = "x-hub-signature"  # the name of WebSub's, but always sha256

# https://docs.joinmastodon.org/admin/webhooks/#events: deletions are not among them.
STATUSES = {"status.created": Change.CREATED, "status.updated": Change.EDITED}
NOT_STATUSES = ("account.", "report.")

# https://docs.joinmastodon.org/entities/Notification/#type
ABOUT_US = frozenset({"mention", "quote"})
NOT_MESSAGES = frozenset(
    {
        *("status", "reblog", "favourite", "follow", "follow_request", "poll", "update", "quoted_update"),
        *("admin.sign_up", "admin.report", "severed_relationships", "moderation_warning"),
    }
)


def sign(secret: bytes, body: bytes, _now: int) -> dict[str, str]:
    """Make the header that signs a body."""
    return {SIGNATURE_HEADER: _signature(secret, body).decode()}


def _signature(secret: bytes, body: bytes) -> bytes:
    return b"sha256=" + signatures.hex_sha256(secret, body)


def verify(request: Request, keys: Keys) -> None:
    """Check `X-Hub-Signature` over the raw body.

    https://github.com/mastodon/mastodon/blob/main/app/workers/webhooks/delivery_worker.rb

    Raises:
        SignatureError: it does not fit.

    """
    expected = [_signature(secret, request.body) for secret in keys.signing]
    signatures.check(request.headers.get(SIGNATURE_HEADER), expected)


def split(payload: Json) -> Iterator[Json]:
    """Yield the one event of a delivery."""
    payload = tame.an_object(payload, "the delivery")
    if not tame.text(payload, "type", "event"):
        raise PayloadError("the delivery has no `type` and no `event`")
    yield payload


def read(payload: Json) -> Message | Ignored:
    """Read a notification, or an event of the instance."""
    if kind := tame.text(payload, "type"):
        return _notification(payload, kind)
    event = tame.text(payload, "event") or ""
    if event not in STATUSES:
        return Ignored.NOT_A_MESSAGE if event.startswith(NOT_STATUSES) else Ignored.UNKNOWN_EVENT
    status = tame.mapping(payload, "object")
    kind = Kind.MENTION if tame.mappings(status, "mentions") else Kind.POST
    kind = Kind.REPLY if tame.identifier(status, "in_reply_to_id") else kind
    return _status(status, tame.mapping(status, "account"), STATUSES[event], kind)


def _notification(payload: Object, kind: str) -> Message | Ignored:
    if kind not in ABOUT_US:
        return Ignored.NOT_A_MESSAGE if kind in NOT_MESSAGES else Ignored.UNKNOWN_EVENT
    status, account = tame.mapping(payload, "status"), tame.mapping(payload, "account")
    return _status(status, account, Change.CREATED, Kind.MENTION)


def _status(status: Object, account: Object, change: Change, kind: Kind) -> Message | Ignored:
    """Read a status; its text is HTML, and stays so. https://docs.joinmastodon.org/entities/Status/."""
    edited = change is Change.EDITED
    version = tame.milliseconds(status, "edited_at") if edited else CREATED_VERSION
    if status.get("reblog") or version is None:  # `status.updated` comes for changes nobody sees, too
        return Ignored.NOT_A_MESSAGE
    quoted = tame.mapping(tame.mapping(status, "quote"), "quoted_status")
    return Message(
        platform=NAME,
        change=change,
        kind=kind,
        message_id=tame.required(status, "id"),
        in_reply_to=tame.identifier(status, "in_reply_to_id") or tame.identifier(quoted, "id"),
        author=Author(
            tame.identifier(account, "id"),
            tame.text(account, "display_name") or tame.text(account, "username", "acct"),
        ),
        text=tame.text(status, "content"),
        permalink=tame.text(status, "url"),
        occurred_at=tame.epoch(status, "edited_at" if edited else "created_at"),
        version=version,
    )


PLATFORM = Platform(
    name=NAME, signature_header=SIGNATURE_HEADER, sign=sign, verify=verify, split=split, read=read
)
