"""Tames what platforms send: every value is read by one of these functions, or not at all.

Each takes an object and the names a value may have in it; the first one that is there and not null counts.
What is missing is None (or empty); what is of another type than documented raises PayloadError.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.errors import PayloadError

Json = Any
"""A parsed JSON value: Any until it is tamed."""

Object = Mapping[str, Json]

LONGEST_NUMBER = 20  # digits; longer ones are neither times nor counters
LARGEST_COUNTER = 1_000_000_000  # far below any time in milliseconds, so that the two are never mixed up
MILLISECONDS_FROM = 100_000_000_000  # as seconds that would be the year 5138: nobody means it
EPOCH, MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)


def _found(holder: Object, names: tuple[str, ...]) -> Json:
    return next((holder[name] for name in names if holder.get(name) is not None), None)


def _wrong(value: Json, expected: str, names: tuple[str, ...]) -> PayloadError:
    return PayloadError(f"{' or '.join(names)} is {type(value).__name__}, not {expected}")


def an_object(value: Json, *names: str) -> dict[str, Json]:
    """Read a value itself as an object; null counts as empty."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _wrong(value, "an object", names)
    return value


def mapping(holder: Object, *names: str) -> dict[str, Json]:
    """Read an object."""
    return an_object(_found(holder, names), *names)


def mappings(holder: Object, *names: str) -> list[dict[str, Json]]:
    """Read a list of objects."""
    found = _found(holder, names)
    if found is None:
        return []
    if not isinstance(found, list):
        raise _wrong(found, "a list", names)
    return [an_object(item, *names) for item in found]


def only(holder: Object, *names: str) -> dict[str, Json]:
    """Read the one object of a list that was split down to it."""
    found = mappings(holder, *names)
    if len(found) != 1:
        raise PayloadError(f"{' or '.join(names)} holds {len(found)} events, expected one")
    return found[0]


def text(holder: Object, *names: str) -> str | None:
    """Read a text, exact; empty counts as none."""
    found = _found(holder, names)
    if found is not None and not isinstance(found, str):
        raise _wrong(found, "a text", names)
    return found or None


def identifier(holder: Object, *names: str) -> str | None:
    """Read an id. Some payloads send ids as JSON numbers; they are compared as strings."""
    found = _found(holder, names)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return text({names[0]: found}, names[0])


def required(holder: Object, *names: str) -> str:
    """Read an id that must be there."""
    found = identifier(holder, *names)
    if found is None:
        raise PayloadError(f"{' or '.join(names)} is missing")
    return found


def identifiers(holder: Object, *names: str) -> list[str]:
    """Read a list of ids."""
    found = _found(holder, names)
    if found is not None and not isinstance(found, list):
        raise _wrong(found, "a list", names)
    return [required({names[0]: item}, names[0]) for item in found or ()]


def counter(holder: Object, *names: str) -> int | None:
    """Read how often something has happened; what cannot be read is None."""
    found = _number(_found(holder, names))
    return found if isinstance(found, int) and 0 <= found < LARGEST_COUNTER else None


def epoch(holder: Object, *names: str) -> int | None:
    """Read a time into UTC epoch seconds, fractions cut off; all else as `milliseconds` does."""
    found = milliseconds(holder, *names)
    return None if found is None else found // 1000


def milliseconds(holder: Object, *names: str) -> int | None:
    """Read a time into UTC epoch milliseconds.

    Seconds, milliseconds, either of them in a string, ISO 8601, and X's old format are all on the wire.
    A time that cannot be read is None: the message matters more than its clock.
    """
    found = _number(_found(holder, names))
    if isinstance(found, str):
        found = _parsed(found)
    elif found is not None and 0 < found < MILLISECONDS_FROM:
        found *= 1000
    return int(found) if found is not None and 0 < found < MILLISECONDS_FROM * 1000 else None


def _number(value: Json) -> Json:
    """Read a number, or a short text that is one; any other text stays as it is."""
    if isinstance(value, str):
        return int(value) if value.isdecimal() and len(value) < LONGEST_NUMBER else value
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _parsed(value: str) -> int | None:
    """Read a written time into epoch milliseconds."""
    for parse in (datetime.fromisoformat, lambda v: datetime.strptime(v, "%a %b %d %H:%M:%S %z %Y")):
        try:
            moment = parse(value)
            return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH) // MILLISECOND
        except (ValueError, OverflowError):
            continue
    return None
