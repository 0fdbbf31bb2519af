"""The packaged template, made once for all tests that look at it."""

import json
from pathlib import Path
from typing import Any

import pytest

from infra.package import package


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package(tmp_path_factory.mktemp("dist") / "dist").parent


@pytest.fixture(scope="session")
def packaged(dist: Path) -> dict[str, Any]:
    template: dict[str, Any] = json.loads((dist / "sam.json").read_text("utf-8"))
    return template


@pytest.fixture(scope="session")
def resources(packaged: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = packaged["Resources"]
    return found
