"""The model card: it tells of the model that is shipped, and its figures are those of `make evaluate`."""

import json
from pathlib import Path

import pytest

from chalicelib import classifier
from chalicelib.categories import Category
from chalicelib.classifier import MODEL
from training import card, evaluate, held_out, labelled
from training.labelled import Labelled

SHIPPED = MODEL.read_bytes()
ROWS = [
    Labelled("Wo bleibt mein Paket?", Category.SERVICE_REQUEST, "de", recruiting=False, part="part10"),
    Labelled("Thank you, lovely staff!", Category.PRAISE, "en", recruiting=False, part="part9"),
    Labelled("Das Essen war kalt und teuer.", Category.CRITICISM, "de", recruiting=False, part="part9"),
]


@pytest.fixture
def few(tmp_path: Path) -> Path:
    file = tmp_path / "hard.jsonl"
    file.write_text(
        "".join(json.dumps({"text": r.text, "lang": r.lang, "label": r.label}) + "\n" for r in ROWS)
    )
    return file


def test_the_card_in_docs_is_that_of_the_shipped_model() -> None:
    assert card.CARD.read_text("utf-8") == card.written(SHIPPED, labelled.read_all()), "run `make card`"


def test_its_figures_are_what_evaluate_prints(
    few: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["evaluate", str(few)])
    monkeypatch.setattr("training.risk_coverage.draw", lambda *_: None)
    evaluate.main()
    printed, _, _ = capsys.readouterr().out.partition("\n\nsecond reader")

    assert "## de\n" in printed
    assert "## all\n" in printed
    assert f"```text\n{printed}\n```" in card.written(SHIPPED, ROWS, few, tmp_path / "none")


def test_held_out_figures_are_those_that_were_kept_for_this_model(few: Path, tmp_path: Path) -> None:
    kept = tmp_path / "held-out.txt"
    reader = classifier.load()
    held_out.keep(ROWS, [reader.classify(row.text) for row in ROWS], SHIPPED, kept)

    told = held_out.read(SHIPPED, kept)
    assert told is not None
    assert told.startswith("## de\n")
    assert told in card.written(SHIPPED, ROWS, tmp_path / "none", kept)
    assert told == evaluate.figures(evaluate.measured(few, reader))


def test_another_models_held_out_figures_are_not_told(tmp_path: Path) -> None:
    kept = tmp_path / "held-out.txt"
    held_out.keep(ROWS, [classifier.load().classify(row.text) for row in ROWS], b"another", kept)
    assert "Not kept for this model" in card.written(SHIPPED, ROWS, tmp_path / "none", kept)


def test_messages_are_counted_by_language_and_part_in_their_order(tmp_path: Path) -> None:
    text = card.written(SHIPPED, ROWS, tmp_path / "none", tmp_path / "none")
    assert "\n| de | 1 | 0 | 1 | 0 | 0 | 2 |\n| en | 0 | 0 | 0 | 1 | 0 | 1 |\n" in text
    assert "\n| part9 | 0 | 0 | 1 | 1 | 0 | 2 |\n| part10 | 1 | 0 | 0 | 0 | 0 | 1 |\n" in text
    assert "There is none yet." in text
    assert "3 messages" in text
