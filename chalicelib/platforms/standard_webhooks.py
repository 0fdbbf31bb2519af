"""The generic door: review sites, contact forms, CRMs, whoever signs as Standard Webhooks says.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import re
from collections.abc import Iterator
from hashlib import sha256

from chalicelib.errors import PayloadError, SignatureError
from chalicelib.message import Ignored, Message
from chalicelib.platforms import signatures, tame
from chalicelib.platforms.base import Keys, Platform, Request
from chalicelib.platforms.tame import Json

NAME = "standard_webhooks"
SIGNATURE_HEADER = "webhook-signature"
TOLERANCE = 300
"""Seconds by which the sender's clock may differ from ours; older deliveries are replays."""

# Id and time are signed with dots between them and the body. An id with a dot could move that border, so that
# part of a text that somebody wrote would count as the time, and the rest of it as the body.
MESSAGE_ID = re.compile(r"[^.]+")
TIME = re.compile(r"[0-9]{1,12}")


def spell_secret(key: bytes) -> str:
    """Write a key as it is given out."""
    return f"whsec_{base64.b64encode(key).decode()}"


def sign(secret: bytes, body: bytes, now: int) -> dict[str, str]:
    """Make the headers that sign a body now; the id is the same whenever the body is.

    Raises:
        SignatureError: the secret is no key.

    """
    key = _key(secret)
    if key is None:
        raise SignatureError("the signing secret is no base64: whsec_…")
    message_id = "msg_" + sha256(body).hexdigest()[:32]
    signature = _signature(key, message_id, str(now), body).decode()
    return {"webhook-id": message_id, "webhook-timestamp": str(now), SIGNATURE_HEADER: signature}


def _signature(key: bytes, message_id: str, time: str, body: bytes) -> bytes:
    about = f"{message_id}.{time}.".encode("utf-8", "surrogatepass")
    return b"v1," + signatures.base64_sha256(key, about + body)


def _key(secret: bytes) -> bytes | None:
    """Decode a secret as it is given out: base64, mostly with whsec_ before it; None if it is no key."""
    text = secret.removeprefix(b"whsec_")
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True) or None
    except binascii.Error:
        return None


def verify(request: Request, keys: Keys) -> None:
    """Check `webhook-signature` over id, time and raw body; one good signature among several is enough.

    Only `v1` counts; `v1a` is asymmetric, and we have no public key of the sender.

    Raises:
        SignatureError: none fits, a header is missing, or it was sent more than five minutes ago.

    """
    message_id = request.headers.get("webhook-id", "")
    time = request.headers.get("webhook-timestamp", "")
    if not MESSAGE_ID.fullmatch(message_id):
        raise SignatureError("webhook-id is missing, or holds a dot")
    if not TIME.fullmatch(time):
        raise SignatureError("webhook-timestamp is missing, or no time in seconds")
    secrets = [key for key in map(_key, keys.signing) if key]
    if keys.signing and not secrets:
        raise SignatureError("no signing secret of this platform is base64: whsec_…")
    given = request.headers.get(SIGNATURE_HEADER, "").split(" ")
    expected = [_signature(key, message_id, time, request.body) for key in secrets]
    signatures.check_any([signature for signature in given if signature.startswith("v1,")], expected)
    if abs(request.now - int(time)) > TOLERANCE:
        raise SignatureError("webhook-timestamp is more than five minutes off")


def split(payload: Json) -> Iterator[Json]:
    """Yield one payload for each event; `data` may be a list of several."""
    payload = tame.an_object(payload, "the delivery")
    if not tame.text(payload, "type"):
        raise PayloadError("the delivery has no `type`")
    if not isinstance(payload.get("data"), list):
        yield payload
        return
    for data in payload["data"]:
        yield {**payload, "data": data}


def read(payload: Json) -> Message | Ignored:
    """Read the one event of a split delivery by the names of `standard_webhooks.toml`."""
    from chalicelib.platforms import standard_webhooks_message, standard_webhooks_names  # noqa: PLC0415

    # Imported here because accepting a delivery must not pay for pydantic (docs/decisions/0002).
    return standard_webhooks_message.read(NAME, payload, standard_webhooks_names.load())


PLATFORM = Platform(
    name=NAME,
    signature_header=SIGNATURE_HEADER,
    spell_secret=spell_secret,
    sign=sign,
    verify=verify,
    split=split,
    read=read,
)
