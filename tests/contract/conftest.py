"""The world of the contract: one in which the accounts are ours that handshakes name."""

import json
from pathlib import Path

import pytest

from tests import world as worlds
from tests.fakes import FakeDynamoDB, FakeSqs
from tests.handshakes import HANDSHAKES
from tests.world import World

OWN = {name: sorted(shake.accounts) for name, shake in HANDSHAKES.items() if shake.accounts}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, secrets_file: Path) -> World:
    """Give a Zuständig over empty fakes."""
    settings = {"SECRETS_FILE": str(secrets_file), "OWN_ACCOUNTS": json.dumps(OWN)}
    return worlds.build(monkeypatch, World(FakeDynamoDB(), FakeSqs()), **settings)
