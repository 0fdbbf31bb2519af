"""What if it came on Friday at 17:55? Owner, clocks and why, before a message or a calendar is real."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from chalicelib import policies, simulations
from chalicelib.errors import BadRequest
from tests.made import POLICIES
from tests.opening_hours import NAMES
from tests.opening_hours import OFFICE as WEEK
from tests.test_accept import problem
from tests.test_api import COMMUNICATIONS, NOBODY, OPS, api, token
from tests.world import World

__all__ = ["api"]

Call = Callable[..., dict[str, Any]]
FRIDAY = {"received_at": "2026-11-27T17:55", "tz": "Europe/Berlin"}
TRIAL = {"id": "trial", "zone": "Europe/Berlin", "week": WEEK}


@pytest.fixture
def call(world: World, api: Any) -> Call:
    """Give a function that simulates as somebody, by default with a service request on Friday evening."""

    def call(who: tuple[str, ...] | None = OPS, raw: bytes | None = None, **body: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token(*who)}"} if who else {}
        asked = json.dumps({**FRIDAY, "category": "service_request", **body}).encode() if raw is None else raw
        headers["Content-Type"] = "application/json"
        return world.request("POST", "/deadlines/simulate", body=asked, headers=headers)

    return call


def told(answer: dict[str, Any]) -> dict[str, Any]:
    assert answer["statusCode"] == 200, answer["body"]
    body: dict[str, Any] = json.loads(answer["body"])
    return body


def refused(answer: dict[str, Any], status: int = 400) -> str:
    assert problem(answer) == status
    detail: str = json.loads(answer["body"])["detail"]
    return detail


def due(body: Mapping[str, Any]) -> str:
    local: str = body["deadline"]["due_at"]["local"]
    return local


def test_what_comes_on_friday_at_17_55_is_due_on_monday_by_a_calendar_that_is_not_live(call: Call) -> None:
    body = told(call(calendar=TRIAL))

    assert body["owner"] == {"department": "customer_service", "name": "Kundenservice", "urgent": False}
    assert due(body) == "2026-11-30T11:55:00+01:00"
    assert body["received_at"] == {"utc": "2026-11-27T16:55:00Z", "local": "2026-11-27T17:55:00+01:00"}
    first, second = body["deadline"]["clocks"]
    assert [window["seconds"] for window in first["windows"]] == [300, 14_100]
    assert [alarm["level"] for alarm in first["alarms"]] == [
        "warning",
        "overdue",
        "escalation_1",
        "escalation_2",
    ]
    assert second["counted_seconds"] == 24 * 3600
    assert "Nicht gezählt: Sa 28.11. und So 29.11. (Wochenende)." in first["words"]["de"]
    assert "Not counted: Sat 28 Nov and Sun 29 Nov (weekend)." in first["words"]["en"]


def test_without_a_calendar_the_hours_pass_by_day_and_night_in_local_time(call: Call) -> None:
    assert due(told(call())) == "2026-11-27T21:55:00+01:00"


def test_a_time_may_have_an_offset_of_its_own(call: Call) -> None:
    body = told(call(raw=b'{"received_at": "2026-11-27T17:55:00+01:00", "category": "service_request"}'))

    assert due(body) == "2026-11-27T21:55:00+01:00"


@pytest.mark.parametrize(("state", "closed"), [("BY", ["Heilige Drei Könige"]), ("BE", [])])
def test_bavaria_is_not_berlin(call: Call, state: str, closed: list[str]) -> None:
    there = {**TRIAL, "country": "DE", "subdivision": state}
    body = told(call(received_at="2026-01-05T17:00", calendar=there))

    days = body["deadline"]["clocks"][0]["closed_days"]
    assert [day["name"]["de"] for day in days if day["cause"] == "public_holiday"] == closed


def test_a_night_on_which_clocks_are_put_forward_is_told(call: Call) -> None:
    nights = {**TRIAL, "week": {name: ["22:00-06:00"] for name in NAMES}}
    body = told(call(received_at="2026-03-29T00:30", calendar=nights))

    assert due(body) == "2026-03-29T05:30:00+02:00"
    (change,) = body["deadline"]["clocks"][0]["clock_changes"]
    assert change["seconds"] == 3600


def test_pauses_are_counted_out(call: Call) -> None:
    pause = {"begins": "2026-11-27T17:58", "ends": "2026-11-30T10:00:00+01:00"}
    body = told(call(calendar=TRIAL, pauses=[pause]))

    assert due(body) == "2026-11-30T13:57:00+01:00"
    assert body["deadline"]["clocks"][0]["pauses"][0]["seconds"] == 64 * 3600 + 120


def test_a_platform_cuts_off_what_lies_beyond_its_reply_window(call: Call) -> None:
    answer = told(call(platform="messenger", calendar=TRIAL))["deadline"]["clocks"][1]

    assert answer["due_at"]["local"] == "2026-11-28T17:55:00+01:00"
    assert answer["cut_seconds"] == 24 * 3600 - 300


def test_danger_is_urgent_by_day_and_night(call: Call) -> None:
    body = told(call(topics=["safety"], calendar=TRIAL))

    assert (body["owner"]["urgent"], due(body)) == (True, "2026-11-27T18:25:00+01:00")
    assert body["deadline"]["clocks"][0]["granted"]["by"] == "urgent"


@pytest.mark.parametrize(
    ("asked", "owner", "hours", "by"),
    [
        ({"department": "human_resources", "category": None}, "human_resources", 24, "rule"),
        ({"department": "communications", "category": None}, "communications", 4, "rule"),
        ({"department": "investor_relations", "category": None}, "investor_relations", 24, "rule"),
        ({"department": "social_media", "category": None}, "social_media", 2, "catch_all"),
        ({"department": "marketing"}, "marketing", 4, "rule"),
        ({"topics": ["recruiting"]}, "human_resources", 24, "rule"),
        ({"category": None}, "social_media", 2, "catch_all"),
        ({"category": "other", "topics": ["safety"]}, "social_media", 0.5, "urgent"),
    ],
)
def test_whose_it_would_be_and_by_what(
    call: Call, asked: dict[str, Any], owner: str, hours: float, by: str
) -> None:
    body = told(call(**asked))
    first = body["deadline"]["clocks"][0]

    assert (body["owner"]["department"], first["granted"]["seconds"] / 3600) == (owner, hours)
    assert first["granted"]["by"] == by


def test_what_needs_no_answer_has_no_owner_and_no_clocks(call: Call) -> None:
    body = told(call(category="other"))

    assert (body["owner"], body["deadline"]["clocks"], body["deadline"]["due_at"]) == (None, [], None)
    assert body["deadline"]["words"]["en"] == "It needs no answer, so there is no deadline."


def test_a_calendar_that_never_opens_long_enough_is_the_callers_and_named(call: Call) -> None:
    detail = refused(call(calendar={**TRIAL, "week": {"monday": ["08:00-08:01"]}}))

    assert detail.startswith('`calendar`: calendar "trial" is not open for ')


@pytest.mark.parametrize(
    ("wrong", "detail"),
    [
        ({"received_at": "tomorrow"}, "`received_at`: write a time as in 2026-11-27T17:55:00+01:00"),
        ({"received_at": "1974-12-31T23:59:59Z"}, "`received_at`: write a time from 1975 to 2149"),
        ({"received_at": "9999-12-31T23:59:59-14:00"}, "`received_at`: write a time from 1975 to 2149"),
        ({"received_at": "0001-01-01T00:00"}, "`received_at`: write a time"),
        ({"tz": None}, "`received_at`: give it an offset, such as +01:00, or name its zone in `tz`"),
        ({"tz": "Europe/Bonn"}, "`tz`: there is no time zone 'Europe/Bonn'"),
        (
            {"received_at": "2026-03-29T02:30"},
            "`received_at`: the clocks of Europe/Berlin skip this time, since they are put forward",
        ),
        ({"category": "spam"}, "`category`: "),
        ({"colour": "red"}, "`colour`: there is no such field; there are received_at, tz, "),
        ({"platform": "myspace"}, "`platform`: there are facebook, "),
        ({"department": "sales"}, "`department`: there are customer_service, "),
        ({"topics": ["safety"] * 7}, "`topics`: "),
        ({"calendar": []}, "`calendar`: "),
        ({"calendar": {}}, "`calendar`: calendar 1, `id`: is missing: add it"),
        ({"calendar": {**TRIAL, "id": "always"}}, '`calendar`: two calendars are called "always"'),
        ({"calendar": {**TRIAL, "id": 10**4000}}, "`calendar`: calendar 1, `id`: "),
        ({"calendar": {**TRIAL, "zone": "Mars"}}, '`calendar`: calendar "trial", `zone`: there is no'),
        ({"calendar": {**TRIAL, "week": {"monday": ["8-18"]}}}, '`calendar`: calendar "trial", `week`'),
        ({"calendar": {**TRIAL, "country": "XX"}}, '`calendar`: calendar "trial": there are no holidays'),
        (
            {"calendar": {**TRIAL, "company_holidays": ["01-02"] * 401}},
            "`calendar`: `company_holidays` has more than 400 entries",
        ),
        (
            {"calendar": {**TRIAL, "week": {"monday": ["08:00-08:01"] * 13}}},
            "`calendar`: a day of `week` has more than 12 windows",
        ),
        ({"pauses": [{"begins": "2026-11-28T08:00", "ends": "2026-11-28T08:00"}]}, "`pauses.1`: it must"),
        ({"pauses": [{"begins": "2026-11-28T08:00", "ends": "2028-11-28T08:00"}]}, "`pauses.1`: it must"),
        ({"pauses": [{"begins": "2026-11-26T08:00", "ends": "2026-11-28T08:00"}]}, "`pauses.1`: it must"),
        ({"pauses": [{"begins": "x", "ends": "2026-11-28T08:00"}]}, "`pauses.1.begins`: write a time"),
    ],
)
def test_what_is_wrong_is_named(call: Call, wrong: dict[str, Any], detail: str) -> None:
    assert refused(call(**wrong)).startswith(detail)


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"\xff", b'{"a":' * 5000, b'{"tz": "\\ud800"}', b"null"])
def test_what_is_no_body_is_refused(call: Call, raw: bytes) -> None:
    refused(call(raw=raw))


def test_no_complaint_is_longer_than_somebody_would_read(call: Call) -> None:
    assert len(refused(call(calendar={**TRIAL, "zone": "x" * 20_000}))) <= 1020
    refused(call(raw=b"{" + b" " * 32 * 1024 + b"}"), 413)


def test_a_department_without_rules_needs_a_category(call: Call) -> None:
    rules = POLICIES.departments
    there = [each.model_copy(update={"owns": (), "catch_all": None}) for each in rules.departments]
    bare = policies.Policies(
        departments=rules.model_copy(update={"departments": tuple(there)}),
        calendars=POLICIES.calendars,
        windows=POLICIES.windows,
        version="bare",
    )
    asked = simulations.read(json.dumps({**FRIDAY, "department": "marketing"}).encode())

    with pytest.raises(BadRequest, match="owns nothing by the rules"):
        simulations.simulate(asked, bare)


def test_ops_and_departments_may_ask_and_nobody_else(call: Call) -> None:
    assert call(COMMUNICATIONS)["statusCode"] == 200
    assert problem(call(NOBODY)) == 403
    assert problem(call(None)) == 401


def test_nothing_is_kept_and_nothing_is_read(world: World, call: Call) -> None:
    told(call(calendar=TRIAL))

    assert world.calls == []


def test_the_answer_is_as_described(call: Call, api: Any) -> None:
    document = json.loads(api(None, "/openapi.json")["body"])
    components = {"components": document["components"]}
    named = "#/components/schemas/{}".format

    Draft202012Validator({"$ref": named("SimulatedDeadline"), **components}).validate(
        told(call(calendar=TRIAL))
    )
    sent = {**FRIDAY, "category": "praise", "calendar": TRIAL}
    Draft202012Validator({"$ref": named("Simulation"), **components}).validate(sent)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["08:00-18:00", "12-24"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*NAMES, "12-24", "zone", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.sampled_from([*simulations.Simulation.model_fields]), JSON, max_size=4),
    st.dictionaries(
        st.sampled_from(["id", "zone", "week", "country", "subdivision", "company_holidays", "half_days"]),
        JSON,
    ),
    st.sampled_from([TRIAL, {}]),
)
def test_whatever_is_sent_is_answered_or_refused_in_our_words(
    body: dict[str, Any], calendar: dict[str, Any], base: dict[str, Any]
) -> None:
    sent = {**FRIDAY, "calendar": {**base, **calendar}, **body}
    with suppress(BadRequest):
        simulations.simulate(simulations.read(json.dumps(sent).encode()), POLICIES)
