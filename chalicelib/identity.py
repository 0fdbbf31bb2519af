"""Who calls: a bearer JWT, verified against the keys of an OIDC issuer.

https://openid.net/specs/openid-connect-discovery-1_0.html
"""

import json
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from chalicelib.errors import Unauthenticated, Unavailable

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Asymmetric ones only: with `none` or HS256 anybody could write a token."""

OPS = "ops"
DEPARTMENT = "department:"
TIMEOUT = 3  # seconds


@dataclass(frozen=True, slots=True)
class Caller:
    """A person or system with a verified token."""

    subject: str
    roles: frozenset[str]

    @property
    def is_ops(self) -> bool:
        """Tell whether the caller may see everything."""
        return OPS in self.roles

    def may_see(self, department: str | None) -> bool:
        """Tell whether the department's tickets are the caller's to see; those of none are ops'."""
        return self.is_ops or (department is not None and f"{DEPARTMENT}{department}" in self.roles)


@dataclass(frozen=True, slots=True)
class Verifier:
    """Verifies tokens of one issuer for one audience."""

    issuer: str
    audience: str
    role_claim: str
    keys: Callable[[], jwt.PyJWKClient]

    def caller(self, authorization: str | None) -> Caller:
        """Read `Authorization: Bearer …`.

        Raises:
            Unauthenticated: no token, or it is not to be trusted; the message does not tell an attacker more.
            Unavailable: the issuer's keys cannot be fetched.

        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("a bearer token is needed")
        try:
            key = self.keys().get_signing_key_from_jwt(token)
            claims = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                issuer=self.issuer,
                options={"require": ["exp", "iss", "sub"], "verify_aud": False},
            )
        except jwt.PyJWKClientConnectionError as error:
            raise Unavailable("the keys of the token issuer cannot be fetched") from error
        except (jwt.PyJWTError, ValueError) as error:
            raise Unauthenticated("the bearer token is not valid") from error
        if self.audience not in _audiences(claims):
            raise Unauthenticated("the bearer token is not valid")
        return Caller(str(claims["sub"]), _roles(claims.get(self.role_claim)))


def _audiences(claims: Mapping[str, Any]) -> list[str]:
    """Read whom the token is for. Cognito's access tokens name a `client_id` and no `aud`.

    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
    """
    audience = claims.get("aud")
    if audience is None and claims.get("token_use") == "access":
        audience = claims.get("client_id")
    return audience if isinstance(audience, list) else [str(audience)]


def _roles(claim: Any) -> frozenset[str]:
    """Read the roles: a list, or one string with blanks as in OAuth scopes."""
    if isinstance(claim, str):
        claim = claim.split()
    return (
        frozenset(role for role in claim if isinstance(role, str)) if isinstance(claim, list) else frozenset()
    )


def key_client(issuer: str, jwks_url: str | None) -> jwt.PyJWKClient:
    """Give a client for the issuer's keys.

    It keeps them for an hour, and fetches them anew for an unknown key, but at most twice a minute.

    Raises:
        Unavailable: the issuer does not tell where its keys are.

    """
    return jwt.PyJWKClient(jwks_url or _discovered(issuer), lifespan=3600, timeout=TIMEOUT)


def _discovered(issuer: str) -> str:
    url = issuer.rstrip("/") + "/.well-known/openid-configuration"
    if not url.startswith("https://"):
        raise Unavailable("OIDC_ISSUER must be an https address, or OIDC_JWKS_URL must be set")
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:  # noqa: S310  (https, and ours)
            return str(json.load(answer)["jwks_uri"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unavailable("the token issuer does not tell where its keys are") from error
