"""Works off what was accepted and tells what became of it."""

from chalicelib.errors import PayloadError
from chalicelib.platforms import PLATFORMS
from tests.world import World

BOOKKEEPING = ("volume", "subscriptions")  # how many deliveries came, when we were asked who we are
RECEIVES = 5  # then SQS would put it into the dead-letter queue


def settle(world: World) -> None:
    """Hand intake to the worker until nothing is left of it."""
    for _ in range(RECEIVES):
        world.drain()
        if not world.sqs.in_flight:
            break
        world.sqs.expire()
    assert world.accepted() == []
    assert world.sqs.in_flight == {}


def events(platform: str, body: bytes) -> int:
    """Count what a delivery holds; one that cannot be taken apart is kept whole."""
    how = PLATFORMS[platform]
    try:
        return len(list(how.split(how.parse(body))))
    except (ValueError, PayloadError, RecursionError):
        return 1


def traces(world: World) -> int:
    """Count what became of messages: what is stored of them, and what was counted as passed over."""
    counted = sum(times for metric, times, _ in world.counted if metric == "PassedOver")
    return counted + len({pk for pk, _ in world.dynamodb.items if not pk.startswith(BOOKKEEPING)})


def forget(world: World) -> None:
    """Empty the world for another request; the app stays wired to it."""
    for store in (world.dynamodb.items, world.dynamodb.by_ticket, world.sqs.waiting, world.sqs.in_flight):
        store.clear()
    world.calls.clear()
    world.counted.clear()
