"""What all that the world sees has in common."""

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict


class View(BaseModel):
    """Closed to unknown fields when we write it; open to more, later, for those who read it."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra=lambda schema: schema.pop("additionalProperties", None),
        json_schema_serialization_defaults_required=True,
    )


def moment(seconds: int) -> datetime:
    """Tell UTC epoch seconds as a time."""
    return datetime.fromtimestamp(seconds, UTC)


def maybe(seconds: int | None) -> datetime | None:
    """Tell UTC epoch seconds as a time, if there are any."""
    return None if seconds is None else moment(seconds)


def told_at(seconds: int) -> str:
    """Tell UTC epoch seconds in a sentence."""
    return f"{moment(seconds):%Y-%m-%dT%H:%M:%SZ}"
