"""The engine that stands in for AWS on this machine, seen from outside: ministack, on loopback only."""

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.errors import EngineFailed
from infra.local.clients import client

ROOT = Path(__file__).parents[2]

STOP_WITHIN = 60.0  # seconds


@dataclass(frozen=True)
class Engine:
    """A running engine."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def client(self, service: str) -> Any:
        """Create a boto3 client that talks to this engine."""
        return client(self.url, service)

    def check(self) -> None:
        """Make sure that it still runs.

        Raises:
            EngineFailed: it died.

        """
        status = self.process.poll()
        if status is not None:
            last_words = self.log.read_text("utf-8", "replace").strip()[-500:] or "none"
            raise EngineFailed(f"the engine ended with {status}; its last words: {last_words}")

    def stop(self) -> None:
        """Have it save its state and end, if it still runs; return when it has.

        Raises:
            EngineFailed: it did not end well.

        """
        died = self.process.poll() is not None
        self.process.terminate()
        try:
            status = self.process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.process.kill()
            status = self.process.wait()
        finally:
            assert self.process.stdin
            self.process.stdin.close()
        if status and not died:  # who found it dead has told so
            raise EngineFailed(
                f"the engine ended with {status} and may not have saved its state; see {self.log}"
            )
