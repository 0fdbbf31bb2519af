"""The engine's state on disk: generations, of which a link names the one that is whole.

The engine's own saving writes file after file in place, and at a clean stop only; a kill between two of
them would leave a table and queues that never existed together.
"""

import shutil
import time
import traceback
from pathlib import Path

from ministack import app as engine
from ministack.core import persistence

KEPT = engine.PERSIST_STATE
STATE = Path(persistence.STATE_DIR).with_name("state")  # the link
persistence.STATE_DIR = str(STATE)  # so that the engine loads through it


def save() -> None:
    """Write a whole new generation, then point the link to it in one step.

    Raises:
        OSError: something could not be written; the last generation stays.

    """
    generation = STATE.with_name(f"{STATE.name}-{time.time_ns()}")
    try:
        _write_all(generation)
    except BaseException:
        shutil.rmtree(generation, ignore_errors=True)  # or a full disk would only get fuller
        raise
    link = STATE.with_name("next")
    link.unlink(missing_ok=True)
    link.symlink_to(generation.name)
    link.replace(STATE)
    for old in STATE.parent.glob(f"{STATE.name}-*"):
        if old != generation:
            shutil.rmtree(old, ignore_errors=True)


def _write_all(generation: Path) -> None:
    if STATE.exists():
        shutil.copytree(STATE, generation)  # a service that was not loaded this time keeps its file
    persistence.STATE_DIR = str(generation)
    states = engine._build_persistence_save_dict()  # noqa: SLF001  (no public way; the version is pinned)
    for name, get_state in states.items():
        _write(generation / f"{name}.json", get_state())


def _write(file: Path, state: object) -> None:
    if state is None:
        return
    file.unlink(missing_ok=True)
    persistence.save_state(file.stem, state)
    if not file.exists():  # it only logs its failures
        raise OSError(f"the engine could not save {file.stem}")


def save_as_child() -> int:
    """Save in a forked child, where no error may go further up; return its exit status."""
    try:
        save()
    except BaseException:  # noqa: BLE001  (nothing above us in a forked child)
        traceback.print_exc()
        return 1
    return 0
