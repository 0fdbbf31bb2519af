"""How old access tokens are that end by themselves. We cannot renew them: we may not write the secrets."""

from collections.abc import Iterator
from hashlib import blake2b

from chalicelib.errors import ConfigurationError
from chalicelib.subscriptions.known import Known
from chalicelib.subscriptions.rows import TOKEN, Row, State

DAY = 86_400
LIFE, WARN_AFTER = 60 * DAY, 50 * DAY
"""Seconds from when we first saw a token; it may have been older already."""

# https://developers.facebook.com/docs/instagram-platform/reference/refresh_access_token
INSTAGRAM = (
    "Refresh it (GET https://graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token with the"
    " token), and put the new one into access_tokens.instagram in the secrets."
)
# https://learn.microsoft.com/en-us/linkedin/shared/authentication/programmatic-refresh-tokens
LINKEDIN = (
    "Refresh it or have its member authorize the app again, and put the new one into access_tokens.linkedin."
)
# https://developers.facebook.com/docs/threads/get-started/long-lived-tokens
THREADS = (
    "Refresh it (GET https://graph.threads.net/refresh_access_token?grant_type=th_refresh_token with the"
    " token), and put the new one into access_tokens.threads in the secrets."
)
REMEDIES = {"instagram": INSTAGRAM, "linkedin": LINKEDIN, "threads": THREADS}


def is_of_instagram_login(token: str) -> bool:
    """Tell whether a token was made by Instagram Login; those of Facebook Login begin with EAA.

    https://developers.facebook.com/docs/instagram-platform/overview
    """
    return token.startswith("IG")


def fingerprint(token: str) -> str:
    """Tell a token from the one before it, without keeping it."""
    return blake2b(token.encode(), digest_size=8).hexdigest()


def rows(known: Known) -> Iterator[Row]:
    """Tell the age of each account's token, where it ends by itself."""
    for account in known.accounts if known.platform in REMEDIES else ():
        try:
            token = known.token(account)
        except ConfigurationError:
            continue  # whoever needs it will tell
        if known.platform != "instagram" or is_of_instagram_login(token):
            yield _row(known, account, token)


def _row(known: Known, account: str, token: str) -> Row:
    record, printed = known.record(account), fingerprint(token)
    seen = record.token_seen_at if record.token == printed else known.now
    known.remember(account, {"token": printed, "token_seen_at": seen})
    age = known.now - seen
    row = Row(known.platform, account, TOKEN, State.OK, since=seen, until=seen + LIFE)
    if age < WARN_AFTER:
        return row
    state = State.MISSING if age >= LIFE else State.FAILING
    return row._replace(state=state, why=f"It is {age // DAY} days old.", remedy=REMEDIES[known.platform])
