"""No platform without recordings, vectors, a signature written anew, and a page that tells the truth."""

import re

from chalicelib.platforms import PLATFORMS, named
from tests import recorded, signing
from tests.contract.requests import each_platform
from tests.pages import PAGES, page, sends
from tests.recorded import Recorded

HEADINGS = ["Set it up", "What it sends", "Limits", "Traps", "Sources"]

# They sign alike, and share their vectors.
META = {"facebook", "instagram", "messenger", "whatsapp", "threads"}


def recordings(platform: str) -> list[Recorded]:
    return [delivery for delivery in recorded.deliveries() if delivery.platform == platform]


@each_platform
def test_a_platform_is_found_by_its_name(platform: str) -> None:
    assert named(platform).name == platform
    assert re.fullmatch(r"[a-z][a-z0-9_]*", platform)
    assert PLATFORMS[platform].content_types


@each_platform
def test_there_are_recordings_of_each_fate(platform: str) -> None:
    mine = recordings(platform)

    assert any(delivery.opening for delivery in mine)
    assert any(delivery.ignored for delivery in mine)
    assert len(mine) >= 5


@each_platform
def test_the_page_tells_which_changes_come_and_each_of_them_is_recorded(platform: str) -> None:
    told = sends(platform)
    events = [event for delivery in recordings(platform) for event in delivery.events]

    assert told.changes == {event["change"] for event in events}
    assert told.own == any(event["from_us"] for event in events)


@each_platform
def test_the_page_has_all_its_parts(platform: str) -> None:
    parts = re.split(r"^## ", page(platform), flags=re.MULTILINE)

    assert re.match(r"# \S", parts[0])
    assert [part.partition("\n")[0] for part in parts[1:]] == HEADINGS
    assert all(part.partition("\n")[2].strip() for part in parts[1:])
    assert "https://" in parts[-1]
    assert f"webhooks/{platform}" in parts[1]


@each_platform
def test_every_recording_says_what_must_become_of_it(platform: str) -> None:
    samples = {file.name.partition(".")[0] for file in (recorded.OWN / "samples" / platform).iterdir()}

    assert samples == {delivery.name for delivery in recordings(platform)}


@each_platform
def test_a_signature_is_written_anew_and_held_against_vectors(platform: str) -> None:
    family = META if platform in META else {platform}
    vectors = [vector for vector in recorded.vectors() if vector.platform in family]

    assert platform in signing.FORMS
    assert any(vector.is_good for vector in vectors)
    assert any(not vector.is_good for vector in vectors)


def test_there_is_no_page_and_no_recording_of_what_is_no_platform() -> None:
    assert {file.stem for file in PAGES.glob("*.md")} <= PLATFORMS.keys()
    assert {folder.name for folder in recorded.OWN.glob("samples/*")} <= PLATFORMS.keys()
    assert {folder.name for folder in recorded.OWN.glob("expected/*")} <= PLATFORMS.keys()
