"""`make evaluate-replies`: what it reads, what it tells, what it writes."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.replies.promises import Promise
from chalicelib.replies.reading import ReplyLabel, ReplyReading
from training import evaluate_replies, replies_report, replies_split
from training.replies_report import Judged, Promised

BRUSH_OFF, RECEIPT, SUBSTANTIVE = ReplyLabel
READING = ReplyReading(BRUSH_OFF, 0.9, (), automatic=False, promise=None, version="v")
Run = Callable[..., tuple[int, str, str]]


def judged(truth: ReplyLabel, label: ReplyLabel, lang: str = "de") -> Judged:
    return Judged(lang, truth, replace(READING, label=label))


def test_precision_recall_and_f1_of_each_label_are_told() -> None:
    text = replies_report.told(
        [judged(BRUSH_OFF, BRUSH_OFF)] * 3 + [judged(RECEIPT, BRUSH_OFF), judged(BRUSH_OFF, SUBSTANTIVE)]
    )
    (line,) = [line for line in text.splitlines() if line.startswith("brush_off    0")]
    assert line.split()[1].startswith("0.750")
    assert " 3/4 " in line
    assert " 0.750 [" in line
    assert "accuracy       0.600 " in text


def test_macro_f1_is_the_mean_over_the_labels_that_occur() -> None:
    pairs = [(BRUSH_OFF, BRUSH_OFF), (RECEIPT, BRUSH_OFF), (RECEIPT, RECEIPT)]
    assert replies_report.macro_f1(pairs) == pytest.approx((2 / 3 + 2 / 3) / 2)
    assert replies_report.macro_f1([]) == 0


def test_each_language_has_a_chapter_and_all_have_one_together() -> None:
    text = replies_report.told([judged(RECEIPT, RECEIPT, "en"), judged(RECEIPT, RECEIPT, "de")])
    assert [line for line in text.splitlines() if line.startswith("##")] == ["## de", "## en", "## all"]


def test_a_promise_is_right_to_the_second_or_not_at_all() -> None:
    heard = replace(READING, promise=Promise("bis morgen", 100))
    assert Promised("de", promises=True, due=100, read=heard).right
    assert not Promised("de", promises=True, due=101, read=heard).right
    assert Promised("de", promises=True, due=None, read=heard).right
    assert not Promised("de", promises=True, due=100, read=READING).right
    assert Promised("de", promises=False, due=None, read=READING).right
    assert not Promised("de", promises=False, due=None, read=heard).right


def test_the_third_that_is_held_out_hangs_on_the_words_of_the_reply_alone() -> None:
    replies = [f"Antwort Nummer {n}" for n in range(600)]
    held = [reply for reply in replies if replies_split.is_held_out(reply)]
    assert 150 < len(held) < 250
    assert all(replies_split.is_held_out(f"  {reply.upper()}!") for reply in held)


def test_nothing_that_is_held_out_is_among_what_may_be_learned_from() -> None:
    for file in (*replies_split.DEVELOPMENT, replies_split.HELD_OUT):
        rows = [json.loads(line)["reply"] for line in file.read_text("utf-8").splitlines()]
        held = {replies_split.is_held_out(reply) for reply in rows}
        assert held == {file == replies_split.HELD_OUT}


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run it: (exit status, stdout, stderr)."""

    def ran(data: bytes | str, *arguments: str) -> tuple[int, str, str]:
        file = tmp_path / "some replies.jsonl"
        file.write_bytes(data.encode() if isinstance(data, str) else data)
        monkeypatch.setattr("sys.argv", ["evaluate-replies", *arguments, "--", str(file)])
        status: Any = 0
        try:
            evaluate_replies.main()
        except SystemExit as stopped:
            status = stopped.code
        return (status, *capsys.readouterr())

    return ran


LINES = """\ufeff{"id": "a", "lang": "de", "inbound": "Wo bleibt mein Geld?", "label": "receipt",\
 "reply": "Wir melden uns bis morgen.", "at": 1795600800, "tz": "Europe/Berlin",\
 "promise": {"text": "bis morgen"}}

{"id": 2, "lang": "en", "reply": "Please contact HR.", "at": "2026-11-25T10:00:00Z", "tz": "Asia/Tokyo",\
 "note": [1]}
{"reply": "We'll reply by 5pm."}
"""


def test_every_reply_has_its_line_in_order_with_what_it_was_read_as(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "my out.jsonl"
    status, stdout, stderr = run(LINES, f"--out={out}")
    assert (status, stderr) == (0, "")
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["a", 2, "line-4"]
    assert rows[0]["promise"] == {"text": "bis morgen", "due": "2026-11-26T23:59:59+01:00"}
    assert rows[1]["promise"] is None
    assert rows[1]["label"] == "brush_off"
    assert rows[1]["note"] == [1]
    assert rows[1]["reason"]
    assert rows[2]["promise"]["due"] == "2026-11-25T17:00:00+01:00"
    assert all(0 < row["confidence"] <= 1 and row["automatic"] in {True, False} for row in rows)
    assert rows[0]["given_label"] == "receipt"
    assert "## de" in stdout
    assert "promises right 1.000" in stdout
    assert "without a label, read as" in stdout


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ('{"reply": "a"}\n{', "line 2 is no JSON"),
        ('{"reply": "a"}\n\n[1]', "line 3: it must be an object"),
        ("[" * 100_000, "line 1 is no JSON"),
        ('{"id": "1"}', "line 1: `reply` is missing"),
        ('{"reply": 7}', "line 1: `reply` must be a text"),
        ('{"reply": "a", "label": "rude"}', "line 1: `label` is 'rude'; there are brush_off"),
        ('{"reply": "a", "tz": "Europe/Atlantis"}', "line 1: `tz` is 'Europe/Atlantis'"),
        ('{"reply": "a", "tz": "../etc/passwd"}', "line 1: `tz` is '../etc/passwd'"),
        ('{"reply": "a", "at": "2026-11-25T10:00:00"}', "line 1: `at` must be UTC epoch seconds, or ISO"),
        ('{"reply": "a", "at": "tomorrow"}', "line 1: `at` must be"),
        ('{"reply": "a", "at": 1e400}', "line 1: `at` must be"),
        ('{"reply": "a", "at": true}', "line 1: `at` must be"),
        ('{"reply": "a", "at": 99999999999999}', "line 1: `at` must be"),
        ('{"reply": "a", "automatic": "no"}', "line 1: `automatic` must be true or false"),
        ('{"reply": "a", "promise": 7}', "line 1: `promise` must be null"),
        ('{"reply": "a", "promise": {"due": "soon"}}', "line 1: `promise.due` must be"),
        ('{"reply": "a \\ud83d"}', "line 1: `reply` holds half a surrogate pair"),
        (b'{"reply": "\xff"}', "line 1 is not UTF-8"),
        ("\n\n", "holds no reply"),
    ],
)
def test_bad_lines_are_told_by_their_number(run: Run, data: bytes | str, words: str) -> None:
    status, stdout, stderr = run(data)
    assert (status, stdout) == (2, "")
    assert words in stderr
    assert stderr.count("\n") == 1


def test_files_that_are_not_there_are_told(run: Run) -> None:
    status, _, stderr = run('{"reply": "a"}', "--out=/nowhere/out.jsonl")
    assert status == 2
    assert "No such file or directory: '/nowhere/out.jsonl'" in stderr


def test_an_empty_reply_is_read_as_well(run: Run) -> None:
    assert run('{"reply": ""}')[0] == 0
