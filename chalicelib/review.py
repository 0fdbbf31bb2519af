"""Draws the review sample: what needs no answer, and is looked at all the same.

A person then sees how often that was wrong. Pure.
"""

from hashlib import blake2b

BYTES = 8


def is_in_sample(platform: str, message_id: str, share: float) -> bool:
    """Tell whether a message is drawn.

    It is always the same for one message, and what a smaller share draws, a larger one draws too.

    Args:
        platform: its name.
        message_id: the platform's id; part of the hash and nothing else, so that nobody's text decides.
        share: 0 (none) to 1 (all).

    """
    drawn = blake2b(f"{platform}\0{message_id}".encode(), digest_size=BYTES, person=b"review").digest()
    place: int = int.from_bytes(drawn)
    return place < int(share * 256**BYTES)
