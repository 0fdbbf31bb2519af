"""Another model than the shipped one: named by MODEL, checked before it is used, told in each reading."""

import json
import zipfile
from pathlib import Path

import pytest

from chalicelib import classifier
from chalicelib.classifier import MODEL, Classifier
from chalicelib.errors import ConfigurationError
from infra import bytecode, chosen_model
from infra.local import settings
from infra.package import MODEL_IN_ZIP, package
from tests import world as worlds
from tests.deliveries import comment, page
from tests.fakes import FakeDynamoDB, FakeSqs
from tests.world import World

NAME = "model:test+history"
TEXT = "Wo bleibt mein Paket?"


@pytest.fixture
def adapted(tmp_path: Path) -> Path:
    """Give the shipped model under another name."""
    head, _, table = MODEL.read_bytes().partition(b"\n")
    file = tmp_path / "adapted.bin"
    file.write_bytes(json.dumps(json.loads(head) | {"name": NAME}).encode() + b"\n" + table)
    return file


def test_the_worker_reads_by_the_model_it_is_told(
    adapted: Path, secrets_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"SECRETS_FILE": str(secrets_file), "MODEL": str(adapted)}
    world = worlds.build(monkeypatch, World(FakeDynamoDB(), FakeSqs()), **told)
    world.post("facebook", page([comment(1, TEXT)]))
    world.drain()

    (ticket,) = world.tickets().values()
    assert ticket.decision.decided_by == NAME


def test_by_default_it_is_the_shipped_one() -> None:
    assert classifier.load(None).classify(TEXT).decided_by == classifier.load().classify(TEXT).decided_by
    assert settings.read({}).model == ""
    assert settings.read({"MODEL": "x.bin"}).model == "x.bin"


def test_a_file_that_is_not_there_is_told() -> None:
    for load in (classifier.load, chosen_model.checked):
        with pytest.raises(ConfigurationError, match=r"MODEL='/nowhere/x.bin': No such file"):
            load("/nowhere/x.bin")


def test_what_is_no_model_is_refused_before_anything_is_packaged(tmp_path: Path) -> None:
    wrong, dist = tmp_path / "wrong.bin", tmp_path / "dist"
    wrong.write_bytes(b"{}\n")
    with pytest.raises(ConfigurationError, match=r"wrong.bin.*damaged"):
        package(dist, str(wrong))
    assert not dist.exists()


def test_a_package_holds_the_chosen_model_in_the_place_of_the_shipped_one(
    adapted: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "deployment.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(MODEL_IN_ZIP, b"shipped")
        packed.writestr("app.py", b"1\n")
    bytecode.add(archive, {MODEL_IN_ZIP: chosen_model.checked(str(adapted))})

    with zipfile.ZipFile(archive) as packed:
        assert Classifier(packed.read(MODEL_IN_ZIP)).classify(TEXT).decided_by == NAME
        assert packed.read("app.py") == b"1\n"
