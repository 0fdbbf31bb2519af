"""Public holidays by country and state, from the `holidays` library.

It is loaded when they are first asked for: most of what we do, accepting above all, needs none of it.
https://holidays.readthedocs.io/en/latest/
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

CODE = re.compile("[A-Z]{2}", re.ASCII)
GERMAN, ENGLISH = "de", "en_US"  # the library's names for them


@dataclass(frozen=True, slots=True)
class Name:
    """What a holiday is called; where German is not known it is English, or else the country's own."""

    de: str
    en: str


def check(country: str, subdivision: str | None) -> None:
    """See whether the library knows a country and its state.

    Args:
        country: as ISO 3166-1 writes it, such as DE.
        subdivision: one of its states, such as BY, or None for the country as a whole.

    Raises:
        ValueError: it does not.

    """
    unknown = f"there are no holidays of a country {country!r}: write one such as DE"
    if not CODE.fullmatch(
        country
    ):  # by longer names the library also knows stock exchanges, and parts of itself
        raise ValueError(unknown)
    try:
        known = _holidays(country, None, (), None).subdivisions
    except NotImplementedError:
        raise ValueError(unknown) from None
    if subdivision is not None and subdivision not in known:
        there = f"there are {', '.join(known)}" if known else "leave it out"
        raise ValueError(f"{country} has no subdivision {subdivision!r}: {there}")


@lru_cache(maxsize=512)
def in_year(country: str, subdivision: str | None, year: int) -> Mapping[date, Name]:
    """Tell the public holidays of a year (no bank, school or half holidays)."""
    about = _holidays(country, None, (), None)
    german, english = (
        _holidays(country, subdivision, (year,), _language(about, wanted))
        for wanted in ((GERMAN, ENGLISH), (ENGLISH,))
    )
    return {day: Name(german[day], name) for day, name in english.items()}


def _language(about: "HolidayBase", wanted: tuple[str, ...]) -> str | None:
    """Choose a language; left to itself, the library takes one from the environment of the process."""
    known = (language for language in wanted if language in about.supported_languages)
    return next(known, about.default_language)


@cache
def version() -> str:
    """Tell the library's version: with another one, other days may be holidays."""
    from holidays.version import __version__  # noqa: PLC0415

    return __version__


def _holidays(
    country: str, subdivision: str | None, years: tuple[int, ...], language: str | None
) -> "HolidayBase":
    import holidays  # noqa: PLC0415

    return holidays.country_holidays(
        country,
        subdiv=subdivision,
        years=years,
        expand=False,
        language=language,
        categories=(holidays.PUBLIC,),
    )
