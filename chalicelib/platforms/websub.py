"""WebSub for those who subscribe: signatures by the method they name, and the hub that asks whether we asked.

https://www.w3.org/TR/websub/
"""

import hmac
import re
from collections.abc import Callable

from chalicelib.errors import BadRequest, NotFound
from chalicelib.platforms import signatures
from chalicelib.platforms.base import Answer, Keys, Request, Subscription

SIGNATURE_HEADER = "x-hub-signature"
METHODS = frozenset({"sha1", "sha256", "sha384", "sha512"})
USUAL = "sha1"  # what Google's hub signs with: https://pubsubhubbub.github.io/PubSubHubbub/pubsubhubbub-core-0.4.html
SUBSCRIBE, UNSUBSCRIBE, DENIED = "subscribe", "unsubscribe", "denied"
CHALLENGE = re.compile(r"[A-Za-z0-9._~+/=-]{1,512}")  # "a random string"; never markup
SECONDS = re.compile(r"[0-9]{1,9}")


def sign(secret: bytes, body: bytes, _now: int) -> dict[str, str]:
    """Make the header that signs a body."""
    return {SIGNATURE_HEADER: _signature(USUAL, secret, body).decode()}


def _signature(method: str, secret: bytes, body: bytes) -> bytes:
    return f"{method}={signatures.digest(secret, body, method).hex()}".encode()


def verify(request: Request, keys: Keys) -> str:
    """Check `X-Hub-Signature` over the raw body by the method that it names, and name that method.

    https://www.w3.org/TR/websub/#signature-validation

    Raises:
        SignatureError: it does not fit, or names no method of WebSub.

    """
    header = request.headers.get(SIGNATURE_HEADER)
    named = (header or "").partition("=")[0]
    method = named if named in METHODS else USUAL  # which then cannot fit: the name is compared, too
    signatures.check(header, [_signature(method, secret, request.body) for secret in keys.signing])
    return method


def answer(request: Request, keys: Keys, account_of: Callable[[str], str | None]) -> Answer:
    """Say to the hub what we asked for: echo its challenge, or not.

    The callback that we register carries our verify token as `token`: without it, anybody could subscribe our
    address with a secret of their own. We leave only what is not ours any more.
    https://www.w3.org/TR/websub/#hub-verifies-intent

    Args:
        request: the hub's question.
        keys: with our own accounts.
        account_of: whose topic it is; None if it is no topic of the platform.

    Raises:
        NotFound: we did not ask for this.
        BadRequest: not a question of a hub.

    """
    token = request.query.get("token", "").encode("utf-8", "surrogatepass")
    account = account_of(request.query.get("hub.topic", ""))
    mode = request.query.get("hub.mode")
    known = keys.verify_token and hmac.compare_digest(token, keys.verify_token.encode())
    wanted = (account in keys.accounts) != (mode == UNSUBSCRIBE)
    if not known or account is None or not wanted:
        raise NotFound("nobody here asked for that")
    if mode == DENIED:  # it has no challenge: https://www.w3.org/TR/websub/#subscription-validation
        return Answer("text/plain", "")
    challenge = request.query.get("hub.challenge", "")
    if mode not in {SUBSCRIBE, UNSUBSCRIBE} or not CHALLENGE.fullmatch(challenge):
        raise BadRequest("expected hub.mode subscribe, unsubscribe or denied, and a hub.challenge")
    return Answer("text/plain", challenge)


def subscription(request: Request, account_of: Callable[[str], str | None]) -> Subscription | None:
    """Read what a question that was answered tells: the lease counts that this one names.

    https://www.w3.org/TR/websub/#subscription-parameter-details
    """
    topic = request.query.get("hub.topic", "")
    account, mode = account_of(topic), request.query.get("hub.mode", "")
    if account is None or mode not in {SUBSCRIBE, UNSUBSCRIBE, DENIED}:
        return None
    seconds = request.query.get("hub.lease_seconds", "")
    lease = int(seconds) if mode == SUBSCRIBE and SECONDS.fullmatch(seconds) else None
    return Subscription(account=account, topic=topic, mode=mode, lease=lease)
