"""run.json: how to talk to what runs on this machine; it is there exactly while it runs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

from infra.errors import NotRunning
from infra.local import private_files

FILE = "run.json"


class Credentials(TypedDict):
    """How to sign for the engine."""

    region: str
    access_key_id: str
    secret_access_key: str


class Run(TypedDict):
    """What run.json tells. `environment`: the variables of the app's functions."""

    api: str
    engine: str
    aws: Credentials
    tokens: dict[str, str]
    secrets: dict[str, str]
    verify_tokens: dict[str, str]
    queues: dict[str, str]
    intake: str
    brief_intake: str
    dlqs: dict[str, str]
    table: str
    environment: dict[str, str]


def forget(data_dir: Path) -> None:
    """Remove what a run that was killed has left; for who knows that nothing runs from there."""
    (data_dir / FILE).unlink(missing_ok=True)


@contextmanager
def present(data_dir: Path, run: Run) -> Iterator[None]:
    """Keep the file in its place."""
    private_files.write(data_dir / FILE, json.dumps(run, indent=2))
    try:
        yield
    finally:
        forget(data_dir)


def read(data_dir: Path) -> Run:
    """Read the file.

    Raises:
        NotRunning: it is not there.

    """
    try:
        run: Run = json.loads((data_dir / FILE).read_text("utf-8"))
    except FileNotFoundError:
        raise NotRunning(f"nothing runs from {data_dir}: start it with `make run`, or set DATA_DIR") from None
    return run
