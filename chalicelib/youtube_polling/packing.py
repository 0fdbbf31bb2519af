"""What is known of a channel, written as briefly as an item of DynamoDB (400 KB) needs it. Pure.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
"""

import json
import zlib

from chalicelib.youtube_polling.known import Known, KnownThread


def pack(known: Known) -> bytes:
    """Write what is known as briefly as an item of DynamoDB needs it.

    The id of a reply begins with that of its thread; what follows is near in time to what came before.
    """
    rows = [
        [
            key,
            thread.published_at,
            thread.updated_at - thread.published_at * 1000,
            thread.reply_count,
            thread.listed_at,
            {_shortened(key, reply): at - thread.published_at * 1000 for reply, at in thread.replies.items()},
        ]
        for key, thread in known.items()
    ]
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 9)


def unpack(packed: bytes) -> dict[str, KnownThread]:
    """Read what `pack` wrote."""
    known = {}
    for key, published_at, updated, reply_count, listed_at, replies in json.loads(zlib.decompress(packed)):
        start = published_at * 1000
        times = {_lengthened(key, reply): start + at for reply, at in replies.items()}
        known[key] = KnownThread(published_at, start + updated, reply_count, listed_at, times)
    return known


def _shortened(thread: str, reply: str) -> str:
    return reply.removeprefix(thread) if reply.startswith(f"{thread}.") else f"={reply}"


def _lengthened(thread: str, reply: str) -> str:
    return thread + reply if reply.startswith(".") else reply.removeprefix("=")
