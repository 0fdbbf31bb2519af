"""Who may call: tokens that prove it, and all those that do not."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chalicelib.errors import ConfigurationError, Unauthenticated, Unavailable
from chalicelib.identity import Caller, Verifier, key_client

ISSUER, AUDIENCE = "https://issuer.example", "zustaendig"
OURS = rsa.generate_private_key(65537, 2048)
KEY = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(OURS.public_key()))
THEIRS = rsa.generate_private_key(65537, 2048)


class Issuer(BaseHTTPRequestHandler):
    """Publishes our key and counts how often it was asked."""

    asked = 0
    answer = json.dumps({"keys": [{**KEY, "kid": "ours", "use": "sig", "alg": "RS256"}]}).encode()

    def do_GET(self) -> None:
        Issuer.asked += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def verifier() -> Iterator[Verifier]:
    server = HTTPServer(("127.0.0.1", 0), Issuer)
    thread = Thread(target=server.serve_forever)
    thread.start()
    Issuer.asked = 0
    client = key_client(ISSUER, f"http://127.0.0.1:{server.server_port}/keys")
    yield Verifier(ISSUER, AUDIENCE, "roles", lambda: client)
    server.shutdown()
    thread.join()
    server.server_close()


def token(key: Any = OURS, algorithm: str = "RS256", kid: str = "ours", **changes: Any) -> str:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "mira", "iat": now, "exp": now + 60, "roles": ["ops"]}
    claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})


def test_a_good_token_tells_who_calls(verifier: Verifier) -> None:
    assert verifier.caller(f"Bearer {token()}") == Caller("mira", "mira", frozenset({"ops"}))


@pytest.mark.parametrize(
    ("changes", "roles"),
    [
        (
            {"roles": ["department:marketing", "department:communications"]},
            {"department:marketing", "department:communications"},
        ),
        ({"roles": "ops department:marketing"}, {"ops", "department:marketing"}),
        ({"roles": None}, set()),
        ({"roles": [1, {"ops": True}]}, set()),
        ({"roles": {"ops": True}}, set()),
        ({"aud": ["other", AUDIENCE]}, {"ops"}),
        ({"aud": None, "client_id": AUDIENCE, "token_use": "access"}, {"ops"}),
    ],
)
def test_roles_and_audiences_that_are_read(
    verifier: Verifier, changes: dict[str, Any], roles: set[str]
) -> None:
    assert verifier.caller(f"bearer {token(**changes)}").roles == roles


def unsigned() -> str:
    return jwt.encode(
        {"iss": ISSUER, "aud": AUDIENCE, "sub": "m", "exp": 2**33},
        None,  # type: ignore[arg-type]
        algorithm="none",
        headers={"kid": "ours"},
    )


def confused() -> str:
    """HS256 with our public key as the secret, which everybody knows."""
    secret = OURS.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = [
        {"alg": "HS256", "kid": "ours"},
        {"iss": ISSUER, "aud": AUDIENCE, "sub": "m", "exp": 2**33, "roles": ["ops"]},
    ]
    signed = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    signature = base64.urlsafe_b64encode(hmac.digest(secret, signed, hashlib.sha256)).rstrip(b"=")
    return (signed + b"." + signature).decode()


@pytest.mark.parametrize(
    "authorization",
    [
        lambda: None,
        lambda: "",
        lambda: "Bearer",
        lambda: "Bearer ",
        lambda: f"Basic {token()}",
        token,
        lambda: "Bearer not.a.token",
        lambda: "Bearer ä.ö.ü",
        lambda: f"Bearer {token()} {token()}",
        lambda: f"Bearer {token()[:-4]}AAAA",
        lambda: f"Bearer {token(exp=int(time.time()) - 60)}",
        lambda: f"Bearer {token(exp=None)}",
        lambda: f"Bearer {token(nbf=int(time.time()) + 60)}",
        lambda: f"Bearer {token(sub=None)}",
        lambda: f"Bearer {token(sub='')}",
        lambda: f"Bearer {token(token_use='id', client_id=AUDIENCE)}",
        lambda: f"Bearer {token(aud='other')}",
        lambda: f"Bearer {token(aud=None)}",
        lambda: f"Bearer {token(aud=None, client_id=AUDIENCE)}",
        lambda: f"Bearer {token(aud=None, client_id='other', token_use='access')}",
        lambda: f"Bearer {token(iss='https://other.example')}",
        lambda: f"Bearer {token(iss=None)}",
        lambda: f"Bearer {token(key=THEIRS)}",
        lambda: f"Bearer {token(kid='unknown')}",
        lambda: f"Bearer {unsigned()}",
        lambda: f"Bearer {confused()}",
    ],
)
def test_what_proves_nothing_is_refused(verifier: Verifier, authorization: Callable[[], str | None]) -> None:
    with pytest.raises(Unauthenticated):
        verifier.caller(authorization())


def test_unknown_keys_do_not_make_us_ask_the_issuer_again_and_again(verifier: Verifier) -> None:
    for number in range(20):
        with pytest.raises(Unauthenticated):
            verifier.caller(f"Bearer {token(kid=f'unknown-{number}')}")

    assert Issuer.asked <= 2


def test_a_person_is_called_by_the_best_name_the_token_has(verifier: Verifier) -> None:
    for claims, name in (
        ({"email": "m@example.org", "name": "Mira Öz"}, "Mira Öz"),
        ({"email": "m@example.org"}, "m@example.org"),
        ({"name": "", "username": "mö"}, "mö"),
        ({}, "mira"),
    ):
        assert verifier.caller(f"Bearer {token(**claims)}").name == name


@pytest.mark.parametrize("skew", [-20, 20])
def test_clocks_may_differ_a_little(verifier: Verifier, skew: int) -> None:
    now = int(time.time()) + skew
    assert verifier.caller(f"Bearer {token(iat=now, nbf=now, exp=now)}").subject == "mira"


@pytest.mark.parametrize("claim", ["realm_access.roles", "https://example.org/roles"])
def test_roles_may_lie_in_any_claim(verifier: Verifier, claim: str) -> None:
    elsewhere = Verifier(verifier.issuer, verifier.audience, claim, verifier.keys)
    claims: dict[str, Any] = {"realm_access": {"roles": ["ops"]}, "https://example.org/roles": ["ops"]}

    assert elsewhere.caller(f"Bearer {token(roles=None, **claims)}").is_ops


@pytest.mark.parametrize("answer", [b"<html>", b"{}", b'{"keys": []}', b"[]"])
def test_an_issuer_that_answers_nonsense_is_no_refusal(
    verifier: Verifier, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    monkeypatch.setattr(Issuer, "answer", answer)
    with pytest.raises(Unavailable):
        verifier.caller(f"Bearer {token()}")


def test_an_issuer_that_is_silent_is_no_refusal() -> None:
    client = key_client(ISSUER, "http://127.0.0.1:9/keys")
    with pytest.raises(Unavailable):
        Verifier(ISSUER, AUDIENCE, "roles", lambda: client).caller(f"Bearer {token()}")


@pytest.mark.parametrize("issuer", ["http://issuer.example", "file:///etc", "issuer"])
def test_an_issuer_without_tls_is_not_asked_for_its_keys(issuer: str) -> None:
    with pytest.raises(ConfigurationError, match="https"):
        key_client(issuer, None)


@pytest.mark.parametrize(
    ("roles", "department", "sees"),
    [
        ({"ops"}, "marketing", True),
        ({"ops"}, None, True),
        ({"department:marketing"}, "marketing", True),
        ({"department:marketing"}, "communications", False),
        ({"department:marketing"}, None, False),
        ({"department:None"}, None, False),
        ({"marketing"}, "marketing", False),
        (set(), "marketing", False),
    ],
)
def test_who_may_see_what(roles: set[str], department: str | None, sees: bool) -> None:  # noqa: FBT001
    assert Caller("mira", "Mira", frozenset(roles)).may_see(department) is sees
