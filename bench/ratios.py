"""Compares two things in one run, in turn, so that a machine that changes its pace changes it for both."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
ROUNDS = 31


def ratio(ours: Callable[[], Any], theirs: Callable[[], Any], times: int) -> list[float]:
    """Time both in turn."""
    ratios = []
    for _ in range(ROUNDS):
        taken = []
        for function in (ours, theirs):
            start = time.perf_counter()
            for _ in range(times):
                function()
            taken.append(time.perf_counter() - start)
        ratios.append(taken[0] / taken[1])
    return ratios


def starting(
    ours: str, theirs: str, environment: Mapping[str, str], python: str | Path = sys.executable
) -> list[float]:
    """Compare what two pieces of code take, each in a new process, without the start of Python."""
    both = [partial(_process, code, environment, python) for code in (ours, theirs)]
    for run in both:
        run()  # so that its modules are compiled
    return [both[0]() / both[1]() for _ in range(ROUNDS)]


def _process(code: str, environment: Mapping[str, str], python: str | Path) -> float:
    timed = f"import time; t = time.perf_counter()\n{code}\nprint(time.perf_counter() - t)"
    # Modules are compiled once, as they are on Lambda, whatever the user's settings are.
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [python, "-c", timed],
        cwd=ROOT,
        env={**usual, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def told(name: str, ratios: list[float], goal: float | None = None) -> None:
    """Print one row."""
    median, low, high = statistics.median(ratios), min(ratios), max(ratios)
    wanted = f"   goal: at most {goal} x" if goal else ""
    print(f"{name:<32} {median:>6.2f} x   (min {low:.2f}, max {high:.2f}){wanted}")
