"""Rest.li, LinkedIn's way to write keys and parameters: its own marks stay, what stands between is escaped.

https://linkedin.github.io/rest.li/spec/protocol#restli-protocol-20-object-and-listarray-representation
"""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from chalicelib.platforms.base import Escaped

Value = str | int | Sequence["Value"] | Mapping[str, "Value"]


def escaped(value: Value) -> Escaped:
    """Write a value: `{"start": 1}` is `(start:1)`, `["a", "b"]` is `List(a,b)`, a URN is escaped whole."""
    return Escaped(_written(value))


def _written(value: Value) -> str:
    if isinstance(value, str | int):
        return quote(str(value), safe="")
    if isinstance(value, Mapping):
        return "(" + ",".join(f"{_written(name)}:{_written(one)}" for name, one in value.items()) + ")"
    return "List(" + ",".join(map(_written, value)) + ")"
