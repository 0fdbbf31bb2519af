"""Kills the worker, once behind each single AWS call that it ever makes."""

from typing import Any

from tests.fakes import Crash
from tests.world import World


def crash_after_every_call(world: World, delivery: bytes | None = None, platform: str = "facebook") -> int:
    """Cut the worker off once behind each single AWS call that it ever makes; return how often."""
    if delivery:
        world.post(platform, delivery)
    seen: set[str] = set()

    def crash(operation: str, arguments: dict[str, Any]) -> None:
        call = f"{operation} {arguments}"
        if call not in seen:
            seen.add(call)
            raise Crash

    world.after_call = crash
    crashes = 0
    while True:
        try:
            if world.work(batch=1) == 0:
                world.after_call = lambda *_: None
                return crashes
        except Crash:
            crashes += 1
            world.sqs.expire()
