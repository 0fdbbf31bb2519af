"""Every platform that sends several events at once: none is lost, and a bad one sinks no other."""

import pytest

from chalicelib.message import Ignored
from chalicelib.platforms import PLATFORMS
from tests import recorded
from tests.batches import Shape, shapes
from tests.contract.requests import each_platform
from tests.pages import ONE_EVENT_A_DELIVERY
from tests.world import World

BATCHING = sorted(PLATFORMS.keys() - ONE_EVENT_A_DELIVERY)
each_shape = pytest.mark.parametrize("shape", [shape for name in BATCHING for shape in shapes(name)], ids=str)


@pytest.mark.parametrize("platform", BATCHING)
def test_a_thousand_messages_in_a_delivery_open_a_thousand_tickets_or_join_those_of_their_person(
    world: World, platform: str
) -> None:
    assert world.post(platform, shapes(platform)[0].batch(range(1000)))["statusCode"] == 200
    world.drain()

    assert len(world.tickets()) + len(world.joined()) == 1000
    assert world.quarantined() == {}


@each_shape
@pytest.mark.parametrize("position", [0, 3, 6])
def test_a_bad_entry_is_quarantined_and_the_good_ones_become_tickets(
    world: World, shape: Shape, position: int
) -> None:
    assert world.post(shape.platform, shape.batch(range(7), bad=[position]))["statusCode"] == 200
    world.drain()

    assert len(world.tickets()) + len(world.joined()) == 6
    assert [entry.platform for entry in world.quarantined().values()] == [shape.platform]


@each_shape
def test_only_bad_entries_are_all_kept(world: World, shape: Shape) -> None:
    assert world.post(shape.platform, shape.batch(range(3), bad=range(3)))["statusCode"] == 200
    world.drain()

    assert world.tickets() == {}
    assert len(world.quarantined()) == 1  # they are the same, so they share an entry


@pytest.mark.parametrize("platform", sorted(PLATFORMS.keys() & ONE_EVENT_A_DELIVERY))
def test_who_sends_one_event_a_delivery_sends_one(platform: str) -> None:
    how = PLATFORMS[platform]
    for delivery in recorded.deliveries():
        if delivery.platform == platform:
            assert len(list(how.split(how.parse(delivery.body)))) == 1


@each_platform
def test_an_event_newer_than_we_are_is_answered_and_counted(world: World, platform: str) -> None:
    how = PLATFORMS[platform]
    unknown = [
        delivery
        for delivery in recorded.deliveries()
        if delivery.platform == platform
        and any(how.read(piece) == Ignored.UNKNOWN_EVENT for piece in how.split(how.parse(delivery.body)))
    ]
    assert unknown, "record one in tests/fixtures"

    for delivery in unknown:
        world.counted.clear()
        assert world.post(platform, delivery.body)["statusCode"] == 200
        world.drain()
        counted = {("PassedOver", d["platform"], d["reason"]) for _, _, d in world.counted if "reason" in d}
        assert ("PassedOver", platform, "unknown_event") in counted
        assert world.quarantined() == {}
