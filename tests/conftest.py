"""Fixtures that all tests share."""

import json
import logging
import os
from collections.abc import Iterator
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from chalicelib import observability
from infra import names
from infra.local import provision
from infra.table import resources
from tests import recorded
from tests import world as worlds
from tests.engine import Engine, running_engine
from tests.fakes import FakeDynamoDB, FakeSqs
from tests.watched_sockets import WatchedSockets
from tests.world import World

# CI runs a short slice of what `make fuzz` runs; neither depends on how fast the machine is.
settings.register_profile("ci", max_examples=200, deadline=None)
settings.register_profile("fuzz", max_examples=20_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture
def secrets_file(tmp_path: Path) -> Iterator[Path]:
    """Give the secrets of a world; afterwards nothing that was wired to them is left."""
    file = tmp_path / "secrets.json"
    file.write_text(json.dumps(worlds.SECRETS))
    yield file
    worlds.clear()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, secrets_file: Path) -> World:
    """Give a Zuständig over empty fakes."""
    return worlds.build(monkeypatch, World(FakeDynamoDB(), FakeSqs()), SECRETS_FILE=str(secrets_file))


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """Give what the app writes to its log."""
    (handler,) = observability.logger().handlers
    assert isinstance(handler, logging.StreamHandler)
    log = StringIO()
    before = handler.setStream(log)
    yield log
    handler.setStream(before)


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> WatchedSockets:
    """Watch all sockets, and play the DNS; `localhost` is known to it."""
    return WatchedSockets({"localhost": [["127.0.0.1"]]}).installed(monkeypatch)


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give the local engine, the same for all tests of a run."""
    with running_engine(tmp_path_factory.mktemp("engine")) as running:
        yield running


stacks = count()


@pytest.fixture(params=["fake", "engine"])
def table(request: pytest.FixtureRequest) -> tuple[Any, str]:
    """Give an empty table, once the fake one and once a real one on the local engine: (client, name)."""
    if request.param == "fake":
        return FakeDynamoDB(), "tickets"
    engine: Engine = request.getfixturevalue("engine")
    stack = f"stores{next(stacks)}"
    provision.create(engine, resources(), stack)
    return engine.client("dynamodb"), f"{stack}-{names.TABLE}"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kit", type=Path, default=recorded.OWN, help="recorded deliveries to check")


@pytest.fixture(scope="session")
def kit(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.config.getoption("--kit")
    return folder


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `delivery` or `vector` with each of the kit."""
    folder = metafunc.config.getoption("--kit")
    if "delivery" in metafunc.fixturenames:
        metafunc.parametrize("delivery", list(recorded.deliveries(folder)), ids=str)
    vectors = recorded.vectors(folder)
    good = [v for v in vectors if v.is_good and not v.asked]
    for name, several in (("vector", vectors), ("good_vector", good)):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, several, ids=str)
