"""What an answer of a platform's API means: fine, try again, later, or never."""

import json
import re
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import NamedTuple

from chalicelib.errors import ApiRefused, RateLimited, Unavailable, ZustaendigError
from chalicelib.platforms.tame import Json

A_WHILE = 900.0
"""Seconds until a used-up quota is asked for again, where the platform does not tell: X's window."""

AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY})

# https://developers.facebook.com/docs/graph-api/guides/error-handling
# https://developers.facebook.com/docs/graph-api/overview/rate-limiting
META_LIMITS = frozenset({"4", "17", "32", "613", *map(str, range(80000, 80015))})
META_PASSING = frozenset({"1", "2"})
# https://developers.google.com/youtube/v3/docs/errors
GOOGLE_LIMITS = frozenset({"quotaExceeded", "dailyLimitExceeded"})
GOOGLE_PASSING = frozenset(
    {"rateLimitExceeded", "userRateLimitExceeded", "backendError", "processingFailure"}
)

SECONDS = re.compile(r"[0-9]{1,11}")
WORD = re.compile(r"[\w.-]{1,60}", re.ASCII)


class Answer(NamedTuple):
    """An answer: HTTP's status, headers by lower-case name, the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Told(NamedTuple):
    """What the body of a refusal tells: the platform's own word, and whether it is a limit, or passes."""

    reason: str = ""
    limit: bool = False
    passing: bool = False


def error(name: str, answer: Answer, now: float) -> ZustaendigError | None:
    """Give the error that an answer means at `now` (UTC epoch seconds); None if it is fine.

    Of the body only the platform's own word is kept: messages may quote a token or what people wrote.
    """
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    told = TELLS.get(name, _nothing)(_parsed(answer.body))
    words = f"{name} answers {answer.status} {told.reason}".rstrip()
    after = retry_after(answer.headers, now)
    if told.limit and after is None:
        after = A_WHILE
    if told.limit or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(words, reason=told.reason, retry_after=after)
    if told.passing or answer.status in AGAIN or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return (
            Unavailable(words) if after is None else RateLimited(words, reason=told.reason, retry_after=after)
        )
    return ApiRefused(words, status=answer.status, reason=told.reason)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Read in how many seconds to ask again: `Retry-After`, as seconds or as a date, or X's reset time.

    https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
    https://docs.x.com/x-api/fundamentals/rate-limits
    """
    value = headers.get("retry-after", "").strip()
    if SECONDS.fullmatch(value):
        return float(value)
    reset = headers.get("x-rate-limit-reset", "").strip()
    if not value and SECONDS.fullmatch(reset):
        return max(0.0, float(reset) - now)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None


def _parsed(body: bytes) -> Json:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _within(value: Json, *names: str) -> Json:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _word(value: Json) -> str:
    """Keep a word or a number; anything else might be what somebody wrote."""
    text = str(value) if isinstance(value, str | int) else ""
    return text if WORD.fullmatch(text) else ""


def _nothing(_body: Json) -> Told:
    return Told()


def _meta(body: Json) -> Told:
    code = _word(_within(body, "error", "code"))
    passing = code in META_PASSING or _within(body, "error", "is_transient") is True
    return Told(code, code in META_LIMITS, passing)


def _google(body: Json) -> Told:
    errors = _within(body, "error", "errors")
    reason = _word(_within(errors[0], "reason")) if isinstance(errors, list) and errors else ""
    return Told(reason, reason in GOOGLE_LIMITS, reason in GOOGLE_PASSING)


def _x(body: Json) -> Told:
    """Read a problem's type, an address that ends in a word: https://docs.x.com/x-api/fundamentals/response-codes-and-errors."""
    kind = _within(body, "type")
    return Told(_word(kind.rpartition("/")[2]) if isinstance(kind, str) else "")


def _linkedin(body: Json) -> Told:
    """https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/error-handling."""
    return Told(_word(_within(body, "code")) or _word(_within(body, "serviceErrorCode")))


TELLS: Mapping[str, Callable[[Json], Told]] = {
    "meta": _meta,
    "instagram": _meta,
    "threads": _meta,
    "x": _x,
    "linkedin": _linkedin,
    "youtube": _google,
}
