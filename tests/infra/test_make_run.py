"""The whole spine on this machine: in-process, and as the packaged artefact on the engine."""

import json
import os
import stat
import subprocess
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGTERM

import httpx
import pytest

from chalicelib import departments
from infra import names
from infra.local.ports import claim
from infra.run_file import Run
from tests.started import Started, started, wait_for

FIXTURES = (
    "facebook/feed-comment__applicant",
    "facebook/feed-comment__service",
    "instagram/comments__question",
    "linkedin/comment__question",  # through the brief intake
    "x/activity__mention",
    "x/activity__own-post",  # opens no ticket
)
MODULES = ("infra.local", "infra.local.artifact")


def journey(app: Started) -> None:
    """Post signed deliveries, see the tickets, consume a department's queue, acknowledge."""
    assert [app.post(name) for name in (*FIXTURES, *FIXTURES)] == [200] * 2 * len(FIXTURES)
    wait_for(lambda: len(app.tickets()) == len(FIXTURES) - 1)
    wait_for(lambda: all(_told(app, ticket["id"]) for ticket in app.tickets()))

    printed = app.command("infra.inbox", DEPARTMENT="human_resources", ACKNOWLEDGE="1")

    assert "im Vorstellungsgespräch" in printed
    assert "→ acknowledged" in printed
    (ticket,) = app.get("/tickets?status=acknowledged")["tickets"]
    assert ticket["department"] == "human_resources"
    assert app.get(f"/tickets/{ticket['id']}", who="human_resources")["status"] == "acknowledged"


def corrected(app: Started, out: Path, **settings: str) -> None:
    """Reclassify a ticket, see the new owner's queue, export what is to be learned."""
    (ticket, *_) = app.get("/tickets?category=service_request&platform=x")["tickets"]
    reason = {"category": "praise", "topics": [], "reason": "kein Anliegen", "move": True}
    answer = httpx.post(
        f"{app.run['api']}/tickets/{ticket['id']}/reclassify",
        json=reason,
        headers={"Authorization": f"Bearer {app.run['tokens']['ops']}"},
        trust_env=False,
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["acknowledge_by"] == ticket["acknowledge_by"]
    wait_for(lambda: app.get(f"/tickets/{ticket['id']}")["history"][-1]["what"] == "dispatched")

    assert ticket["id"] in app.command("infra.inbox", DEPARTMENT="marketing")
    wait_for(lambda: app.command("infra.examples", OUT=str(out), **settings).startswith("1 "))
    row = json.loads(out.read_text("utf-8"))
    assert (row["id"], row["label"], row["text"]) == (ticket["id"], "praise", ticket["text"])
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def account(app: Started) -> dict[str, str]:
    """Give the settings of whoever asks a deployed stack: the engine is the account."""
    return {
        "STACK": names.STACK,
        "AWS_ENDPOINT_URL": app.run["engine"],
        "AWS_DEFAULT_REGION": app.run["aws"]["region"],
        "AWS_ACCESS_KEY_ID": app.run["aws"]["access_key_id"],
        "AWS_SECRET_ACCESS_KEY": app.run["aws"]["secret_access_key"],
    }


def _told(app: Started, ticket: str) -> bool:
    return "dispatched" in {entry["what"] for entry in app.get(f"/tickets/{ticket}")["history"]}


@pytest.mark.parametrize("module", MODULES)
def test_a_signed_delivery_becomes_a_ticket_that_its_department_acknowledges(
    tmp_path: Path, module: str
) -> None:
    with started(tmp_path, module) as app:
        journey(app)
        on_aws = account(app) if module == "infra.local.artifact" else {}
        corrected(app, tmp_path / "examples.jsonl", **on_aws)
        assert "off: it is not used." in app.command("infra.subscriptions")
        if module == "infra.local.artifact":
            assert "off: it is not used." in app.command("infra.subscriptions", **account(app))
        app.stop(SIGTERM)

        assert app.process.returncode == 0
    assert not (tmp_path / "run.json").exists()


def test_run_json_tells_how_to_talk_to_it(tmp_path: Path) -> None:
    with started(tmp_path) as app:
        run = app.run

        assert run.keys() == Run.__annotations__.keys()
        assert set(run["queues"]) == {"ops", *departments.load().ids}
        assert set(run["tokens"]) == set(run["queues"])
        assert set(run["dlqs"]) == {"intake", "brief-intake", *run["queues"]}
        assert set(run["secrets"]) >= {"facebook", "instagram", "x"}
        assert stat.S_IMODE((tmp_path / "run.json").stat().st_mode) == 0o600


def test_tickets_queues_and_tokens_are_there_again_after_a_stop(tmp_path: Path) -> None:
    with started(tmp_path) as app:
        assert app.post("facebook/feed-comment__applicant") == 200
        wait_for(app.tickets)
        before, token = app.tickets(), app.run["tokens"]["human_resources"]
        wait_for(lambda: _told(app, before[0]["id"]))
        app.stop(SIGINT, SIGTERM, SIGINT)  # whoever is impatient breaks nothing
        assert app.process.returncode == 0

    with started(tmp_path) as app:
        assert app.tickets() == before
        app.run["tokens"]["human_resources"] = token
        assert app.get("/tickets", who="human_resources")["tickets"] == before
        assert "Vorstellungsgespräch" in app.command("infra.inbox", DEPARTMENT="human_resources")


def test_a_stop_in_the_middle_of_work_loses_nothing(tmp_path: Path) -> None:
    with started(tmp_path) as app:
        assert [app.post(name) for name in FIXTURES] == [200] * len(FIXTURES)
        app.stop(SIGTERM)

    with started(tmp_path) as app:
        wait_for(lambda: len(app.tickets()) == len(FIXTURES) - 1)


def test_a_killed_one_leaves_nothing_that_is_in_the_way_of_the_next(tmp_path: Path) -> None:
    with started(tmp_path) as app:
        assert app.post("facebook/feed-comment__applicant") == 200
        wait_for(app.tickets)
        before = app.tickets()
        app.stop(SIGKILL)
    assert (tmp_path / "run.json").exists()

    with started(tmp_path) as app:
        assert app.tickets() == before
        app.stop(SIGTERM)
    assert not (tmp_path / "run.json").exists()


def _engine_of(process: int) -> int:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], check=True, capture_output=True, text=True)  # noqa: S607
    (child,) = [pid for pid, parent in map(str.split, listed.stdout.splitlines()) if parent == str(process)]
    return int(child)


def test_it_says_so_and_fails_when_the_engine_dies(tmp_path: Path) -> None:
    with started(tmp_path) as app:
        os.kill(_engine_of(app.process.pid), SIGKILL)
        printed = app.stop()

        assert "EngineFailed: the engine ended with -9" in printed
        assert app.process.returncode == 1
    assert not (tmp_path / "run.json").exists()


@pytest.mark.parametrize("module", MODULES)
def test_a_second_one_in_the_same_folder_is_refused_and_leaves_the_first_alone(
    tmp_path: Path, module: str
) -> None:
    with started(tmp_path) as app:
        run, log = app.run, (tmp_path / "log" / "app.log").stat().st_ino

        with pytest.raises(subprocess.CalledProcessError) as refused:
            app.command(module, PORT=str(claim(None, "PORT")), DEMO="0")

        assert f"DataDirTaken: process {app.process.pid} runs from" in refused.value.stderr
        assert app.run == run
        assert (tmp_path / "log" / "app.log").stat().st_ino == log


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with started(tmp_path / "first") as app, pytest.raises(subprocess.CalledProcessError) as refused:
        app.command("infra.local", PORT=app.run["api"].rpartition(":")[2], DATA_DIR=str(tmp_path / "second"))

    assert "is not free" in refused.value.stderr
    assert "set PORT" in refused.value.stderr


def test_the_demonstration_shows_what_became_of_each_message(tmp_path: Path) -> None:
    with started(tmp_path, DEMO="1") as app:
        printed = app.printed_until("Ctrl-C stops it")

    assert "MESSAGE" in printed
    assert "human_resources" in printed
