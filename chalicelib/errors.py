"""Every error of Zuständig, one tree; each leaf has one fate.

ZustaendigError
├── BadRequest              the caller can mend it                           → 400
├── Unauthenticated         no token, or one we do not trust                 → 401
├── SignatureError          not signed by the platform, or no secret is set  → 403
├── HandshakeRefused        somebody else's handshake                        → 403
├── Forbidden               a role that may not do this                      → 403
├── NotFound                no such thing, or not yours to see               → 404
├── Conflict                it is in another state than the call assumes     → 409
├── DeliveryTooLarge        more than the intake can hold                    → 413
├── BodyTooLarge            more than a call of the API may say              → 413
├── UnsupportedContent      a content type that the platform does not send   → 415
├── Unavailable             AWS or a platform is slow, down, not yet there   → 503; the worker tries again
│   └── RateLimited         a platform wants to be asked later               → likewise
├── ConfigurationError      names the entry and the remedy                   → 500
│   └── NeverOpen           a calendar has not so much open time in years    → likewise
├── ConditionFailed         somebody else wrote first                        → settled where it is raised
├── ApiRefused              a platform's API says no, now and next time      → settled by who asked
├── LookupFailed            what a delivery withholds will not be told       → the ticket stays incomplete
├── StorageLimitReached     a platform lets us keep this no longer           → quarantine, without content
├── PayloadError            signed, but not what the platform documents      → quarantine
└── Rejected                AWS refuses this very item, now and next time    → quarantine

The HTTP statuses live in `problems.py`, the other fates in `workflow.py`. What these errors say is logged and
stored, so they never quote what people wrote. All other errors may: `told` leaves out what they say.
"""

from collections.abc import Iterator

OURS = ("app", "chalicelib")
LONGEST_TRACE = 40


class ZustaendigError(Exception):
    """Base of all errors raised by Zuständig itself."""


class BadRequest(ZustaendigError):  # noqa: N818  (these names are read as HTTP answers)
    """The request cannot be understood; the message tells the caller what to mend."""


class Unauthenticated(ZustaendigError):  # noqa: N818
    """No bearer token, or one that does not prove who calls."""


class SignatureError(ZustaendigError):
    """The delivery is not provably from the platform."""


class HandshakeRefused(ZustaendigError):  # noqa: N818
    """A handshake that does not know our verify token."""


class Forbidden(ZustaendigError):  # noqa: N818
    """The caller is known, but not allowed."""


class NotFound(ZustaendigError):  # noqa: N818
    """Nothing there, or nothing this caller may know of."""


class Conflict(ZustaendigError):  # noqa: N818
    """The ticket or entry is in a state that the call does not fit."""


class DeliveryTooLarge(ZustaendigError):  # noqa: N818
    """The delivery is larger than we, or SQS, take."""


class BodyTooLarge(ZustaendigError):  # noqa: N818
    """The body of a call is larger than anything it could mean."""


class UnsupportedContent(ZustaendigError):  # noqa: N818
    """The delivery is of a content type that the platform does not send."""


class Unavailable(ZustaendigError):  # noqa: N818
    """AWS or a platform did not do what was asked, but may the next time."""


class RateLimited(Unavailable):
    """A platform wants to be asked later: after so many seconds, if it tells; `reason` is its own word."""

    def __init__(self, message: str, *, reason: str = "", retry_after: float | None = None) -> None:
        super().__init__(message)
        self.reason, self.retry_after = reason, retry_after


class ApiRefused(ZustaendigError):  # noqa: N818
    """A platform's API says no for good; `status` is HTTP's, `reason` the platform's own word for it."""

    def __init__(self, message: str, *, status: int, reason: str = "") -> None:
        super().__init__(message)
        self.status, self.reason = status, reason


class LookupFailed(ZustaendigError):  # noqa: N818
    """A look-up that need not be tried again; the message tells why and, if there is one, the remedy."""


class ConditionFailed(ZustaendigError):  # noqa: N818
    """A conditional write found something else than it expected."""


class ConfigurationError(ZustaendigError):
    """A setting is missing or wrong; the message names it and the remedy."""


class NeverOpen(ConfigurationError):  # noqa: N818
    """A calendar is not open for so long within years; the message names it."""


class StorageLimitReached(ZustaendigError):  # noqa: N818
    """A platform's storage limit has passed, or would while a delivery waits once more."""


class PayloadError(ZustaendigError):
    """A delivery or message is not of the documented shape."""


class Rejected(ZustaendigError):  # noqa: N818
    """AWS will never take this item (too large, forbidden content)."""


def told(error: BaseException) -> str:
    """Tell an error without a word that people wrote: its text only if it is ours, else where it came up."""
    if isinstance(error, ZustaendigError):
        return f"{type(error).__name__}: {error}"
    places = list(_places(error))
    return type(error).__name__ + (f" in {places[-1]}" if places else "")


def traced(error: BaseException) -> list[str]:
    """Tell the way of an error through our code, and that of each error it came from, the first one last."""
    lines: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(lines) < LONGEST_TRACE:
        lines += [told(cause), *_places(cause)]
        cause = cause.__cause__ or cause.__context__
    return lines[:LONGEST_TRACE]


def _places(error: BaseException) -> Iterator[str]:
    """Name the lines of our code that an error came through, the innermost one last."""
    at = error.__traceback__
    while at:
        code, module = at.tb_frame.f_code, str(at.tb_frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] in OURS:
            yield f"{module}:{at.tb_lineno} {code.co_name}"
        at = at.tb_next
