"""What `make run` can be told by the environment: PORT, ENGINE_PORT, DATA_DIR, DEMO, MODEL."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chalicelib.errors import ConfigurationError

HIGHEST_PORT = 65535


@dataclass(frozen=True)
class Settings:
    """Settings of one run; no engine port means any that is free, no model the shipped one."""

    port: int
    engine_port: int | None
    data_dir: Path
    demo: bool
    model: str


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        ConfigurationError: names the variable that is wrong.

    """
    return Settings(
        port=_port(environ, "PORT") or 8080,
        engine_port=_port(environ, "ENGINE_PORT"),
        data_dir=data_dir(environ),
        demo=environ.get("DEMO", "1") != "0",
        model=environ.get("MODEL", ""),
    )


def data_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """Tell where state, keys and run.json lie."""
    return Path(environ.get("DATA_DIR") or ".local").resolve()


def _port(environ: Mapping[str, str], name: str) -> int | None:
    value = environ.get(name)
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and 0 < int(value) <= HIGHEST_PORT):
        raise ConfigurationError(f"{name}={value} is no port: give a number from 1 to {HIGHEST_PORT}")
    return int(value)
