"""The entries of `departments.toml`, as people write them, each checked by itself."""

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from chalicelib.categories import Category, Topic

POLICY_IS_FOR = ("department", "category", "priority", "platform")

Hours = Annotated[float, Field(ge=1 / 60, le=24 * 365, allow_inf_nan=False)]  # a minute to a year


def _share(value: Any) -> float:
    if type(value) in {int, float} and 0 <= value <= 1:
        return float(value)
    raise ValueError("write a share from 0 to 1, such as 0.02 for 2 %")


class Priority(StrEnum):
    """How pressing a message is: urgent is what has the topic of `[urgent]`."""

    URGENT = "urgent"
    NORMAL = "normal"


class Entry(BaseModel):
    """Closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Times(Entry):
    """Open hours within which to acknowledge and to answer; of the latter None: as `[deadlines]` says."""

    acknowledge_within_hours: Hours
    answer_within_hours: Hours | None = None


class Rule(Times):
    """(category, topic) → this department, within so many hours."""

    category: Category | None = None
    topic: Topic | None = None

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if self.category is None and self.topic is None:
            raise ValueError("give it a category, a topic, or both")
        if self.category is Category.OTHER:
            raise ValueError("`other` needs no answer, so nobody owns it: name another category")
        return self


class Urgent(Times):
    """Who owns a message of this topic has so many hours by day and night, or fewer by its rule."""

    topic: Topic


class CatchAll(Times):
    """What is unsure, incomplete or without text comes here."""


class Policy(Entry):
    """Other hours for messages of a department, category, priority or platform, or of several of these."""

    department: str | None = None
    category: Category | None = None
    priority: Priority | None = None
    platform: str | None = None
    acknowledge_within_hours: Hours | None = None
    answer_within_hours: Hours | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if all(getattr(self, name) is None for name in POLICY_IS_FOR):
            raise ValueError(f"say what it is for: {', '.join(POLICY_IS_FOR)}")
        if self.acknowledge_within_hours is None and self.answer_within_hours is None:
            raise ValueError("give it `acknowledge_within_hours`, `answer_within_hours`, or both")
        return self


class Deadlines(Entry):
    """What holds for all: alarms are told before a deadline, at it, and after it, in open hours."""

    answer_within_hours: Hours = 24
    warn_before_hours: Annotated[float, Field(ge=0, le=24 * 365, allow_inf_nan=False)] = 1
    escalate_after_hours: Annotated[tuple[Hours, ...], Field(max_length=9)] = (4, 24)
    alarms_only_when_open: bool = True

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if list(self.escalate_after_hours) != sorted(set(self.escalate_after_hours)):
            raise ValueError("`escalate_after_hours` must rise")
        return self


class Department(Entry):
    """One entry; its id names its queue, its tickets and its role `department:<id>`."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    name: Annotated[str, Field(min_length=1)]
    owns: tuple[Rule, ...] = ()
    catch_all: CatchAll | None = None
    calendar: Annotated[str | None, Field(description="None: around the clock.")] = None
    escalates_to: Annotated[str | None, Field(description="Who hears of the first escalation.")] = None
    retired: bool = False


Share = Annotated[float, BeforeValidator(_share)]
