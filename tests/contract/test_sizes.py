"""Every platform: values of any size and sort go their way, or lie in quarantine; none gets stuck."""

import json
import sys

import pytest

from chalicelib.message import LONGEST_NAME
from tests.contract.junk import VALUES, real_delivery
from tests.contract.requests import each_platform
from tests.contract.settling import forget, lost, settle
from tests.deliveries import VISITOR, comment, page
from tests.fakes import MAX_SQS
from tests.json_paths import paths, replaced
from tests.world import World

# In the ASCII of an event each of them takes as many characters as it can.
WIDEST = {"letter": "a", "umlaut": "ü", "emoji": "😀", "NUL": "\0", "quote": '"', "U+FFFF": "\uffff"}
LENGTHS = (60_000, 60_001, 90_000, 190_000, 250_000)


@each_platform
@pytest.mark.parametrize("junk", ["huge text", "half a surrogate pair", "U+FFFF", "NUL", "deeper"])
def test_any_value_may_be_hostile_and_the_delivery_still_ends_somewhere(
    world: World, platform: str, junk: str
) -> None:
    payload = json.loads(real_delivery(platform))
    for path in paths(payload):
        forget(world)
        body = json.dumps(replaced(payload, path, VALUES[junk])).encode()
        assert world.post(platform, body)["statusCode"] == 200
        settle(world)
        assert lost(world, platform, body) == [], path


@each_platform
def test_a_value_just_as_deep_as_can_be_read_still_ends_somewhere(world: World, platform: str) -> None:
    """What can be read, but with what is put around it for quarantine can no more be written."""
    payload = json.loads(real_delivery(platform))
    limit = sys.getrecursionlimit()
    marked = json.dumps(replaced(payload, list(paths(payload))[-1], "MARK"))
    for depth in range(limit - 250, limit, 1):
        forget(world)
        body = marked.replace('"MARK"', "[" * depth + "]" * depth).encode()
        assert world.post(platform, body)["statusCode"] == 200
        settle(world)
        assert lost(world, platform, body) == [], depth


@pytest.mark.parametrize("character", WIDEST)
def test_a_text_of_any_length_gets_an_owner_who_is_told_or_lies_in_quarantine(
    world: World, character: str
) -> None:
    for length in LENGTHS:
        forget(world)
        assert world.post("facebook", page([comment(1, WIDEST[character] * length)]))["statusCode"] == 200
        settle(world)
        assert len(_told(world)) == len(world.tickets()) == 1 - len(world.quarantined()), length


@pytest.mark.parametrize("character", WIDEST)
def test_the_longest_of_everything_fits_into_an_event(world: World, character: str) -> None:
    longest = WIDEST[character] * LONGEST_NAME
    text, ids = WIDEST[character] * 60_000, dict.fromkeys(("comment_id", "parent_id"), longest)
    said = comment(1, text, {"id": longest[1:], "name": longest}, permalink_url=longest, **ids)
    world.post("facebook", page([said], longest))
    settle(world)

    (event,) = _told(world)
    assert len(event) < MAX_SQS
    assert json.loads(event)["data"]["text"] == text


def test_a_longer_text_is_cut_for_the_owner_and_kept_in_the_ticket(world: World) -> None:
    world.post("facebook", page([comment(1, "Wo bleibt " + "ü" * 70_000)]))
    settle(world)

    (event,), (ticket,) = _told(world), world.tickets().values()
    assert json.loads(event)["data"]["text"] == "Wo bleibt " + "ü" * (60_000 - len("Wo bleibt ")) + "…"
    assert ticket.text == "Wo bleibt " + "ü" * 70_000


@pytest.mark.parametrize("name", ["comment_id", "permalink_url", "author id", "author name"])
def test_an_id_a_name_or_a_link_that_no_platform_has_is_quarantined(world: World, name: str) -> None:
    too_long = "1" * (LONGEST_NAME + 1)
    who = VISITOR | {name.partition(" ")[2]: too_long}
    said = comment(1, who=who) if name.startswith("author") else comment(1, **{name: too_long})
    world.post("facebook", page([said]))
    settle(world)

    assert world.tickets() == {}
    assert "2048" in next(iter(world.quarantined().values())).error


def _told(world: World) -> list[str]:
    return [body for url in world.sqs.waiting if "department" in url for body in world.sqs.bodies(url)]
