"""Who calls: a bearer JWT, verified against the keys of an OIDC issuer.

https://openid.net/specs/openid-connect-discovery-1_0.html
"""

import json
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from chalicelib.errors import ConfigurationError, Unauthenticated, Unavailable

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Asymmetric ones only: with `none` or HS256 anybody could write a token."""

OPS = "ops"
DEPARTMENT = "department:"
TIMEOUT = 3  # seconds
LEEWAY = 30  # seconds that the issuer's clock and ours may differ
NAMES = ("name", "email", "preferred_username", "username")
"""Claims that name a person, the best one first.

https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims
"""

NOT_VALID = "the bearer token is not valid"  # an attacker learns no more
NO_KEYS = "the keys of the token issuer cannot be fetched"


@dataclass(frozen=True, slots=True)
class Caller:
    """A person or system with a verified token: `subject` tells them apart, `name` is for people."""

    subject: str
    name: str
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
        keys = self._keys()
        try:
            claims = jwt.decode(
                token,
                keys.get_signing_key_from_jwt(token),
                algorithms=ALGORITHMS,
                issuer=self.issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iss", "sub"], "verify_aud": False},
            )
        except jwt.PyJWKClientConnectionError as error:
            raise Unavailable(NO_KEYS) from error
        except (jwt.PyJWTError, ValueError) as error:
            raise Unauthenticated(NOT_VALID) from error
        if self.audience not in _audiences(claims) or not claims["sub"]:
            raise Unauthenticated(NOT_VALID)
        return Caller(str(claims["sub"]), _name(claims), _roles(claims, self.role_claim))

    def _keys(self) -> jwt.PyJWKClient:
        """Make sure that the issuer's keys are there: what is wrong then is the token's fault."""
        try:
            client = self.keys()
            client.get_jwk_set()
        except (jwt.PyJWTError, ValueError) as error:
            raise Unavailable(NO_KEYS) from error
        return client


def _audiences(claims: Mapping[str, Any]) -> list[str]:
    """Read whom the token is for. Cognito's access tokens name a `client_id`, its ID tokens are no keys.

    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
    """
    use = claims.get("token_use")
    if use is not None:
        return [str(claims.get("client_id"))] if use == "access" else []
    audience = claims.get("aud")
    return audience if isinstance(audience, list) else [str(audience)]


def _name(claims: Mapping[str, Any]) -> str:
    found = next((claims[name] for name in NAMES if isinstance(claims.get(name), str) and claims[name]), None)
    return str(found or claims["sub"])


def _roles(claims: Mapping[str, Any], claim: str) -> frozenset[str]:
    """Read the roles: a list, or one string with blanks as in OAuth scopes; `a.b` may mean b within a."""
    found: Any = claims.get(claim)
    if found is None:
        found = claims
        for step in claim.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        found = found.split()
    if not isinstance(found, list):
        return frozenset()
    return frozenset(role for role in found if isinstance(role, str))


def key_client(issuer: str, jwks_url: str | None) -> jwt.PyJWKClient:
    """Give a client for the issuer's keys.

    It keeps them for an hour, and fetches them anew for an unknown key, but at most twice a minute.

    Raises:
        Unavailable: the issuer does not tell where its keys are.
        ConfigurationError: we were not told, either.

    """
    return jwt.PyJWKClient(jwks_url or _discovered(issuer), lifespan=3600, timeout=TIMEOUT)


def _discovered(issuer: str) -> str:
    url = issuer.rstrip("/") + "/.well-known/openid-configuration"
    if not url.startswith("https://"):
        raise ConfigurationError("OIDC_ISSUER must be an https address, or OIDC_JWKS_URL must be set")
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:  # noqa: S310  (https, and ours)
            return str(json.load(answer)["jwks_uri"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unavailable("the token issuer does not tell where its keys are") from error
