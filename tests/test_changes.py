"""What the changes of one message come to, in whatever order they arrive and however often."""

import json
import os
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib import wiring
from chalicelib.history import Happened
from chalicelib.message import EDITED_VERSION
from chalicelib.platforms import PLATFORMS
from chalicelib.reply_store import KEEP_DELETIONS
from chalicelib.ticket import Status, Ticket, ticket_id
from chalicelib.ticket_store import TicketStore
from chalicelib.views import TicketWithHistory, moment
from tests.crashes import crash_after_every_call
from tests.deliveries import comment, page
from tests.dialects import CREATED, DIALECTS, EDITED_AGAIN, REPLY, Dialect
from tests.test_workflow import OLGA, sent
from tests.world import BRIEF_INTAKE, INTAKE, NOW, World

each_dialect = pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS.keys())
EXAMPLES = 500 if os.environ.get("HYPOTHESIS_PROFILE") == "fuzz" else 150
FACEBOOK = DIALECTS["facebook comments"]


def told(
    world: World, dialect: Dialect, number: int, *what: str, processed: random.Random | None = None
) -> Ticket | None:
    """Let deliveries arrive one after the other, and give back the ticket of their message.

    They are processed as they arrive, or all at the end in an order drawn from `processed`.
    """
    deliveries = dialect.deliveries(number)
    for one in what:
        world.now += 1
        assert world.post(dialect.platform, deliveries[one])["statusCode"] == 200
        if processed is None:
            world.drain()
    if processed is not None:
        for url in (INTAKE, BRIEF_INTAKE):
            processed.shuffle(world.sqs.waiting.get(url, []))
        world.drain()
    assert not world.quarantined()
    key = ticket_id(dialect.platform, dialect.message_id(number))
    return TicketStore(world.dynamodb, world.table, world.limits()).read(key)


def forget(world: World) -> None:
    """Empty table and queues: examples know nothing of each other."""
    for kept in (world.dynamodb.items, world.dynamodb.by_ticket, world.sqs.waiting, world.sqs.in_flight):
        kept.clear()
    world.now = NOW


def shown(ticket: Ticket) -> TicketWithHistory:
    """Show a ticket as ops see it."""
    return wiring.api().show_ticket(OLGA, ticket.id)


def state(ticket: Ticket | None) -> Any:
    """Tell what must be the same: all but who owned it first, when we heard of what, and ids."""
    if ticket is None:
        return None
    replies = [
        (reply.text, reply.occurred_at, reply.deleted_at is None) for reply in shown(ticket).observed_replies
    ]
    known = (ticket.status, ticket.kind, ticket.in_reply_to, ticket.occurred_at, len(ticket.accounts))
    edited_at = ticket.edited_at if ticket.version != EDITED_VERSION else "when we heard of it"
    content = (ticket.text, ticket.author.name, ticket.version, edited_at, ticket.decision.category)
    return *known, replies, None if ticket.status is Status.WITHDRAWN else content


def natural(dialect: Dialect, order: list[str]) -> list[str]:
    """Put what was told into its natural order; edits that only receipt orders, as last received."""
    known = list(dialect.deliveries(0))
    last = {what: index for index, what in enumerate(order)}

    def place(what: str) -> tuple[int, int]:
        if dialect.edits_by_receipt and what.startswith("edited"):
            return known.index("edited"), last[what]
        return known.index(what), 0

    return sorted(last, key=place)


def test_every_platform_has_its_dialects_here() -> None:
    assert {dialect.platform for dialect in DIALECTS.values()} == PLATFORMS.keys()


def hears(world: World, ticket: Ticket | None) -> None:
    """Make sure that the owner, and nobody else, has been told how the ticket stands."""
    events = [event for event in sent(world) if ticket and event["subject"] == ticket.id]
    if ticket is None:
        return
    kinds = [event["type"].split(".")[-2] for event in events]
    assert ticket.untold == ()
    owner = ticket.decision.department
    heard = [event for event in world.events(owner) if event["subject"] == ticket.id] if owner else []
    assert heard == events
    if ticket.status is Status.WITHDRAWN:
        assert kinds == [] or "withdrawn" in kinds
        return
    assert ticket.status is Status.NO_ANSWER_NEEDED or "opened" in kinds
    # As a consumer sees it who drops repeats; the id of an update ends in what orders updates.
    once = {event["id"]: event for event in reversed(events)}
    brief = ticket.platform == "linkedin"
    newest = max(
        once.values(), key=lambda event: int(event["id"].rpartition(":")[2].rstrip("c")), default=None
    )
    assert newest is None or newest["data"]["text"] == (None if brief else ticket.text)


@each_dialect
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_order_with_repeats_ends_in_the_same_state(
    world: World, dialect: Dialect, data: st.DataObject
) -> None:
    everything = list(dialect.deliveries(0))
    order = data.draw(st.lists(st.sampled_from(everything), min_size=1, max_size=9))
    seed = data.draw(st.none() | st.integers(0, 9999))
    forget(world)

    shuffled = told(world, dialect, 101, *order, processed=None if seed is None else random.Random(seed))
    in_order = told(world, dialect, 102, *natural(dialect, order))
    assert state(shuffled) == state(in_order)
    hears(world, shuffled)


@each_dialect
def test_all_changes_of_a_message_come_to_what_they_say(world: World, dialect: Dialect) -> None:
    everything = list(dialect.deliveries(0))

    ticket = told(world, dialect, 1, *(what for what in everything if "deleted" not in what))
    assert ticket is not None
    answerable = "edited again" in everything
    seen = Status.ACKNOWLEDGED if "replied" in everything else Status.OPEN
    assert ticket.status is (seen if answerable else Status.NO_ANSWER_NEEDED)
    assert ticket.text == (EDITED_AGAIN if "edited again" in everything else CREATED)
    assert [reply.text for reply in shown(ticket).observed_replies] == [REPLY] * ("replied" in everything)

    if "reply deleted" in everything:
        ticket = told(world, dialect, 1, "reply deleted")
        assert ticket is not None
        (reply,) = shown(ticket).observed_replies
        assert (reply.text, reply.deleted_at) == (None, moment(world.now))
    if "deleted" in everything:
        ticket = told(world, dialect, 1, "deleted")
        assert ticket is not None
        assert (ticket.status, ticket.text, ticket.author.id) == (Status.WITHDRAWN, None, None)


# ── edits ─────────────────────────────────────────────────────────────────────────────────────────────────


SERVICE = "Mein Router ist seit Montag defekt, wann kommt der Techniker?"
PRAISE = "Danke an das Team, super freundlich und schnell geholfen!"
NOTHING = "@Lena schau mal"


def edit(text: str, at: int = 1764057700) -> bytes:
    return page([comment(1, text, verb="edited", created_time=at)])


def test_an_edit_proposes_another_owner_but_moves_nothing(world: World) -> None:
    world.post("facebook", page([comment(1, SERVICE)]))
    world.drain()
    (before,) = world.tickets().values()
    world.now += 60
    world.post("facebook", edit(PRAISE))
    world.drain()

    (ticket,) = world.tickets().values()
    assert (ticket.text, ticket.decision.category) == (PRAISE, "praise")
    assert (ticket.decision.department, ticket.proposed_department) == ("customer_service", "marketing")
    assert ticket.decision.acknowledge_by == before.decision.acknowledge_by
    assert ticket.status is Status.OPEN
    assert [line.what for line in ticket.history] == [Happened.OPENED, Happened.DISPATCHED, Happened.EDITED]
    opened, updated = world.events("customer_service")
    assert updated["type"] == "org.zustaendig.ticket.updated.v1"
    assert updated["data"]["text"] == PRAISE
    assert updated["data"]["proposed_department"] == "marketing"
    assert updated["id"] != opened["id"]


def test_an_edit_acknowledges_nothing_and_opens_nothing_again(world: World) -> None:
    world.post("facebook", page([comment(1, SERVICE)]))
    world.drain()
    (ticket,) = world.tickets().values()
    wiring.acting().act("acknowledge", OLGA, ticket.id)
    world.post("facebook", edit(PRAISE))
    world.drain()

    (ticket,) = world.tickets().values()
    assert ticket.status is Status.ACKNOWLEDGED


def test_a_repeated_edit_is_told_once(world: World) -> None:
    for body in (page([comment(1, SERVICE)]), edit(PRAISE), edit(PRAISE), page([comment(1, SERVICE)])):
        world.now += 1
        world.post("facebook", body)
        world.drain()

    (ticket,) = world.tickets().values()
    assert ticket.text == PRAISE
    assert [event["type"].split(".")[-2] for event in sent(world)] == ["opened", "updated"]


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_a_message_that_needs_an_answer_in_any_of_its_texts_has_an_owner(
    world: World, order: list[int]
) -> None:
    deliveries = [page([comment(1, NOTHING)]), edit(SERVICE)]
    for which in order:
        world.post("facebook", deliveries[which])
        world.drain()
        world.now += 60

    (ticket,) = world.tickets().values()
    assert (ticket.status, ticket.decision.department) == (Status.OPEN, "customer_service")
    assert ticket.text == SERVICE
    assert len(world.events("customer_service")) == 1
    if order == [0, 1]:
        assert ticket.decision.acknowledge_by == NOW + 60 + 4 * 3600
        assert Happened.OWNER_GIVEN in {line.what for line in ticket.history}


# ── deletions ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_deletion_withdraws_the_ticket_tells_its_owner_and_erases_the_text(world: World) -> None:
    for body in (page([comment(1, SERVICE)]), page([comment(1, verb="remove")]), edit(PRAISE)):
        world.post("facebook", body)
        world.drain()
        world.now += 60

    (ticket,) = world.tickets().values()
    assert (ticket.status, ticket.withdrawn_at) == (Status.WITHDRAWN, NOW + 60)
    assert (ticket.text, ticket.author.id, ticket.permalink) == (None, None, None)
    assert SERVICE not in json.dumps(list(world.dynamodb.items.values()))
    _, withdrawn = world.events("customer_service")
    assert withdrawn["type"] == "org.zustaendig.ticket.withdrawn.v1"
    assert withdrawn["data"].keys() == {
        "id",
        "platform",
        "account_id",
        "message_id",
        "kind",
        "department",
        "withdrawn_at",
    }
    assert not ticket.is_overdue(world.now + 10**6)


def test_nothing_opens_for_what_is_already_deleted(world: World) -> None:
    for body in (page([comment(1, verb="remove")]), page([comment(1, SERVICE)])):
        world.post("facebook", body)
        world.drain()

    (ticket,) = world.tickets().values()
    assert (ticket.status, ticket.text, ticket.author.id) == (Status.WITHDRAWN, None, None)
    assert sent(world) == []
    assert SERVICE not in json.dumps(list(world.dynamodb.items.values()))


def test_a_deletion_of_what_we_never_saw_is_remembered_for_a_while_and_shown_to_nobody(world: World) -> None:
    world.post("facebook", page([comment(1, verb="remove")]))
    world.drain()

    assert world.tickets() == {}
    (mark,) = (item for item in world.dynamodb.items.values() if "deleted_at" in item)
    assert mark["expires_at"] == {"N": str(NOW + KEEP_DELETIONS)}


# ── replies of ours ───────────────────────────────────────────────────────────────────────────────────────


def test_a_reply_of_ours_is_shown_on_the_ticket_it_answers_and_stops_what_it_is_worth(world: World) -> None:
    ticket = told(world, FACEBOOK, 1, "replied", "edited")

    assert ticket is not None
    assert shown(ticket).status is Status.ACKNOWLEDGED
    assert [reply.text for reply in shown(ticket).observed_replies] == [REPLY]
    assert len(world.tickets()) == 1


@pytest.mark.parametrize("what", ["edited", "edited again", "deleted", "replied", "reply deleted"])
@pytest.mark.parametrize("before", [["created"], ["created", "replied"], ["edited"], ["replied"], []])
@pytest.mark.parametrize("name", ["facebook comments", "facebook reviews", "instagram messages", "linkedin"])
def test_a_crash_after_every_call_costs_nothing(
    world: World, name: str, what: str, before: list[str]
) -> None:
    dialect = DIALECTS[name]
    known = dialect.deliveries(7)
    before = [one for one in before if one in known]
    if what not in known:
        pytest.skip("this platform does not send it")
    told(world, dialect, 7, *before)
    world.now += 1
    crash_after_every_call(world, known[what], dialect.platform)
    hears(world, told(world, dialect, 7))
    cut_off = told(world, dialect, 7, "created")
    whole = told(world, dialect, 8, *before, what, "created")

    assert state(cut_off) == state(whole)
    assert state(cut_off) is not None
