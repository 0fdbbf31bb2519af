"""Recorded deliveries with what each must become, in any folder laid out like `tests/fixtures`.

samples/<platform>/<event>.json, .xml          what the platform sent, byte for byte
expected/<platform>/<event>.expected.json      {"events": […], "ignored": n, "why": "…", "debatable": bool}
signature_vectors.json, or one file for each platform in signature_vectors/
                                               [{platform, secret, header, header_value, body, expect}, …]
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.message import Ignored, Message
from chalicelib.platforms import PLATFORMS
from infra.outcome import Event, event

OWN = Path(__file__).parent / "fixtures"
BOOLEANS_OF_A_DELETION = {"from_us", "needs_lookup"}  # only there to keep their type


@dataclass(frozen=True)
class Recorded:
    """One delivery and what it must become."""

    platform: str
    name: str
    body: bytes
    events: list[Event]
    ignored: int
    disputed: frozenset[str]

    def __str__(self) -> str:
        return f"{self.platform}/{self.name}"

    @property
    def opening(self) -> list[Event]:
        """Events that must open a ticket, if nothing of their message was seen before."""
        return [e for e in self.events if e["change"] != "deleted" and not e["from_us"]]


def deliveries(folder: Path = OWN) -> Iterator[Recorded]:
    """Find the deliveries of the platforms we have."""
    for file in sorted(folder.glob("expected/*/*.expected.json")):
        platform, name = file.parent.name, file.name.removesuffix(".expected.json")
        sample = next((folder / "samples" / platform).glob(f"{name}.*"), None)
        if platform in PLATFORMS and sample:
            expected = json.loads(file.read_text("utf-8"))
            yield Recorded(
                platform=platform,
                name=name,
                body=sample.read_bytes(),
                events=expected["events"],
                ignored=expected["ignored"],
                disputed=_disputed(expected),
            )


@dataclass(frozen=True)
class Vector:
    """A signature with what it signs; `asked` is the parameter of a handshake whose answer it is.

    `headers` beside the signature are those that are signed with the body; `at` is when it was sent.
    """

    id: str
    platform: str
    secret: str
    header: str
    signature: str
    body: str
    is_good: bool
    asked: str | None
    headers: dict[str, str]
    at: int

    def __str__(self) -> str:
        return f"{self.platform}-{self.id}"


STANDS_FOR = {
    "meta": ("facebook", "instagram", "messenger", "whatsapp", "threads"),
    "websub/youtube": ("youtube",),
    "standard-webhooks": ("standard_webhooks",),
}
ASKED = {"response_token": "crc_token", "challengeResponse": "challengeCode"}


def vectors(folder: Path = OWN) -> list[Vector]:
    """Read the signature vectors of the platforms we have."""
    files = [*folder.glob("signature_vectors.json"), *sorted(folder.glob("signature_vectors/*.json"))]
    found = [read for file in files for read in json.loads(file.read_text("utf-8"))]
    for_each = [(p, read) for read in found for p in STANDS_FOR.get(read["platform"], (read["platform"],))]
    return [_vector(platform, read) for platform, read in for_each if platform in PLATFORMS]


def _vector(platform: str, read: dict[str, Any]) -> Vector:
    headers, at = {}, 0
    if read["header"] == "webhook-signature":
        message_id, sent, _ = read["signed_string"].split(".", 2)
        headers, at = {"webhook-id": message_id, "webhook-timestamp": sent}, int(sent)
    return Vector(
        id=read["id"],
        platform=platform,
        secret=read["secret"],
        header=read["header"],
        signature=read["header_value"],
        body=read["body"],
        is_good=read["expect"] == "accept",
        asked=ASKED.get(read["header"]),
        headers=headers,
        at=at,
    )


def _disputed(expected: dict[str, Any]) -> frozenset[str]:
    named = re.search(r"DEBATABLE\[([^]]*)\]", expected["why"]) if expected["debatable"] else None
    return frozenset(name.strip() for name in named[1].split(",")) if named else frozenset()


def read(delivery: Recorded) -> tuple[list[Event], int]:
    """Read a delivery with its adapter: (events, number of ignored ones)."""
    platform = PLATFORMS[delivery.platform]
    found = [platform.read(payload) for payload in platform.split(platform.parse(delivery.body))]
    events = [event(message) for message in found if isinstance(message, Message)]
    return events, sum(isinstance(reason, Ignored) for reason in found)


def differences(delivery: Recorded, found: list[Event]) -> list[str]:
    """Tell where events differ from what was expected, disputed fields aside."""
    if len(found) != len(delivery.events):
        disputed = delivery.disputed & {"event-vs-ignored", "event-count"}
        return [] if disputed else [f"{len(found)} events, expected {len(delivery.events)}"]
    return [
        f"{name}: {ours.get(name)!r}, expected {value!r}"
        for ours, theirs in zip(found, delivery.events, strict=True)
        for name, value in theirs.items()
        if name not in delivery.disputed
        and not (theirs["change"] == "deleted" and name in BOOLEANS_OF_A_DELETION)
        and ours.get(name) != value
    ]
