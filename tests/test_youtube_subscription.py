"""YouTube's leases: asked for again at half time, and again until the hub verifies us."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.errors import ApiRefused, Unavailable
from chalicelib.platforms import youtube as adapter
from chalicelib.subscriptions import youtube
from chalicelib.subscriptions.known import Known
from chalicelib.subscriptions.records import Record
from chalicelib.subscriptions.rows import Row, State
from tests.subscribed import DAY, HOUR, FakeApis, Noted, keys, known
from tests.world import NOW

CHANNEL = "UC_ours"
LEASE = 4 * DAY


def leased(ago: int, asked_at: int = 0, asks: int = 0) -> Record:
    """Give a lease of four days that was verified so many seconds ago."""
    verified = NOW - ago
    return Record(handshake_at=verified, lease_until=verified + LEASE, asked_at=asked_at, asks=asks)


def checked(record: Record | None, **given: object) -> tuple[Row, Known, FakeApis]:
    """Check a channel; the hub takes what it is asked."""
    apis = FakeApis()
    apis.answer("POST", "websub", "subscribe", with_=None)
    found = known("youtube", CHANNEL, record=record, **{"apis": apis, **given})
    return youtube.row(found, CHANNEL), found, apis


@pytest.mark.parametrize(
    ("ago", "state"),
    [
        (0, State.OK),
        (2 * DAY - 1, State.OK),
        (2 * DAY, State.DUE),
        (3 * DAY - 1, State.DUE),
        (3 * DAY, State.FAILING),
        (4 * DAY - 1, State.FAILING),
        (4 * DAY, State.MISSING),
        (40 * DAY, State.MISSING),
    ],
)
def test_a_lease_is_due_at_half_time_and_an_alarm_at_three_quarters(ago: int, state: State) -> None:
    row, _, apis = checked(leased(ago), keep=False)

    assert row.state is state
    assert (row.since, row.until) == (NOW - ago, NOW - ago + LEASE)
    assert apis.asked == []


@pytest.mark.parametrize(
    "record",
    [None, Record(), leased(2 * DAY), leased(5 * DAY), replace(leased(DAY), denied_at=NOW - HOUR)],
)
def test_the_hub_is_asked_for_what_our_own_door_answers(record: Record | None) -> None:
    row, found, apis = checked(record)

    assert row.state is State.RENEWED
    ((call, _, token, form),) = apis.asked
    assert (call, token) == (("POST", "websub", ("subscribe",)), None)
    assert form["hub.mode"] == "subscribe"
    assert form["hub.secret"] == "signing-secret"
    assert form["hub.lease_seconds"] == "432000"
    callback = urlsplit(form["hub.callback"])
    assert (
        f"{callback.scheme}://{callback.netloc}{callback.path}" == "https://api.example/v1/webhooks/youtube"
    )
    assert parse_qs(callback.query) == {"token": ["verify-token"]}
    assert adapter.channel_of(form["hub.topic"]) == CHANNEL
    assert isinstance(found.note, Noted)
    assert found.note.notes == [(CHANNEL, {"asked_at": NOW, "asks": 1})]


def test_without_any_secret_there_are_no_pushes_and_that_is_no_alarm() -> None:
    row, _, apis = checked(None, keys=keys(CHANNEL, signing=(), verify_token=""))

    assert row.state is State.OFF
    assert "polled" in row.why
    assert apis.asked == []


def test_a_token_with_marks_is_escaped_in_the_callback() -> None:
    _, _, apis = checked(None, keys=keys(CHANNEL, verify_token="a&b=ü"))

    assert parse_qs(urlsplit(apis.asked[0][3]["hub.callback"]).query) == {"token": ["a&b=ü"]}


def test_a_lease_that_is_good_is_left_alone() -> None:
    row, found, apis = checked(leased(DAY))

    assert row.state is State.OK
    assert apis.asked == []
    assert found.note.notes == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("asks", "ago", "asked"),
    [
        (1, 599, False),
        (1, 600, True),
        (2, 1199, False),
        (2, 1200, True),
        (7, 6 * HOUR - 1, False),
        (7, 6 * HOUR, True),
        (400, 6 * HOUR, True),
    ],
)
def test_a_hub_that_does_not_verify_is_asked_less_and_less_often(asks: int, ago: int, *, asked: bool) -> None:
    row, found, apis = checked(leased(5 * DAY, asked_at=NOW - ago, asks=asks))

    assert bool(apis.asked) is asked
    if asked:
        assert found.note.notes == [(CHANNEL, {"asked_at": NOW, "asks": asks + 1})]  # type: ignore[attr-defined]
    else:
        assert row.state is State.MISSING
        assert "PUBLIC_URL" in row.remedy


def test_after_a_verification_all_requests_before_are_forgotten() -> None:
    _, found, _ = checked(leased(2 * DAY, asked_at=NOW - 2 * DAY - 1, asks=9))

    assert found.note.notes == [(CHANNEL, {"asked_at": NOW, "asks": 1})]  # type: ignore[attr-defined]


def test_a_denial_is_told_until_the_hub_verifies_again() -> None:
    denied, _, _ = checked(replace(leased(DAY), denied_at=NOW - HOUR), keep=False)
    verified, _, _ = checked(replace(leased(DAY), denied_at=NOW - DAY - 1), keep=False)

    assert (denied.state, denied.since) == (State.MISSING, NOW - HOUR)
    assert "OWN_ACCOUNTS" in denied.remedy
    assert verified.state is State.OK


@pytest.mark.parametrize("error", [Unavailable("hub down"), ApiRefused("no", status=422)])
@pytest.mark.parametrize(("ago", "state"), [(2 * DAY, State.DUE), (5 * DAY, State.MISSING)])
def test_a_hub_that_fails_leaves_the_state_as_it_is_and_is_asked_again(
    error: Exception, ago: int, state: State
) -> None:
    apis = FakeApis()
    apis.answer("POST", "websub", "subscribe", with_=error)
    row, found, _ = checked(leased(ago), apis=apis)

    assert row.state is state
    assert str(error) in row.why
    assert found.note.notes == [(CHANNEL, {"asked_at": NOW, "asks": 1})]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"public_url": None}, "PUBLIC_URL"),
        ({"keys": keys(CHANNEL, signing=())}, "signing.youtube"),
        ({"keys": keys(CHANNEL, verify_token="")}, "verify_tokens.youtube"),
        ({"keys": keys(CHANNEL, signing=(b"x" * 200,))}, "199"),
    ],
)
def test_what_is_missing_to_ask_is_named_and_nothing_is_noted(given: dict[str, object], named: str) -> None:
    row, found, apis = checked(None, **given)

    assert row.state is State.MISSING
    assert named in row.why
    assert apis.asked == []
    assert found.note.notes == []  # type: ignore[attr-defined]
