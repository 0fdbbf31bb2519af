"""Signs deliveries as the platforms do, written anew from their documentation, not with our own code."""

import base64
import hashlib
import hmac


def signed(platform: str, secret: str, body: bytes) -> dict[str, str]:
    """Make the headers of a delivery."""
    digest = hmac.new(secret.encode(), body, hashlib.sha256)
    if platform == "x":
        signature = {"x-twitter-webhooks-signature": "sha256=" + base64.b64encode(digest.digest()).decode()}
    else:
        signature = {"X-Hub-Signature-256": "sha256=" + digest.hexdigest()}
    return {"Content-Type": "application/json", **signature}
