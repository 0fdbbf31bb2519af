"""Starts the engine: alone in its folder, with nothing of the user's AWS settings, on loopback."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

from infra.errors import EngineFailed
from infra.local import exclusive
from infra.local.clients import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from infra.local.engine import ROOT, Engine
from infra.local.ports import claim

START_WITHIN = 60.0  # seconds
NOT_OURS = ("AWS_", "LOCALSTACK_", "MINISTACK_", "LAMBDA_")


@contextmanager
def running_engine(data_dir: Path, port: int | None = None, *, keep: bool = True) -> Iterator[Engine]:
    """Run an engine whose state lies in `data_dir`; it is saved at the end, and every few seconds.

    Args:
        data_dir: where state and log lie, in a folder of their own.
        port: where it listens, None for any free port.
        keep: False to begin empty, keep nothing and leave what another one keeps.

    Raises:
        PortTaken: the port asked for is not free.
        DataDirTaken: another engine runs from there.
        EngineFailed: it does not start, or does not end well.

    """
    home = data_dir.resolve() / ("engine" if keep else "passing-engine")
    data_dir.mkdir(parents=True, exist_ok=True)
    data_dir.chmod(0o700)  # what people have written is in there
    home.mkdir(exist_ok=True)
    with exclusive.held(data_dir / "lock") as lock:
        engine = _start(home, port, lock, keep=keep)
    try:
        _wait_until_it_answers(engine)
        yield engine
    finally:
        engine.stop()


def _start(home: Path, port: int | None, lock: int, *, keep: bool) -> Engine:
    claimed, log = claim(port, "ENGINE_PORT"), home / "engine.log"
    # The engine leaves a folder for each Lambda function that it has run.
    shutil.rmtree(home / "tmp" if keep else home, ignore_errors=True)
    (home / "tmp").mkdir(parents=True)
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603  (no shell, and nothing from outside)
            [sys.executable, "-m", "infra.local.engine_process", str(claimed)],
            cwd=ROOT,
            env=environment(home, claimed, keep=keep),
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=out,
            process_group=0,  # Ctrl-C is for us; we then stop things in their order
            pass_fds=[lock],
        )
    return Engine(f"http://127.0.0.1:{claimed}", process, log)


def environment(home: Path, port: int, *, keep: bool) -> dict[str, str]:
    """Write the engine's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
    return kept | {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "PERSIST_STATE": "1" if keep else "0",
        "STATE_DIR": str(home / "files"),
        "S3_DATA_DIR": str(home / "s3"),
        "TMPDIR": str(home / "tmp"),
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
        # Listeners and look-ups that nobody here needs.
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "DOCKER_HOST": "unix:///nonexistent",
    }


def _wait_until_it_answers(engine: Engine) -> None:
    address, deadline = engine.url.removeprefix("http://"), time.monotonic() + START_WITHIN
    while time.monotonic() < deadline:
        engine.check()
        with suppress(OSError), closing(HTTPConnection(address, timeout=5)) as connection:
            connection.request("GET", "/_ministack/health")
            connection.getresponse()
            return
        time.sleep(0.05)
    raise EngineFailed(f"the engine did not answer within {START_WITHIN:.0f} s; see {engine.log}")
