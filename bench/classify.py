"""What reading a message costs against scikit-learn, and starting against boto3: ratios of one run.

    make bench

Scikit-learn reads with the same kinds of features: words and pairs of words, 2 to 5 characters; a logistic
regression weighs them. It runs where we train; what is started runs where we run.
"""

import sys
import warnings
from collections.abc import Callable, Sequence
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
START = "from chalicelib import classifier; classifier.load()"
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


def reading() -> list[float]:
    """Compare reading messages one by one."""
    rows = labelled.read_all()
    texts = [row.text for row in rows[:: len(rows) // TEXTS]]
    theirs, ours = equivalent(rows), classifier.load()

    def each(read: Callable[[str], Any]) -> Callable[[], None]:
        def run() -> None:
            for text in texts:
                read(text)

        return run

    both = each(ours.classify), each(lambda text: theirs.predict_proba([text]))
    for run in both:
        run()
    return ratio(*both, times=1)


def main() -> None:
    """Print the table."""
    print(f"\nclassifier, median of {ROUNDS} paired rounds, against scikit-learn / `import boto3`\n")
    told("one message", reading(), GOALS["one message"])
    told("start-up", starting(START, "import boto3", {}, PYTHON), GOALS["start-up"])


if __name__ == "__main__":
    main()
