"""The app as `make run` runs it, in a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from infra.local.ports import claim

ROOT = Path(__file__).parents[1]
WITHIN = 120.0  # seconds; only how long we are willing to wait


@dataclass(frozen=True)
class Running:
    """What `run.json` tells of it."""

    run: dict[str, Any]

    @property
    def api(self) -> str:
        return str(self.run["api"])

    @property
    def secrets(self) -> dict[str, str]:
        secrets: dict[str, str] = self.run["secrets"]
        return secrets

    def get(self, path: str, who: str = "ops", **query: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.run['tokens'][who]}"}
        return httpx.get(f"{self.api}{path}", headers=headers, params=query, timeout=30)

    def tickets(self, **query: str) -> list[dict[str, Any]]:
        """List all tickets, page by page."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.get("/tickets", **{"limit": "100", **query}).json()
            found += page["tickets"]
            if page["next"] is None:
                return found
            query["cursor"] = page["next"]

    def tickets_once_settled(self, at_least: int) -> list[str]:
        """Wait until so many tickets are there and no more come; return their ids."""
        before: list[str] = []
        deadline = time.monotonic() + WITHIN
        while time.monotonic() < deadline:
            ids = [ticket["id"] for ticket in self.tickets()]
            if len(ids) >= at_least and ids == before:
                return ids
            before = ids
            time.sleep(1)
        raise AssertionError(f"only {len(before)} of {at_least} tickets came")


@contextmanager
def running_app(data_dir: Path, module: str = "infra.local", **environment: str) -> Iterator[Running]:
    """Start it on free ports, wait until it answers, stop it with SIGTERM."""
    ports = {name: str(claim(None, name)) for name in ("PORT", "ENGINE_PORT")}
    log = (data_dir / "output.txt").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(data_dir), "DEMO": "0", **ports, **environment},
        stdout=log,
        stderr=log,
    )
    try:
        yield Running(_wait(data_dir / "run.json", process))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(WITHIN)
        log.close()


def _wait(file: Path, process: "subprocess.Popen[bytes]") -> dict[str, Any]:
    deadline = time.monotonic() + WITHIN
    while time.monotonic() < deadline:
        if file.exists():
            run: dict[str, Any] = json.loads(file.read_text())
            return run
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise AssertionError(f"it did not start: {(file.parent / 'output.txt').read_text()[-2000:]}")
