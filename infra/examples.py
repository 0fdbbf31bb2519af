"""`make history OUT=examples.jsonl`: what people have made of messages, for `make evaluate` and `make train`.

A line for each ticket that was reclassified, if its text is still there and still the one that was corrected.
On this machine by run.json; in an account with STACK=…, by the environment's AWS settings. What it writes is
personal, and nobody erases it for you.
"""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chalicelib.errors import ConfigurationError
from chalicelib.examples import Example, Examples
from chalicelib.plain_text import plain
from chalicelib.platforms import PLATFORMS
from chalicelib.storage_limits import storage_limits
from chalicelib.ticket import Ticket
from chalicelib.ticket_store import TicketStore
from infra.commands import command
from infra.local import private_files
from infra.open_table import open_table


def lines(examples: Examples) -> Iterator[str]:
    """Write each example as a line of JSON."""
    for example, ticket in examples.usable():
        if plain(ticket.text or "").strip():
            yield json.dumps(_row(example, ticket), ensure_ascii=False) + "\n"


def _row(example: Example, ticket: Ticket) -> dict[str, Any]:
    return {
        "id": ticket.id,
        "text": plain(ticket.text or ""),
        "lang": ticket.decision.language or "unknown",
        "platform": ticket.platform,
        "label": example.category,
        "topics": list(example.topics),
    }


@command
def main() -> None:
    """Write OUT, for our eyes only."""
    out = os.environ.get("OUT", "")
    if not out:
        raise ConfigurationError("OUT: name the file to write, as in OUT=examples.jsonl")
    dynamodb, table = open_table(os.environ.get("STACK", ""))
    limits = storage_limits(PLATFORMS, lambda: int(time.time()))
    written = list(lines(Examples(dynamodb, table, TicketStore(dynamodb, table, limits))))
    try:
        private_files.write(Path(out), "".join(written))
    except OSError as error:
        raise ConfigurationError(f"OUT={out} cannot be written: {error.strerror}") from error
    print(f"{len(written)} examples in {out}")


if __name__ == "__main__":
    main()
