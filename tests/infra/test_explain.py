"""`make explain`: a line for each event, a clear line for what cannot be read, and AWS is never asked."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest

from chalicelib.envelope import MAX_BODY
from chalicelib.message import Author, Change, Kind, Message
from infra import explain, outcome
from infra.outcome import Outcome
from tests import recorded
from tests.deliveries import comment, page
from tests.world import NOW

SAMPLES = recorded.OWN / "samples"
ROOT = Path(__file__).parents[2]
KEYS = [
    "change",
    "kind",
    "from_us",
    "account_id",
    "message_id",
    "in_reply_to",
    "author_id",
    "author_name",
    "text",
    "needs_lookup",
    "occurred_at",
    "category",
    "confidence",
    "result",
    "guesses",
    "topics",
    "language",
    "decided_by",
    "because",
    "department",
    "acknowledge_by",
    "for_review",
    "explanation",
]
DECIDED = KEYS[KEYS.index("category") :]
Run = Callable[..., tuple[int, list[Any], str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsysbinary: Any) -> Run:
    """Run the command: (exit status, lines on stdout as JSON, stderr)."""

    def explained(platform: str, given: Path | bytes | str) -> tuple[int, list[Any], str]:
        file = tmp_path / "delivery"
        if isinstance(given, bytes):
            file.write_bytes(given)
        monkeypatch.setenv("PLATFORM", platform)
        monkeypatch.setenv("FILE", str(file if isinstance(given, bytes) else given))
        status = 0
        try:
            explain.main()
        except SystemExit as stopped:
            status = int(stopped.code or 0)
        out, err = capsysbinary.readouterr()
        return status, [json.loads(line) for line in out.decode().splitlines()], err.decode()

    return explained


def explained(sample: str, **environment: str) -> list[Any]:
    """Explain a recording of ours as if it came at NOW."""
    file = next(SAMPLES.glob(f"{sample}.*"))
    found = explain.explain({"PLATFORM": file.parent.name, "FILE": str(file), **environment}, NOW)
    return found.events


def test_each_event_is_a_line_in_body_order_and_the_last_line_tells_how_many_were_ignored(run: Run) -> None:
    status, lines, complaint = run("facebook", SAMPLES / "facebook/batch__two-entries.json")

    assert (status, complaint) == (0, "")
    assert [list(line) for line in lines] == [KEYS, KEYS, KEYS, ["ignored"]]
    assert [line["message_id"][-2:] for line in lines[:2]] == ["11", "12"]


def test_what_is_decided_is_told_as_if_the_delivery_came_now() -> None:
    (event,) = explained("facebook/feed-comment__applicant")

    assert (event["category"], event["department"]) == ("applicant_complaint", "human_resources")
    assert 0.5 < event["confidence"] <= 1
    assert event["acknowledge_by"] == "2025-11-26T08:00:00Z"
    assert (event["result"], event["topics"], event["for_review"]) == ("decided", ["recruiting"], False)
    assert "eine Beschwerde einer Bewerberin oder eines Bewerbers" in event["explanation"]["de"]


def test_an_edit_is_decided_about_too() -> None:
    (event,) = explained("facebook/feed-comment__edited")

    assert (event["change"], event["from_us"]) == ("edited", False)
    assert event["department"]


@pytest.mark.parametrize(
    "sample",
    ["facebook/feed-comment__own-reply", "facebook/messaging__echo", "facebook/feed-comment__removed"],
)
def test_nothing_is_decided_about_what_we_said_ourselves_or_what_is_gone(sample: str) -> None:
    (event,) = explained(sample)

    assert [event[name] for name in DECIDED] == [None] * len(DECIDED)


def test_our_own_accounts_are_known_as_the_worker_knows_them() -> None:
    (theirs,) = explained("x/activity__mention")
    ids = json.dumps({"x": [theirs["author_id"]]})
    (ours,) = explained("x/activity__mention", OWN_ACCOUNTS=ids)

    assert (theirs["from_us"], ours["from_us"], ours["department"]) == (False, True, None)


def test_of_a_deletion_only_what_is_known_for_sure_is_told() -> None:
    gone = Message(
        platform="x",
        change=Change.DELETED,
        kind=Kind.POST,
        account_id="1",
        message_id="2",
        from_us=True,
        in_reply_to="3",
        author=Author("4", "Ada"),
        text="weg",
        needs_lookup=True,
        occurred_at=NOW,
    )

    told = {name: value for name, value in outcome.event(gone).items() if value}
    assert told == {"change": "deleted", "kind": "post", "account_id": "1", "message_id": "2"}


def test_what_ends_a_line_or_steers_a_terminal_is_escaped_and_all_else_is_told_as_it_is() -> None:
    said = "Größe 36 \u200d\U0001f44d\u2028\u2029\x85\x9b31m\x1b[31m\x7f\n"
    (line, _last) = explain.lines(Outcome(1, [{"text": said}], 0, []))

    assert json.loads(line) == {"text": said}
    assert "Größe 36 \u200d\U0001f44d\\u2028" in line
    assert len(line.splitlines()) == 1
    assert not set("\x1b\x7f\x85\x9b") & set(line)


def test_half_a_surrogate_pair_is_printed_as_json_writes_it(capsysbinary: Any) -> None:
    explain._print(Outcome(1, [{"author_id": "cut \ud83d"}], 0, []))

    line = capsysbinary.readouterr().out.splitlines()[0]
    assert json.loads(line) == {"author_id": "cut \ud83d"}


def test_a_bad_event_is_told_and_its_siblings_are_explained(run: Run) -> None:
    bad = comment(2, message=42)
    status, lines, complaint = run("facebook", page([comment(1), bad, comment(3)]))

    assert status == 2
    assert [line.get("message_id") for line in lines[:-1]] == ["401_1", "401_3"]
    assert lines[-1] == {"ignored": 0}
    assert complaint == (
        "Unreadable: 1 of 3 events cannot be read, and go to quarantine:"
        " event 2: message or review_text is int, not a text\n"
    )


def test_of_many_bad_events_some_are_told(run: Run) -> None:
    status, _lines, complaint = run("facebook", page([comment(n, message=n) for n in range(1000)]))

    assert status == 2
    assert "1000 of 1000 events" in complaint
    assert complaint.endswith("; …\n")
    assert len(complaint) < 500


BAD = {
    "empty": (b"", "is empty"),
    "no JSON": (b"sorry", "it is not JSON (Expecting value: line 1 column 1"),
    "HTML": (b"<html>\r\n</html>", "it is not JSON"),
    "no UTF-8": (b'{"\xff": "\xfe\xfd"}', "UnicodeDecodeError"),
    "of another shape": (b'{"object": "page"}', "the delivery has no list `entry`"),
    "a list": (b"[]", "the delivery is list, not an object"),
    "too deep": (b"[" * 100_000, "nested too deeply"),
    "too large": (b" " * (MAX_BODY + 1), "is larger than the 3145728 bytes we take"),
}


@pytest.mark.parametrize(("body", "why"), BAD.values(), ids=BAD)
def test_what_is_no_delivery_is_told_in_one_line(run: Run, body: bytes, why: str) -> None:
    status, lines, complaint = run("facebook", body)

    assert (status, lines) == (2, [])
    assert why in complaint
    assert "byte for byte" in complaint
    assert complaint.count("\n") == 1


@pytest.mark.parametrize(
    ("file", "why"),
    [("/nowhere/delivery.json", "No such file"), ("/", "Is a directory"), ("x" * 5000, "name too long")],
)
def test_a_file_that_cannot_be_opened_is_told(run: Run, file: str, why: str) -> None:
    status, lines, complaint = run("x", file)

    assert (status, lines) == (2, [])
    assert why in complaint
    assert complaint.count("\n") == 1


@pytest.mark.parametrize(
    ("platform", "file", "why"),
    [
        ("", "delivery.json", "PLATFORM is missing: name one of facebook, instagram,"),
        ("myspace", "delivery.json", "there is no PLATFORM 'myspace': name one of facebook, instagram,"),
        ("x", "", "FILE is missing: name a file, or - for standard input"),
    ],
)
def test_what_is_missing_is_named(run: Run, platform: str, file: str, why: str) -> None:
    status, lines, complaint = run(platform, file)

    assert (status, lines) == (2, [])
    assert why in complaint


def test_an_error_that_quotes_what_was_sent_stays_one_harmless_line() -> None:
    assert outcome._told(KeyError("a\x1b[31m\nb\u2028")) == r"KeyError: 'a\x1b[31m\nb\u2028'"
    assert outcome._told(ValueError("a\x1b[31m\nb\u2028c\ud83d")) == r"ValueError: a\x1b[31m b c\ud83d"


def command(**options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run it in a process of its own, without any environment."""
    script = """
import sys
sys.modules.update({"boto3": None, "botocore.session": None})
from infra.explain import main
main()
"""
    return subprocess.run([sys.executable, "-c", script], cwd=ROOT, stderr=PIPE, check=False, **options)


def test_standard_input_will_do_and_neither_aws_nor_an_environment_is_needed() -> None:
    body = (SAMPLES / "x/activity__mention.json").read_bytes()
    done = command(env={"PLATFORM": "x", "FILE": "-", "LC_ALL": "C"}, input=body, stdout=PIPE)

    assert (done.returncode, done.stderr) == (0, b"")
    assert [list(json.loads(line)) for line in done.stdout.splitlines()] == [KEYS, ["ignored"]]


def test_a_reader_who_has_enough_is_no_error() -> None:
    read, write = os.pipe()
    os.close(read)
    file = SAMPLES / "x/activity__mention.json"
    done = command(env={"PLATFORM": "x", "FILE": str(file)}, stdout=write)
    os.close(write)

    assert (done.returncode, done.stderr) == (0, b"")
