"""Which department owns what, read from `departments.toml` and checked entry by entry."""

from collections import Counter
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from chalicelib import checked_toml
from chalicelib.categories import Category, Topic
from chalicelib.department_entries import Deadlines, Department, Entry, Policy, Rule, Share, Times, Urgent

FILE = Path(__file__).with_name("departments.toml")
CATEGORIES_WITH_AN_OWNER = frozenset(Category) - {Category.OTHER}


class Owner(Entry):
    """Who is answerable for a message, and within how many open seconds it must be acknowledged and answered.

    urgent: these are seconds by day and night.
    """

    department: str
    acknowledge_within: int
    answer_within: int
    urgent: bool = False


class Departments(Entry):
    """All departments, and the rules between them."""

    departments: Annotated[tuple[Department, ...], Field(alias="department", min_length=1)]
    urgent: Urgent | None = None
    deadlines: Deadlines = Deadlines()
    policies: Annotated[tuple[Policy, ...], Field(alias="policy")] = ()
    review_share: Share = 0.0

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids in the order of the file, retired ones included."""
        return tuple(department.id for department in self.departments)

    @property
    def names(self) -> dict[str, str]:
        """What people call them, by id."""
        return {department.id: department.name for department in self.departments}

    def owner(self, category: Category | None, topics: tuple[Topic, ...]) -> Owner:
        """Who owns a message of this category and these topics; the most specific rule wins.

        Of several topics with rules the first one counts, in the order of `Topic`.
        """
        found = self.rule(category, topics)
        return self._in_time(self._owner(*found), topics) if found else self.catch_all(topics)

    def rule(self, category: Category | None, topics: tuple[Topic, ...]) -> tuple[str, Rule] | None:
        """Give the most specific rule for a message, and whose it is; None: the catch-all owns it."""
        rules = {(r.category, r.topic): (d.id, r) for d in self.departments for r in d.owns}
        about = [topic for topic in Topic if topic in topics]
        for key in (*((category, t) for t in about), *((None, t) for t in about), (category, None)):
            if key in rules:
                return rules[key]
        return None

    def catch_all(self, topics: tuple[Topic, ...] = ()) -> Owner:
        """Who owns what nobody can read for sure, whatever it seems to be about."""
        department = next(d for d in self.departments if d.catch_all)
        assert department.catch_all
        return self._in_time(self._owner(department.id, department.catch_all), topics)

    def by_own_rules(
        self, department: str, category: Category | None, topics: tuple[Topic, ...]
    ) -> Owner | None:
        """Give a department the least time that its own rules leave for a message; None if none fits."""
        fitting = [
            rule
            for rule in self.named(department).owns
            if rule.category in {None, category} and (rule.topic is None or rule.topic in topics)
        ]
        if not fitting:
            return None
        owners = [self._owner(department, rule) for rule in fitting]
        least = min(owners, key=lambda owner: (owner.acknowledge_within, owner.answer_within))
        return self._in_time(least, topics)

    def named(self, department: str) -> Department:
        """Give a department by its id, which must be one."""
        return next(each for each in self.departments if each.id == department)

    def urgent_owner(self, owner: Owner) -> Owner:
        """Give an owner with the time that danger leaves, counted by day and night."""
        assert self.urgent
        return self._owner(owner.department, self.urgent).model_copy(update={"urgent": True})

    def _in_time(self, owner: Owner, topics: tuple[Topic, ...]) -> Owner:
        """Shorten the time for what is urgent; no rule's time is ever made longer."""
        if self.urgent is None or self.urgent.topic not in topics:
            return owner
        hurried = self.urgent_owner(owner)
        acknowledge = min(owner.acknowledge_within, hurried.acknowledge_within)
        answer = min(owner.answer_within, hurried.answer_within)
        return owner.model_copy(
            update={"acknowledge_within": acknowledge, "answer_within": answer, "urgent": True}
        )

    def _owner(self, department: str, times: Times) -> Owner:
        acknowledge = seconds(times.acknowledge_within_hours)
        answer = seconds(times.answer_within_hours or self.deadlines.answer_within_hours)
        return Owner(
            department=department, acknowledge_within=acknowledge, answer_within=max(acknowledge, answer)
        )

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        checks = (_doubles, _catch_all, _gaps, _retired, _strangers)
        if complaints := [complaint for check in checks for complaint in check(self)]:
            raise ValueError("; ".join(complaints))
        return self


def seconds(hours: float) -> int:
    """Tell hours in seconds."""
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


def _strangers(all_: Departments) -> list[str]:
    named = [("escalates_to", d.escalates_to) for d in all_.departments] + [
        ("policy", policy.department) for policy in all_.policies
    ]
    return [
        f'{place} names "{id_}", which is no department: there are {", ".join(all_.ids)}'
        for place, id_ in named
        if id_ is not None and id_ not in all_.ids
    ]


def load(file: Path = FILE) -> Departments:
    """Read and check the departments.

    Raises:
        ConfigurationError: names the entry that is wrong and the remedy.

    """
    return checked_toml.load(Departments, file)
