"""Makes deliveries of any size, in Facebook's shape."""

import json
from collections.abc import Iterable
from typing import Any

PAGE = "301000000000001"


VISITOR = {"id": "501", "name": "Jonas Feld"}


def comment(number: int, text: str | None = None, who: Any = VISITOR, **value: Any) -> dict[str, Any]:
    """Make one comment of a visitor."""
    said = {
        "item": "comment",
        "verb": "add",
        "comment_id": f"401_{number}",
        "post_id": f"{PAGE}_401",
        "parent_id": f"{PAGE}_401",
        "from": who,
        "message": text or f"Meine Bestellung {number} ist nicht angekommen, wann kommt sie?",
        "created_time": 1764057605,
        **value,
    }
    return {"field": "feed", "value": said}


def page(changes: Iterable[dict[str, Any]], account: str = PAGE) -> bytes:
    """Make a delivery of several changes."""
    entry = {"id": account, "time": 1764057610, "changes": list(changes)}
    return json.dumps({"object": "page", "entry": [entry]}).encode()
