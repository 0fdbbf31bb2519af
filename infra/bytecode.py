"""Compiles the Python files of a deployment zip, so that a cold start does not have to.

Chalice packs sources only and Lambda's code directory cannot be written to: without this every cold start
compiles everything anew (docs/decisions/0011).
"""

import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from infra.commands import run

WHERE_LAMBDA_UNPACKS = "/var/task"  # so that tracebacks name the files that are there
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can tell


def add(archive: Path, instead: Mapping[str, bytes]) -> None:
    """Put a `.pyc` beside every `.py`; the same sources always give the same bytes.

    instead: other contents of files, by their names in the zip.
    """
    with tempfile.TemporaryDirectory() as folder:
        code = Path(folder)
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(code)
        for name, content in instead.items():
            (code / name).write_bytes(content)
        for stale in code.rglob("__pycache__"):
            shutil.rmtree(stale)
        _compile(code)
        _pack(code, archive)


def _compile(code: Path) -> None:
    # Unchecked: no file is looked at to see whether its bytecode is still right, and times do not matter.
    how = ["-q", "--invalidation-mode", "unchecked-hash", "-s", str(code), "-p", WHERE_LAMBDA_UNPACKS]
    # A random hash seed would give frozen sets another order each time.
    run("python", "-m", "compileall", *how, code, cwd=code, env=os.environ | {"PYTHONHASHSEED": "0"})


def _pack(code: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for file in sorted(path for path in code.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(code).as_posix(), EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, file.read_bytes())
