"""All changes that a platform can send about one message: created, edits, deleted; our reply, deleted.

Each is a delivery of its own, written as the platform writes it. A platform that is registered must be here.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.deliveries import PAGE, comment, page

CREATED, EDITED, EDITED_AGAIN = (
    "Wo bleibt mein Paket?",
    "Wo bleibt mein Päckchen?",
    "Wo bleibt meine Bestellung?",
)
REPLY = "Wir sehen nach und melden uns heute."


@dataclass(frozen=True)
class Dialect:
    """The deliveries about message `n`, by what they tell, and what they are about.

    edits_by_receipt: its edits carry neither time nor counter, so the one received last counts.
    """

    deliveries: Callable[[int], dict[str, bytes]]
    message_id: Callable[[int], str]
    edits_by_receipt: bool = False


def _facebook(number: int) -> dict[str, bytes]:
    reply: dict[str, Any] = {
        "comment_id": f"401_9{number}",
        "parent_id": f"401_{number}",
        "who": {"id": PAGE},
    }
    return {
        "created": page([comment(number, CREATED)]),
        "edited": page([comment(number, EDITED, verb="edited", created_time=1764057700)]),
        "edited again": page([comment(number, EDITED_AGAIN, verb="edited", created_time=1764057800)]),
        "deleted": page([comment(number, verb="remove")]),
        "replied": page([comment(number, REPLY, **reply)]),
        "reply deleted": page([comment(number, verb="remove", **reply)]),
    }


DIALECTS: dict[str, Dialect] = {
    "facebook": Dialect(_facebook, lambda number: f"401_{number}"),
}


def read(body: bytes) -> Any:
    """Read a delivery back."""
    return json.loads(body)
