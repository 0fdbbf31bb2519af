"""Tells what is wrong with an entry of a file that people edit, where, and how to mend it."""

from collections.abc import Mapping
from typing import Any

# By pydantic's type of error, where its own words say nothing to somebody who edits a file.
# https://docs.pydantic.dev/latest/errors/validation_errors/
REMEDIES = {
    "extra_forbidden": "there is no such key: correct its name, or remove it",
    "missing": "is missing: add it",
    "string_pattern_mismatch": "use a–z, 0–9 and _, beginning with a letter, 40 characters at most",
    "tuple_type": "write a list: [ … ]",
    "model_type": "write a table: { … = … }",
    "too_short": "is empty: add an entry",
    "greater_than_equal": "must be a minute (0.017) or more",
    "less_than_equal": "must be a year (8760) or less",
    "float_parsing": "write a number of hours",
    "float_type": "write a number of hours",
    "finite_number": "write a number of hours",
}


def told(entries: Mapping[str, Any], problem: Mapping[str, Any]) -> str:
    """Write one problem.

    Args:
        entries: the file as it was read.
        problem: one of pydantic's errors.

    """
    where = ", ".join(_steps(entries, problem["loc"]))
    message = REMEDIES.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    given = f" (it is {problem['input']!r})" if isinstance(problem["input"], str | int | float) else ""
    return f"{where}: {message}{given}" if where else message


def _steps(entries: Mapping[str, Any], path: tuple[str | int, ...]) -> list[str]:
    """Name the way to an entry: department "x", rule 2, `topic`."""
    steps: list[str] = []
    node: Any = entries
    kind = ""
    for step in path:
        known = isinstance(node, list) if isinstance(step, int) else isinstance(node, dict) and step in node
        node = node[step] if known else None
        if isinstance(step, int):
            named = kind in NAMED and isinstance(node, dict) and isinstance(node.get("id"), str)
            steps.append(f'{kind} "{node["id"]}"' if named else f"{kind} {step + 1}")
        elif step in KINDS and isinstance(node, list):
            kind = KINDS[step]
        elif step != KEY:
            steps.append(f"`{step}`")
    return steps


KEY = "[key]"  # pydantic: it is the key itself that is wrong
KINDS = {
    "department": "department",
    "owns": "rule",
    "calendar": "calendar",
    "company_holidays": "company holiday",
}
NAMED = frozenset({"department", "calendar"})
