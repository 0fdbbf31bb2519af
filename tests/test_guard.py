"""What the clocks hear of a reply: how the guard has read it, and when it counts."""

from dataclasses import replace

import pytest

from chalicelib.guard import LONGEST_PROMISE, guarded, heard
from chalicelib.message import Author
from chalicelib.our_replies import GuardReading, Help, ObservedReply
from chalicelib.ticket import Ticket
from tests.made import POLICIES
from tests.test_clocks import ticket
from tests.world import NOW

READ = GuardReading(label=Help.RECEIPT, confidence=0.9, automatic=False, reader="1")
REPLY = ObservedReply(
    id="t_1",
    message_id="1",
    in_reply_to=None,
    author=Author("us"),
    text="Wir melden uns.",
    occurred_at=NOW + 60,
    received_at=NOW + 90,
    reading=READ,
)


def counts_at(reply: ObservedReply, of: Ticket) -> int:
    found = heard(reply, of)
    assert found is not None
    return found.at


def test_a_reply_is_read_with_its_words_and_its_promise() -> None:
    read = guarded(
        "Danke, das haben wir gesehen. Wir melden uns bis morgen bei dir.", NOW, ticket(), POLICIES
    )

    assert (read.label, read.automatic) == (Help.RECEIPT, False)
    assert read.promise_text is not None
    assert "morgen" in read.promise_text
    assert read.promise is not None
    assert NOW < read.promise < NOW + 2 * 86_400
    assert read.because


@pytest.mark.parametrize(
    ("occurred_at", "counts"), [(NOW - 5, NOW), (NOW + 60, NOW + 60), (NOW + 99, NOW + 90), (None, NOW + 90)]
)
def test_a_reply_counts_between_the_message_and_when_we_saw_it(occurred_at: int | None, counts: int) -> None:
    assert counts_at(replace(REPLY, occurred_at=occurred_at), ticket()) == counts


def test_what_a_machine_said_or_nobody_has_read_is_not_heard() -> None:
    assert heard(replace(REPLY, reading=replace(READ, automatic=True)), ticket()) is None
    assert heard(replace(REPLY, reading=None), ticket()) is None


@pytest.mark.parametrize(
    ("due", "kept"), [(60, None), (61, 61), (60 + LONGEST_PROMISE,) * 2, (61 + LONGEST_PROMISE, None)]
)
def test_a_promise_is_of_the_coming_year(due: int, kept: int | None) -> None:
    found = heard(replace(REPLY, reading=replace(READ, promise=NOW + due)), ticket())

    assert found is not None
    assert found.promise == (None if kept is None else NOW + kept)
