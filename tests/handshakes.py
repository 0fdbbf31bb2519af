"""Asks as the platforms do whether an address is ours, and answers anew from their documentation."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.platforms.base import Answer

VERIFY_TOKEN = "contract-token"
Query = dict[str, str]


@dataclass(frozen=True)
class Handshake:
    """How a platform asks whether an address is ours.

    token: one as the platform sends it.
    tokens: a regular expression of all that it might send.
    query: the parameters that it sends with a token and our verify token.
    needed: those without which it is no handshake of the platform.
    answer: what it wants to see for a secret and a token.
    accounts: our own ones that a query names.
    """

    token: str
    tokens: str
    query: Callable[[str, str], Query]
    needed: frozenset[str]
    answer: Callable[[str, str], Answer]
    accounts: frozenset[str] = frozenset()


def _meta(challenge: str, verify_token: str) -> Query:
    return {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}


def _sign(secret: str, token: str) -> bytes:
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).digest()


def _x(secret: str, token: str) -> Answer:
    answer = {"response_token": "sha256=" + base64.b64encode(_sign(secret, token)).decode()}
    return Answer("application/json", json.dumps(answer))


def _linkedin(secret: str, token: str) -> Answer:
    answer = {"challengeCode": token, "challengeResponse": _sign(secret, token).hex()}
    return Answer("application/json", json.dumps(answer))


# https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests
META = Handshake(
    token="1158201444",
    tokens=r"[0-9]{1,19}",
    query=_meta,
    needed=frozenset({"hub.mode", "hub.challenge", "hub.verify_token"}),
    answer=lambda _secret, token: Answer("text/plain", token),
)

# https://docs.x.com/x-api/webhooks/introduction#challenge-response-checks-crc
X = Handshake(
    token="dGhpcyBpcyBhIHRva2Vu",
    tokens=r"[A-Za-z0-9_+/=-]{1,256}",
    query=lambda token, _verify_token: {"crc_token": token, "nonce": "bm9uY2U"},
    needed=frozenset({"crc_token"}),
    answer=_x,
)

# https://learn.microsoft.com/en-us/linkedin/shared/api-guide/webhook-validation
LINKEDIN = Handshake(
    token="890e4665-4dfe-4ab1-b689-ed553bceeed0",
    tokens=r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    query=lambda token, _verify_token: {"challengeCode": token},
    needed=frozenset({"challengeCode"}),
    answer=_linkedin,
)

# https://www.w3.org/TR/websub/#hub-verifies-intent
CHANNEL = "UCbJ4bn0zTf1ZcQ0a1b2c3d4"
WEBSUB = Handshake(
    token="13573849502147483648",
    tokens=r"[A-Za-z0-9_-]{1,128}",
    query=lambda token, verify_token: {
        "token": verify_token,
        "hub.mode": "subscribe",
        "hub.topic": f"https://www.youtube.com/xml/feeds/videos.xml?channel_id={CHANNEL}",
        "hub.challenge": token,
        "hub.lease_seconds": "432000",
    },
    needed=frozenset({"token", "hub.mode", "hub.topic", "hub.challenge"}),
    answer=lambda _secret, token: Answer("text/plain", token),
    accounts=frozenset({CHANNEL}),
)

HANDSHAKES: dict[str, Handshake] = {
    "facebook": META,
    "instagram": META,
    "messenger": META,
    "whatsapp": META,
    "threads": META,
    "x": X,
    "linkedin": LINKEDIN,
    "youtube": WEBSUB,
}
"""By platform; the others have none."""
