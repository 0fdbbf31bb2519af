"""Keeps the figures on messages that the model had not seen when it read them, for the model card.

They belong to one model: each part was read by a model made like it, but without that part.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from chalicelib.classifier import Classification
from training import report
from training.report import Row

FILE = Path(__file__).with_name("held-out.txt")


def keep(rows: Iterable[Row], reads: Iterable[Classification], model: bytes, file: Path = FILE) -> None:
    """Write the report on held-out messages, with the model that it belongs to in front."""
    file.write_text(f"{digest(model)}\n{report.told(rows, reads)}\n", "utf-8")


def read(model: bytes, file: Path = FILE) -> str | None:
    """Read the report that belongs to a model; None if it is not kept."""
    if not file.exists():
        return None
    kept_for, _, told = file.read_text("utf-8").partition("\n")
    return told.rstrip("\n") if kept_for == digest(model) else None


def digest(model: bytes) -> str:
    """Give the SHA-256 of a model."""
    return hashlib.sha256(model).hexdigest()
