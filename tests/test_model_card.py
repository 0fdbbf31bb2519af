"""The model card: it tells of the model that is shipped, and its figures are those of `make evaluate`."""

import json
from pathlib import Path

import pytest

from chalicelib import classifier
from chalicelib.classifier import MODEL
from training import card, evaluate, held_out, labelled
from training.labelled import Labelled

SHIPPED = MODEL.read_bytes()
Files = tuple[Path, list[Labelled]]


@pytest.fixture
def few(tmp_path: Path) -> Files:
    """Give a few messages in two parts: one file of all, and what is read of the parts."""
    lines = {
        "part9": [
            {"text": "Thank you, lovely staff!", "label": "praise", "lang": "en"},
            {"text": "Das Essen war kalt und teuer.", "label": "criticism", "lang": "de"},
        ],
        "part10": [{"text": "Wo bleibt mein Paket?", "label": "service_request", "lang": "de"}],
    }
    folder, everything = tmp_path / "messages", tmp_path / "hard.jsonl"
    folder.mkdir()
    for part, said in lines.items():
        text = "".join(json.dumps(row) + "\n" for row in said)
        (folder / f"{part}.jsonl").write_text(text, "utf-8")
    rows = labelled.read_all(folder)
    everything.write_text("".join(file.read_text() for file in sorted(folder.iterdir())), "utf-8")
    return everything, rows


def test_the_card_in_docs_is_that_of_the_shipped_model() -> None:
    assert card.CARD.read_text("utf-8") == card.written(SHIPPED, labelled.read_all()), "run `make card`"


def test_its_figures_are_what_evaluate_prints(
    few: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, rows = few
    monkeypatch.setattr("sys.argv", ["evaluate", str(file)])
    monkeypatch.setattr("training.risk_coverage.draw", lambda *_: None)
    evaluate.main()
    printed, _, _ = capsys.readouterr().out.partition("\n\nsecond reader")

    assert "## de\n" in printed
    assert "## all\n" in printed
    assert f"```text\n{printed}\n```" in card.written(SHIPPED, rows, file, tmp_path / "none")


def test_held_out_figures_are_those_that_were_kept_for_this_model(few: Files, tmp_path: Path) -> None:
    (file, rows), kept = few, tmp_path / "held-out.txt"
    reader = classifier.load()
    held_out.keep(rows, [reader.classify(row.text) for row in rows], SHIPPED, kept)

    told = held_out.read(SHIPPED, kept)
    assert told is not None
    assert told.startswith("## de\n")
    assert told in card.written(SHIPPED, rows, tmp_path / "none", kept)
    assert told == evaluate.figures(evaluate.measured(file, reader))


def test_another_models_held_out_figures_are_not_told(few: Files, tmp_path: Path) -> None:
    (_, rows), kept = few, tmp_path / "held-out.txt"
    held_out.keep(rows, [classifier.load().classify(row.text) for row in rows], b"another", kept)
    assert "Not kept for this model" in card.written(SHIPPED, rows, tmp_path / "none", kept)


def test_messages_are_counted_by_language_and_part_in_their_order(few: Files, tmp_path: Path) -> None:
    text = card.written(SHIPPED, few[1], tmp_path / "none", tmp_path / "none")
    assert "\n| de | 1 | 0 | 1 | 0 | 0 | 2 |\n| en | 0 | 0 | 0 | 1 | 0 | 1 |\n" in text
    assert "\n| part9 | 0 | 0 | 1 | 1 | 0 | 2 |\n| part10 | 1 | 0 | 0 | 0 | 0 | 1 |\n" in text
    assert "There is none yet." in text
    assert "3 messages" in text
