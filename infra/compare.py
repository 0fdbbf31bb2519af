"""`make compare MODEL=<file>`: replays the last tickets with another model and tells what would change.

Both models, the shipped one and MODEL, decide about the present text of the last N tickets (1000 unless told
otherwise) by the rules of this checkout. Nothing is written or sent, and no text is shown but with TEXT=1. On
this machine by run.json; in an account with STACK=…, by the environment's AWS settings.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import classifier, policies
from chalicelib.errors import ConfigurationError
from chalicelib.platforms import PLATFORMS
from chalicelib.storage_limits import storage_limits
from chalicelib.ticket_index import TicketIndex
from chalicelib.ticket_store import TicketStore
from infra import chosen_model, last_tickets, shadow
from infra.commands import command
from infra.open_table import open_table

USUAL = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """What to compare. `stack`: empty for what runs on this machine."""

    model: bytes
    most: int
    stack: str
    with_text: bool


def asked(environ: Mapping[str, str]) -> Asked:
    """Read MODEL, N, STACK and TEXT.

    Raises:
        ConfigurationError: names what is wrong.

    """
    most = environ.get("N") or str(USUAL)
    if not (most.isascii() and most.isdigit() and int(most)):
        raise ConfigurationError(f"N={most}: give the number of tickets to replay, as in N={USUAL}")
    model = chosen_model.read(environ.get("MODEL", ""))
    with_text = environ.get("TEXT", "0") not in {"", "0"}
    return Asked(model, int(most), environ.get("STACK", ""), with_text)


def compared(what: Asked, dynamodb: Any, table: str, now: int) -> Iterator[str]:
    """Read the table, replay, and write what would change.

    now: UTC epoch seconds; what a storage limit forbids by then is not read.

    Raises:
        ConfigurationError: the model is damaged.
        Unavailable: DynamoDB does not answer.

    """
    rules = policies.load()
    new = shadow.judge(classifier.Classifier(what.model).classify, rules)
    store = TicketStore(dynamodb, table, storage_limits(PLATFORMS, lambda: now))
    tickets = list(last_tickets.read(TicketIndex(dynamodb, table), store, rules.departments.ids, what.most))
    replayed = list(shadow.replay(tickets, shadow.judge(classifier.load().classify, rules), new))
    yield f"{len(replayed)} tickets replayed; {len(tickets) - len(replayed)} without a text left out"
    by = Counter(each.ticket.decision.decided_by or "nobody" for each in replayed)
    yield f"first read by: {', '.join(f'{name} {n}' for name, n in by.most_common()) or 'nobody'}\n"
    yield from shadow.told(replayed, with_text=what.with_text)


@command
def main() -> None:
    """Print what would change."""
    what = asked(os.environ)
    for line in compared(what, *open_table(what.stack), int(time.time())):
        print(line)


if __name__ == "__main__":
    main()
