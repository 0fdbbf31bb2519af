"""The erasure, once over the fake table and once over a real one on the local engine."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from chalicelib.decision import Decision
from chalicelib.envelope import Envelope
from chalicelib.erasure import SLOW_CLOCKS, Erasure
from chalicelib.merging import enriched, open_ticket
from chalicelib.message import Author, Change, Kind, Message
from chalicelib.our_replies import GuardReading, Help, ObservedReply
from chalicelib.platforms import PLATFORMS
from chalicelib.quarantine import Quarantine
from chalicelib.reply_store import ReplyStore
from chalicelib.storage_limits import HOUR, MARGIN, storage_limits
from chalicelib.table_reads import read_partition
from chalicelib.ticket import Ticket, ticket_id
from chalicelib.ticket_store import TicketStore
from tests.made import clocks

RECEIVED = 1_764_057_600
PROFILE_OVER = RECEIVED + 24 * HOUR - MARGIN + SLOW_CLOCKS
TEXT_OVER = RECEIVED + 48 * HOUR - MARGIN + SLOW_CLOCKS
MESSAGE = Message(
    platform="linkedin",
    change=Change.CREATED,
    kind=Kind.COMMENT,
    message_id="urn:li:comment:(activity:1,2)",
    author=Author("urn:li:person:1", "Mira Feld"),
    text="Wo bleibt die Antwort?",
    permalink="https://linkedin.example/1",
)
REPLY = replace(
    MESSAGE,
    message_id="own",
    in_reply_to=MESSAGE.message_id,
    from_us=True,
    text="Sofort!",
    author=Author("us"),
)
DECISION = Decision(
    category="criticism",
    confidence=0.9,
    decided_by="model:1",
    because=("Wort",),
    department="marketing",
    clocks=clocks(RECEIVED),
)

READ = GuardReading(label=Help.RECEIPT, confidence=0.9, automatic=False, because=("Sofort",), reader="1")


@dataclass
class Clock:
    """Time stands still until it is set."""

    now: int = RECEIVED

    def __call__(self) -> int:
        return self.now


@dataclass
class Keeper:
    """Everything that writes what has a limit, over one table and clock."""

    clock: Clock
    tickets: TicketStore
    replies: ReplyStore
    quarantine: Quarantine
    erasure: Erasure
    erased: list[tuple[str, int]]

    def run(self, now: int) -> list[tuple[str, int]]:
        """Erase at a time; tell how many of what."""
        self.clock.now = now
        self.erased.clear()
        self.erasure.run()
        return self.erased

    def items(self, key: str) -> dict[str, dict[str, Any]]:
        found = read_partition(self.tickets.client, self.tickets.table, key)
        return {item["sk"]: item for item in found}

    def open(self, message: Message = MESSAGE, received_at: int = RECEIVED) -> Ticket:
        return self.tickets.open(open_ticket(message, DECISION, received_at))


@pytest.fixture
def keeper(table: tuple[Any, str]) -> Keeper:
    clock, erased = Clock(), list[tuple[str, int]]()
    limits = storage_limits(PLATFORMS, clock)

    def count(metric: str, times: int, *, platform: str, what: str) -> None:
        assert (metric, platform) == ("Erased", "linkedin")
        erased.append((what, times))

    return Keeper(
        clock,
        TicketStore(*table, limits),
        ReplyStore(*table, limits),
        Quarantine(*table, limits),
        Erasure(*table, limits, count),
        erased,
    )


def test_content_goes_in_stages_and_the_link_stays(keeper: Keeper) -> None:
    ticket = keeper.open()
    assert keeper.run(PROFILE_OVER - 1) == []
    assert keeper.tickets.read(ticket.id) != ticket  # hidden already

    assert keeper.run(PROFILE_OVER) == [("profile", 1)]
    content = keeper.items(ticket.id)["content"]
    assert not {"author_id", "author_name"} & content.keys()
    assert (content["text"], content["because"]) == (MESSAGE.text, ["Wort"])

    assert keeper.run(TEXT_OVER - 1) == []
    assert keeper.run(TEXT_OVER) == [("text", 1)]
    content = keeper.items(ticket.id)["content"]
    assert content.keys() == {"pk", "sk", "permalink", "received_at", "rank"}
    assert keeper.run(TEXT_OVER + HOUR) == []


def test_what_was_missed_for_long_goes_at_once(keeper: Keeper) -> None:
    ticket = keeper.open()

    assert keeper.run(TEXT_OVER) == [("profile", 1), ("text", 1)]
    assert "text" not in keeper.items(ticket.id)["content"]


def test_an_observed_reply_stays_without_its_words(keeper: Keeper) -> None:
    ticket = keeper.open()
    keeper.replies.observe(REPLY, ticket.id, RECEIVED, READ)
    keeper.run(TEXT_OVER)
    keeper.replies.observe(REPLY, ticket.id, TEXT_OVER, READ)

    read = keeper.tickets.read(ticket.id)
    assert read
    (reply,) = read.observed_replies
    assert (reply.message_id, reply.author, reply.text) == ("own", Author("us"), None)
    assert "Sofort!" not in str(keeper.items(ticket.id))


TOLD = ObservedReply(
    id="r_1",
    message_id=None,
    in_reply_to=None,
    author=Author(None, "Selma"),
    text="Wir melden uns bis Freitag.",
    occurred_at=RECEIVED,
    received_at=RECEIVED,
    reading=GuardReading(
        label=Help.RECEIPT,
        confidence=0.9,
        automatic=False,
        because=("melden uns",),
        promise_text="bis Freitag",
        promise=RECEIVED + 9,
        reader="1",
    ),
    where="phone",
)


def test_a_reply_that_was_told_stays_without_its_words_and_those_of_its_reading(keeper: Keeper) -> None:
    ticket = keeper.open()
    assert keeper.replies.tell(ticket, TOLD)
    assert not keeper.replies.tell(ticket, replace(TOLD, text="Anders"))
    read = keeper.tickets.read(ticket.id)
    assert read
    told = replace(TOLD, beside=ticket.id)
    assert read.observed_replies == (told,)

    keeper.clock.now = TEXT_OVER - SLOW_CLOCKS
    hidden = keeper.tickets.read(ticket.id)
    assert hidden
    assert hidden.observed_replies == (told.without_words(),)
    keeper.run(TEXT_OVER)
    keeper.clock.now = RECEIVED
    kept = str(keeper.items(ticket.id)["reply#r_1"])
    assert "receipt" in kept
    assert not [word for word in ("melden", "Freitag", "Anders") if word in kept]


def test_what_quarantine_holds_goes_and_its_entry_stays(keeper: Keeper) -> None:
    key = keeper.quarantine.put(Envelope("linkedin", RECEIVED, b"Kanarienvogel"), "no", RECEIVED)
    stranger = keeper.quarantine.put(Envelope("facebook", RECEIVED, b"{}"), "no", RECEIVED)

    assert keeper.run(PROFILE_OVER - 1) == []
    assert keeper.run(PROFILE_OVER) == [("delivery", 1)]
    assert keeper.items(key).keys() == {"quarantine"}
    assert keeper.items(stranger).keys() == {"quarantine", "piece000"}


def test_a_repeat_or_an_edit_brings_nothing_back_that_was_erased(keeper: Keeper) -> None:
    ticket = keeper.open()
    edit = replace(MESSAGE, change=Change.EDITED, version=5, text="Und?")
    for over in (PROFILE_OVER, TEXT_OVER):
        keeper.run(over)
        read = keeper.tickets.read(ticket.id)
        assert read
        # Once as it was read, and once as a worker with a slow clock, who had read it before, would do it.
        for now in (over, RECEIVED):
            keeper.clock.now = now
            keeper.tickets.enrich(read, enriched(read, MESSAGE, now))
            keeper.tickets.rewrite(read, open_ticket(replace(edit, version=now), DECISION, RECEIVED))
            keeper.tickets.contents.note_because(ticket)
            assert "Mira" not in str(keeper.items(ticket.id))

    assert not {"text", "because", "author_id", "expires_at"} & keeper.items(ticket.id)["content"].keys()


def test_what_was_withdrawn_is_not_erased_again(keeper: Keeper) -> None:
    ticket = keeper.open()
    keeper.tickets.withdraw(ticket, RECEIVED)

    assert keeper.run(TEXT_OVER) == []
    assert keeper.items(ticket.id).keys() == {"ticket"}


def test_more_than_a_page_of_the_index_is_erased(keeper: Keeper) -> None:
    """A query answers with 1 MB at most; here the fake is told to answer with two rows."""
    keys = [keeper.open(replace(MESSAGE, message_id=str(n)), RECEIVED + n).id for n in range(7)]
    ask = keeper.erasure.client.query
    narrow = type("Narrow", (), {"__getattr__": lambda _, name: getattr(keeper.tickets.client, name)})()
    narrow.query = lambda **request: ask(**request, Limit=2)
    erasure = replace(keeper.erasure, client=narrow)
    keeper.clock.now = PROFILE_OVER + 4
    erasure.run()

    assert keeper.erased == [("profile", 5)]
    left = [key for key in keys if "author_id" in keeper.items(key)["content"]]
    assert left == [ticket_id("linkedin", str(n)) for n in (5, 6)]
