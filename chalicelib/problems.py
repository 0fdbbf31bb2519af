"""Errors as problem details (RFC 9457): the one place that turns our errors into HTTP statuses."""

from http import HTTPStatus

from chalicelib import errors

CONTENT_TYPE = "application/problem+json"

STATUSES: dict[type[errors.ZustaendigError], HTTPStatus] = {
    errors.BadRequest: HTTPStatus.BAD_REQUEST,
    errors.Unauthenticated: HTTPStatus.UNAUTHORIZED,
    errors.SignatureError: HTTPStatus.FORBIDDEN,
    errors.HandshakeRefused: HTTPStatus.FORBIDDEN,
    errors.Forbidden: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.DeliveryTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.UnsupportedContent: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}

HEADERS = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": "Bearer"},
    HTTPStatus.SERVICE_UNAVAILABLE: {"Retry-After": "5"},
}

OURS = "something is wrong on our side; the log tells more"
"""What the world learns of an error that names our settings or code."""

OURS_BY_STATUS = {
    HTTPStatus.INTERNAL_SERVER_ERROR: OURS,
    HTTPStatus.SERVICE_UNAVAILABLE: "we cannot answer right now; try again",
}


def problem(status: int, detail: str) -> dict[str, str | int]:
    """Write the body."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
    }


def of(error: errors.ZustaendigError) -> tuple[HTTPStatus, str]:
    """Tell an error's status and what the caller may know of it."""
    known = (STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
    status = next(known, HTTPStatus.INTERNAL_SERVER_ERROR)
    return status, OURS_BY_STATUS.get(status, str(error))
