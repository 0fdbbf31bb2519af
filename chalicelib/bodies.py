"""Reads what callers send as JSON."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from chalicelib.errors import BadRequest, BodyTooLarge

MOST_BYTES = 16 * 1024
MOST_COMPLAINTS = 5

Body = TypeVar("Body", bound=BaseModel)


def read(model: type[Body], body: bytes) -> Body:
    """Read the body of a call.

    Raises:
        BadRequest: names what is wrong.
        BodyTooLarge: nobody has so much to say.

    """
    if len(body) > MOST_BYTES:
        raise BodyTooLarge(f"{len(body)} bytes are more than the {MOST_BYTES} that this takes")
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        known = f"there is no such field; there are {', '.join(model.model_fields)}"
        complaints = [
            f"{_place(problem['loc'])}{known if problem['type'] == 'extra_forbidden' else problem['msg']}"
            for problem in error.errors(include_url=False, include_input=False)
        ]
        raise BadRequest("; ".join(complaints[:MOST_COMPLAINTS])) from None


def _place(path: tuple[int | str, ...]) -> str:
    return f"`{'.'.join(map(str, path))[:100]}`: " if path else ""
