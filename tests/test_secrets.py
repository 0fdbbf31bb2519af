"""Secrets: rotated without a restart and without many questions, and told to nobody."""

import json
import time
from io import StringIO
from threading import Barrier, Thread
from traceback import walk_tb

import pytest

from chalicelib import wiring
from chalicelib.errors import ConfigurationError, SignatureError, Unavailable
from chalicelib.platforms import PLATFORMS
from chalicelib.platforms.base import Keys
from chalicelib.secrets import AGAIN_AFTER, AGAIN_AFTER_NONE, FRESH_FOR, Secrets
from tests.signing import signed, spelt
from tests.test_platforms import META
from tests.world import World

BODY = b'{"object":"page","entry":[]}'
HUSH = "hush-hush"
each_platform = pytest.mark.parametrize("platform", sorted(PLATFORMS))


class Store:
    """Where secrets lie: their text, or an outage."""

    def __init__(self, text: str) -> None:
        self.text, self.reads, self.now = text, 0, 0.0

    def read(self) -> str:
        self.reads += 1
        if self.text == "outage":
            raise Unavailable("no")
        return self.text

    def put(self, platform: str, *words: str, token: str = "") -> None:
        """Put secrets of one platform there, and nothing else."""
        signing = {platform: [spelt(platform, word) for word in words]}
        self.text = json.dumps({"signing": signing, "verify_tokens": {platform: token} if token else {}})


def document(*signing: str) -> str:
    return json.dumps({"signing": {"x": list(signing)}, "verify_tokens": {"facebook": "token"}})


@pytest.fixture
def store() -> Store:
    return Store(document("new", "", "old"))


@pytest.fixture
def secrets(store: Store) -> Secrets:
    return Secrets(store.read, lambda: store.now)


@pytest.fixture
def rotated(world: World, store: Store, secrets: Secrets, monkeypatch: pytest.MonkeyPatch) -> World:
    """Give a Zuständig whose secrets lie in the store."""
    monkeypatch.setattr(wiring, "secrets", lambda: secrets)
    return world


def post(world: World, platform: str, word: str) -> int:
    """Post a delivery that is signed with this secret."""
    headers = signed(platform, spelt(platform, word), BODY)
    status: int = world.post(platform, BODY, headers=headers)["statusCode"]
    return status


# ── when the document is read ─────────────────────────────────────────────────────────────────────────────


def test_current_and_previous_are_given_and_empty_ones_are_not(secrets: Secrets) -> None:
    assert secrets.keys("x").signing == (b"new", b"old")
    assert secrets.keys("facebook").verify_token == "token"
    assert secrets.keys("facebook").signing == secrets.keys("myspace").signing == ()


def test_access_tokens_are_given_by_account(store: Store, secrets: Secrets) -> None:
    store.text = json.dumps({"access_tokens": {"facebook": {"301": "mine", "*": "any"}}})

    assert secrets.keys("facebook").access_tokens == {"301": "mine", "*": "any"}


def test_secrets_are_read_once_and_again_when_they_may_have_changed(store: Store, secrets: Secrets) -> None:
    for _ in range(10):
        secrets.keys("x")
    assert store.reads == 1

    store.text, store.now = document("newer", "new"), FRESH_FOR + 1
    assert secrets.keys("x").signing == (b"newer", b"new")
    assert store.reads == 2


@pytest.mark.parametrize("text", ["outage", "no json", "[]", "", "[" * 100_000])
def test_an_outage_or_a_broken_document_closes_no_door_that_was_open(
    store: Store, secrets: Secrets, text: str
) -> None:
    secrets.keys("x")
    store.text, store.now = text, FRESH_FOR + 1
    for _ in range(10):
        assert secrets.keys("x").signing == (b"new", b"old")
    assert store.reads == 2

    store.text, store.now = document("newer"), store.now + AGAIN_AFTER
    assert secrets.keys("x").signing == (b"newer",)


@pytest.mark.parametrize(("text", "error"), [("outage", Unavailable), ("no json", ConfigurationError)])
def test_an_outage_from_the_start_is_told_without_asking_each_time(
    store: Store, secrets: Secrets, text: str, error: type[Exception]
) -> None:
    store.text = text
    for _ in range(10):
        with pytest.raises(error):
            secrets.keys("x")
    assert store.reads == 1

    store.text, store.now = document("late"), AGAIN_AFTER_NONE
    assert secrets.keys("x").signing == (b"late",)


def test_an_error_that_is_told_again_and_again_does_not_grow(store: Store, secrets: Secrets) -> None:
    store.text = "outage"
    lengths = set()
    for _ in range(10):
        with pytest.raises(Unavailable) as error:
            secrets.keys("x")
        lengths.add(len(list(walk_tb(error.value.__traceback__))))

    assert len(lengths) == 1


def test_secrets_that_are_fetched_before_are_not_read_for_the_first_caller(
    store: Store, secrets: Secrets
) -> None:
    secrets.prefetch()
    secrets.keys("x")

    assert store.reads == 1


def test_whom_fetching_before_has_failed_is_not_shut_out(store: Store, secrets: Secrets) -> None:
    good, store.text = store.text, "outage"
    secrets.prefetch()
    store.text = good

    assert secrets.keys("x").signing == (b"new", b"old")


# ── rotation while running ────────────────────────────────────────────────────────────────────────────────


@each_platform
def test_a_rotation_while_running_refuses_nobody_who_may_come_in(
    rotated: World, store: Store, platform: str
) -> None:
    store.put(platform, "old")
    assert (post(rotated, platform, "old"), post(rotated, platform, "new")) == (200, 403)

    store.put(platform, "new", "old")
    store.now += AGAIN_AFTER
    assert [post(rotated, platform, word) for word in ("old", "new", "old", "other")] == [200, 200, 200, 403]
    assert store.reads == 2

    store.put(platform, "new")
    store.now += FRESH_FOR
    assert [post(rotated, platform, word) for word in ("new", "old")] == [200, 403]
    assert store.reads == 3


def test_within_a_minute_a_refusal_stays_whatever_the_document_says(rotated: World, store: Store) -> None:
    store.put("x", "old")
    assert post(rotated, "x", "old") == 200
    store.put("x", "new")
    store.now += AGAIN_AFTER - 1
    assert post(rotated, "x", "new") == 403
    assert store.reads == 1

    store.now += 1
    assert post(rotated, "x", "new") == 200


def test_what_one_platform_made_us_read_holds_for_all(rotated: World, store: Store) -> None:
    store.text = json.dumps({"signing": {"x": ["old"], "facebook": ["old"]}})
    assert post(rotated, "facebook", "old") == 200
    store.text = json.dumps({"signing": {"x": ["new"], "facebook": ["new"]}})
    store.now += AGAIN_AFTER
    assert post(rotated, "x", "forged") == 403

    assert post(rotated, "facebook", "new") == 200
    assert store.reads == 2


@pytest.mark.parametrize("outage", [False, True])
def test_a_thousand_forged_deliveries_cost_no_more_than_one_read_a_minute(
    rotated: World, store: Store, *, outage: bool
) -> None:
    store.put("x", "ours")
    assert post(rotated, "x", "ours") == 200
    store.text = "outage" if outage else store.text
    rotated.calls.clear()
    for _ in range(1000):
        store.now += 0.6
        assert post(rotated, "x", "forged") == 403

    assert 10 <= store.reads <= 1 + 10  # ten minutes
    assert rotated.calls == []
    assert post(rotated, "x", "ours") == 200


def test_a_handshake_with_a_token_that_is_new_is_answered(rotated: World, store: Store) -> None:
    def shake(token: str) -> int:
        query = {**META, "hub.verify_token": token}
        status: int = rotated.request("GET", "/webhooks/facebook", query=query)["statusCode"]
        return status

    store.put("facebook", token="old")
    assert (shake("old"), shake("new")) == (200, 403)
    store.put("facebook", token="new")
    store.now += AGAIN_AFTER

    assert (shake("new"), shake("old")) == (200, 403)
    assert store.reads == 2


def test_a_check_that_needs_a_secret_is_answered_once_it_is_there(rotated: World, store: Store) -> None:
    def check() -> int:
        answer = rotated.request("GET", "/webhooks/x", query={"crc_token": "abc"})
        return int(answer["statusCode"])

    store.text = "{}"
    assert check() == 403
    store.put("x", "first")
    store.now += AGAIN_AFTER
    assert check() == 200


def test_what_no_secret_could_mend_reads_nothing(rotated: World, store: Store) -> None:
    assert post(rotated, "x", "new") == 200
    store.now += AGAIN_AFTER

    assert rotated.request("GET", "/webhooks/x")["statusCode"] == 400
    assert store.reads == 1


def test_a_refusal_is_not_checked_twice_with_the_same_keys(store: Store, secrets: Secrets) -> None:
    checked: list[Keys] = []

    def prove(keys: Keys) -> None:
        checked.append(keys)
        raise SignatureError("no")

    for _ in range(3):
        store.now += AGAIN_AFTER
        with pytest.raises(SignatureError):
            secrets.proved("x", prove)

    assert len(checked) == store.reads == 3


def test_all_who_are_refused_at_once_wait_for_the_same_read(store: Store) -> None:
    def read() -> str:
        text = store.read()
        time.sleep(0.05)  # the others come while this one reads
        return text

    secrets, together, proved = Secrets(read, lambda: store.now), Barrier(8), []

    def prove(keys: Keys) -> bytes:
        if keys.signing[0] == b"old":
            together.wait()
            raise SignatureError("no")
        return keys.signing[0]

    store.text = document("old")
    secrets.prefetch()
    store.text, store.now = document("new"), AGAIN_AFTER
    threads = [Thread(target=lambda: proved.append(secrets.proved("x", prove))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert proved == [b"new"] * 8
    assert store.reads == 2


# ── what is wrong ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        '{"signing": {"x": "hush-hush", "facebook": ["fine"]}}',
        '{"signing": {"x": [7, "hush-hush"], "facebook": ["fine"]}}',
        '{"signing": {"x": ["hush-hush", "\\ud83d"], "facebook": ["fine"]}}',
        '{"signing": {"x": ["hush-hush"], "facebook": ["fine"]}, "verify_tokens": {"x": 7}}',
        '{"signing": {"x": ["hush-hush"], "facebook": ["fine"]}, "verify_tokens": {"x": "\\udcfc"}}',
        '{"signing": {"x": ["hush-hush"], "facebook": ["fine"]}, "access_tokens": {"x": "hush-hush"}}',
        '{"signing": {"x": ["hush-hush"], "facebook": ["fine"]}, "access_tokens": {"x": {"*": [7]}}}',
    ],
)
def test_what_is_wrong_with_one_platform_closes_its_door_alone(
    store: Store, secrets: Secrets, text: str, logged: StringIO
) -> None:
    store.text = text

    assert secrets.keys("x") == Keys()
    assert secrets.keys("facebook").signing == (b"fine",)
    assert "the secrets of x" in logged.getvalue()
    assert HUSH not in logged.getvalue()


def test_a_slip_in_one_platforms_secrets_does_not_close_a_door_that_was_open(
    store: Store, secrets: Secrets
) -> None:
    before = secrets.keys("x")
    store.text, store.now = '{"signing": {"x": "one-and-no-list"}}', FRESH_FOR + 1

    assert secrets.keys("x") == before
    assert before.signing


def test_nobody_prints_secrets_by_mistake() -> None:
    shown = repr(Keys((b"hush-hush",), "hush-hush", {"*": "hush-hush"}, frozenset({"301"})))

    assert HUSH not in shown
    assert "301" in shown


@pytest.mark.parametrize(
    "text",
    [
        "no json: hush-hush",
        '["hush-hush"]',
        '{"signing": ["hush-hush"]}',
        '{"verify_tokens": "hush-hush"}',
        '{"access_tokens": "hush-hush"}',
        '"hush-hush"',
        '[["hush-hush"' * 100_000,
    ],
)
def test_a_wrong_document_is_told_without_its_secrets(
    store: Store, secrets: Secrets, text: str, logged: StringIO
) -> None:
    store.text = text
    with pytest.raises(ConfigurationError) as error:
        secrets.keys("x")

    assert "the secrets cannot be read" in logged.getvalue()
    assert HUSH not in str(error.value) + logged.getvalue()
    assert error.value.__cause__ is None
