"""The process in which the engine runs: it saves its state as it goes, and stops with its parent."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable

from hypercorn.asyncio import serve
from hypercorn.config import Config

from infra.local import engine_state
from infra.local.engine_front import Front

SNAPSHOT_EVERY = 2.0  # seconds: what a `kill -9` of the engine may cost


async def keep_saving(app: Front, stop: asyncio.Event) -> None:
    """Save every few seconds what has changed, in a forked child.

    The child sees the memory as it was at one instant, so the engine neither pauses nor changes it
    under the writer's hands; copying it on the event loop stopped the engine for 0.2 s at 20,000 items.
    """
    while not stop.is_set():
        try:
            await asyncio.wait_for(stop.wait(), SNAPSHOT_EVERY)
        except TimeoutError:
            if app.changed:
                app.changed = False
                app.changed |= await _save_in_child() != 0


async def _save_in_child() -> int:
    child = os.fork()
    if not child:
        os._exit(engine_state.save_as_child())
    _, status = await asyncio.to_thread(os.waitpid, child, 0)
    return status


def _stop_with_parent(stop: Callable[[], object]) -> None:
    """Our standard input is a pipe from the parent: it ends when the parent ends, however it ends."""
    while os.read(0, 1024):
        pass
    stop()


async def main(port: int) -> None:
    """Serve on loopback until told to stop, then save."""
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    app, stop, loop = Front(), asyncio.Event(), asyncio.get_running_loop()
    for told in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(told, stop.set)
    watch = lambda: loop.call_soon_threadsafe(stop.set)  # noqa: E731
    threading.Thread(target=_stop_with_parent, args=(watch,), daemon=True).start()
    if engine_state.KEPT:
        saving = asyncio.create_task(keep_saving(app, stop))
        await serve(app, config, shutdown_trigger=stop.wait)
        await saving
        engine_state.save()
    else:
        await serve(app, config, shutdown_trigger=stop.wait)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
    os._exit(0)  # threads of the engine that wait for the network must not keep us
