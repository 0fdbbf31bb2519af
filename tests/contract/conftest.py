"""The world of the contract: accounts are ours that handshakes name, and what never changes is read once."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from chalicelib import classifier
from tests import world as worlds
from tests.fakes import FakeDynamoDB, FakeSqs
from tests.handshakes import HANDSHAKES
from tests.world import World

OWN = {name: sorted(shake.accounts) for name, shake in HANDSHAKES.items() if shake.accounts}
the_classifier = cache(classifier.load)


@pytest.fixture(scope="session")
def secrets_of_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the secrets of every world."""
    file = tmp_path_factory.mktemp("contract") / "secrets.json"
    file.write_text(json.dumps(worlds.SECRETS))
    return file


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, secrets_of_all: Path) -> Iterator[World]:
    """Give a Zuständig over empty fakes; afterwards nothing that was wired to it is left."""
    monkeypatch.setattr(classifier, "load", the_classifier)
    settings = {"SECRETS_FILE": str(secrets_of_all), "OWN_ACCOUNTS": json.dumps(OWN)}
    yield worlds.build(monkeypatch, World(FakeDynamoDB(), FakeSqs()), **settings)
    worlds.clear()
