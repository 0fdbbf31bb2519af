"""What the changes of a message come to when workers are at it at the same time, or are cut off."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.errors import Unavailable
from chalicelib.merging import MOST_REPLIES
from chalicelib.ticket import Status, ticket_id
from chalicelib.ticket_store import MOST_LINES
from tests.deliveries import comment, page
from tests.dialects import DIALECTS, EDITED, EDITED_AGAIN, REPLY
from tests.fakes import Crash
from tests.test_changes import hears, told
from tests.test_looking_up import Lookups, down, found
from tests.test_workflow import OLGA, sent
from tests.world import INTAKE, World, queue

FACEBOOK, MESSENGER = DIALECTS["facebook comments"], DIALECTS["messenger"]


def twin(world: World, step: int, act: Callable[[], object]) -> None:
    """Let something happen behind the worker's call number `step`, as if another worker did it."""
    left = [step]

    def between(_operation: str, _arguments: dict[str, Any]) -> None:
        left[0] -= 1
        if left[0] == 0:
            act()

    world.after_call = between


@pytest.mark.parametrize("step", range(1, 9))
@pytest.mark.parametrize(
    ("first", "second"), [("created", "edited"), ("edited", "edited again"), ("edited", "deleted")]
)
def test_whatever_a_twin_does_between_two_calls_the_owner_hears_how_it_ends(
    world: World, first: str, second: str, step: int
) -> None:
    deliveries = FACEBOOK.deliveries(1)
    world.post("facebook", deliveries[first])
    (mine,) = world.sqs.waiting[INTAKE]
    world.sqs.waiting[INTAKE] = []
    world.now += 1

    def other() -> None:
        world.post("facebook", deliveries[second])
        world.drain()

    twin(world, step, other)
    world.sqs.waiting[INTAKE].append(mine)
    world.drain()
    world.after_call = lambda *_: None

    ticket = told(world, FACEBOOK, 1, second)
    hears(world, ticket)
    assert ticket is not None
    assert ticket.text == {"edited": EDITED, "edited again": EDITED_AGAIN, "deleted": None}[second]


def test_an_edit_that_was_not_told_yet_is_told_beside_the_opening(world: World) -> None:
    """A consumer that drops repeats of an event must not miss what changed since it was sent first."""
    deliveries = FACEBOOK.deliveries(1)

    def crash(operation: str, _arguments: dict[str, Any]) -> None:
        if operation == "send_message":
            raise Crash

    world.post("facebook", deliveries["edited"])
    world.after_call = crash
    with pytest.raises(Crash):
        world.work()
    world.after_call = lambda *_: None
    told(world, FACEBOOK, 1, "edited again")
    world.sqs.expire()
    world.drain()

    events = {event["id"]: event for event in reversed(world.events("customer_service"))}
    texts = {event["type"].split(".")[-2]: event["data"]["text"] for event in events.values()}
    assert texts == {"opened": EDITED, "updated": EDITED_AGAIN}


def test_content_that_a_twin_writes_after_a_deletion_is_not_shown_and_goes(world: World) -> None:
    told(world, FACEBOOK, 1, "edited", "deleted")
    key = ticket_id("facebook", FACEBOOK.message_id(1))
    world.dynamodb.update_item(
        TableName="tickets",
        Key={"pk": {"S": key}, "sk": {"S": "content"}},
        UpdateExpression="SET #text = :text, #rank = :rank",
        ExpressionAttributeNames={"#text": "text", "#rank": "rank"},
        ExpressionAttributeValues={":text": {"S": EDITED}, ":rank": {"N": "1"}},
    )
    assert wiring.api().show_ticket(OLGA, key).text is None

    told(world, FACEBOOK, 1, "edited")
    assert (key, "content") not in world.dynamodb.items


def test_a_queue_that_fails_does_not_multiply_what_was_put_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "lookups", lambda: Lookups(down))

    def full(_operation: str, arguments: dict[str, Any]) -> None:
        if arguments.get("QueueUrl") == queue("social_media"):
            raise Unavailable("the queue is not there")

    world.after_call = full
    world.post("facebook", page([comment(1, who=None, message=None)]))
    for _ in range(6):
        world.work()
        world.sqs.expire()

    assert len(world.sqs.bodies(INTAKE)) == 1


def test_what_a_look_up_proves_to_be_ours_has_no_ticket_any_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OWN_ACCOUNTS", '{"facebook": ["501"]}')
    lookups = Lookups(down, found)
    monkeypatch.setattr(wiring, "lookups", lambda: lookups)
    wiring._settings.cache_clear()
    world.post("facebook", page([comment(1, who=None, message=None)]))
    world.work()
    (ticket,) = world.tickets().values()
    assert ticket.status is Status.OPEN
    world.drain()

    (ticket,) = world.tickets().values()
    assert ticket.status is Status.WITHDRAWN
    assert [event["type"].split(".")[-2] for event in sent(world)] == ["opened", "withdrawn"]


def test_a_deletion_finds_a_reply_wherever_it_was_recorded(world: World) -> None:
    """A delivery without details names the post it is under, one with details the comment."""
    reply: dict[str, Any] = {"comment_id": "401_9", "who": {"id": "301000000000001"}}
    for parent in ("301000000000001_401", "401_1", "301000000000001_401"):
        world.post("facebook", page([comment(9, REPLY, parent_id=parent, **reply)]))
        world.drain()
    world.post("facebook", page([comment(9, verb="remove", **reply)]))
    world.drain()

    assert REPLY not in str(world.dynamodb.items)


def test_an_edit_storm_leaves_room_for_the_deletion(world: World) -> None:
    told(world, FACEBOOK, 1, "created")
    for number in range(MOST_LINES + 20):
        world.now += 1
        text = f"{EDITED} {number}"
        world.post("facebook", page([comment(1, text, verb="edited", created_time=1764057600 + number)]))
        world.drain()
    ticket = told(world, FACEBOOK, 1, "deleted")

    assert ticket is not None
    assert ticket.status is Status.WITHDRAWN
    assert len(ticket.history) < MOST_LINES + 10


def test_a_message_shows_what_quotes_it_or_nothing_and_not_without_end(world: World) -> None:
    told(world, MESSENGER, 1, "created")
    for number in range(MOST_REPLIES + 5):
        message = {"mid": f"q{number}", "is_echo": True, "text": REPLY}
        if number % 2:
            message["reply_to"] = {"mid": "another"}
        event = {"sender": {"id": "301000000000001"}, "recipient": {"id": "801"}, "message": message}
        entry = {"id": "301000000000001", "messaging": [{**event, "timestamp": 1764057700000 + number}]}
        world.post("messenger", json.dumps({"object": "page", "entry": [entry]}).encode())
    world.drain()
    key = ticket_id("messenger", MESSENGER.message_id(1))

    replies = wiring.api().show_ticket(OLGA, key).observed_replies
    assert len(replies) == (MOST_REPLIES + 5 + 1) // 2
    assert all(reply.in_reply_to is None for reply in replies)
