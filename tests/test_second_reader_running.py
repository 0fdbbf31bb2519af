"""The second reader in the worker: wired by its settings, stored before anything is sent, asked once."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest

from chalicelib import aws, departments, wiring
from chalicelib.categories import Category, Topic
from chalicelib.errors import ConfigurationError
from chalicelib.platforms import PLATFORMS
from chalicelib.second_reader import configuration
from chalicelib.second_reader.budget import Limits, Prices
from infra.local import aws_environment
from tests import linkedin
from tests.deliveries import comment, page
from tests.fakes import Crash
from tests.second_reader import MODEL, UNSURE, Said, answered, doubt_all, fenced, used
from tests.world import World, queue

DELIVERY = page([comment(1, UNSURE)])
PRAISED = {"category": "praise", "topics": [], "confidence": 0.9}
RULES = departments.load()


@pytest.fixture
def second(world: World, monkeypatch: pytest.MonkeyPatch) -> Said:
    """Give the Bedrock that the world's worker asks."""
    monkeypatch.setenv("SECOND_READER_MODEL", MODEL)
    doubt_all(monkeypatch)
    said = Said(answered(used(PRAISED)))
    world.bedrock = said
    return said


def test_without_a_model_nobody_is_asked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    doubt_all(monkeypatch)
    world.post("facebook", DELIVERY)
    world.drain()
    (ticket,) = world.tickets().values()

    assert "converse" not in world.calls
    assert ticket.decision.department == RULES.catch_all().department


def test_what_is_doubtful_is_decided_by_the_second_reader(world: World, second: Said) -> None:
    world.post("facebook", DELIVERY)
    world.drain()
    (ticket,) = world.tickets().values()

    assert ticket.text == UNSURE
    assert (ticket.decision.category, ticket.decision.department) == ("praise", "marketing")
    assert ticket.decision.decided_by == f"second_reader:{MODEL}"
    assert [fenced(asked) for asked in second.asked] == [UNSURE]
    decided = {"platform": "facebook", "how": "asked", "decided": "true"}
    assert ("SecondReadings", 1, decided) in world.counted


def test_decision_and_model_are_stored_before_anything_is_sent(world: World, second: Said) -> None:
    stored: list[str | None] = []

    def look(operation: str, arguments: Mapping[str, Any]) -> None:
        if operation == "send_message" and arguments["QueueUrl"] == queue("marketing"):
            stored.extend(ticket.decision.decided_by for ticket in world.tickets().values())

    world.after_call = look
    world.post("facebook", DELIVERY)
    world.drain()

    assert stored == [f"second_reader:{MODEL}"]


def test_a_redelivery_asks_nobody_again(world: World, second: Said) -> None:
    for _ in range(3):
        world.post("facebook", DELIVERY)
        world.drain()

    assert len(second.asked) == 1
    assert len(world.events("marketing")) == 1


def test_a_worker_that_was_killed_after_the_answer_asks_nobody_again(world: World, second: Said) -> None:
    def kill(operation: str, arguments: Mapping[str, Any]) -> None:
        if operation == "update_item" and arguments["Key"]["pk"]["S"].startswith("second-reading#"):
            world.after_call = lambda _operation, _arguments: None
            raise Crash

    world.after_call = kill
    world.post("facebook", DELIVERY)
    with suppress(Crash):
        world.drain()
    assert not world.tickets()
    second.response = OSError()
    world.sqs.expire()
    world.drain()
    (ticket,) = world.tickets().values()

    assert ticket.decision.category == "praise"
    assert len(second.asked) == 1


def test_linkedin_is_left_out_unless_it_is_asked_for(
    world: World, second: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.post("linkedin", linkedin.delivery(linkedin.comment(1, UNSURE)))
    world.drain()
    assert not second.asked
    monkeypatch.setenv("SECOND_READER_OFF_FOR", "none")
    wiring.worker.cache_clear()
    world.post("linkedin", linkedin.delivery(linkedin.comment(2, UNSURE)))
    world.drain()
    assert len(second.asked) == 1
    assert not [pk for pk, _ in world.dynamodb.items if pk.startswith("second-reading#")]


def test_a_wrong_setting_stops_the_worker_at_its_start(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECOND_READER_MODEL", MODEL)
    monkeypatch.setenv("SECOND_READER_DAILY_DOLLARS", "a lot")

    with pytest.raises(ConfigurationError, match="SECOND_READER_DAILY_DOLLARS"):
        wiring.worker()


# ── settings ──────────────────────────────────────────────────────────────────────────────────────────────


def read(**environ: str) -> configuration.Configuration | None:
    return configuration.read({"SECOND_READER_MODEL": MODEL, **environ}, PLATFORMS, RULES)


def test_defaults_are_small_and_leave_linkedin_out() -> None:
    found = read()

    assert found is not None
    assert (found.limits, found.prices) == (Limits(2000, 1_000_000), Prices(250, 1250))
    assert found.off_for == {"linkedin"}
    assert not found.off_for_departments
    assert read(SECOND_READER_MODEL="") is None


def test_settings_are_read() -> None:
    found = read(
        SECOND_READER_DAILY_CALLS="0",
        SECOND_READER_DAILY_DOLLARS="0.5",
        SECOND_READER_PRICE_IN="0.000035",
        SECOND_READER_OFF_FOR="x, youtube",
        SECOND_READER_OFF_FOR_DEPARTMENTS="human_resources",
        BEDROCK_URL="http://127.0.0.1:4567",
    )

    assert found is not None
    assert (found.limits, found.prices.read) == (Limits(0, 500_000), 35)
    assert found.off_for == {"x", "youtube"}
    assert found.is_off(Category.APPLICANT_COMPLAINT, ())
    assert not found.is_off(Category.CRITICISM, ())
    assert not found.is_off(Category.OTHER, ())
    assert found.is_off(Category.OTHER, (Topic.RECRUITING,))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECOND_READER_MODEL", "arn:aws:bedrock:::../x"),
        ("SECOND_READER_DAILY_CALLS", "-1"),
        ("SECOND_READER_DAILY_CALLS", "²"),
        ("SECOND_READER_DAILY_DOLLARS", "NaN"),
        ("SECOND_READER_PRICE_IN", "1e3"),
        ("SECOND_READER_PRICE_OUT", "0,01"),
        ("SECOND_READER_OFF_FOR", "linked_in"),
        ("SECOND_READER_OFF_FOR_DEPARTMENTS", "personnel"),
        ("BEDROCK_URL", "https://bedrock.example"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        read(**{name: value})


def test_nothing_stands_in_for_bedrock_on_lambda() -> None:
    with pytest.raises(ConfigurationError, match="BEDROCK_URL must not be set on Lambda"):
        read(BEDROCK_URL="http://127.0.0.1:1", AWS_LAMBDA_FUNCTION_NAME="f")


def test_bedrock_is_asked_once_and_not_for_long() -> None:
    once: Any = aws.ONCE
    assert once.retries["total_max_attempts"] == 1
    assert once.connect_timeout + once.read_timeout <= 4


def test_a_local_run_takes_the_settings_over() -> None:
    assert {"SECOND_READER_MODEL", "BEDROCK_URL", *configuration.DEFAULTS} == {*aws_environment.SECOND_READER}
