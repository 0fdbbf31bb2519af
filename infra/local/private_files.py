"""Files for our eyes only: written whole or not at all, mode 0600."""

import os
import tempfile
from pathlib import Path


def write(file: Path, content: str) -> None:
    """Put a file in its place in one step."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")  # mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(content)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
