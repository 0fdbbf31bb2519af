"""What the person at the terminal sees; everything else goes to DATA_DIR/log/."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

Say = Callable[[str], None]


@contextmanager
def quiet(data_dir: Path) -> Iterator[Say]:
    """Send what the app prints and logs to a file; give a way to speak to the person all the same."""
    terminal = sys.stdout

    def say(text: str) -> None:
        print(text, file=terminal, flush=True)

    file = data_dir / "log" / "app.log"
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.exists():
        file.replace(file.with_suffix(".log.1"))
    with file.open("w", buffering=1, encoding="utf-8") as log, redirect_stdout(log), redirect_stderr(log):
        ours = logging.getLogger("infra")
        handler = logging.StreamHandler(log)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        ours.addHandler(handler)
        ours.setLevel(logging.INFO)
        ours.propagate = False
        try:
            yield say
        finally:
            ours.removeHandler(handler)
