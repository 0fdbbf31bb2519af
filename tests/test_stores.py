"""The stores, once over the fake table and once over a real one on the local engine: both must agree."""

import random
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from chalicelib import listing
from chalicelib.attributes import CONTENT, TICKET, dumped
from chalicelib.decision import Decision, Result
from chalicelib.envelope import Envelope
from chalicelib.errors import Rejected, Unavailable
from chalicelib.history import Happened
from chalicelib.identity import Caller
from chalicelib.merging import completed, enriched, open_ticket, revised
from chalicelib.message import Author, Change, Kind, Message
from chalicelib.platforms import PLATFORMS
from chalicelib.quarantine import LISTED_UNDER, Quarantine, entry_id
from chalicelib.storage_limits import HOUR, MARGIN, storage_limits
from chalicelib.table_reads import read_partition
from chalicelib.ticket import Status, Ticket
from chalicelib.ticket_index import TicketIndex
from chalicelib.ticket_items import listed_under, ticket_item
from chalicelib.ticket_store import TicketStore
from tests.fakes import FakeDynamoDB
from tests.made import acknowledge, answer, clocks
from tests.world import NOW

LIMITS = storage_limits(PLATFORMS, lambda: NOW)


@pytest.fixture
def store(table: tuple[Any, str]) -> TicketStore:
    return TicketStore(*table, LIMITS)


@pytest.fixture
def index(table: tuple[Any, str]) -> TicketIndex:
    return TicketIndex(*table)


@pytest.fixture
def quarantine(table: tuple[Any, str]) -> Quarantine:
    return Quarantine(*table, LIMITS)


MIRA, JONAS = Caller("mira", "Mira", frozenset()), Caller("jonas", "Jonas", frozenset())
MESSAGE = Message(
    platform="facebook",
    change=Change.CREATED,
    kind=Kind.COMMENT,
    message_id="1_2",
    account_id="301",
    in_reply_to="1",
    author=Author("501", "Jonas"),
    text="Größe 😀",
    permalink="https://facebook.example/1",
    occurred_at=90,
)
DECISION = Decision(
    category="criticism",
    confidence=0.8751,
    topics=("recruiting",),
    decided_by="model:1",
    result=Result.UNSURE,
    guesses=(("criticism", 0.8751), ("praise", 0.0704)),
    because=("Größe",),
    language="de",
    department="communications",
    clocks=clocks(200),
)
UNOWNED = replace(DECISION, department=None, clocks=(), category="other")


def ticket(message: Message = MESSAGE, decision: Decision = DECISION, received_at: int = 100) -> Ticket:
    return open_ticket(message, decision, received_at)


def test_a_ticket_comes_back_as_it_was_opened(store: TicketStore) -> None:
    opened = store.open(ticket())

    assert store.read(opened.id) == opened == ticket()


def test_a_ticket_of_nothing_but_an_id_comes_back_too(store: TicketStore) -> None:
    bare = Message(platform="x", change=Change.CREATED, kind=Kind.POST, message_id="7")
    empty = Decision(
        category=None, confidence=None, decided_by=None, department="social_media", clocks=clocks(9)
    )
    opened = store.open(ticket(bare, empty))

    assert store.read(opened.id) == opened
    assert opened.accounts == frozenset()


def test_a_ticket_that_is_older_than_its_reading_comes_back_too(store: TicketStore, table: Any) -> None:
    client, name = table
    old = ticket_item(ticket())
    for later in ("result", "guesses", "language", "for_review"):
        del old[later]
    client.put_item(TableName=name, Item=dumped(old))

    read = store.read(ticket().id)
    assert read is not None
    known = replace(DECISION, result=None, guesses=(), because=(), language=None)
    assert (read.decision, read.erased) == (known, True)


def test_words_of_the_text_lie_with_it_and_go_with_it(store: TicketStore, table: Any) -> None:
    opened = store.open(ticket())
    items = {item["sk"]: item for item in read_partition(store.client, store.table, opened.id)}

    assert "Größe" not in str(items[TICKET])
    assert items[CONTENT]["because"] == ["Größe"]
    store.contents.erase(opened.id)
    read = store.read(opened.id)
    assert read is not None
    assert (read.text, read.decision.because) == (None, ())
    assert read.decision.guesses == DECISION.guesses


def test_an_edit_brings_the_words_of_its_own_text(store: TicketStore) -> None:
    opened = store.open(ticket())
    edit = replace(MESSAGE, change=Change.EDITED, text="Danke!", version=1)
    for words in (("Danke",), ()):
        edit = replace(edit, version=edit.version + 1)
        before = store.read(opened.id) or opened
        after = revised(before, edit, replace(DECISION, because=words), 150, 160)
        assert store.rewrite(before, after)

        read = store.read(opened.id)
        assert read == after
        assert read.decision.because == words


def test_a_text_that_is_read_only_when_it_is_complete_has_its_words(store: TicketStore) -> None:
    poor = replace(MESSAGE, text=None, needs_lookup=True)
    opened = store.open(ticket(poor, replace(DECISION, because=())))
    store.enrich(opened, enriched(opened, MESSAGE, 150))
    before = store.read(opened.id) or opened
    after = completed(before, DECISION, 150)
    assert store.rewrite(before, after)

    read = store.read(opened.id)
    assert read == after
    assert read.decision.because == DECISION.because


def test_words_that_come_after_another_text_are_not_noted(store: TicketStore) -> None:
    opened = store.open(ticket())
    edit = replace(MESSAGE, change=Change.EDITED, text="Danke!", version=1)
    store.contents.revise(revised(opened, edit, replace(DECISION, because=("Danke",)), 150, 160))
    store.contents.note_because(opened)

    read = store.read(opened.id)
    assert read is not None
    assert (read.text, read.decision.because) == ("Danke!", ("Danke",))


def test_that_it_is_for_review_is_kept(store: TicketStore) -> None:
    review = replace(DECISION, category="other", department="social_media", for_review=True)

    assert store.read(store.open(ticket(decision=review)).id) == ticket(decision=review)


def test_what_is_not_there_is_none(store: TicketStore) -> None:
    assert store.read("t_nowhere") is None
    assert store.read_all([]) == {}


def test_the_first_decision_stands(store: TicketStore) -> None:
    first = store.open(ticket())
    second = store.open(ticket(decision=replace(DECISION, department="marketing", clocks=clocks(999))))

    assert second == first
    assert store.read(first.id) == first


def test_a_poorer_twin_does_not_cost_the_text(store: TicketStore) -> None:
    """Two workers open at once: one wrote its poorer content first, the other its ticket."""
    poor = replace(MESSAGE, text=None, author=Author())
    store.contents.fill(ticket(poor))
    store.open(ticket())

    assert store.read(ticket().id) == ticket()


def test_a_richer_repeat_fills_gaps_and_its_account_is_noted(store: TicketStore) -> None:
    poor = replace(MESSAGE, text=None, author=Author(), in_reply_to=None, occurred_at=None)
    opened = store.open(ticket(poor))
    richer = enriched(opened, replace(MESSAGE, account_id="302"), now=150)
    store.enrich(opened, richer)

    read = store.read(opened.id)
    assert read == richer
    assert read is not None
    assert (read.text, read.author, read.occurred_at) == ("Größe 😀", Author("501", "Jonas"), 90)
    assert [(line.what, line.account_id) for line in read.history] == [
        (Happened.OPENED, "301"),
        (Happened.RECEIVED_AGAIN, "302"),
    ]


def test_enriching_twice_changes_nothing(store: TicketStore) -> None:
    opened = store.open(ticket())
    richer = enriched(opened, replace(MESSAGE, account_id="302"), now=150)
    for _ in range(2):
        store.enrich(opened, richer)

    assert store.read(opened.id) == richer


def test_what_is_still_incomplete_stays_so(store: TicketStore) -> None:
    poor = replace(MESSAGE, needs_lookup=True)
    opened = store.open(ticket(poor))
    store.enrich(opened, enriched(opened, replace(poor, account_id="302"), now=150))

    read = store.read(opened.id)
    assert read is not None
    assert (read.incomplete, read.accounts) == (True, frozenset({"301", "302"}))


def test_what_is_complete_never_becomes_incomplete_again(store: TicketStore) -> None:
    """Two repeats at once: one completes the ticket, the other, poorer one only adds its account."""
    opened = store.open(ticket(replace(MESSAGE, text=None, needs_lookup=True)))
    richer = enriched(opened, MESSAGE, now=150)
    store.enrich(opened, richer)
    assert store.rewrite(richer, completed(richer, DECISION, now=150))
    assert not store.rewrite(richer, completed(richer, DECISION, now=150))
    poor = replace(MESSAGE, text=None, needs_lookup=True, account_id="302")
    store.enrich(opened, enriched(opened, poor, now=151))

    read = store.read(opened.id)
    assert read is not None
    assert (read.incomplete, read.text, read.accounts) == (False, "Größe 😀", frozenset({"301", "302"}))
    assert [line.what for line in read.history].count(Happened.COMPLETED) == 1


def test_what_was_known_is_never_overwritten(store: TicketStore) -> None:
    opened = store.open(ticket())
    other = replace(
        MESSAGE, text="anders", author=Author("9", "9"), in_reply_to="9", occurred_at=91, account_id=None
    )

    assert enriched(opened, other, now=150) == opened


def test_erased_content_stays_away(store: TicketStore, table: tuple[Any, str]) -> None:
    opened = store.open(ticket(replace(MESSAGE, text=None)))
    client, name = table
    client.delete_item(TableName=name, Key={"pk": {"S": opened.id}, "sk": {"S": "content"}})
    store.enrich(opened, enriched(opened, MESSAGE, now=150))

    read = store.read(opened.id)
    assert read is not None
    assert (read.text, read.author, read.permalink) == (None, Author(), None)
    assert read.decision == DECISION.without_words()


def test_dispatching_is_remembered_once(store: TicketStore) -> None:
    opened = store.open(ticket())
    store.mark_told(opened, Happened.OPENED, 110)
    store.mark_told(opened, Happened.OPENED, 120)

    read = store.read(opened.id)
    assert read is not None
    assert read.dispatched_at == 110
    assert [line.what for line in read.history] == [Happened.OPENED, Happened.DISPATCHED]


def test_the_first_to_acknowledge_has_acknowledged(store: TicketStore) -> None:
    opened = store.open(ticket())
    first = acknowledge(store, opened, MIRA, 130)
    second = acknowledge(store, opened, JONAS, 140)

    assert first == second
    assert second is not None
    assert (second.status, second.acknowledged_by, second.acknowledged_at) == (
        Status.ACKNOWLEDGED,
        "mira",
        130,
    )
    assert second.history[-1].by == "Mira"


def test_many_tickets_are_read_at_once(store: TicketStore) -> None:
    opened = [store.open(ticket(replace(MESSAGE, message_id=str(n)))) for n in range(70)]

    assert store.read_all([t.id for t in opened] + ["t_nowhere"]) == {t.id: t for t in opened}


def test_a_ticket_too_large_for_the_table_is_rejected(store: TicketStore) -> None:
    with pytest.raises(Rejected):
        store.open(ticket(replace(MESSAGE, text="x" * 450_000)))


# ── the indexes ───────────────────────────────────────────────────────────────────────────────────────────


def several(store: TicketStore, numbers: range, decision: Decision = DECISION) -> list[Ticket]:
    return [
        store.open(
            ticket(
                replace(
                    MESSAGE, message_id=f"{decision.department}{n}", platform="x" if n % 3 else "facebook"
                ),
                replace(decision, clocks=clocks(200 + n) if decision.clocks else ()),
                100 + n,
            )
        )
        for n in numbers
    ]


def pages(read: listing.Read, partitions: list[str], limit: int, *, newest_first: bool) -> list[str]:
    """Turn all pages, through cursors as a client holds them."""
    ids: list[str] = []
    text: str | None = None
    for _ in range(100):
        page = listing.page(partitions, read, limit, listing.cursor(text), newest_first=newest_first)
        assert len(page.ids) <= limit
        ids += page.ids
        text = page.cursor(len(page.ids))
        if text is None:
            return ids
    raise AssertionError("the pages do not end")


OVERDUE_AT = 207


def test_overdue_is_what_was_due_before_now_oldest_first(store: TicketStore, index: TicketIndex) -> None:
    ours = several(store, range(10))
    theirs = several(store, range(10), replace(DECISION, department="marketing"))
    acknowledge(store, ours[2], MIRA, 150)

    found = pages(
        partial(index.overdue, OVERDUE_AT, {}), ["communications", "marketing"], 4, newest_first=False
    )

    due = {t.id: t.decision.acknowledge_by for t in ours + theirs}
    assert sorted(found) == sorted(t.id for t in ours[:2] + ours[3:7] + theirs[:7])
    assert [due[i] for i in found] == sorted(due[i] or 0 for i in found)


def test_a_partition_shows_its_own_newest_first(store: TicketStore, index: TicketIndex) -> None:
    ours = several(store, range(7))
    several(store, range(3), replace(DECISION, department="marketing"))
    under = [listed_under("communications", Status.OPEN)]

    assert pages(partial(index.arrived, {}), under, 3, newest_first=True) == [t.id for t in reversed(ours)]


def test_acknowledged_tickets_move_and_those_without_answer_have_a_place(
    store: TicketStore, index: TicketIndex
) -> None:
    (first, second) = several(store, range(2))
    (unowned,) = several(store, range(1), UNOWNED)
    acknowledge(store, first, MIRA, 150)
    read = partial(index.arrived, {})

    assert pages(read, [listed_under("communications", Status.OPEN)], 5, newest_first=True) == [second.id]
    assert pages(read, [listed_under("communications", Status.ACKNOWLEDGED)], 5, newest_first=True) == [
        first.id
    ]
    assert pages(read, [listed_under(None, Status.NO_ANSWER_NEEDED)], 5, newest_first=True) == [unowned.id]
    overdue = partial(index.overdue, 10**9, {})
    assert pages(overdue, ["communications"], 5, newest_first=False) == [second.id, first.id]
    answer(store, store.read(first.id) or first, 160)
    assert pages(overdue, ["communications"], 5, newest_first=False) == [second.id]


def test_filters_make_pages_short_but_lose_nothing(store: TicketStore, index: TicketIndex) -> None:
    ours = several(store, range(9))
    theirs = several(store, range(9), replace(DECISION, department="marketing"))
    partitions = [listed_under(d, Status.OPEN) for d in ("communications", "marketing")]

    found = pages(partial(index.arrived, {"platform": "facebook"}), partitions, 2, newest_first=True)

    assert sorted(found) == sorted(t.id for t in ours[::3] + theirs[::3])


def test_paging_goes_on_where_the_last_row_has_left_the_index(store: TicketStore, index: TicketIndex) -> None:
    ours = [store.open(ticket(replace(MESSAGE, message_id=str(n)))) for n in range(6)]  # all of one second
    read = partial(index.overdue, 10**9, {})
    first = listing.page(["communications"], read, 2, listing.cursor(None), newest_first=False)
    after = first.cursor(2)
    for seen in first.ids:
        answer(store, store.read(seen) or ours[0], 150)
    rest = []
    while after is not None:
        page = listing.page(["communications"], read, 2, listing.cursor(after), newest_first=False)
        rest += page.ids
        after = page.cursor(len(page.ids))

    assert len(first.ids) == 2
    assert sorted(first.ids + rest) == sorted(t.id for t in ours)


def test_a_cursor_of_a_faster_clock_finds_nothing(index: TicketIndex) -> None:
    assert index.overdue(200, {}, "communications", listing.Start(200, None), 5) == listing.Rows([], None)


# ── quarantine ────────────────────────────────────────────────────────────────────────────────────────────


def envelope(body: bytes = b'{"bad": 1}', **fields: Any) -> Envelope:
    return Envelope(platform="facebook", received_at=100, body=body, **fields)


def test_an_entry_keeps_what_was_quarantined_whole(quarantine: Quarantine) -> None:
    body = random.Random(1).randbytes(900_000)  # incompressible: three pieces
    key = quarantine.put(envelope(body, is_part=True, backfilled=True), "PayloadError: no", 120)

    found = quarantine.read(key)
    assert found is not None
    entry, kept = found
    assert kept == envelope(body, is_part=True, backfilled=True, quarantine_id=key)
    assert (entry.error, entry.size, entry.attempts, entry.received_at) == (
        "PayloadError: no",
        900_000,
        1,
        100,
    )
    assert entry.pieces == 3


def test_the_same_again_is_the_same_entry(quarantine: Quarantine, index: TicketIndex) -> None:
    first = quarantine.put(envelope(), "first", 120)
    quarantine.mark_retried(quarantine.read_all([first])[0], 125)
    second = quarantine.put(envelope(quarantine_id=first)._replace(received_at=500), "second", 130)

    (entry,) = quarantine.read_all([first])
    assert first == second == entry_id(envelope())
    assert (entry.attempts, entry.error, entry.retried_at, entry.received_at) == (2, "second", None, 100)
    assert pages(index.quarantined, [LISTED_UNDER], 5, newest_first=True) == [first]


def test_a_processed_entry_is_gone(quarantine: Quarantine, index: TicketIndex) -> None:
    key = quarantine.put(envelope(), "no", 120)
    (entry,) = quarantine.read_all([key])
    quarantine.remove(key)
    quarantine.remove(key)
    quarantine.mark_retried(entry, 130)

    assert quarantine.read(key) is None
    assert quarantine.read_all([key]) == []
    assert pages(index.quarantined, [LISTED_UNDER], 5, newest_first=True) == []


def test_a_retry_that_has_failed_already_is_not_marked_as_under_way(quarantine: Quarantine) -> None:
    key = quarantine.put(envelope(), "first", 120)
    (entry,) = quarantine.read_all([key])
    quarantine.put(envelope(quarantine_id=key), "second", 125)
    quarantine.mark_retried(entry, 126)

    assert quarantine.read_all([key])[0].retried_at is None


def test_an_entry_that_is_half_removed_holds_nothing_and_can_be_removed(
    quarantine: Quarantine, table: tuple[Any, str]
) -> None:
    key = quarantine.put(envelope(random.Random(1).randbytes(900_000)), "no", 120)
    client, name = table
    client.delete_item(TableName=name, Key={"pk": {"S": key}, "sk": {"S": "piece001"}})

    held = quarantine.read(key)
    assert held
    assert (held.entry.id, held.envelope) == (key, None)
    quarantine.remove(key)
    assert quarantine.read_all([key]) == []


def test_an_entry_of_a_platform_with_storage_limits_says_when_it_will_hold_nothing_any_more(
    quarantine: Quarantine, index: TicketIndex
) -> None:
    until = NOW + 24 * HOUR - MARGIN
    limited = envelope()._replace(platform="linkedin", received_at=NOW)
    key = quarantine.put(limited, "first", NOW)
    quarantine.put(limited._replace(received_at=NOW + HOUR), "second", NOW + HOUR)

    held = quarantine.read(key)
    assert held
    assert held.envelope == limited._replace(quarantine_id=key)
    assert (held.entry.content_until, held.entry.received_at) == (until, NOW)
    assert (held.entry.is_erased(until - 1), held.entry.is_erased(until)) == (False, True)
    assert pages(index.quarantined, [LISTED_UNDER], 5, newest_first=True) == [key]
    assert pages(index.quarantined, ["expiring-delivery/linkedin"], 5, newest_first=True) == [key]

    quarantine.put(limited, "third", until)
    gone = quarantine.read(key)
    assert gone
    assert (gone.entry.attempts, gone.entry.pieces, gone.envelope) == (3, 0, None)


def test_what_went_wrong_is_told_in_characters_that_aws_takes(quarantine: Quarantine) -> None:
    key = quarantine.put(envelope(), "\ud83d is no ä", 120)

    assert quarantine.read_all([key])[0].error == "\\ud83d is no \\xe4"


# ── many keys ─────────────────────────────────────────────────────────────────────────────────────────────


class Throttled(FakeDynamoDB):
    """Answers for one key at a time, or for none."""

    def __init__(self, answered: int) -> None:
        super().__init__()
        self.answered = answered

    def batch_get_item(self, *, RequestItems: Any) -> Any:  # noqa: N803
        ((name, request),) = RequestItems.items()
        now, later = request["Keys"][: self.answered], request["Keys"][self.answered :]
        answer = super().batch_get_item(RequestItems={name: {"Keys": now}}) if now else {"Responses": {}}
        return {**answer, "UnprocessedKeys": {name: {"Keys": later}} if later else {}}


def test_keys_that_are_left_over_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    store = TicketStore(Throttled(3), "tickets", LIMITS)
    opened = [store.open(ticket(replace(MESSAGE, message_id=str(n)))) for n in range(4)]

    assert store.read_all(t.id for t in opened) == {t.id: t for t in opened}


def test_keys_that_stay_left_over_are_an_outage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    with pytest.raises(Unavailable):
        TicketStore(Throttled(0), "tickets", LIMITS).read_all(["t_1"])
