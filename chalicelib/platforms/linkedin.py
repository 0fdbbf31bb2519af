"""LinkedIn: what people say under the posts of our organization, and where they mention it.

https://learn.microsoft.com/en-us/linkedin/marketing/community-management/organizations/organization-social-action-notifications
"""

import json
import re
from collections.abc import Iterator

from chalicelib.errors import BadRequest, PayloadError, SignatureError
from chalicelib.message import CREATED_VERSION, EDITED_VERSION, Author, Change, Ignored, Kind, Message
from chalicelib.platforms import linkedin_lookup, signatures, tame
from chalicelib.platforms import linkedin_urns as urns
from chalicelib.platforms.base import Answer, Keys, Limits, Platform, Request
from chalicelib.platforms.tame import Json, Object

NAME = "linkedin"
SIGNATURE_HEADER = "x-li-signature"
NOTIFICATIONS = "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"
HOUR = 3600

# What we sign for whoever asks, and what we take as signed by LinkedIn, have nothing in common: else this
# would be a signing oracle. A delivery is signed with PREFIX before it, and no UUID begins so.
PREFIX = "hmacsha256="
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

ACTIONS = {
    "COMMENT": (Change.CREATED, Kind.COMMENT),
    "ADMIN_COMMENT": (Change.CREATED, Kind.COMMENT),  # written in the name of our organization
    "COMMENT_EDIT": (Change.EDITED, Kind.COMMENT),
    "COMMENT_DELETE": (Change.DELETED, Kind.COMMENT),
    "COMMENT_MENTION": (Change.CREATED, Kind.MENTION),
    "SHARE": (Change.CREATED, Kind.MENTION),
    "SHARE_MENTION": (Change.CREATED, Kind.MENTION),
}


def sign(secret: bytes, body: bytes, _now: int) -> dict[str, str]:
    """Make the header that signs a body."""
    return {SIGNATURE_HEADER: _signature(secret, body).decode()}


def _signature(secret: bytes, body: bytes) -> bytes:
    return signatures.hex_sha256(secret, PREFIX.encode() + body)


def verify(request: Request, keys: Keys) -> str | None:
    """Check `X-LI-Signature` over PREFIX and the raw body, keyed with the client secret.

    The header holds the bare digest. Some receivers expect PREFIX before it there, too; that is tolerated and
    told as `prefixed`, so that we learn what LinkedIn does. The body alone is never what is signed.
    https://learn.microsoft.com/en-us/linkedin/shared/api-guide/webhook-validation

    Raises:
        SignatureError: it does not fit.

    """
    header = request.headers.get(SIGNATURE_HEADER)
    bare = header.removeprefix(PREFIX) if header else header
    signatures.check(bare, [_signature(secret, request.body) for secret in keys.signing])
    return None if bare == header else "prefixed"


def answer_handshake(request: Request, keys: Keys) -> Answer:
    """Answer a challenge with its signature, within three seconds, every two hours.

    https://learn.microsoft.com/en-us/linkedin/shared/api-guide/webhook-validation#validating-the-webhook-endpoint

    Raises:
        BadRequest: no challenge, or one that is no UUID.
        SignatureError: no client secret is set.

    """
    code = request.query.get("challengeCode", "")
    if not UUID.fullmatch(code):
        raise BadRequest("expected a challengeCode that is a UUID")
    if not keys.signing:
        raise SignatureError("no client secret is set for LinkedIn, so no challenge can be signed")
    response = signatures.hex_sha256(keys.signing[0], code.encode()).decode()
    return Answer("application/json", json.dumps({"challengeCode": code, "challengeResponse": response}))


def split(payload: Json) -> Iterator[Json]:
    """Yield one payload for each notification; LinkedIn sends up to ten at once."""
    payload = tame.an_object(payload, "the delivery")
    kind = tame.text(payload, "type")
    if kind not in {None, NOTIFICATIONS}:
        yield payload
    elif isinstance(payload.get("notifications"), list):
        for notification in payload["notifications"]:
            yield {"type": NOTIFICATIONS, "notifications": [notification]}
    else:
        raise PayloadError("the delivery has no list `notifications`")


def read(payload: Json) -> Message | Ignored:
    """Read the one notification of a split delivery."""
    if tame.text(payload, "type") not in {None, NOTIFICATIONS}:
        return Ignored.UNKNOWN_EVENT
    notification = tame.only(payload, "notifications")
    action = tame.text(notification, "action")
    if action == "LIKE":
        return Ignored.NOT_A_MESSAGE
    if action not in ACTIONS:
        return Ignored.UNKNOWN_EVENT
    decorated = tame.mapping(notification, "decoratedGeneratedActivity")
    if "SHARE" in action:
        return _share(action, notification, tame.mapping(decorated, "share", "comment"))
    comment = tame.mapping(decorated, "comment")
    said = _said(action, notification, comment, linkedin_lookup.parent_comment(comment))
    return _deletion(said) if said.change is Change.DELETED else said


def _deletion(said: Message) -> Message:
    """Keep what is known for sure of something deleted: its id."""
    change, kind, account, message_id = said.change, said.kind, said.account_id, said.message_id
    return Message(platform=NAME, change=change, kind=kind, account_id=account, message_id=message_id)


def _share(action: str, notification: Object, share: Object) -> Message | Ignored:
    """Read a post elsewhere that shares ours or mentions us; sharing without a word says nothing."""
    said = _said(action, notification, share)
    if said.from_us:
        return Ignored.OWN_PUBLICATION
    if action == "SHARE" and not said.needs_lookup and not said.text:
        return Ignored.NOT_A_MESSAGE
    return said


def _said(action: str, notification: Object, said: Object, parent: str | None = None) -> Message:
    """Read who said what. Without decoration, only a look-up tells."""
    change, kind = ACTIONS[action]
    account = tame.identifier(notification, "organizationalEntity")
    author = tame.identifier(said, "owner", "actor")
    message_id, post = _id(notification), tame.identifier(notification, "sourcePost")
    edited_at = tame.milliseconds(notification, "lastModifiedAt") or EDITED_VERSION
    return Message(
        platform=NAME,
        change=change,
        kind=Kind.REPLY if parent and kind is Kind.COMMENT else kind,
        account_id=account,
        message_id=message_id,
        from_us=action == "ADMIN_COMMENT" or (author is not None and author == account),
        in_reply_to=parent or (post if post != message_id else None),
        author=Author(author),
        text=linkedin_lookup.text(said),
        permalink=urns.permalink(message_id),
        needs_lookup=author is None,
        occurred_at=tame.epoch(notification, "lastModifiedAt"),
        version=edited_at if change is Change.EDITED else CREATED_VERSION,
    )


def _id(notification: Object) -> str:
    return urns.one_spelling(tame.required(notification, "generatedActivity"))


PLATFORM = Platform(
    name=NAME,
    signature_header=SIGNATURE_HEADER,
    sign=sign,
    verify=verify,
    answer_handshake=answer_handshake,
    split=split,
    read=read,
    lookup=linkedin_lookup.LOOKUP,
    limits=Limits(text=48 * HOUR, profile=24 * HOUR),
)
