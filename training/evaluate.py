"""Measures a model on messages, with labels or without: `make evaluate DATA=<file of JSON lines>`.

Whoever asks for OUT gets a JSON line for each message, in the same order. What is wrong with the arguments or
a line is told in a line, with exit status 2.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from chalicelib import policies
from chalicelib.classifier import MODEL, Classification, Classifier
from chalicelib.errors import ConfigurationError
from training import given, judging, report, risk_coverage
from training.given import Unreadable
from training.judging import Outcome
from training.second_reader_cost import Prices
from training.second_reader_cost import told as cost

PICTURE = "risk-coverage.png"


def measured(data: Path, classifier: Classifier) -> list[Outcome]:
    """Read messages and decide about them.

    Raises:
        Unreadable: a line is wrong.

    """
    return list(judging.judge(given.read(data), classifier.classify, policies.load()))


def figures(outcomes: Sequence[Outcome]) -> str:
    """Report on them; the model card prints the same."""
    return report.told(outcomes, [outcome.read for outcome in outcomes])


class Timed(Classifier):
    """A classifier that takes the time: `took` has the seconds of each call."""

    def __init__(self, model: bytes) -> None:
        super().__init__(model)
        self.took: list[float] = []

    def classify(self, text: str) -> Classification:
        """Read a text."""
        start = time.perf_counter()
        read = super().classify(text)
        self.took.append(time.perf_counter() - start)
        return read

    def __str__(self) -> str:
        took = sorted(self.took) or [0.0]
        median, p95 = (took[len(took) * share // 100] * 1e3 for share in (50, 95))
        return f"milliseconds a message: median {median:.2f}, p95 {p95:.2f}"


def run(asked: argparse.Namespace) -> None:
    """Evaluate, print, write.

    Raises:
        Unreadable: a line is wrong.
        ConfigurationError: the model is damaged.
        OSError: a file cannot be read or written.

    """
    classifier = Timed(asked.model.read_bytes())
    outcomes = measured(asked.data, classifier)
    print(figures(outcomes))
    prices = Prices(asked.price_in, asked.price_out, asked.prompt_tokens, asked.answer_tokens)
    print(f"\n{cost(outcomes, prices)}\n{classifier}")
    if asked.out:
        lines = (json.dumps(judging.row(outcome), ensure_ascii=False) for outcome in outcomes)
        asked.out.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    _draw(outcomes, asked.png or (asked.out.with_suffix(".png") if asked.out else Path(PICTURE)))


def _draw(outcomes: Sequence[Outcome], picture: Path) -> None:
    if curves := risk_coverage.curves(outcomes):
        risk_coverage.draw(curves, picture)
        print(f"risk-coverage curve: {picture}")
    else:
        print("risk-coverage curve: none without labels")


def arguments(given_: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make evaluate", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--png", type=Path)
    usual = Prices()
    parser.add_argument("--price-in", type=float, default=usual.tokens_in, help="dollars per million tokens")
    parser.add_argument(
        "--price-out", type=float, default=usual.tokens_out, help="dollars per million tokens"
    )
    parser.add_argument("--prompt-tokens", type=int, default=usual.prompt, help="tokens around the text")
    parser.add_argument("--answer-tokens", type=int, default=usual.answer)
    return parser.parse_args(given_)


def main() -> None:
    """Run the command."""
    try:
        run(arguments())
    except (Unreadable, ConfigurationError, OSError) as error:
        print(f"make evaluate: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
