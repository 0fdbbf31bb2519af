"""Every platform × hostile requests: none crashes us, none that is refused costs a call, nothing is lost."""

import json
import logging
from typing import Any

import pytest

from chalicelib.platforms import PLATFORMS
from tests import signing
from tests.contract.hostile import misplaced, strange_handshakes, unsigned
from tests.contract.junk import BODIES, damaged, real_delivery
from tests.contract.requests import each_platform
from tests.contract.settling import lost, settle
from tests.contract.xml_junk import XML_BODIES
from tests.test_accept import problem
from tests.world import World

REFUSED = {name: unsigned(name) | misplaced(name) | strange_handshakes(name) for name in sorted(PLATFORMS)}
GARBAGE = {name: BODIES | XML_BODIES | dict(damaged(real_delivery(name))) for name in sorted(PLATFORMS)}


def each(cases: dict[str, dict[str, Any]]) -> pytest.MarkDecorator:
    pairs = [(platform, case) for platform, named in cases.items() for case in named]
    ids = [f"{platform}-{ascii(case)[1:-1]}" for platform, case in pairs]
    return pytest.mark.parametrize(("platform", "case"), pairs, ids=ids)


@each(REFUSED)
def test_what_must_be_refused_is_told_and_costs_no_call(
    world: World, caplog: pytest.LogCaptureFixture, platform: str, case: str
) -> None:
    answer = world.request(**REFUSED[platform][case])

    assert 400 <= problem(answer) < 500
    assert world.calls == []
    assert not any(f"{platform}-{word}" in str(answer) for word in ("current", "previous", "token"))
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@each(GARBAGE)
def test_signed_garbage_is_answered_and_ends_somewhere(
    world: World, caplog: pytest.LogCaptureFixture, platform: str, case: str
) -> None:
    body = GARBAGE[platform][case]
    answer = world.post(platform, body)
    if answer["statusCode"] != 200:
        assert 400 <= problem(answer) < 500
        assert world.calls == []
        return
    settle(world)

    assert lost(world, platform, body) == []
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@each_platform
def test_there_are_enough_of_them(platform: str) -> None:
    assert len(REFUSED[platform]) >= 60
    assert len(GARBAGE[platform]) >= 60


@each_platform
def test_the_undamaged_twin_passes(world: World, platform: str) -> None:
    """Else all of the above would be refused for a reason that is none."""
    body = real_delivery(platform)
    for form in signing.FORMS[platform]:
        headers = form(signing.spelt(platform, f"{platform}-current"), body, world.now)
        assert world.request("POST", f"/webhooks/{platform}", body=body, headers=headers)["statusCode"] == 200
    settle(world)

    assert world.tickets()
    assert json.dumps(world.counted).count("RequestsRefused") == 0
