"""Mastodon alone: whose statuses count, and what of an update does."""

import json
from typing import Any

import pytest

from chalicelib.errors import PayloadError
from chalicelib.message import Change, Ignored, Message
from chalicelib.platforms import mastodon
from tests import recorded
from tests.world import World, build


def sample(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((recorded.OWN / f"samples/mastodon/{name}.json").read_text("utf-8"))
    return read


def message(name: str) -> Message:
    read = mastodon.read(sample(name))
    assert isinstance(read, Message)
    return read


def test_a_mention_that_comes_as_notification_and_as_status_is_one_ticket(world: World) -> None:
    mention = sample("notification-mention__question")
    event = {"event": "status.created", "object": mention["status"]}
    for delivery in (mention, event):
        world.post("mastodon", json.dumps(delivery).encode())
    world.drain()

    assert [ticket.message_id for ticket in world.tickets().values()] == ["1150001"]


def test_an_edit_is_ordered_by_its_milliseconds() -> None:
    edited, created = message("status-updated__edited"), message("status-created__mention")

    assert (edited.change, edited.version) == (Change.EDITED, 1764059400250)
    assert (created.change, created.version) == (Change.CREATED, 0)
    assert edited.message_id == created.message_id


def test_what_our_own_accounts_say_opens_no_ticket(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    build(monkeypatch, world, OWN_ACCOUNTS=json.dumps({"mastodon": ["1140002"]}))
    world.post("mastodon", json.dumps(sample("status-created__post")).encode())
    world.drain()

    assert not world.tickets()


@pytest.mark.parametrize("kind", ["follow", "poll", "update", "quoted_update", "admin.report"])
def test_other_notifications_are_no_messages(kind: str) -> None:
    assert mastodon.read(sample("notification-favourite") | {"type": kind}) is Ignored.NOT_A_MESSAGE


def test_a_status_has_a_link_and_an_author_with_the_name_that_people_see() -> None:
    said = message("notification-mention__question")

    assert said.permalink == "https://social.example/@eva/1150001"
    assert said.author.name == "Eva Sommer"
    assert message("status-created__post").author.name == "tom"


def test_a_status_without_id_is_refused() -> None:
    delivery = sample("status-created__post")
    del delivery["object"]["id"]

    with pytest.raises(PayloadError, match="id is missing"):
        mastodon.read(delivery)
