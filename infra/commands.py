"""What our commands have in common: they print their errors in a line, and run other programs."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import ZustaendigError
from infra.errors import CommandFailed


def command(main: Callable[[], None], status: int = 1) -> Callable[[], None]:
    """Exit with a line and that status instead of a traceback for whatever names its remedy itself."""

    @wraps(main)
    def told() -> None:
        try:
            main()
        except (ZustaendigError, BotoCoreError, ClientError) as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            sys.exit(status)
        except BrokenPipeError:  # whoever reads us, `head` say, has enough; nothing is left to be flushed
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        except KeyboardInterrupt:
            sys.exit(130)

    return told


def run(program: str, *arguments: str | Path, cwd: Path, env: Mapping[str, str]) -> str:
    """Run a program of our own virtual environment and return what it said.

    Raises:
        CommandFailed: it said no; its words are in the message.

    """
    argv = [str(Path(sys.executable).with_name(program)), *map(str, arguments)]
    done = subprocess.run(  # noqa: S603  (no shell, and nothing from outside)
        argv, cwd=cwd, env=env, check=False, capture_output=True, text=True
    )
    said = (done.stdout + done.stderr).strip()
    if done.returncode:
        raise CommandFailed(f"{program}: {said}")
    return said
