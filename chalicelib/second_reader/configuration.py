"""The settings of the second reader, read when the worker starts; docs/running.md tells them one by one."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.categories import Category, Topic
from chalicelib.departments import Departments
from chalicelib.errors import ConfigurationError
from chalicelib.second_reader.budget import MICRO, Limits, Prices

CALLS, DOLLARS = "SECOND_READER_DAILY_CALLS", "SECOND_READER_DAILY_DOLLARS"
PRICE_IN, PRICE_OUT = "SECOND_READER_PRICE_IN", "SECOND_READER_PRICE_OUT"
OFF_FOR, OFF_FOR_DEPARTMENTS = "SECOND_READER_OFF_FOR", "SECOND_READER_OFF_FOR_DEPARTMENTS"
# The prices are those of a small model of the dearer kind: an unset price stops too early, not too late.
DEFAULTS = {
    CALLS: "2000",
    DOLLARS: "1",
    PRICE_IN: "0.00025",
    PRICE_OUT: "0.00125",
    OFF_FOR: "linkedin",
    OFF_FOR_DEPARTMENTS: "none",
}
NOBODY = "none"

_MODEL = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9.:_-]{0,127}", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_DOLLARS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,9})?", re.ASCII)
_LOOPBACK = re.compile(r"http://127\.0\.0\.1:[0-9]{1,5}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What is configured. `bedrock_url`: what stands in for Bedrock in tests; on AWS nothing may."""

    model: str
    limits: Limits
    prices: Prices
    off_for: frozenset[str]
    off_for_departments: frozenset[str]
    rules: Departments
    bedrock_url: str | None

    def is_off(self, category: Category, topics: tuple[Topic, ...]) -> bool:
        """Tell whether what it may be belongs to a department that wants no second reader."""
        if category is Category.OTHER and not topics:
            return False
        return self.rules.owner(category, topics).department in self.off_for_departments


def read(environ: Mapping[str, str], platforms: Collection[str], rules: Departments) -> Configuration | None:
    """Read what is configured; None if there is no model, which means no second reader.

    Raises:
        ConfigurationError: names the setting that is wrong.

    """
    if not (model := environ.get("SECOND_READER_MODEL")):
        return None
    if not _MODEL.fullmatch(model):
        raise ConfigurationError("SECOND_READER_MODEL must be the id of a model or inference profile")
    given = {name: environ.get(name) or default for name, default in DEFAULTS.items()}
    price_in, price_out = (_micro(name, given[name]) for name in (PRICE_IN, PRICE_OUT))
    return Configuration(
        model=model,
        limits=Limits(_whole(CALLS, given[CALLS]), int(_micro(DOLLARS, given[DOLLARS]))),
        prices=Prices(price_in, price_out),
        off_for=_names(OFF_FOR, given[OFF_FOR], platforms),
        off_for_departments=_names(OFF_FOR_DEPARTMENTS, given[OFF_FOR_DEPARTMENTS], rules.ids),
        rules=rules,
        bedrock_url=_bedrock_url(environ),
    )


def _whole(name: str, value: str) -> int:
    if not _WHOLE.fullmatch(value):
        raise ConfigurationError(f"{name} must be a number of calls, such as 2000; 0 is none")
    return int(value)


def _micro(name: str, value: str) -> float:
    if not _DOLLARS.fullmatch(value):
        raise ConfigurationError(f"{name} must be an amount of US dollars, such as {DEFAULTS[name]}")
    return float(Decimal(value) * MICRO)


def _names(name: str, value: str, known: Collection[str]) -> frozenset[str]:
    names = frozenset() if value == NOBODY else frozenset(one.strip() for one in value.split(","))
    if unknown := sorted(names - set(known)):
        raise ConfigurationError(f"{name}: there is no {unknown[0]!r}; there are {', '.join(known)}")
    return names


def _bedrock_url(environ: Mapping[str, str]) -> str | None:
    url = environ.get("BEDROCK_URL") or None
    if url and environ.get("AWS_LAMBDA_FUNCTION_NAME"):
        raise ConfigurationError("BEDROCK_URL must not be set on Lambda: remove it there")
    if url and not _LOOPBACK.fullmatch(url):
        raise ConfigurationError("BEDROCK_URL must be a loopback address, as in http://127.0.0.1:4567")
    return url
