"""Signs deliveries as the platforms do, written anew from their documentation, not with our own code."""

import base64
import hashlib
import hmac
from collections.abc import Callable

NOW = 1_764_057_600  # when tests take place: 2025-11-25T08:00:00Z
JSON, ATOM = "application/json", "application/atom+xml"

Headers = dict[str, str]
Form = Callable[[str, bytes, int], Headers]


def _hmac(secret: str | bytes, signed: bytes, method: str = "sha256") -> bytes:
    return hmac.new(secret.encode() if isinstance(secret, str) else secret, signed, method).digest()


def meta(secret: str, body: bytes, _now: int) -> Headers:
    """https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads."""
    return {"Content-Type": JSON, "X-Hub-Signature-256": "sha256=" + _hmac(secret, body).hex()}


def x(secret: str, body: bytes, _now: int) -> Headers:
    """https://docs.x.com/x-api/webhooks/quickstart."""
    digest = base64.b64encode(_hmac(secret, body)).decode()
    return {"Content-Type": JSON, "x-twitter-webhooks-signature": "sha256=" + digest}


def linkedin(secret: str, body: bytes, _now: int, prefix: str = "") -> Headers:
    """https://learn.microsoft.com/en-us/linkedin/shared/api-guide/webhook-validation."""
    digest = _hmac(secret, b"hmacsha256=" + body).hex()
    return {"Content-Type": JSON, "X-LI-Signature": prefix + digest}


def linkedin_prefixed(secret: str, body: bytes, now: int) -> Headers:
    """Sign as some clients of LinkedIn expect it: with the method in the header, too."""
    return linkedin(secret, body, now, "hmacsha256=")


def websub(method: str, content_type: str = ATOM) -> Form:
    """https://www.w3.org/TR/websub/#signing-content."""

    def sign(secret: str, body: bytes, _now: int) -> Headers:
        signature = f"{method}={_hmac(secret, body, method).hex()}"
        return {"Content-Type": content_type, "X-Hub-Signature": signature}

    return sign


def standard_webhooks(secret: str, body: bytes, now: int) -> Headers:
    """https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    message = "msg_" + hashlib.sha256(body).hexdigest()[:32]  # any will do that stays when it is sent again
    digest = base64.b64encode(_hmac(key, f"{message}.{now}.".encode() + body)).decode()
    about = {"webhook-id": message, "webhook-timestamp": str(now)}
    return {"Content-Type": JSON, **about, "webhook-signature": f"v1,{digest}"}


FORMS: dict[str, tuple[Form, ...]] = {
    "facebook": (meta,),
    "instagram": (meta,),
    "messenger": (meta,),
    "whatsapp": (meta,),
    "threads": (meta,),
    "x": (x,),
    "linkedin": (linkedin, linkedin_prefixed),
    "youtube": tuple(websub(method) for method in ("sha1", "sha256", "sha384", "sha512")),
    # https://docs.joinmastodon.org/admin/webhooks/ (the header of WebSub, always sha256)
    "mastodon": (websub("sha256", JSON),),
    "standard_webhooks": (standard_webhooks,),
}
"""By platform the forms in which we take its signatures, the usual one first."""


def spelt(platform: str, word: str) -> str:
    """Make a secret as the platform would give it to us."""
    if platform == "standard_webhooks":
        return "whsec_" + base64.b64encode(word.encode()).decode()
    return word


def signed(platform: str, secret: str, body: bytes, now: int = NOW) -> Headers:
    """Make the headers of a delivery; some platforms sign the time (UTC epoch seconds).

    A name that is no platform signs as X does: nobody will look at it.
    """
    return FORMS.get(platform, (x,))[0](secret, body, now)
