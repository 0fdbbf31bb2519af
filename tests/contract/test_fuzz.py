"""Every platform × chance: whatever comes is answered, costs nothing if it is refused, and ends somewhere.

CI runs a short slice of what `make fuzz` runs.
"""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platforms import PLATFORMS
from tests import recorded, signing
from tests.contract.junk import BODIES, VALUES
from tests.contract.requests import a_share, each_platform
from tests.contract.settling import forget, lost, settle
from tests.contract.xml_junk import XML_BODIES
from tests.handshakes import HANDSHAKES
from tests.json_paths import paths, replaced
from tests.test_accept import problem
from tests.world import World

BODIES_OF = {
    platform: [delivery.body for delivery in recorded.deliveries() if delivery.platform == platform]
    for platform in PLATFORMS
}

no_surrogates = st.text(st.characters(codec="utf-8"))
junk = st.sampled_from(sorted(VALUES)).map(VALUES.__getitem__) | no_surrogates | st.integers() | st.floats()


@st.composite
def spliced(draw: st.DrawFn, delivery: bytes) -> bytes:
    """Cut bytes out of a delivery and put others in."""
    for _ in range(draw(st.integers(1, 3))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(delivery))] * 2)))
        inside = draw(st.binary(max_size=20) | st.sampled_from([b'"', b"{}", b"[", b"\\u", b"<", b"null"]))
        delivery = delivery[:start] + inside + delivery[min(end, start + draw(st.integers(0, 40))) :]
    return delivery


@st.composite
def replanted(draw: st.DrawFn, delivery: bytes) -> bytes:
    """Put junk in the place of values."""
    payload = json.loads(delivery)
    for _ in range(draw(st.integers(1, 3))):
        payload = replaced(payload, draw(st.sampled_from(list(paths(payload)))), draw(junk))
    return json.dumps(payload).encode()


@st.composite
def bodies(draw: st.DrawFn, platform: str) -> bytes:
    """Make a body that looks more or less like a delivery."""
    delivery = draw(st.sampled_from(BODIES_OF[platform]))
    others = st.sampled_from([*BODIES.values(), *XML_BODIES.values()]) | st.binary() | st.just(delivery)
    damages = [spliced(delivery), others]
    if delivery.startswith(b"{"):
        damages.append(replanted(delivery))
    return draw(st.one_of(damages))


@each_platform
@a_share
@given(data=st.data())
def test_what_is_signed_is_answered_and_ends_somewhere(
    world: World, platform: str, data: st.DataObject
) -> None:
    forget(world)
    body = data.draw(bodies(platform))
    answer = world.post(platform, body)
    if answer["statusCode"] != 200:
        assert 400 <= problem(answer) < 500
        assert world.calls == []
        return
    settle(world)

    assert lost(world, platform, body) == []


@each_platform
@a_share
@given(data=st.data())
def test_what_is_not_signed_is_refused(world: World, platform: str, data: st.DataObject) -> None:
    forget(world)
    body = data.draw(bodies(platform))
    good = signing.signed(platform, signing.spelt(platform, "never ours"), body)
    text = no_surrogates | st.sampled_from(sorted(good.values()))
    headers = data.draw(st.dictionaries(st.sampled_from(sorted(good)) | no_surrogates, text, max_size=5))
    method = data.draw(st.sampled_from(["POST", "POST", "POST", "PUT", "DELETE", "get", ""]))
    path = data.draw(st.just(platform) | no_surrogates.filter(lambda name: "/" not in name))
    event: dict[str, Any] = data.draw(st.sampled_from([{}, {"isBase64Encoded": True}, {"headers": None}]))
    as_text = data.draw(st.booleans())
    sent = body.decode("latin-1") if as_text or event.get("isBase64Encoded") else body
    answer = world.request(
        method, f"/webhooks/{path}", body=sent, **{"headers": {**good, **headers}, **event}
    )

    assert 400 <= problem(answer) < 500
    assert world.calls == []


@each_platform
@a_share
@given(data=st.data())
def test_a_handshake_is_answered_or_refused(world: World, platform: str, data: st.DataObject) -> None:
    forget(world)
    shake = HANDSHAKES.get(platform)
    good = shake.query(shake.token, f"{platform}-token") if shake else {"crc_token": "a"}
    name = st.sampled_from(sorted(good)) | no_surrogates
    value = st.sampled_from(sorted(good.values())) | no_surrogates
    query = good | data.draw(st.dictionaries(name, value, max_size=4))
    for gone in data.draw(st.sets(st.sampled_from(sorted(good)), max_size=2)):
        del query[gone]
    answer = world.request("GET", f"/webhooks/{platform}", query=query)

    if answer["statusCode"] != 200:
        assert 400 <= problem(answer) < 500
        assert world.calls == []
