"""Every platform that signs the time: what is old, or from the future, is refused, whoever signed it."""

from typing import Any

import pytest

from chalicelib.platforms import PLATFORMS
from chalicelib.platforms.base import Request
from tests import signing
from tests.contract.requests import BODY, each_platform, headers, keys, passes, request
from tests.signing import NOW

# https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#verifying-webhook-authenticity
TOLERANCES = {"standard_webhooks": 300}  # seconds

NO_TIMES: list[Any] = ["", " ", "now", "nan", "inf", "-1", "1e9", "0x1", "9" * 5_000, "1.5.5", "\0", "ä"]
ODD_TIMES: list[Any] = [f" {NOW}", f"+{NOW}", f"0{NOW}", f"{NOW:_}", "١٧٦٤٠٥٧٦٠٠", f"{NOW}.0", f"{NOW}\n"]

each_signed_time = pytest.mark.parametrize("platform", sorted(PLATFORMS.keys() & TOLERANCES.keys()))


@each_platform
def test_who_signs_the_time_has_a_tolerance_here(platform: str) -> None:
    signs_the_time = headers(platform, BODY) != headers(platform, BODY, now=NOW + 1)

    assert signs_the_time == (platform in TOLERANCES)
    if not signs_the_time:
        assert passes(platform, request(platform)._replace(now=0), keys(platform, "current"))


@each_signed_time
def test_the_time_may_differ_as_far_as_documented_and_no_further(platform: str) -> None:
    tolerance = TOLERANCES[platform]
    for off in (0, 1, -1, tolerance, -tolerance):
        assert passes(platform, _sent(platform, NOW + off), keys(platform, "current")), off
    for off in (tolerance + 1, -tolerance - 1, 86_400, -86_400, -NOW, 10**12, -(10**12)):
        assert not passes(platform, _sent(platform, NOW + off), keys(platform, "current")), off


@each_signed_time
def test_a_replay_is_refused_once_its_time_is_over(platform: str) -> None:
    good = request(platform)

    assert passes(platform, good, keys(platform, "current"))
    assert not passes(platform, good._replace(now=NOW + 3_600), keys(platform, "current"))


@each_signed_time
def test_what_is_no_time_is_refused_though_it_is_signed(platform: str) -> None:
    for time in NO_TIMES:
        assert not passes(platform, _sent(platform, time), keys(platform, "current")), time


@each_signed_time
def test_a_time_that_is_oddly_written_never_crashes(platform: str) -> None:
    for time in ODD_TIMES:
        passes(platform, _sent(platform, time), keys(platform, "current"))


@each_signed_time
def test_a_text_that_somebody_wrote_never_moves_the_border_to_the_time(platform: str) -> None:
    """What is signed is parts with dots between them; whoever may write a text must not part them anew."""
    later = NOW + 86_400
    body = b'{"text":"a.' + str(later).encode() + b'.{}"}'
    good = request(platform, body)
    signed = ".".join([good.headers["webhook-id"], good.headers["webhook-timestamp"], body.decode()])
    before, _, after = signed.partition(f".{later}.")
    forged = {**good.headers, "webhook-id": before, "webhook-timestamp": str(later)}

    assert passes(platform, good, keys(platform, "current"))
    assert not passes(
        platform, Request(headers=forged, body=after.encode(), now=later), keys(platform, "current")
    )


def _sent(platform: str, time: Any) -> Any:
    made = signing.FORMS[platform][0](signing.spelt(platform, "current"), BODY, time)
    return request(platform)._replace(headers={name.lower(): value for name, value in made.items()})
