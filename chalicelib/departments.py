"""Which department owns what, read from `departments.toml` and checked entry by entry."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from chalicelib import checked_toml
from chalicelib.categories import Category, Topic

FILE = Path(__file__).with_name("departments.toml")
CATEGORIES_WITH_AN_OWNER = frozenset(Category) - {Category.OTHER}

Hours = Annotated[float, Field(ge=1 / 60, le=24 * 365, allow_inf_nan=False)]  # a minute to a year


def _share(value: Any) -> float:
    if type(value) in {int, float} and 0 <= value <= 1:
        return float(value)
    raise ValueError("write a share from 0 to 1, such as 0.02 for 2 %")


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Rule(_Entry):
    """(category, topic) → this department, to be acknowledged within so many hours."""

    category: Category | None = None
    topic: Topic | None = None
    acknowledge_within_hours: Hours

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if self.category is None and self.topic is None:
            raise ValueError("give it a category, a topic, or both")
        if self.category is Category.OTHER:
            raise ValueError("`other` needs no answer, so nobody owns it: name another category")
        return self


class Urgent(_Entry):
    """Who owns a message of this topic must acknowledge it within so many hours, or sooner by its rule."""

    topic: Topic
    acknowledge_within_hours: Hours


class CatchAll(_Entry):
    """What is unsure, incomplete or without text comes here."""

    acknowledge_within_hours: Hours


class Department(_Entry):
    """One entry; its id names its queue, its tickets and its role `department:<id>`."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    name: Annotated[str, Field(min_length=1)]
    owns: tuple[Rule, ...] = ()
    catch_all: CatchAll | None = None
    retired: bool = False


class Owner(_Entry):
    """Who is answerable for a message, and within how many seconds it must be acknowledged."""

    department: str
    acknowledge_within: int


class Departments(_Entry):
    """All departments, and the rules between them."""

    departments: Annotated[tuple[Department, ...], Field(alias="department", min_length=1)]
    urgent: Urgent | None = None
    review_share: Annotated[float, BeforeValidator(_share)] = 0.0

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids in the order of the file, retired ones included."""
        return tuple(department.id for department in self.departments)

    @property
    def names(self) -> dict[str, str]:
        """What people call them, by id."""
        return {department.id: department.name for department in self.departments}

    def owner(self, category: Category, topics: tuple[Topic, ...]) -> Owner:
        """Who owns a message of this category and these topics; the most specific rule wins.

        Of several topics with rules the first one counts, in the order of `Topic`.
        """
        rules = {(r.category, r.topic): (d, r) for d in self.departments for r in d.owns}
        about = [topic for topic in Topic if topic in topics]
        for key in (*((category, t) for t in about), *((None, t) for t in about), (category, None)):
            if key in rules:
                return self._in_time(_owner(*rules[key]), topics)
        return self.catch_all(topics)

    def catch_all(self, topics: tuple[Topic, ...] = ()) -> Owner:
        """Who owns what nobody can read for sure, whatever it seems to be about."""
        department = next(d for d in self.departments if d.catch_all)
        assert department.catch_all
        return self._in_time(_owner(department, department.catch_all), topics)

    def _in_time(self, owner: Owner, topics: tuple[Topic, ...]) -> Owner:
        """Shorten the time for what is urgent; no rule's time is ever made longer."""
        if self.urgent is None or self.urgent.topic not in topics:
            return owner
        within = min(owner.acknowledge_within, _seconds(self.urgent.acknowledge_within_hours))
        return owner.model_copy(update={"acknowledge_within": within})

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if complaints := [*_doubles(self), *_catch_all(self), *_gaps(self), *_retired(self)]:
            raise ValueError("; ".join(complaints))
        return self


def _owner(department: Department, rule: Rule | CatchAll) -> Owner:
    return Owner(department=department.id, acknowledge_within=_seconds(rule.acknowledge_within_hours))


def _seconds(hours: float) -> int:
    return round(hours * 3600)


def _doubles(all_: Departments) -> list[str]:
    ids = Counter(all_.ids)
    owners: dict[tuple[str | None, str | None], list[str]] = {}
    for department in all_.departments:
        for rule in department.owns:
            owners.setdefault((rule.category, rule.topic), []).append(f'"{department.id}"')
    return [f'two departments are called "{id_}": rename one' for id_, n in ids.items() if n > 1] + [
        f"{' and '.join(several)} own {' with '.join(filter(None, key))}: drop one of the rules"
        for key, several in owners.items()
        if len(several) > 1
    ]


def _catch_all(all_: Departments) -> list[str]:
    having = [d.id for d in all_.departments if d.catch_all]
    if len(having) == 1:
        return []
    return [f"exactly one department must have `catch_all`, not {having or 'none'}: add or remove it"]


def _gaps(all_: Departments) -> list[str]:
    owned = {rule.category for d in all_.departments for rule in d.owns if rule.topic is None}
    return [
        f'nobody owns {category}: add {{ category = "{category}", acknowledge_within_hours = … }} somewhere'
        for category in sorted(CATEGORIES_WITH_AN_OWNER - owned)
    ]


def _retired(all_: Departments) -> list[str]:
    return [
        f'"{d.id}" is retired but still owns something: give its rules to another department'
        for d in all_.departments
        if d.retired and (d.owns or d.catch_all)
    ]


def load(file: Path = FILE) -> Departments:
    """Read and check the departments.

    Raises:
        ConfigurationError: names the entry that is wrong and the remedy.

    """
    return checked_toml.load(Departments, file)
