"""HMAC signatures, made and compared: on bytes, in constant time, never with an empty secret."""

import hmac
from base64 import b64encode
from collections.abc import Sequence

from chalicelib.errors import SignatureError


def hex_sha256(secret: bytes, signed: bytes) -> bytes:
    """Lower-case hex HMAC-SHA256; raises SignatureError for an empty secret."""
    return digest(secret, signed).hex().encode()


def base64_sha256(secret: bytes, signed: bytes) -> bytes:
    """Base64 HMAC-SHA256; raises SignatureError for an empty secret."""
    return b64encode(digest(secret, signed))


def digest(secret: bytes, signed: bytes, method: str = "sha256") -> bytes:
    """HMAC by a method of hashlib.

    Raises:
        SignatureError: the secret is empty, so anybody could sign with it.

    """
    if not secret:
        raise SignatureError("the signing secret is empty: anybody could sign with it")
    return hmac.digest(secret, signed, method)


def check(header: str | None, expected: Sequence[bytes]) -> None:
    """Let the delivery pass if the header is one of the signatures we would have made.

    Every secret is tried, so the time taken does not tell which of them matched.

    Args:
        header: the signature header as it came, None if it is missing.
        expected: one signature for each secret (current, previous).

    Raises:
        SignatureError: none matches, or there is no secret to check with.

    """
    check_any([header] if header else [], expected)


def check_any(given: Sequence[str], expected: Sequence[bytes]) -> None:
    """Do the same where a header may hold several signatures: one that is right is enough.

    Raises:
        SignatureError: none matches, there is none, or there is no secret to check with.

    """
    if not expected:
        raise SignatureError("no signing secret is set for this platform, so nothing can be verified")
    if not given:
        raise SignatureError("there is no signature that we could check")
    # Header text may hold anything; compare_digest refuses non-ASCII str, so compare bytes.
    offered = [signature.encode("utf-8", "surrogatepass") for signature in given]
    matches = [hmac.compare_digest(one, signature) for one in offered for signature in expected]
    if not any(matches):
        raise SignatureError("the signature does not fit the body")
