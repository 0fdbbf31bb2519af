"""`make run` and `make run-artifact` as processes, with what a test wants to ask of them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import httpx

from infra.local.ports import claim
from infra.run_file import Run
from tests.recorded import OWN
from tests.signing import signed

ROOT = Path(__file__).parents[1]
WITHIN = 120.0  # seconds; only how long we are willing to wait


@dataclass(frozen=True)
class Started:
    """One of them, running."""

    process: subprocess.Popen[str]
    data_dir: Path

    @property
    def run(self) -> Run:
        run: Run = json.loads((self.data_dir / "run.json").read_text("utf-8"))
        return run

    def post(self, fixture: str) -> int:
        """Sign and post one of our fixtures."""
        platform = fixture.partition("/")[0]
        body = (OWN / "samples" / f"{fixture}.json").read_bytes()
        headers = signed(platform, self.run["secrets"][platform], body, int(time.time()))
        address = f"{self.run['api']}/webhooks/{platform}"
        return httpx.post(address, content=body, headers=headers, timeout=WITHIN, trust_env=False).status_code

    def get(self, path: str, who: str = "ops") -> Any:
        headers = {"Authorization": f"Bearer {self.run['tokens'][who]}"}
        answer = httpx.get(f"{self.run['api']}{path}", headers=headers, timeout=WITHIN, trust_env=False)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def tickets(self) -> list[dict[str, Any]]:
        """List all tickets, page by page."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = self.get(f"/tickets?limit=100{cursor}")
            found += page["tickets"]
            if page["next"] is None:
                return found
            cursor = f"&cursor={page['next']}"

    def is_settled(self) -> bool:
        """Tell whether nothing waits in intake or is in the worker's hands any more."""
        aws = self.run["aws"]
        sqs = boto3.client(
            "sqs",
            endpoint_url=self.run["engine"],
            region_name=aws["region"],
            aws_access_key_id=aws["access_key_id"],
            aws_secret_access_key=aws["secret_access_key"],
        )
        asked: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        counts = [
            sqs.get_queue_attributes(QueueUrl=url, AttributeNames=asked)["Attributes"].values()
            for url in (self.run["intake"], self.run["brief_intake"])
        ]
        return {count for both in counts for count in both} == {"0"}

    def command(self, module: str, **environment: str) -> str:
        """Run one of our commands against it and return what it prints."""
        settings = {**os.environ, "DATA_DIR": str(self.data_dir), **environment}
        done = subprocess.run(
            [sys.executable, "-m", module], cwd=ROOT, env=settings, check=True, capture_output=True, text=True
        )
        return done.stdout

    def printed_until(self, words: str) -> str:
        """Read what it prints until it says this, or ends."""
        printed = ""
        for line in self.process.stdout or ():
            printed += line
            if words in line:
                break
        return printed

    def stop(self, *signals: int) -> str:
        """Signal it, wait until it has ended, return what it printed."""
        for number in signals:
            self.process.send_signal(number)
        printed, _ = self.process.communicate(timeout=WITHIN)
        return printed


@contextmanager
def started(data_dir: Path, module: str = "infra.local", **environment: str) -> Iterator[Started]:
    """Start it on free ports and wait for run.json; whatever happens, nothing is left running."""
    ports = {name: str(claim(None, name)) for name in ("PORT", "ENGINE_PORT")}
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(data_dir), "DEMO": "0", **ports, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        try:
            file, ours = data_dir / "run.json", f"127.0.0.1:{ports['PORT']}"
            # A run that was killed leaves its file.
            wait_for(lambda: process.poll() is not None or (file.exists() and ours in file.read_text()))
            assert process.poll() is None, process.communicate()[0]
            yield Started(process, data_dir)
        finally:
            process.terminate()
            if process.stdout and not process.stdout.closed:
                process.communicate(timeout=WITHIN)


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + WITHIN
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.2)
