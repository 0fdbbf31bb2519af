"""The changes of messages, in any order, through the app as `make run` runs it."""

import os
import random
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from chalicelib.ticket import ticket_id
from tests.dialects import DIALECTS, REPLY, SAID, Dialect
from tests.signing import signed
from tests.started import Started, started, wait_for

ORDERS = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "fuzz" else 4
TEXTS = ("created", "edited", "edited again")

Order = tuple[Dialect, int, list[str]]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    with started(tmp_path_factory.mktemp("running")) as app:
        yield app


def orders() -> list[Order]:
    """Draw orders with repeats of all that each platform can send about a message."""
    chance, drawn = random.Random(3), list[Order]()
    for dialect in DIALECTS.values():
        everything = list(dialect.deliveries(0))
        for number in range(ORDERS):
            some = chance.sample(everything, chance.randint(1, len(everything)))
            order = some + chance.choices(some, k=2)
            chance.shuffle(order)
            drawn.append((dialect, 500 + len(drawn) + number, order))
    return drawn


def expected(dialect: Dialect, order: list[str]) -> Any:
    """Tell what must be seen of a message after all of this: its status, its text, our replies to it."""
    texts = [SAID[what] for what in TEXTS if what in order]
    if not texts:
        return None
    replies = [] if "replied" not in order else [None] if "reply deleted" in order else [REPLY]
    if "deleted" in order:
        return {"withdrawn"}, {None}, replies
    status = {"no_answer_needed"} if texts == [SAID["created"]] else {"open"}
    if "replied" in order:  # a receipt, unless it was deleted before anybody could read it
        status |= {"acknowledged"}
    return status, set(texts[1:] if dialect.edits_by_receipt and len(texts) > 1 else texts[-1:]), replies


def test_every_order_ends_as_it_must(running: Started) -> None:
    drawn, run = orders(), running.run
    with httpx.Client(base_url=run["api"], trust_env=False, timeout=60) as client:
        for dialect, number, order in drawn:
            for what in order:
                body = dialect.deliveries(number)[what]
                headers = signed(dialect.platform, run["secrets"][dialect.platform], body, int(time.time()))
                answer = client.post(f"/webhooks/{dialect.platform}", content=body, headers=headers)
                assert (what, answer.status_code) == (what, 200)
    wait_for(running.is_settled)

    assert running.get("/quarantine")["quarantine"] == []
    shown = {ticket["id"] for ticket in running.tickets()}
    for dialect, number, order in drawn:
        key, must = ticket_id(dialect.platform, dialect.message_id(number)), expected(dialect, order)
        assert (key in shown, order) == (must is not None, order)
        if must is not None:
            ticket = running.get(f"/tickets/{key}")
            replies = [reply["text"] for reply in ticket["observed_replies"]]
            assert (order, ticket["status"] in must[0], replies) == (order, True, must[2])
            assert (order, ticket["text"] in must[1]) == (order, True)
