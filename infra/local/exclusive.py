"""One engine for a folder at a time: two would overwrite each other's state."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.errors import DataDirTaken

ITS_LAST_WORK = 30.0  # seconds that an engine may take to save after its parent is gone


@contextmanager
def held(file: Path) -> Iterator[int]:
    """Take a lock and give its descriptor: a child that inherits it holds the lock for as long as it lives.

    An engine whose parent was killed is given time to save; one with a living parent is none of ours.

    Raises:
        DataDirTaken: somebody else holds it.

    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + ITS_LAST_WORK
        while not _locked(descriptor):
            holder = int(file.read_text("ascii") or 0)
            if _other_lives(holder) or time.monotonic() > deadline:
                raise DataDirTaken(
                    f"process {holder} runs from {file.parent}: stop it, or set DATA_DIR to another"
                )
            time.sleep(0.1)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _other_lives(process: int) -> bool:
    if process in {0, os.getpid()}:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's, and alive
        pass
    return True
