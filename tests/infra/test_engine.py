"""The engine keeps what it was given, however it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from infra.errors import DataDirTaken, EngineFailed, PortTaken
from infra.local import exclusive
from infra.local.engine import ROOT
from infra.local.provision import queue_url
from tests.engine import Engine, running_engine

WITHIN = 60.0  # seconds; only how long we are willing to wait


def send(engine: Engine, body: str) -> None:
    engine.client("sqs").create_queue(QueueName="q")
    engine.client("sqs").send_message(QueueUrl=queue_url(engine, "q"), MessageBody=body)


def received(engine: Engine) -> list[str]:
    answer: Any = engine.client("sqs").receive_message(
        QueueUrl=queue_url(engine, "q"), MaxNumberOfMessages=10
    )
    return [message["Body"] for message in answer.get("Messages", [])]


def wait_until_saved(data_dir: Path, text: str) -> None:
    file, deadline = data_dir / "engine" / "state" / "sqs.json", time.monotonic() + WITHIN
    while not (file.exists() and text in file.read_text()):
        assert time.monotonic() < deadline, "no snapshot was taken"
        time.sleep(0.1)


def test_state_survives_a_stop_and_another_port(tmp_path: Path) -> None:
    with running_engine(tmp_path) as engine:
        send(engine, "kept")
        before = engine.url

    with running_engine(tmp_path) as engine:
        assert engine.url != before
        assert received(engine) == ["kept"]
        # Looking for the queue must not make a second one of the same name.
        assert len(engine.client("sqs").list_queues()["QueueUrls"]) == 1


def test_a_killed_engine_loses_no_more_than_the_last_seconds(tmp_path: Path) -> None:
    with running_engine(tmp_path) as engine:
        send(engine, "kept")
        wait_until_saved(tmp_path, "kept")
        engine.process.kill()
        engine.process.wait()
        with pytest.raises(EngineFailed, match="ended with -9"):
            engine.check()

    with running_engine(tmp_path) as engine:
        assert received(engine) == ["kept"]


STARTS_AND_DIES = """
import os, signal, sys
from pathlib import Path
from tests.engine import running_engine
from tests.infra.test_engine import send
with running_engine(Path(sys.argv[1])) as engine:
    send(engine, "kept")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_an_engine_whose_parent_is_killed_saves_and_ends(tmp_path: Path) -> None:
    died = subprocess.run([sys.executable, "-c", STARTS_AND_DIES, tmp_path], cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL

    with running_engine(tmp_path) as engine:
        assert received(engine) == ["kept"]


def test_two_engines_never_share_a_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exclusive, "ITS_LAST_WORK", 0)

    with (
        running_engine(tmp_path),
        pytest.raises(DataDirTaken, match=f"process {os.getpid()} runs from"),
        running_engine(tmp_path),
    ):
        pass


def test_a_port_that_is_taken_is_named_with_its_setting(engine: Engine, tmp_path: Path) -> None:
    port = int(engine.url.rpartition(":")[2])

    with (
        pytest.raises(PortTaken, match=f"port {port} is not free .* ENGINE_PORT"),
        running_engine(tmp_path, port),
    ):
        pass


def test_a_stop_comes_back_only_when_all_is_saved(tmp_path: Path) -> None:
    with running_engine(tmp_path) as engine:
        send(engine, "kept")
        engine.process.send_signal(signal.SIGTERM)  # and a second one by leaving

    assert "kept" in (tmp_path / "engine" / "state" / "sqs.json").read_text()


def test_an_engine_that_keeps_nothing_begins_empty(tmp_path: Path) -> None:
    for _ in range(2):
        with running_engine(tmp_path, keep=False) as engine:
            assert engine.client("sqs").list_queues().get("QueueUrls", []) == []
            send(engine, "forgotten")
