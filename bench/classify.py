"""What reading a message costs against scikit-learn, and starting against boto3: ratios of one run.

    make bench

Scikit-learn reads with the same kinds of features: words and pairs of words, 2 to 5 characters; a logistic
regression weighs them. It runs where we train; what is started runs where we run.

The classifier remembers what words weigh. So it is timed on messages that it has not read, as a new worker
(nothing read yet) and as one that has read 2,000 messages.
"""

import random
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from typing import Any

from ratios import ROOT, ROUNDS, ratio, starting, told
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

sys.path.insert(0, str(ROOT))
from chalicelib import classifier
from training import labelled
from training.labelled import Labelled

PYTHON = ROOT / ".venv" / "bin" / "python"
TEXTS = 100
READ = 2000
START = "from chalicelib import classifier; classifier.load()"
Read = Callable[[str], Any]
GOALS = {"one message": 0.4, "start-up": 0.2}


def equivalent(rows: Sequence[Labelled]) -> Any:
    """Fit scikit-learn's pipeline; a few rounds will do, they change nothing in what a prediction takes."""
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True),
    )
    pipeline = make_pipeline(features, LogisticRegression(max_iter=5))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return pipeline.fit([row.text for row in rows], [row.label for row in rows])


def reading(texts: Sequence[str], theirs: Any, ours: Iterator[Read]) -> list[float]:
    """Compare reading messages one by one, that none of ours has read before."""
    others = repeat(lambda text: theirs.predict_proba([text]))
    return ratio(_each(texts, ours), _each(texts, others), times=1)


def experienced(texts: Sequence[str]) -> Iterator[Read]:
    """Give one that has read these."""
    worker = classifier.load()
    for text in texts:
        worker.classify(text)
    return repeat(worker.classify)


def new() -> Iterator[Read]:
    """Give a new one for each round; they are made before any time is taken."""
    return iter([classifier.load().classify for _ in range(ROUNDS)])


def _each(texts: Sequence[str], readers: Iterator[Read]) -> Callable[[], None]:
    """Read other texts in each round."""
    batches = iter([texts[i : i + TEXTS] for i in range(0, ROUNDS * TEXTS, TEXTS)])

    def run() -> None:
        read = next(readers)
        for text in next(batches):
            read(text)

    return run


def main() -> None:
    """Print the table."""
    print(f"\nclassifier, median of {ROUNDS} paired rounds, against scikit-learn / `import boto3`\n")
    rows = labelled.read_all()
    random.Random(1).shuffle(rows)  # noqa: S311  (repeatable, not secret)
    texts, theirs = [row.text for row in rows], equivalent(rows)
    told("one message", reading(texts[READ:], theirs, experienced(texts[:READ])), GOALS["one message"])
    told("… to a new worker", reading(texts[READ:], theirs, new()))
    told("start-up", starting(START, "import boto3", {}, PYTHON), GOALS["start-up"])


if __name__ == "__main__":
    main()
