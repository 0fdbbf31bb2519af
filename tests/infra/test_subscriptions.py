"""`make subscriptions` and `make backfill`: the table, the function behind STACK, and a real run."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from chalicelib.errors import ConfigurationError
from chalicelib.subscriptions.backfill import SOURCES, Fetched
from chalicelib.subscriptions.rows import Row, State
from infra import backfill, errand, subscriptions
from infra.errors import CommandFailed
from tests.started import started
from tests.subscribed import Answer, Asked, platforms

NOON = 1_764_072_000


def test_a_row_is_a_line_and_below_it_what_to_do() -> None:
    head, first, second, words, third = subscriptions.told(
        [
            Row("facebook", "301", "subscription", State.OK),
            Row("x", None, "deliveries", State.MISSING, since=NOON, why="None came.", remedy="Look there."),
            Row("youtube", "UC_1", "subscription", State.DUE, until=NOON),
        ]
    )

    assert head.split() == ["PLATFORM", "ACCOUNT", "WHAT", "STATE", "WHEN"]
    assert first.split() == ["facebook", "301", "subscription", "ok"]
    assert second.startswith("x  ")
    assert "missing  since " in second
    assert "2025" in second
    assert words == "    None came. Look there."
    assert "until " in third
    assert (
        len({line.index(cell) for line, cell in ((head, "STATE"), (second, "missing"), (third, "due"))}) == 1
    )


def test_platforms_that_are_not_used_are_told_as_such_and_what_to_do_once() -> None:
    off = [Row(name, None, "subscription", State.OFF, remedy="Name it.") for name in ("threads", "x")]
    _, first, second, words = subscriptions.told(off)

    assert (first.split(), second.split()) == (["threads", "off"], ["x", "off"])
    assert words == "off: it is not used. Name it."


def test_a_channel_without_pushes_is_told_in_its_own_words() -> None:
    lines = list(subscriptions.told([Row("youtube", "UC_1", "subscription", State.OFF, why="No pushes.")]))

    assert lines[1].split() == ["youtube", "UC_1", "subscription", "off"]
    assert [line.strip() for line in lines[2:]] == ["No pushes."]


@pytest.mark.parametrize("text", ["2025-11-20T08:00:00+00:00", "2025-11-20T09:00+01:00"])
def test_a_time_is_read(text: str) -> None:
    assert backfill.since(text, NOON) == 1_763_625_600


def test_a_date_is_read() -> None:
    assert 0 < backfill.since("2025-11-20", NOON) < NOON


@pytest.mark.parametrize("text", ["", "yesterday", "2025-13-01", "2099-01-01", "1969-12-31T00:00Z"])
def test_a_time_that_is_none_or_to_come_is_told(text: str) -> None:
    with pytest.raises(ConfigurationError, match=f"SINCE={text}:"):
        backfill.since(text, NOON)


def test_what_was_fetched_is_told_in_a_line() -> None:
    line = backfill.told(Fetched("linkedin", NOON - 60, NOON, 3, SOURCES["linkedin"].note))

    assert line.startswith("linkedin since ")
    assert line.endswith(": 3 deliveries fetched; in intake now")


class Lambda:
    """Lambda with a function that gives back, or fails with, what it is told."""

    def __init__(self, payload: Any, **more: Any) -> None:
        self.answer = {"Payload": BytesIO(json.dumps(payload).encode()), **more}

    def invoke(self, **asked: Any) -> Any:
        self.asked = asked
        return self.answer


def test_behind_stack_the_function_itself_is_asked() -> None:
    client = Lambda([{"platform": "x"}])

    assert errand.invoke(client, "the-function", {"do": "look"}) == [{"platform": "x"}]
    assert client.asked["FunctionName"] == "the-function"
    event = json.loads(client.asked["Payload"])
    assert event["detail"] == {"do": "look"}
    assert event["source"] == "aws.events"


def test_a_function_that_fails_is_told_in_its_words() -> None:
    client = Lambda({"errorMessage": "PUBLIC_URL must be https"}, FunctionError="Unhandled")

    with pytest.raises(CommandFailed, match="the-function: PUBLIC_URL must be https"):
        errand.invoke(client, "the-function", {"do": "look"})


def subscribed(table: str) -> list[str]:
    """Find the row of our channel."""
    (line,) = [line for line in table.splitlines() if "UC_ours" in line]
    return line.split()


def test_a_run_shows_its_subscriptions_and_renews_them_when_asked(tmp_path: Path) -> None:
    secret: list[str] = []

    def verify(asked: Asked) -> Answer:
        """Ask the run, as the hub would ask at the callback."""
        form = dict(parse_qsl(asked.body))
        secret.append(form["hub.secret"])
        callback = urlsplit(form["hub.callback"])
        query = {
            **dict(parse_qsl(callback.query)),
            **{name: form[f"hub.{name.partition('.')[2]}"] for name in ("hub.mode", "hub.topic")},
            "hub.challenge": "abc",
            "hub.lease_seconds": "1000",
        }
        url = f"{app.run['api']}{callback.path}"
        assert httpx.get(url, params=query, timeout=60, trust_env=False).text == "abc"
        return 202, None

    with platforms() as there:
        there.answers["POST", "/subscribe"] = verify
        settings = {
            "OWN_ACCOUNTS": '{"youtube": ["UC_ours"]}',
            "PUBLIC_URL": "https://hooks.example/",
            "WEBSUB_HUB_URL": there.url,
        }
        with started(tmp_path, **settings) as app:
            before = app.command("infra.subscriptions")
            renewing = app.command("infra.subscriptions", RENEW="1")
            after = app.command("infra.subscriptions")
            with pytest.raises(Exception, match="returned non-zero"):
                app.command("infra.backfill", PLATFORM="youtube", SINCE="never")
            fetched = app.command("infra.backfill", PLATFORM="facebook", SINCE="2025-11-20")
            assert secret == [app.run["secrets"]["youtube"]]

    assert subscribed(before)[:4] == ["youtube", "UC_ours", "subscription", "missing"]
    assert subscribed(renewing)[3] == "renewed"
    assert subscribed(after)[3:5] == ["ok", "since"]
    assert "until" in subscribed(after)
    assert "0 deliveries fetched" in fetched
