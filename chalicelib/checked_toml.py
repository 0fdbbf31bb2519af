"""Reads a TOML file that people edit, and tells what is wrong in it entry by entry."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from chalicelib.errors import ConfigurationError
from chalicelib.remedies import told

Model = TypeVar("Model", bound=BaseModel)


def load(model: type[Model], file: Path) -> Model:
    """Read and check a file.

    Raises:
        ConfigurationError: names the entry that is wrong and the remedy.

    """
    try:
        entries = tomllib.loads(file.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file.name}: {error}") from error
    try:
        return checked(model, entries)
    except ConfigurationError as error:
        raise ConfigurationError(f"{file.name}: {error}") from error.__cause__


def checked(model: type[Model], entries: Mapping[str, Any]) -> Model:
    """Check entries.

    Raises:
        ConfigurationError: names the entry that is wrong and the remedy.

    """
    try:
        return model.model_validate(entries)
    except ValidationError as error:
        problems = "; ".join(told(entries, problem) for problem in error.errors(include_url=False))
        raise ConfigurationError(problems) from error
