"""What a platform's page in `docs/platforms` says that it sends, in a line of its own."""

import re
from pathlib import Path
from typing import NamedTuple

from chalicelib.platforms import PLATFORMS

PAGES = Path(__file__).parents[1] / "docs" / "platforms"
LINE = re.compile(
    r"^Changes: (?P<changes>\w+(?:, \w+)*)\. Own messages: (?P<own>yes|no)\."
    r"(?P<one> One event a delivery\.)?$",
    re.MULTILINE,
)


class Sends(NamedTuple):
    """Which changes come, whether what we write ourselves is among them, and whether always one at a time."""

    changes: frozenset[str]
    own: bool
    one_event_a_delivery: bool


def page(platform: str) -> str:
    file = PAGES / f"{platform}.md"
    assert file.exists(), f"write docs/platforms/{platform}.md"
    return file.read_text("utf-8")


def sends(platform: str) -> Sends:
    line = LINE.search(page(platform))
    assert line, f"{platform}.md says in a line of its own: Changes: created, …. Own messages: yes."
    return Sends(frozenset(line["changes"].split(", ")), line["own"] == "yes", line["one"] is not None)


ONE_EVENT_A_DELIVERY = frozenset(name for name in PLATFORMS if sends(name).one_event_a_delivery)
"""Platforms that never send several events at once."""
