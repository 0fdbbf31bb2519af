"""Works off what was accepted and tells what became of it."""

from chalicelib.errors import PayloadError
from chalicelib.message import Change, Ignored, Message
from chalicelib.platforms import PLATFORMS
from chalicelib.ticket import ticket_id
from tests.world import World

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


def lost(world: World, platform: str, body: bytes) -> list[str]:
    """Tell what of a delivery has become neither ticket, nor counted, nor quarantined."""
    messages, passed_over, broken = _events(platform, body)
    if world.quarantined():
        return []
    tickets = world.tickets().keys() | world.joined()
    said = [m for m in messages if m.change is not Change.DELETED and not m.from_us]
    missing = [m.message_id for m in said if ticket_id(platform, m.message_id) not in tickets]
    own = [m for m in messages if m.from_us or m.change is Change.DELETED]
    traces = len(world.dynamodb.items) + len(world.counted)
    uncounted = ["passed over"] * (passed_over - _counted(world))
    return [*missing, *broken, *uncounted, *(["own or deleted"] if own and not traces else [])]


def _events(platform: str, body: bytes) -> tuple[list[Message], int, list[str]]:
    """Read a delivery: its messages, how many events are none, and what cannot be read."""
    how, found, broken = PLATFORMS[platform], list[Message | Ignored](), list[str]()
    try:
        pieces = list(how.split(how.parse(body)))
    except (ValueError, PayloadError, RecursionError) as error:
        return [], 0, [str(error)]
    for piece in pieces:
        try:
            found.append(how.read(piece))
        except PayloadError as error:
            broken.append(str(error))
    messages = [message for message in found if isinstance(message, Message)]
    return messages, len(found) - len(messages), broken


def _counted(world: World) -> int:
    reasons = set(Ignored)
    return sum(
        times
        for metric, times, by in world.counted
        if metric == "PassedOver" and by["reason"] in reasons - {Ignored.OWN_MESSAGE}
    )


def forget(world: World) -> None:
    """Empty the world for another request; the app stays wired to it."""
    for store in (world.dynamodb.items, world.dynamodb.by_ticket, world.sqs.waiting, world.sqs.in_flight):
        store.clear()
    world.calls.clear()
    world.counted.clear()
