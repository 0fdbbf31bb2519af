"""`make explain PLATFORM=… FILE=…`: why a delivery becomes what it becomes. Asks nothing of AWS.

One line of JSON for each event, then one with the number of those ignored; what cannot be read is told in a
line on stderr, with exit status 2.
"""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from chalicelib import classifier, policies, triage
from chalicelib.decision import Decision
from chalicelib.envelope import MAX_BODY
from chalicelib.errors import ConfigurationError
from chalicelib.message import Message
from chalicelib.platforms import PLATFORMS
from chalicelib.settings import Settings
from infra import outcome
from infra.commands import command
from infra.errors import Unreadable
from infra.outcome import Outcome

STDIN = "-"
FAILED_SHOWN = 5
WANTED = "give the body of one delivery, byte for byte as it came"

# JSON may hold them as they are, but they end a line for some readers, or steer a terminal.
ESCAPED = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), 0x2028, 0x2029)}


def explain(environ: Mapping[str, str], now: int) -> Outcome:
    """Read the delivery that PLATFORM and FILE name, and decide about its messages as if they came now.

    Args:
        environ: the environment; OWN_ACCOUNTS counts as it does for the worker.
        now: UTC epoch seconds from which the acknowledgement times run.

    Raises:
        ConfigurationError: PLATFORM or FILE is missing or wrong.
        Unreadable: the file holds no delivery of the platform.

    """
    name, file = environ.get("PLATFORM", ""), environ.get("FILE", "")
    if name not in PLATFORMS:
        wrong = f"there is no PLATFORM {name!r}" if name else "PLATFORM is missing"
        raise ConfigurationError(f"{wrong}: name one of {', '.join(PLATFORMS)}")
    reader, rules = classifier.load(), policies.load()

    def decide(message: Message) -> Decision:
        return triage.decide(message, now, reader.classify, rules)

    body, ours = _read(file), Settings(environ).own_accounts.get(name, ())
    try:
        return outcome.of(PLATFORMS[name], body, decide, ours)
    except Unreadable as error:
        raise Unreadable(f"FILE={file!r} is no delivery of {name}: {error}; {WANTED}") from error


def _read(file: str) -> bytes:
    if not file:
        raise ConfigurationError(f"FILE is missing: name a file, or {STDIN} for standard input; {WANTED}")
    try:
        with sys.stdin.buffer if file == STDIN else Path(file).open("rb") as opened:
            body = opened.read(MAX_BODY + 1)
    except OSError as error:
        raise Unreadable(f"FILE={file!r}: {error.strerror}; name another file") from error
    if not body:
        raise Unreadable(f"FILE={file!r} is empty; {WANTED}")
    if len(body) > MAX_BODY:
        raise Unreadable(f"FILE={file!r} is larger than the {MAX_BODY} bytes we take; {WANTED}")
    return body


def lines(found: Outcome) -> Iterator[str]:
    """Write an outcome, one line an event."""
    for each in (*found.events, {"ignored": found.ignored}):
        yield json.dumps(each, ensure_ascii=False).translate(ESCAPED)


def _print(found: Outcome) -> None:
    # Half a surrogate pair becomes what it is in JSON: \udxxx.
    sys.stdout.buffer.write("".join(f"{line}\n" for line in lines(found)).encode("utf-8", "backslashreplace"))
    sys.stdout.flush()


def _main() -> None:
    found = explain(os.environ, int(time.time()))
    _print(found)
    if found.failed:
        some = "; ".join(found.failed[:FAILED_SHOWN])
        more = "; …" if len(found.failed) > FAILED_SHOWN else ""
        raise Unreadable(
            f"{len(found.failed)} of {found.size} events cannot be read, and go to quarantine: {some}{more}"
        )


main = command(_main, status=2)

if __name__ == "__main__":
    main()
