"""Measures the shipped classifier on labelled messages: `make evaluate DATA=<file of JSON lines>`."""

import argparse
import time
from pathlib import Path

from chalicelib.classifier import MODEL, Classifier
from training import labelled, report


def main() -> None:
    """Read `{"text", "label"?, "lang"?, "id"?}` a line, classify, print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--model", type=Path, default=MODEL)
    given = arguments.parse_args()
    rows = labelled.read(given.data)
    classifier = Classifier(given.model.read_bytes())
    took, reads = [], []
    for row in rows:
        start = time.perf_counter()
        reads.append(classifier.classify(row.text))
        took.append(time.perf_counter() - start)
    print(report.told(rows, reads))
    took.sort()
    median, p95 = (took[len(took) * share // 100] * 1e3 for share in (50, 95))
    print(f"\nmilliseconds a message: median {median:.2f}, p95 {p95:.2f}")


if __name__ == "__main__":
    main()
