"""Every platform: what is signed is read into a message, passed over, or refused; reading never crashes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import PayloadError
from chalicelib.message import Change, Ignored, Kind, Message
from chalicelib.platforms import PLATFORMS
from tests import recorded
from tests.contract.junk import BODIES, VALUES, damaged, real_delivery
from tests.contract.requests import a_share, each_platform
from tests.contract.xml_junk import REFUSED_XML, XML_BODIES
from tests.json_paths import paths, replaced

PAYLOADS: dict[str, list[Any]] = {name: [] for name in PLATFORMS}
for _delivery in recorded.deliveries():
    PAYLOADS[_delivery.platform].append(PLATFORMS[_delivery.platform].parse(_delivery.body))

READ_XML = [name for name, how in PLATFORMS.items() if "text/xml" in how.content_types]
LATEST = 100_000_000_000  # UTC epoch seconds


def read(platform: str, payload: Any) -> list[Message | Ignored]:
    """Read a payload as the worker does; any other error than the one documented is not caught."""
    how, found = PLATFORMS[platform], []
    try:
        pieces = list(how.split(payload))
    except PayloadError:
        return []
    for piece in pieces:
        try:
            found.append(how.read(piece))
        except PayloadError:
            continue
    return found


def well_formed(platform: str, found: Any) -> bool:
    """Tell whether what was read is what `Message` promises."""
    if isinstance(found, Ignored):
        return True
    texts = (found.account_id, found.in_reply_to, found.text, found.permalink, found.conversation)
    times = found.occurred_at is None or (type(found.occurred_at) is int and 0 <= found.occurred_at < LATEST)
    return (
        found.platform == platform
        and isinstance(found.change, Change)
        and isinstance(found.kind, Kind)
        and whole(found.message_id)
        and all(text is None or whole(text) for text in (*texts, found.author.id, found.author.name))
        and type(found.from_us) is type(found.needs_lookup) is bool
        and type(found.version) is int
        and found.version >= 0
        and times
    )


def whole(text: Any) -> bool:
    """Tell whether it is a text without half surrogate pairs."""
    return type(text) is str and text == text.encode("utf-8", "replace").decode()


@each_platform
@pytest.mark.parametrize("junk", VALUES)
def test_any_value_may_be_something_else(platform: str, junk: str) -> None:
    for payload in PAYLOADS[platform]:
        for path in paths(payload):
            for found in read(platform, replaced(payload, path, VALUES[junk])):
                assert well_formed(platform, found), (path, found)


@each_platform
def test_any_value_may_be_missing_or_come_alone(platform: str) -> None:
    for payload in PAYLOADS[platform]:
        for path in paths(payload):
            for changed in _without(payload, path):
                assert all(well_formed(platform, found) for found in read(platform, changed)), path


def _without(payload: Any, path: tuple[Any, ...]) -> Iterator[Any]:
    if path and isinstance(path[-1], str):
        holder = payload
        for step in path[:-1]:
            holder = holder[step]
        yield replaced(payload, path[:-1], {n: v for n, v in holder.items() if n != path[-1]})
        yield replaced(payload, path[:-1], {path[-1]: holder[path[-1]]})


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
json_values = st.recursive(
    leaves | st.sampled_from(sorted(VALUES)).map(VALUES.__getitem__),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@each_platform
@a_share
@given(st.data())
def test_a_delivery_damaged_in_several_places_never_crashes(platform: str, data: st.DataObject) -> None:
    payload = data.draw(st.sampled_from(PAYLOADS[platform]))
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(list(paths(payload))))
        payload = replaced(payload, path, data.draw(json_values))

    assert all(well_formed(platform, found) for found in read(platform, payload))


def parsed(platform: str, body: bytes) -> list[Message | Ignored]:
    """Parse and read a body. Too deep a nesting may be told as such."""
    how = PLATFORMS[platform]
    try:
        payload = how.parse(body)
        return read(platform, payload)
    except (ValueError, PayloadError, RecursionError):
        return []


@each_platform
def test_what_is_no_delivery_never_becomes_a_message(platform: str) -> None:
    for name, body in {**BODIES, **XML_BODIES}.items():
        assert not any(isinstance(found, Message) for found in parsed(platform, body)), name


@pytest.mark.parametrize("platform", READ_XML)
def test_xml_that_declares_anything_or_is_deep_is_not_read(platform: str) -> None:
    how = PLATFORMS[platform]
    for name in REFUSED_XML:
        with pytest.raises(PayloadError):
            how.parse(XML_BODIES[name])


@each_platform
def test_a_delivery_whose_bytes_are_damaged_never_crashes(platform: str) -> None:
    for delivery in recorded.deliveries():
        if delivery.platform == platform:
            for name, body in damaged(delivery.body):
                assert all(well_formed(platform, found) for found in parsed(platform, body)), name


@each_platform
@a_share
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_body_makes_it_crash(platform: str, body: bytes) -> None:
    assert not any(isinstance(found, Message) for found in parsed(platform, body))


@each_platform
def test_of_duplicate_keys_the_last_one_counts_and_nothing_crashes(platform: str) -> None:
    text = real_delivery(platform)
    if not text.startswith(b"{"):
        return
    for key in json.loads(text):
        before = b'{"%s":[{"id":null}],' % key.encode() + text[1:]
        assert parsed(platform, before) == parsed(platform, text)


@each_platform
def test_a_byte_order_mark_and_white_space_around_change_nothing(platform: str) -> None:
    text = real_delivery(platform)
    plain = parsed(platform, text)

    assert any(isinstance(found, Message) for found in plain)
    assert parsed(platform, b"\xef\xbb\xbf" + text) == plain
    assert parsed(platform, text + b"\r\n \t") == plain
