"""What stands before the engine: it notes changes, and lets only a few functions start at once."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import Any

from ministack import app as engine

READING = ("Get", "List", "Describe", "Query", "Receive", "BatchGet")

# The engine starts a process for every call of a function that it is in: 16 at once took 1.5 GB and 17 s.
FUNCTIONS_AT_ONCE = 3
CALLS_A_FUNCTION = "_user_request_"

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class Front:
    """The engine as an ASGI application; `changed`: a call may have changed its state."""

    def __init__(self) -> None:
        self.changed = False
        self._functions = asyncio.Semaphore(FUNCTIONS_AT_ONCE)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Serve one request as ASGI has it."""
        if scope["type"] == "lifespan":
            await engine.app(scope, receive, _loading_only(send))
            return
        # What a function itself calls is of another kind, so waiting here cannot wait for itself.
        async with self._functions if CALLS_A_FUNCTION in scope["path"] else nullcontext():
            await engine.app(scope, receive, send)
        target = dict(scope["headers"]).get(b"x-amz-target", b"").decode("latin-1")
        self.changed |= not target.rpartition(".")[2].startswith(READING)


def _loading_only(send: Send) -> Send:
    """Let the engine load its state at the start, but leave the saving to us (see engine_state)."""

    async def sending(message: Any) -> None:
        engine.PERSIST_STATE = False
        await send(message)

    return sending
