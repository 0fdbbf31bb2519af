"""What X tells beside the event itself: editions of a post, conversations, what a part carries."""

import json
from typing import Any

import pytest

from chalicelib.errors import PayloadError
from chalicelib.message import Change, Ignored, Kind, Message
from chalicelib.platforms import PLATFORMS
from tests import recorded

US, SVENJA = "4700000000000000001", "4800000000000000002"
CREATED, EDITED, EDITED_AGAIN = (f"199000000000000000{n}" for n in (1, 2, 3))


def read(payload: Any) -> list[Message]:
    found = [PLATFORMS["x"].read(piece) for piece in PLATFORMS["x"].split(payload)]
    return [message for message in found if isinstance(message, Message)]


def sample(name: str) -> Any:
    return json.loads((recorded.OWN / "samples/x" / f"{name}.json").read_text("utf-8"))


def mention(post_id: str, history: Any) -> dict[str, Any]:
    post = {"id": post_id, "text": "@Firma?", "author_id": SVENJA, "edit_history_tweet_ids": history}
    return {"data": {"event_type": "post.mention.create", "filter": {"user_id": US}, "payload": post}}


@pytest.mark.parametrize(
    ("name", "version", "address"),
    [
        ("activity__mention", 0, None),
        ("activity__mention-edited", 1, EDITED),
        ("activity__mention-edited-twice", 2, EDITED_AGAIN),
        ("filtered-stream__edited", 1, EDITED),
        ("account-activity__edited", 1, EDITED),
    ],
)
def test_an_edited_post_has_its_place_in_the_history_and_its_own_address(
    name: str, version: int, address: str | None
) -> None:
    message = read(sample(name))[0]

    assert message.version == version
    assert message.permalink == f"https://x.com/i/web/status/{address or message.message_id}"


@pytest.mark.parametrize(
    ("post_id", "history", "change", "message_id", "version"),
    [
        (CREATED, None, Change.CREATED, CREATED, 0),
        (CREATED, [], Change.CREATED, CREATED, 0),
        (CREATED, [CREATED, EDITED], Change.CREATED, CREATED, 0),  # sent late, as it was
        (EDITED, [CREATED], Change.EDITED, CREATED, 1),  # the history ends before it
        (EDITED_AGAIN, [int(CREATED), EDITED], Change.EDITED, CREATED, 2),
    ],
)
def test_a_history_tells_which_post_it_is(
    post_id: str, history: Any, change: Change, message_id: str, version: int
) -> None:
    (message,) = read(mention(post_id, history))

    assert (message.change, message.message_id, message.version) == (change, message_id, version)


@pytest.mark.parametrize("history", ["1", [None], [{}], {"edit_tweet_ids": []}])
def test_a_history_of_another_type_is_refused(history: Any) -> None:
    with pytest.raises(PayloadError, match="edit_history_tweet_ids"):
        read(mention(EDITED, history))


@pytest.mark.parametrize(
    ("edit_history", "message_id", "version"),
    [
        ({"initial_tweet_id": CREATED}, CREATED, 1),
        ({"edit_tweet_ids": [CREATED, EDITED]}, CREATED, 1),
        ({"initial_tweet_id": EDITED, "edit_tweet_ids": [EDITED]}, EDITED, 0),
        ({}, EDITED, 0),
    ],
)
def test_account_activity_writes_histories_in_its_own_way(
    edit_history: Any, message_id: str, version: int
) -> None:
    payload = sample("account-activity__edited")
    payload["tweet_create_events"] = [{**payload["tweet_create_events"][0], "edit_history": edit_history}]
    (message,) = read(payload)

    assert (message.message_id, message.version) == (message_id, version)


@pytest.mark.parametrize(
    "name", ["activity__direct-message", "activity__direct-message-sent", "account-activity__direct-messages"]
)
def test_both_sides_of_a_conversation_bear_the_id_of_the_person(name: str) -> None:
    assert {message.conversation for message in read(sample(name))} == {SVENJA}


def test_a_post_belongs_to_no_conversation() -> None:
    assert read(sample("activity__mention"))[0].conversation is None


def test_a_part_of_a_large_delivery_carries_its_own_sender_alone() -> None:
    payload = sample("activity__direct-message")
    event = payload["data"]["payload"]["direct_message_events"][0]
    payload["data"]["payload"]["direct_message_events"] = [event] * 100
    payload["data"]["payload"]["users"].update({str(n): {"name": "P" * 100} for n in range(100)})

    assert max(len(json.dumps(part)) for part in PLATFORMS["x"].split(payload)) < 2000
    assert {message.author.name for message in read(payload)} == {read(payload)[0].author.name} != {None}


def test_a_quote_of_our_own_that_answers_nobody_is_a_publication() -> None:
    quote = {
        "id": "9",
        "author_id": "1",
        "text": "Schaut mal",
        "referenced_tweets": [{"type": "quoted", "id": "4"}],
    }
    data = {"event_type": "post.create", "filter": {"user_id": "1"}, "payload": quote}

    assert PLATFORMS["x"].read({"data": data}) is Ignored.OWN_PUBLICATION


def test_an_answer_to_us_is_a_reply_whichever_event_brings_it() -> None:
    answer = {
        "id": "9",
        "author_id": "2",
        "text": "@firma und jetzt?",
        "in_reply_to_user_id": "1",
        "referenced_tweets": [{"type": "replied_to", "id": "4"}],
    }
    kinds = set()
    for event_type in ("post.mention.create", "post.reply.create"):
        data = {"event_type": event_type, "filter": {"user_id": "1"}, "payload": answer}
        (said,) = read({"data": data})
        kinds.add(said.kind)

    assert kinds == {Kind.REPLY}
