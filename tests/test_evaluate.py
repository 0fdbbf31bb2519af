"""`make evaluate`: its figures are right, its lines are in order, and bad input is told by its line."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chalicelib.categories import Category, Topic
from chalicelib.classifier import MODEL, Classification
from tests.made import POLICIES
from training import evaluate, figures, given, judging, report, risk_coverage, second_reader_cost
from training.figures import Judged
from training.given import Given
from training.judging import Outcome
from training.second_reader_cost import Prices
from training.thresholds import interval

REQUEST, APPLICANT, CRITICISM, PRAISE, OTHER = Category
RULES = POLICIES.departments
Run = Callable[..., tuple[int, str, str]]


def read(
    category: Category, confidence: float = 0.9, *, sure: bool = True, language: str = "de"
) -> Classification:
    topics = (Topic.RECRUITING,) if category is APPLICANT else ()
    return Classification(category, confidence, topics, "model:test", sure=sure, language=language)


def outcome(label: Category | None, reading: Classification, lang: str | None = None) -> Outcome:
    return Outcome(Given("1", "abc" * 10, lang, None, label), reading, None)


def told(*outcomes: Outcome) -> str:
    return evaluate.figures(outcomes)


# Figures


def test_macro_f1_is_the_mean_over_the_categories_that_occur() -> None:
    # criticism: precision 2/3, recall 1; praise: precision 1, recall 1/2
    pairs = Counter({(CRITICISM, CRITICISM): 2, (PRAISE, PRAISE): 1, (PRAISE, CRITICISM): 1})
    assert figures.macro_f1(pairs) == pytest.approx((0.8 + 2 / 3) / 2)


def test_the_calibration_error_is_the_gap_between_promise_and_truth() -> None:
    promised = [Judged(PRAISE if n < 6 else OTHER, read(PRAISE, 0.8)) for n in range(10)]
    assert figures.calibration_error(promised) == pytest.approx(0.2)
    kept = [Judged(PRAISE if n < 8 else OTHER, read(PRAISE, 0.8)) for n in range(10)]
    assert figures.calibration_error(kept) == pytest.approx(0)


def test_the_curve_covers_the_surest_first() -> None:
    judged = [Judged(PRAISE if n >= 15 else OTHER, read(PRAISE, n / 20)) for n in range(20)]
    curve = figures.risk_coverage(judged)
    assert [step.per_cent for step in curve] == list(range(10, 101, 10))
    assert [step.right.hits for step in curve] == [2, 4, 5, 5, 5, 5, 5, 5, 5, 5]
    assert [step.right.of for step in curve] == list(range(2, 21, 2))
    assert curve[1].confidence == 16 / 20


def test_a_curve_of_one_message_has_all_its_steps() -> None:
    assert [step.right for step in figures.risk_coverage([Judged(PRAISE, read(PRAISE))])] == [(1, 1)] * 10


@pytest.mark.parametrize("size", [60, 6000])
def test_the_bootstrap_agrees_with_the_interval_of_a_share(size: int) -> None:
    def accuracy(pairs: Counter[figures.Pair]) -> float:
        assert pairs.total() == size
        return sum(n for (truth, guess), n in pairs.items() if truth is guess) / size

    wrong = size // 5
    pairs = Counter({(PRAISE, PRAISE): size - wrong, (PRAISE, OTHER): wrong})
    expected = interval(size - wrong, size)
    assert figures.bootstrap(pairs, accuracy) == pytest.approx(expected, abs=0.02)


def test_shares_are_told_with_their_interval_and_none_of_nothing() -> None:
    assert str(figures.Share(8, 10)) == "0.800 [0.490, 0.943] 8/10"
    assert str(figures.Share(0, 0)) == "none"


# The report


def test_what_is_decided_is_told_apart_from_what_is_unsure() -> None:
    text = told(
        outcome(PRAISE, read(PRAISE), "de"),
        outcome(PRAISE, read(CRITICISM), "de"),
        outcome(OTHER, read(OTHER), "de"),
        outcome(OTHER, read(PRAISE, sure=False), "de"),
    )
    assert "\naccuracy            0.500 " in text
    assert text.count(" 3/4\nright where decided ") == 1
    assert " 2/3\ndecided other right 1.000 " in text


def test_applicant_complaints_have_their_precision_and_recall_told() -> None:
    text = told(
        *[outcome(APPLICANT, read(APPLICANT))] * 3,
        outcome(APPLICANT, read(OTHER)),
        outcome(OTHER, read(OTHER)),
    )
    assert "applicant complaint precision 1.000 [0.438, 1.000] 3/3\n" in text
    assert "applicant complaint recall    0.750 [0.301, 0.954] 3/4\n" in text
    assert "applicants lost     1 dropped, 1 decided without the topic recruiting" in text


def test_each_language_has_a_chapter_and_all_have_one_together() -> None:
    text = told(outcome(PRAISE, read(PRAISE), "en"), outcome(PRAISE, read(PRAISE, language="de")))
    assert [line for line in text.splitlines() if line.startswith("##")] == ["## de", "## en", "## all"]


@pytest.mark.parametrize("lang", [None, "", "unknown"])
def test_a_language_that_is_not_told_is_the_one_that_was_read(lang: str | None) -> None:
    assert outcome(PRAISE, read(PRAISE, language="en"), lang).lang == "en"
    assert outcome(PRAISE, read(PRAISE, language="en"), "de").lang == "de"


def test_messages_without_labels_are_counted_as_they_were_read() -> None:
    text = told(outcome(None, read(PRAISE)), outcome(None, read(OTHER, sure=False)))
    assert text.startswith("## de without a label\n\nmessages            2\ndecided             0.500 ")
    assert f"\n{'praise':20} {1:8} {1:8}\n{'other':20} {1:8} {0:8}" in text


def test_some_labels_are_enough_for_a_chapter_on_them() -> None:
    text = told(outcome(PRAISE, read(PRAISE)), outcome(None, read(PRAISE)))
    assert [line for line in text.splitlines() if line.startswith("##")] == ["## de", "## de without a label"]


def test_one_line_tells_the_three_figures_that_matter_most() -> None:
    outcomes = [outcome(OTHER, read(OTHER)), outcome(PRAISE, read(OTHER, sure=False))]
    line = report.line(outcomes, [one.read for one in outcomes])
    assert line.startswith("right 0.500 ")
    assert "; where decided 1.000 " in line


def test_there_is_a_curve_for_each_language_with_labels() -> None:
    outcomes = [outcome(PRAISE, read(PRAISE), lang) for lang in ("en", "de")]
    outcomes += [outcome(None, read(PRAISE), "fr")]
    assert list(risk_coverage.curves(outcomes)) == ["de", "en"]


def test_the_second_reader_costs_the_unsure_share_times_tokens_times_price() -> None:
    outcomes = [outcome(None, read(PRAISE, sure=sure)) for sure in (True, True, True, False)]
    text = second_reader_cost.told(outcomes, Prices(tokens_in=2, tokens_out=10, prompt=90, answer=5))
    # 30 characters are 10 tokens: a quarter of a million asks 100 tokens at 2 and 5 at 10 dollars per million
    assert text.startswith("second reader, per million messages: 62.50 USD\n")


def test_without_doubt_the_second_reader_costs_nothing() -> None:
    assert " 0.00 USD" in second_reader_cost.told([outcome(None, read(PRAISE))], Prices())


# Decisions


def judged(text: str, reading: Classification) -> Outcome:
    (found,) = judging.judge([Given("7", text, None, "x", None)], lambda _: reading, POLICIES)
    return found


@pytest.mark.parametrize(
    ("reading", "decision", "department"),
    [
        (read(APPLICANT), "decided", "human_resources"),
        (read(CRITICISM), "decided", "communications"),
        (read(CRITICISM, sure=False), "unsure", RULES.catch_all().department),
        (read(OTHER, sure=False), "unsure", RULES.catch_all().department),
        (read(OTHER), "decided", None),
    ],
)
def test_a_line_tells_who_would_own_the_message(
    reading: Classification, decision: str, department: str | None
) -> None:
    assert judging.row(judged("Hallo", reading)) == {
        "id": "7",
        "category": str(reading.category),
        "probability": 0.9,
        "decision": decision,
        "topics": ["recruiting"] if reading.category is APPLICANT else [],
        "department": department,
        "language": "de",
    }


def test_text_is_read_as_the_worker_reads_it() -> None:
    seen: list[str] = []

    def classify(text: str) -> Classification:
        seen.append(text)
        return read(PRAISE)

    list(judging.judge([Given("1", " <p>Danke &amp; Gruß</p>", None, None, None)], classify, POLICIES))
    assert seen == ["Danke & Gruß"]


def test_a_blank_text_is_unsure_and_not_classified() -> None:
    (found,) = judging.judge([Given("1", " ", None, None, None)], lambda _: pytest.fail("asked"), POLICIES)
    assert (found.read.sure, found.department) == (False, RULES.catch_all().department)


# The command


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run it: (exit status, stdout, stderr)."""
    monkeypatch.setattr(
        risk_coverage, "draw", lambda curves, file: file.write_text(json.dumps(list(curves)), "utf-8")
    )

    def ran(data: bytes | str, *arguments: str) -> tuple[int, str, str]:
        file = tmp_path / "some data.jsonl"
        file.write_bytes(data.encode() if isinstance(data, str) else data)
        monkeypatch.setattr("sys.argv", ["evaluate", *arguments, "--", str(file)])
        status: Any = 0
        try:
            evaluate.main()
        except SystemExit as stopped:
            status = stopped.code
        return (status, *capsys.readouterr())

    return ran


LINES = """\ufeff{"id": "a", "text": "Danke für alles!", "lang": "de", "label": "praise", "platform": "x"}

{"id": 2, "text": "Where is my parcel? Order 4711 has not arrived.", "label": "service_request", "more": [1]}
{"text": "Mein Paket fehlt seit Wochen\u2028wo bleibt es?", "lang": null, "label": null}
"""


def test_every_message_has_its_line_in_order(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "my out.jsonl"
    status, stdout, stderr = run(LINES, f"--out={out}")

    assert (status, stderr) == (0, "")
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["a", 2, "line-4"]
    assert all(0 < row["probability"] <= 1 and row["decision"] in {"decided", "unsure"} for row in rows)
    assert "milliseconds a message" in stdout
    assert out.with_suffix(".png").exists()


def test_the_picture_goes_where_it_is_told_to(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run(LINES, "--png=a b.png")
    assert Path("a b.png").exists()
    run(LINES)
    assert Path("risk-coverage.png").exists()


def test_without_labels_there_is_no_picture(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, stdout, _ = run('{"text": "Hallo"}')
    assert status == 0
    assert "none without labels" in stdout
    assert not Path("risk-coverage.png").exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ('{"text": "a"}\n{', "line 2 is no JSON"),
        ('{"text": "a"}\n\n[1]', "line 3: it must be an object"),
        ("[" * 100_000, "line 1 is no JSON"),
        ('{"id": "1"}', "line 1: `text` is missing"),
        ('{"text": 7}', "line 1: `text` must be a text"),
        ('{"text": "a", "id": 1.5}', "line 1: `id` must be a text"),
        ('{"text": "a", "lang": ["de"]}', "line 1: `lang` must be a text"),
        ('{"text": "a", "label": "rant"}', "line 1: `label` is 'rant'; there are service_request"),
        ('{"text": "a \\ud83d"}', "line 1: `text` holds half a surrogate pair"),
        (b'{"text": "\xff"}', "line 1 is not UTF-8"),
        ("\n\n", "holds no message"),
    ],
)
def test_bad_lines_are_told_by_their_number(run: Run, data: bytes | str, words: str) -> None:
    status, stdout, stderr = run(data)
    assert (status, stdout) == (2, "")
    assert words in stderr
    assert stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [("--model=/nowhere/model.bin",), ("--out=/nowhere/out.jsonl",)])
def test_files_that_are_not_there_are_told(run: Run, arguments: tuple[str, ...]) -> None:
    status, _, stderr = run('{"text": "a"}', *arguments)
    assert status == 2
    assert "No such file or directory: '/nowhere/" in stderr


def test_no_data_is_told(tmp_path: Path) -> None:
    with pytest.raises(given.Unreadable, match="No such file or directory; name a file of JSON lines"):
        given.read(tmp_path / "nothing")


def test_a_damaged_model_is_told(run: Run, tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.write_bytes(MODEL.read_bytes()[:1000])
    status, _, stderr = run('{"text": "a"}', f"--model={model}")
    assert status == 2
    assert "damaged" in stderr


def test_the_picture_is_a_png(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="it is drawn in .venv-training")
    judged = [Judged(PRAISE if n % 3 else OTHER, read(PRAISE, n / 20)) for n in range(20)]
    file = tmp_path / "curve.png"
    risk_coverage.draw({"de": figures.risk_coverage(judged)}, file)
    assert file.read_bytes().startswith(b"\x89PNG\r\n")
