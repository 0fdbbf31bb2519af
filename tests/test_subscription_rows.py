"""What a check tells of X, Meta, LinkedIn, of handshakes and of tokens, and what it mends."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.errors import ApiRefused, ConfigurationError, PayloadError, Unavailable
from chalicelib.subscriptions import deliveries, handshakes, linkedin, meta, tokens, x
from chalicelib.subscriptions.records import Record
from chalicelib.subscriptions.rows import Row, State
from chalicelib.volume import Counts
from tests.subscribed import DAY, HOUR, PUBLIC_URL, TOKEN, FakeApis, Noted, keys, known
from tests.world import NOW

# ── X ─────────────────────────────────────────────────────────────────────────────────────────────────────

OURS = {"id": "17", "url": f"{PUBLIC_URL}/webhooks/x", "valid": True, "created_at": "2026-01-01T00:00:00Z"}
CHECKED = {"*": Record(handshake_at=NOW)}
OTHER = {"id": "18", "url": "https://other.example/hook", "valid": True}


def webhooks(*found: dict[str, Any]) -> dict[str, Any]:
    return {"data": list(found), "meta": {"result_count": len(found)}}


@pytest.fixture
def apis() -> FakeApis:
    return FakeApis()


def test_a_valid_webhook_of_x_is_ok(apis: FakeApis) -> None:
    apis.answer("GET", "x", "webhooks", with_=webhooks(OTHER, OURS))
    row = x.row(known("x", "4711", apis=apis, records=CHECKED))

    assert row == Row("x", None, "subscription", State.OK)
    assert apis.asked[0][2] == TOKEN


@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("age", [0, DAY - 1, DAY, 90 * DAY])
def test_a_webhook_that_x_has_not_checked_for_a_day_is_checked(
    apis: FakeApis, age: int, *, keep: bool
) -> None:
    apis.answer("GET", "x", "webhooks", with_=webhooks(OURS))
    apis.answer("PUT", "x", "webhooks", "17", with_={"data": {"attempted": True}})
    records = {"*": Record(handshake_at=NOW - age)}
    row = x.row(known("x", apis=apis, records=records, keep=keep))

    assert row.state is State.OK
    assert apis.methods == (["GET", "PUT"] if keep and age >= DAY else ["GET"])


def test_a_check_that_x_refuses_is_told_beside_its_state(apis: FakeApis) -> None:
    apis.answer("GET", "x", "webhooks", with_=webhooks(OURS))
    apis.answer("PUT", "x", "webhooks", "17", with_=Unavailable("x answers 503"))
    row = x.row(known("x", apis=apis))

    assert (row.state, row.why) == (State.OK, "Trying to renew it failed: x answers 503.")


def test_an_invalid_webhook_of_x_is_checked_again(apis: FakeApis) -> None:
    apis.answer_in_turn("GET", "x", "webhooks", with_=[webhooks({**OURS, "valid": False}), webhooks(OURS)])
    apis.answer("PUT", "x", "webhooks", "17", with_={"data": {"attempted": True}})
    row = x.row(known("x", apis=apis, counts=Counts({}, NOW - HOUR)))

    assert apis.methods == ["GET", "PUT", "GET"]
    assert (row.state, row.lost_since) == (State.RENEWED, NOW - HOUR)


@pytest.mark.parametrize("put", [{"data": {"attempted": True}}, None, ApiRefused("no", status=400)])
def test_a_webhook_of_x_that_stays_invalid_is_told(apis: FakeApis, put: Any) -> None:
    apis.answer("GET", "x", "webhooks", with_=webhooks({**OURS, "valid": False}))
    apis.answer("PUT", "x", "webhooks", "17", with_=put)
    row = x.row(known("x", apis=apis))

    assert row.state is State.MISSING
    assert "redirect" in row.remedy
    assert row.lost_since == NOW - DAY


def test_looking_does_not_have_x_check_anything(apis: FakeApis) -> None:
    apis.answer("GET", "x", "webhooks", with_=webhooks({**OURS, "valid": False}))
    row = x.row(known("x", apis=apis, keep=False))

    assert (row.state, apis.methods) == (State.MISSING, ["GET"])
    assert "RENEW=1" in row.remedy


@pytest.mark.parametrize("answer", [webhooks(), webhooks(OTHER), {"meta": {"result_count": 0}}])
def test_a_webhook_that_x_does_not_know_is_to_be_registered(apis: FakeApis, answer: Any) -> None:
    apis.answer("GET", "x", "webhooks", with_=answer)
    row = x.row(known("x", apis=apis))

    assert row.state is State.MISSING
    assert f"{PUBLIC_URL}/webhooks/x" in row.remedy


@pytest.mark.parametrize("answer", [None, {}, [], {"data": 7}, {"data": [7]}, {"data": [{"url": 7}]}])
def test_an_answer_of_x_that_is_none_is_told(apis: FakeApis, answer: Any) -> None:
    apis.answer("GET", "x", "webhooks", with_=answer)

    with pytest.raises(PayloadError):
        x.row(known("x", apis=apis))


# ── Meta ──────────────────────────────────────────────────────────────────────────────────────────────────

MESSAGES = ["messages", "message_echoes", "message_edits", "messaging_postbacks", "standby"]
ALL = ["feed", "mention", "ratings", *MESSAGES]


def subscribed(*fields: str) -> dict[str, Any]:
    return {"data": [{"id": "1", "name": "Zuständig", "subscribed_fields": list(fields)}] if fields else []}


def test_a_page_with_all_fields_is_ok(apis: FakeApis) -> None:
    apis.answer("GET", "meta", "301", "subscribed_apps", with_=subscribed(*ALL, "message_reads"))

    assert meta.row(known("facebook", "301", apis=apis), "301").state is State.OK
    assert meta.row(known("messenger", "301", apis=apis), "301").state is State.OK


def test_a_page_need_not_send_its_messages_here(apis: FakeApis) -> None:
    apis.answer("GET", "meta", "301", "subscribed_apps", with_=subscribed("feed", "mention", "ratings"))

    assert meta.row(known("facebook", "301", apis=apis), "301").state is State.OK


def test_a_page_that_sends_some_of_its_messages_should_send_all(apis: FakeApis) -> None:
    apis.answer(
        "GET", "meta", "301", "subscribed_apps", with_=subscribed("feed", "mention", "ratings", "messages")
    )
    row = meta.row(known("facebook", "301", apis=apis, keep=False), "301")

    assert row.state is State.MISSING
    assert row.why == "Not subscribed: message_echoes, message_edits, messaging_postbacks, standby."


@pytest.mark.parametrize(
    ("before", "restored"),
    [
        ("", {"feed", "mention", "ratings"}),
        ("feed,mention,ratings", {"feed", "mention", "ratings"}),
        (",".join(sorted([*ALL, "message_reads"])), {*ALL, "message_reads"}),
    ],
)
def test_a_page_that_was_unsubscribed_gets_back_what_it_had(
    apis: FakeApis, before: str, restored: set[str]
) -> None:
    apis.answer_in_turn("GET", "meta", "301", "subscribed_apps", with_=[subscribed(), subscribed(*restored)])
    apis.answer("POST", "meta", "301", "subscribed_apps", with_={"success": True})
    row = meta.row(known("facebook", "301", apis=apis, record=Record(fields=before)), "301")

    assert row.state is State.RENEWED
    ((_, ask, _, _),) = [asked for asked in apis.asked if asked[0][0] == "POST"]
    assert set(ask.parameters["subscribed_fields"].split(",")) == restored


def test_what_is_subscribed_is_remembered_when_it_changes(apis: FakeApis) -> None:
    apis.answer("GET", "meta", "301", "subscribed_apps", with_=subscribed("ratings", "feed", "mention"))
    first = known("facebook", "301", apis=apis, record=Record(fields="feed"))
    meta.row(first, "301")
    held = Record(fields="feed,mention,ratings", expires_at=NOW + 60 * DAY)
    second = known("facebook", "301", apis=apis, record=held)
    meta.row(second, "301")

    assert first.note.notes == [("301", {"fields": "feed,mention,ratings"})]  # type: ignore[attr-defined]
    assert second.note.notes == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "answer", [None, {}, [], {"data": {}}, {"data": [7]}, {"data": [{"subscribed_fields": 7}]}]
)
def test_an_answer_of_meta_that_is_none_is_told(apis: FakeApis, answer: Any) -> None:
    apis.answer("GET", "meta", "301", "subscribed_apps", with_=answer)

    with pytest.raises(PayloadError):
        meta.row(known("facebook", "301", apis=apis), "301")


def test_a_page_that_lacks_a_field_is_subscribed_again_and_keeps_what_it_had(apis: FakeApis) -> None:
    had = [*ALL[1:], "message_reads"]
    apis.answer_in_turn("GET", "meta", "301", "subscribed_apps", with_=[subscribed(*had), subscribed(*ALL)])
    apis.answer("POST", "meta", "301", "subscribed_apps", with_={"success": True})
    row = meta.row(known("facebook", "301", apis=apis, counts=Counts({}, NOW - 9)), "301")

    assert (row.state, row.lost_since) == (State.RENEWED, NOW - 9)
    assert "feed" in row.why
    ((_, ask, token, _),) = [asked for asked in apis.asked if asked[0][0] == "POST"]
    assert set(ask.parameters["subscribed_fields"].split(",")) == {*ALL, "message_reads"}
    assert token == TOKEN


def test_an_app_that_was_unsubscribed_is_told_when_only_looking(apis: FakeApis) -> None:
    apis.answer("GET", "meta", "301", "subscribed_apps", with_=subscribed())
    row = meta.row(known("messenger", "301", apis=apis, keep=False), "301")

    assert (row.state, apis.methods) == (State.MISSING, ["GET"])
    assert "messages" in row.why


def test_a_subscription_that_meta_refuses_stays_missing(apis: FakeApis) -> None:
    apis.answer("GET", "meta", "301", "subscribed_apps", with_=subscribed("feed"))
    apis.answer(
        "POST", "meta", "301", "subscribed_apps", with_=ApiRefused("meta answers 400 200", status=400)
    )
    row = meta.row(known("facebook", "301", apis=apis), "301")

    assert row.state is State.MISSING
    assert "400 200" in row.why


def test_a_subscription_that_is_not_there_afterwards_stays_missing(apis: FakeApis) -> None:
    apis.answer("GET", "meta", "301", "subscribed_apps", with_=subscribed())
    apis.answer("POST", "meta", "301", "subscribed_apps", with_={"success": True})
    row = meta.row(known("facebook", "301", apis=apis), "301")

    assert row.state is State.MISSING
    assert "token" in row.remedy


@pytest.mark.parametrize(
    ("token", "api", "fields"),
    [("IGAAq", "instagram", "comments,messages"), ("EAAq", "meta", "feed")],
)
def test_instagram_is_asked_where_its_token_belongs(
    apis: FakeApis, token: str, api: str, fields: str
) -> None:
    path = ("me", "subscribed_apps")
    apis.answer_in_turn("GET", api, *path, with_=[subscribed(), subscribed(fields)])
    apis.answer("POST", api, *path, with_={"success": True})
    row = meta.row(
        known("instagram", "178", apis=apis, keys=keys("178", access_tokens={"178": token, "*": "no"})), "178"
    )

    assert row.state is State.RENEWED
    ((_, ask, used, _),) = [asked for asked in apis.asked if asked[0][0] == "POST"]
    assert (ask.parameters, used) == ({"subscribed_fields": fields}, token)


def test_an_account_of_instagram_with_any_field_is_ok(apis: FakeApis) -> None:
    apis.answer("GET", "meta", "me", "subscribed_apps", with_=subscribed("feed"))

    assert meta.row(known("instagram", "178", apis=apis), "178").state is State.OK


def test_without_a_token_its_place_is_named() -> None:
    without = known("facebook", "301", keys=keys("301", access_tokens={}))

    with pytest.raises(ConfigurationError, match=r"access_tokens\.facebook .* 301"):
        meta.row(without, "301")


# ── LinkedIn ──────────────────────────────────────────────────────────────────────────────────────────────

ORGANIZATION = "urn:li:organization:5"
KEY = {
    "developerApplication": "urn:li:developerApplication:1",
    "user": "urn:li:person:2",
    "entity": ORGANIZATION,
    "eventType": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS",
}
PATH = ("rest", "eventSubscriptions")
KEY_PATH = (
    "(developerApplication:urn%3Ali%3AdeveloperApplication%3A1,user:urn%3Ali%3Aperson%3A2,"
    "entity:urn%3Ali%3Aorganization%3A5,eventType:ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS)"
)


def subscription(days: float, **more: Any) -> dict[str, Any]:
    ends = int((NOW + days * DAY) * 1000)
    other = {**KEY, "entity": "urn:li:organization:6", "expiresAt": 1, "webhook": "https://other.example"}
    ours = {**KEY, "expiresAt": ends, "webhook": f"{PUBLIC_URL}/webhooks/linkedin", **more}
    return {"elements": [other, ours]}


def test_a_subscription_that_lasts_is_ok_until_its_end(apis: FakeApis) -> None:
    apis.answer("GET", "linkedin", *PATH, with_=subscription(8))
    row = linkedin.row(known("linkedin", ORGANIZATION, apis=apis), ORGANIZATION)

    assert (row.state, row.until) == (State.OK, NOW + 8 * DAY)
    ((_, ask, _, _),) = apis.asked
    assert ask.headers["LinkedIn-Version"]
    assert ask.headers["X-Restli-Protocol-Version"] == "2.0.0"


def test_a_subscription_that_ends_soon_is_put_again_under_its_key(apis: FakeApis) -> None:
    apis.answer_in_turn("GET", "linkedin", *PATH, with_=[subscription(6), subscription(60)])
    apis.answer("PUT", "linkedin", *PATH, KEY_PATH, with_=None)
    row = linkedin.row(known("linkedin", ORGANIZATION, apis=apis), ORGANIZATION)

    assert (row.state, row.until) == (State.RENEWED, NOW + 60 * DAY)
    assert apis.asked[1][3] == {"webhook": f"{PUBLIC_URL}/webhooks/linkedin"}


def test_a_subscription_that_ends_soon_is_due_when_only_looking(apis: FakeApis) -> None:
    apis.answer("GET", "linkedin", *PATH, with_=subscription(6))
    row = linkedin.row(known("linkedin", ORGANIZATION, apis=apis, keep=False), ORGANIZATION)

    assert (row.state, apis.methods) == (State.DUE, ["GET"])


@pytest.mark.parametrize(
    ("put", "why"), [(None, "stays"), (ApiRefused("linkedin answers 403", status=403), "403")]
)
def test_a_subscription_that_is_not_renewed_is_told(apis: FakeApis, put: Any, why: str) -> None:
    apis.answer("GET", "linkedin", *PATH, with_=subscription(6))
    apis.answer("PUT", "linkedin", *PATH, KEY_PATH, with_=put)
    row = linkedin.row(known("linkedin", ORGANIZATION, apis=apis), ORGANIZATION)

    assert row.state is State.FAILING
    assert why in row.why


def test_a_subscription_without_its_key_is_renewed_by_hand(apis: FakeApis) -> None:
    answer = subscription(6)
    del answer["elements"][1]["user"]
    apis.answer("GET", "linkedin", *PATH, with_=answer)
    row = linkedin.row(known("linkedin", ORGANIZATION, apis=apis), ORGANIZATION)

    assert (row.state, apis.methods) == (State.FAILING, ["GET"])
    assert "by hand" in row.remedy


def test_a_subscription_that_sends_elsewhere_is_told(apis: FakeApis) -> None:
    apis.answer("GET", "linkedin", *PATH, with_=subscription(90, webhook="https://old.example/hook"))
    row = linkedin.row(known("linkedin", ORGANIZATION, apis=apis), ORGANIZATION)

    assert row.state is State.FAILING
    assert "https://old.example/hook" in row.remedy


def test_an_organization_without_subscription_is_missing(apis: FakeApis) -> None:
    apis.answer("GET", "linkedin", *PATH, with_={"elements": []})
    row = linkedin.row(known("linkedin", ORGANIZATION, apis=apis, counts=Counts({}, 9)), ORGANIZATION)

    assert (row.state, row.lost_since) == (State.MISSING, 9)


@pytest.mark.parametrize("answer", [None, {}, [], {"elements": {}}, {"elements": ["no"]}])
def test_an_answer_of_linkedin_that_is_none_is_told(apis: FakeApis, answer: Any) -> None:
    apis.answer("GET", "linkedin", *PATH, with_=answer)

    with pytest.raises(PayloadError):
        linkedin.row(known("linkedin", ORGANIZATION, apis=apis), ORGANIZATION)


# ── handshakes ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("platform", "age", "state"),
    [
        ("linkedin", 2 * HOUR, State.OK),
        ("linkedin", 2 * HOUR + 30 * 60, State.DUE),
        ("linkedin", 4 * HOUR + 30 * 60, State.FAILING),
        ("linkedin", 6 * HOUR + 30 * 60, State.MISSING),
        ("x", 24 * HOUR - 1, State.OK),
        ("x", 24 * HOUR, State.DUE),
        ("x", 25 * HOUR, State.FAILING),
        ("x", 30 * HOUR, State.MISSING),
        ("facebook", 300 * DAY, State.OK),
    ],
)
def test_a_handshake_that_stays_away_is_an_alarm_in_time(platform: str, age: int, state: State) -> None:
    record = Record(handshake_at=NOW - age)
    (row,) = handshakes.rows(known(platform, records={"*": record}))

    assert (row.state, row.since) == (state, NOW - age)
    alarming = state in {State.FAILING, State.MISSING}
    assert row.is_silence is bool(row.remedy) is alarming
    assert row.lost_since == (NOW - age if alarming else None)


def test_a_handshake_that_never_came_is_unknown_where_one_is_expected() -> None:
    (row,) = handshakes.rows(known("x"))

    assert row.state is State.UNKNOWN
    assert list(handshakes.rows(known("facebook"))) == []


# ── deliveries ────────────────────────────────────────────────────────────────────────────────────────────

END = NOW - NOW % HOUR
BUSY = dict.fromkeys(range(END - 50 * DAY, END, HOUR), 30)
UNTIL_YESTERDAY = {at: count for at, count in BUSY.items() if at < END - DAY}


def test_the_last_delivery_is_told() -> None:
    (row,) = deliveries.rows(known("x", counts=Counts(BUSY, NOW - 5)))

    assert row == Row("x", None, "deliveries", State.OK, since=NOW - 5)


def test_a_platform_that_has_sent_nothing_yet_is_unknown() -> None:
    (row,) = deliveries.rows(known("x"))

    assert row.state is State.UNKNOWN


def test_silence_is_told_with_a_remedy_and_remembered_from_when_it_was_noticed() -> None:
    quiet = known("x", counts=Counts(UNTIL_YESTERDAY, END - DAY - 5))
    (row,) = deliveries.rows(quiet)

    assert (row.state, row.since, row.lost_since) == (State.MISSING, END - DAY - 5, END - DAY)
    assert row.is_silence
    assert "720 are usual" in row.why
    assert row.remedy
    assert quiet.note.notes == [("*", {"silent_since": END - DAY})]  # type: ignore[attr-defined]


def test_a_silence_that_lasts_is_remembered_once() -> None:
    before = Record(silent_since=END - 9 * DAY)
    counts = Counts({at: n for at, n in BUSY.items() if at < END - 9 * DAY}, END - 9 * DAY - 1)
    quiet = known("x", records={"*": before}, counts=counts)
    (row,) = deliveries.rows(quiet)

    assert (row.state, row.lost_since) == (State.MISSING, END - 9 * DAY)
    assert quiet.note.notes == []  # type: ignore[attr-defined]


def test_a_silence_longer_than_anything_to_compare_with_is_silence_still() -> None:
    before = Record(silent_since=END - 57 * DAY)
    (row,) = deliveries.rows(known("x", records={"*": before}))

    assert (row.state, row.why) == (State.MISSING, "None has come since.")


def test_a_platform_that_speaks_again_is_ok_and_what_was_lost_is_named() -> None:
    before = Record(silent_since=END - 3 * DAY)
    again = known("x", records={"*": before}, counts=Counts(BUSY, NOW - 5))
    (row,) = deliveries.rows(again)

    assert (row.state, row.lost_since) == (State.OK, END - 3 * DAY)
    assert again.note.notes == [("*", {"silent_since": 0})]  # type: ignore[attr-defined]


# ── tokens ────────────────────────────────────────────────────────────────────────────────────────────────


def aged(days: float, token: str) -> Record:
    return Record(token=tokens.fingerprint(token), token_seen_at=int(NOW - days * DAY))


@pytest.mark.parametrize(
    ("days", "state"),
    [(0, State.OK), (49, State.OK), (50, State.FAILING), (59.9, State.FAILING), (60, State.MISSING)],
)
def test_a_token_is_an_alarm_from_its_fiftieth_day_on(days: float, state: State) -> None:
    secrets = keys("178", access_tokens={"178": "IGq"})
    (row,) = tokens.rows(known("instagram", "178", record=aged(days, "IGq"), keys=secrets))

    assert (row.state, row.account) == (state, "178")
    assert row.until == int(NOW - days * DAY) + 60 * DAY
    assert bool(row.remedy) is row.is_alarming
    assert not row.is_silence


def test_a_new_token_begins_anew_and_is_remembered_without_itself() -> None:
    secrets = keys("178", access_tokens={"178": "IGnew"})
    found = known("instagram", "178", record=aged(59, "IGold"), keys=secrets)
    (row,) = tokens.rows(found)

    assert (row.state, row.since) == (State.OK, NOW)
    ((account, noted),) = found.note.notes  # type: ignore[attr-defined]
    assert (account, noted["token_seen_at"]) == ("178", NOW)
    assert "IGnew" not in str(noted)


@pytest.mark.parametrize(("left", "again"), [(29, True), (31, False)])
def test_what_is_known_of_a_token_is_not_forgotten_before_it_ends(left: int, *, again: bool) -> None:
    noted, secrets = Noted(), keys("178", access_tokens={"178": "IGq"})
    record = replace(aged(31, "IGq"), expires_at=NOW + left * DAY)
    list(tokens.rows(known("instagram", "178", record=record, keys=secrets, note=noted)))

    assert bool(noted.notes) is again
    assert all(values["token_seen_at"] == NOW - 31 * DAY for _, values in noted.notes)


@pytest.mark.parametrize(("left", "again"), [(29, True), (31, False)])
def test_what_was_subscribed_is_not_forgotten(apis: FakeApis, left: int, *, again: bool) -> None:
    fields = "feed,mention,ratings"
    data = [{"id": "9", "subscribed_fields": fields.split(",")}]
    apis.answer("GET", "meta", "301", "subscribed_apps", with_={"data": data})
    noted, record = Noted(), Record(fields=fields, expires_at=NOW + left * DAY)
    meta.row(known("facebook", "301", apis=apis, record=record, note=noted), "301")

    assert noted.notes == ([("301", {"fields": fields})] if again else [])


def test_tokens_that_do_not_end_by_themselves_have_no_age() -> None:
    assert list(tokens.rows(known("facebook", "301"))) == []
    assert list(tokens.rows(known("x", "4711"))) == []
    assert list(tokens.rows(known("instagram", "178", keys=keys("178", access_tokens={"*": "EAAq"})))) == []
    assert list(tokens.rows(known("instagram", "178", keys=keys("178", access_tokens={})))) == []


def test_the_tokens_of_linkedin_and_threads_end() -> None:
    for platform in ("linkedin", "threads"):
        (row,) = tokens.rows(known(platform, "1", record=aged(51, TOKEN)))
        assert row.state is State.FAILING
        assert platform in row.remedy


def test_an_attempt_tells_what_failed() -> None:
    def fail() -> None:
        raise Unavailable("the hub is down")

    assert known("x").attempt(fail) == "Trying to renew it failed: the hub is down."
    assert known("x").attempt(lambda: None) == ""
