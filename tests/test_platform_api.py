"""The client of the platforms' APIs against a real server on loopback."""

import gzip
import json
import logging
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from email.utils import formatdate
from itertools import chain, repeat

import pytest

from chalicelib.errors import ApiRefused, ConfigurationError, PayloadError, RateLimited, Unavailable
from chalicelib.platform_api import PlatformApis, connect
from chalicelib.platform_api.answers import A_WHILE
from chalicelib.platform_api.client import FIRST_PAUSE, LONGEST_PAUSE, LONGEST_REST, PATIENCE
from chalicelib.platform_api.exchange import LARGEST
from chalicelib.platforms import restli
from chalicelib.platforms.base import Ask
from tests.platform_server import RESET, PlatformServer, Ticking, answer, ok, serving

ASK = Ask(("17", "comments"), {"fields": "id,text"})
TOKEN = "a-token-nobody-may-see"


@pytest.fixture
def ticking() -> Ticking:
    return Ticking()


@pytest.fixture
def server() -> Iterator[PlatformServer]:
    with serving() as running:
        yield running


@pytest.fixture
def apis(server: PlatformServer, ticking: Ticking) -> Iterator[PlatformApis]:
    variables = ("META_API_URL", "X_API_URL", "LINKEDIN_API_URL", "YOUTUBE_API_URL", "WEBSUB_HUB_URL")
    connected = connect(dict.fromkeys(variables, server.url), clock=ticking.clock())
    yield connected
    connected.http.close()


# ── what is asked ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_question_becomes_a_request(server: PlatformServer, apis: PlatformApis) -> None:
    server.answers = [ok('{"id": "17"}')]

    assert apis.get("meta", ASK, TOKEN) == {"id": "17"}
    (received,) = server.received
    assert received.line == "GET /v26.0/17/comments?fields=id%2Ctext HTTP/1.1"
    assert received.headers["Host"] == f"127.0.0.1:{server.port}"
    assert received.headers["Authorization"] == f"Bearer {TOKEN}"
    assert received.headers["Accept-Encoding"] == "identity"
    assert "Cookie" not in received.headers


@pytest.mark.parametrize(
    ("api", "path"),
    [
        ("meta", "/v26.0/17"),
        ("instagram", "/v26.0/17"),
        ("threads", "/v1.0/17"),
        ("x", "/2/17"),
        ("linkedin", "/17"),
        ("youtube", "/youtube/v3/17"),
        ("websub", "/17"),
    ],
)
def test_each_api_has_its_path(server: PlatformServer, apis: PlatformApis, api: str, path: str) -> None:
    apis.get(api, Ask(("17",)))

    assert server.received[0].line == f"GET {path} HTTP/1.1"
    assert "Authorization" not in server.received[0].headers


def test_youtube_takes_its_key_in_a_header_of_its_own(server: PlatformServer, apis: PlatformApis) -> None:
    apis.get("youtube", Ask(("comments",)), TOKEN)

    assert server.received[0].headers["X-Goog-Api-Key"] == TOKEN
    assert "Authorization" not in server.received[0].headers


def test_rest_li_keeps_its_marks_and_urns_are_escaped(server: PlatformServer, apis: PlatformApis) -> None:
    urn = "urn:li:comment:(urn:li:activity:1,2)"
    parameters = {
        "actions": restli.escaped(["COMMENT", "SHARE_MENTION"]),
        "organizationalEntity": "urn:li:organization:3",
        "timeRange": restli.escaped({"start": 1, "end": 2}),
    }
    apis.get("linkedin", Ask(("rest", "socialActions", urn), parameters, {"LinkedIn-Version": "202510"}))
    apis.get("linkedin", Ask(("rest", restli.escaped({"user": "urn:li:person:4"}))))

    first, second = server.received
    assert first.line == (
        "GET /rest/socialActions/urn%3Ali%3Acomment%3A%28urn%3Ali%3Aactivity%3A1%2C2%29"
        "?actions=List(COMMENT,SHARE_MENTION)&organizationalEntity=urn%3Ali%3Aorganization%3A3"
        "&timeRange=(start:1,end:2) HTTP/1.1"
    )
    assert first.headers["LinkedIn-Version"] == "202510"
    assert second.line == "GET /rest/(user:urn%3Ali%3Aperson%3A4) HTTP/1.1"


def test_forms_and_json_are_sent_once(server: PlatformServer, apis: PlatformApis) -> None:
    server.answers = [answer(202), answer(200, '{"success": true}'), answer(503)]

    assert apis.send("POST", "websub", Ask(("subscribe",)), form={"hub.mode": "subscribe", "a": "ä&"}) is None
    assert apis.send("PUT", "linkedin", Ask(("rest",)), TOKEN, json={"webhook": "https://w"}) == {
        "success": True
    }
    with pytest.raises(Unavailable):
        apis.send("POST", "x", Ask(("webhooks",)), TOKEN, json={})

    form, put, _ = server.received
    assert (form.line, form.body) == ("POST /subscribe HTTP/1.1", b"hub.mode=subscribe&a=%C3%A4%26")
    assert form.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert (put.line, json.loads(put.body)) == ("PUT /rest HTTP/1.1", {"webhook": "https://w"})
    assert len(server.received) == 3


# ── what is answered ──────────────────────────────────────────────────────────────────────────────────────

META = '{"error": {"message": "said by a person", "code": %s, "is_transient": %s}}'
GOOGLE = '{"error": {"code": 403, "errors": [{"reason": "%s", "message": "said by a person"}]}}'
X = '{"type": "https://api.twitter.com/2/problems/%s", "title": "said by a person"}'
LINKEDIN = '{"status": 403, "code": "%s", "message": "said by a person"}'


@pytest.mark.parametrize(
    ("api", "refusal", "reason"),
    [
        ("meta", answer(400, META % (190, "false")), "190"),
        ("meta", answer(404, ""), ""),
        ("meta", answer(403, META % ('"said by a person"', "false")), ""),
        ("meta", answer(400, '{"error": []}'), ""),
        ("meta", answer(400, META % (190, '"true"')), "190"),
        ("youtube", answer(403, '{"error": {"errors": "no"}}'), ""),
        ("youtube", answer(403, '{"error": {"errors": {"a": 1}}}'), ""),
        ("meta", answer(400, "[" * 100_000), ""),
        ("youtube", answer(403, GOOGLE % "commentsDisabled"), "commentsDisabled"),
        ("youtube", answer(403, '{"error": {"errors": []}}'), ""),
        ("youtube", answer(403, '{"error": {"errors": [7]}}'), ""),
        ("x", answer(403, X % "client-forbidden"), "client-forbidden"),
        ("x", answer(404, '{"type": 7}'), ""),
        ("linkedin", answer(403, LINKEDIN % "ACCESS_DENIED"), "ACCESS_DENIED"),
        ("linkedin", answer(401, '{"serviceErrorCode": 65600}'), "65600"),
        ("websub", answer(422, "no such topic"), ""),
        ("meta", answer(302, ""), ""),
        ("meta", answer(304, ""), ""),
    ],
)
def test_a_refusal_is_for_good_and_asked_once(
    server: PlatformServer, apis: PlatformApis, api: str, refusal: bytes, reason: str
) -> None:
    server.answers = [refusal]

    with pytest.raises(ApiRefused) as refused:
        apis.get(api, ASK, TOKEN)

    assert refusal.startswith(f"HTTP/1.1 {refused.value.status} ".encode())
    assert refused.value.reason == reason
    assert "person" not in str(refused.value)
    assert len(server.received) == 1


# ── what is asked again ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "passing",
    [
        answer(500),
        answer(502, "<html>"),
        answer(503),
        answer(408),
        answer(425),
        answer(429),
        answer(400, META % (2, "false")),
        answer(400, META % (368, "true")),
        answer(200, "no JSON"),
        answer(200, b"\xff"),
        answer(200),
        answer(200, "[" * 100_000),
        RESET,
        b"no HTTP\r\n\r\n",
    ],
)
def test_what_may_pass_is_asked_again_after_a_pause_of_chance(
    server: PlatformServer, apis: PlatformApis, ticking: Ticking, passing: bytes
) -> None:
    server.answers = [passing, passing, ok('{"id": "17"}')]

    assert apis.get("meta", ASK, TOKEN) == {"id": "17"}
    assert len(server.received) == 3
    assert ticking.pauses == [ticking.luck * FIRST_PAUSE * 2, ticking.luck * FIRST_PAUSE * 4]


@pytest.mark.parametrize("luck", [0.0, 1.0])
def test_the_pause_is_anything_from_nothing_to_its_bound(
    server: PlatformServer, apis: PlatformApis, ticking: Ticking, luck: float
) -> None:
    ticking.luck = luck
    server.answers = [answer(500)]

    with pytest.raises(Unavailable, match="meta answers 500"):
        apis.get("meta", ASK, TOKEN)
    assert ticking.pauses == [luck * 1.0, luck * 2.0]
    assert len(server.received) == 3


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"Retry_After": "2"}, 2),
        ({"Retry_After": " 0 "}, 0),
        ({"Retry_After": formatdate(1_764_057_602, usegmt=True)}, 2),
        ({"Retry_After": formatdate(1_764_000_000, usegmt=True)}, 0),
        ({"x_rate_limit_reset": "1764057601"}, 1),
        ({"x_rate_limit_reset": "1"}, 0),
        ({"Retry_After": "1", "x_rate_limit_reset": "1764057602"}, 1),
        ({"Retry_After": formatdate(1_764_057_601, usegmt=True), "x_rate_limit_reset": "1764057602"}, 1),
    ],
)
def test_a_pause_that_is_told_is_kept(
    apis: PlatformApis,
    server: PlatformServer,
    ticking: Ticking,
    headers: dict[str, str],
    after: int,
) -> None:
    server.answers = [answer(429, **headers), ok(), answer(503, **headers), ok()]

    assert apis.get("x", ASK, TOKEN) == apis.get("linkedin", ASK, TOKEN) == {}
    assert ticking.pauses[0] == after + ticking.luck * FIRST_PAUSE
    assert len(ticking.pauses) == 2


@pytest.mark.parametrize(
    "nonsense", ["soon", "-1", "1.5", "١", "9" * 400, "Wed, 21 Oct 99999 07:28:00 GMT", "", "0x1"]
)
def test_a_pause_that_cannot_be_read_is_not_told(
    server: PlatformServer, apis: PlatformApis, ticking: Ticking, nonsense: str
) -> None:
    server.answers = [answer(429, b"", **{"Retry-After": nonsense, "x-rate-limit-reset": nonsense}), ok()]

    assert apis.get("x", ASK, TOKEN) == {}
    assert ticking.pauses == [ticking.luck * FIRST_PAUSE * 2]


@pytest.mark.parametrize(("told", "rests"), [("60", 60), ("999999999", LONGEST_REST)])
def test_who_wants_a_longer_pause_gets_it_without_being_asked(
    server: PlatformServer, apis: PlatformApis, ticking: Ticking, told: str, rests: float
) -> None:
    server.answers = [answer(429, X % "usage-capped", Retry_After=told), ok()]

    for _ in range(3):
        with pytest.raises(RateLimited) as limited:
            apis.get("x", ASK, TOKEN)
        assert limited.value.reason == "usage-capped"
    with pytest.raises(RateLimited):
        apis.send("POST", "x", ASK, TOKEN)
    assert len(server.received) == 1
    assert ticking.pauses == []

    assert apis.get("x", ASK, "another-token") == {}
    assert apis.get("meta", ASK, TOKEN) == {}
    ticking.time += rests - 4
    with pytest.raises(RateLimited):
        apis.get("x", ASK, TOKEN)
    ticking.time += 4
    assert apis.get("x", ASK, TOKEN) == {}


@pytest.mark.parametrize(
    ("api", "limit", "reason"),
    [
        ("youtube", answer(403, GOOGLE % "quotaExceeded"), "quotaExceeded"),
        ("youtube", answer(403, GOOGLE % "dailyLimitExceeded"), "dailyLimitExceeded"),
        *(("meta", answer(400, META % (code, "false")), str(code)) for code in (4, 17, 32, 613, 80001)),
        ("instagram", answer(403, META % (4, "true")), "4"),
    ],
)
def test_a_spent_quota_is_told_by_its_reason_and_rests(
    server: PlatformServer, apis: PlatformApis, api: str, limit: bytes, reason: str
) -> None:
    server.answers = [limit, ok()]

    for _ in range(2):
        with pytest.raises(RateLimited) as limited:
            apis.get(api, ASK, TOKEN)
        assert (limited.value.reason, limited.value.retry_after) == (reason, A_WHILE)
    assert len(server.received) == 1


def test_a_short_limit_of_google_is_asked_again(server: PlatformServer, apis: PlatformApis) -> None:
    server.answers = [answer(403, GOOGLE % "rateLimitExceeded"), ok()]

    assert apis.get("youtube", ASK, TOKEN) == {}


# ── what does not end, or is too large ────────────────────────────────────────────────────────────────────

HEAD = b"HTTP/1.1 200 OK\r\n"


def again_and_again(start: bytes, piece: bytes) -> Callable[[], Iterable[bytes]]:
    """Send a start, then a piece for as long as somebody listens."""
    return lambda: chain([start], repeat(piece, 100_000))


def drip(start: bytes, piece: bytes) -> Callable[[], Iterable[bytes]]:
    """Send a start, then a piece and again a piece, so slowly that each is read alone."""

    def send() -> Iterable[bytes]:
        for one in (start, *[piece] * 2_000):
            yield one
            time.sleep(0.001)

    return send


@pytest.mark.parametrize(
    "dripping",
    [
        drip(HEAD + b"Content-Length: 1000000\r\n\r\n", b"x"),
        drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        drip(HEAD + b"\r\n", b"x"),
        drip(HEAD + b"X-Header: ", b"x"),
        drip(HEAD, b"X-Header: x\r\n"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        drip(b"", b"x"),
    ],
)
def test_what_drips_is_given_up_when_the_time_is_over(
    server: PlatformServer, apis: PlatformApis, ticking: Ticking, dripping: Callable[[], Iterable[bytes]]
) -> None:
    """Each look at the clock costs a second here, so each piece that arrives does."""
    server.answers = [dripping]
    ticking.step = 1.0
    start = ticking.time

    with pytest.raises(Unavailable, match="meta cannot be reached: TimeoutException"):
        apis.get("meta", ASK, TOKEN)
    assert ticking.time - start <= PATIENCE + 5 * ticking.step
    assert len(server.received) == 1


def test_sending_is_given_up_when_the_time_is_over(
    server: PlatformServer, apis: PlatformApis, ticking: Ticking
) -> None:
    server.answers = [drip(HEAD + b"Content-Length: 1000000\r\n\r\n", b"x")]
    ticking.step = 1.0

    with pytest.raises(Unavailable, match="TimeoutException"):
        apis.send("POST", "meta", ASK, TOKEN)


def test_who_does_not_answer_is_given_up(server: PlatformServer, apis: PlatformApis) -> None:
    server.answers = [lambda: iter([])]

    with apis.within(0.05), pytest.raises(Unavailable, match="cannot be reached"):
        apis.get("meta", ASK, TOKEN)


def test_all_questions_of_a_scope_share_its_time(
    server: PlatformServer, apis: PlatformApis, ticking: Ticking
) -> None:
    with apis.within(8):
        apis.get("meta", ASK, TOKEN)
        ticking.time += 7
        apis.get("meta", ASK, TOKEN)
        ticking.time += 1
        with pytest.raises(Unavailable):
            apis.get("meta", ASK, TOKEN)
        with apis.within(60), pytest.raises(Unavailable):
            apis.get("meta", ASK, TOKEN)
    apis.get("meta", ASK, TOKEN)
    assert len(server.received) == 3


def test_a_pause_never_outlasts_the_time(
    server: PlatformServer, apis: PlatformApis, ticking: Ticking
) -> None:
    server.answers = [answer(429, Retry_After="2")]

    with apis.within(1.5), pytest.raises(RateLimited):
        apis.get("meta", ASK, TOKEN)
    assert ticking.pauses == []
    assert LONGEST_PAUSE > 2


ENDLESS = again_and_again(
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65_536 + b"\r\n"
)


@pytest.mark.parametrize("large", [ENDLESS, ok("7" * (LARGEST + 1))])
def test_a_large_answer_is_refused_as_soon_as_it_is_too_large(
    server: PlatformServer, apis: PlatformApis, large: bytes | Callable[[], Iterable[bytes]]
) -> None:
    server.answers = [large]

    with pytest.raises(ApiRefused, match=f"more than {LARGEST} bytes"):
        apis.get("meta", ASK, TOKEN)
    assert len(server.received) == 1


def test_an_answer_of_the_largest_size_is_read(server: PlatformServer, apis: PlatformApis) -> None:
    server.answers = [ok('"' + "x" * (LARGEST - 2) + '"')]

    assert apis.get("meta", ASK) == "x" * (LARGEST - 2)


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "deflate", "br", "gzip, gzip", "x-unknown"])
def test_a_packed_answer_is_not_unpacked(server: PlatformServer, apis: PlatformApis, encoding: str) -> None:
    bomb = gzip.compress(b" " * 50_000_000 + b"{}")
    server.answers = [answer(200, bomb, Content_Encoding=encoding)]

    with pytest.raises(ApiRefused, match="encoding that we did not ask for"):
        apis.get("meta", ASK, TOKEN)


def test_an_answer_that_is_given_up_holds_no_connection(server: PlatformServer, apis: PlatformApis) -> None:
    """There are ten."""
    server.answers = [*[answer(200, b"packed", Content_Encoding="gzip")] * 20, ok()]
    kept = []

    for _ in range(20):
        with pytest.raises(ApiRefused) as refused:
            apis.get("meta", ASK, TOKEN)
        kept.append(refused)
    assert apis.get("meta", ASK, TOKEN) == {}


def test_cookies_are_not_kept(server: PlatformServer, apis: PlatformApis) -> None:
    server.answers = [answer(200, "{}", Set_Cookie="who=us; Path=/"), ok()]

    apis.get("meta", ASK)
    apis.get("meta", ASK)
    assert "Cookie" not in server.received[1].headers


def test_a_connection_is_used_again(server: PlatformServer, apis: PlatformApis) -> None:
    apis.get("meta", ASK)
    apis.get("x", ASK)

    assert server.connections == 1


# ── what nobody may see ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "answered",
    [
        answer(400, META.replace("said by a person", f"Malformed access token {TOKEN}") % (190, "false")),
        answer(403, GOOGLE % TOKEN.replace("-", " ")),
        answer(500, TOKEN),
        answer(429, TOKEN),
        answer(302, Location=f"https://evil.example/?access_token={TOKEN}"),
        ok(TOKEN),
        ok('{"a": 1'),
        RESET,
        TOKEN.encode() + b"\r\n\r\n",
        answer(200, b"x", Content_Encoding=TOKEN),
    ],
)
def test_a_token_is_in_no_error_and_no_log(
    server: PlatformServer, apis: PlatformApis, caplog: pytest.LogCaptureFixture, answered: bytes
) -> None:
    server.answers = [answered]

    with (
        caplog.at_level(logging.DEBUG),
        pytest.raises((ApiRefused, Unavailable)) as failure,
    ):
        apis.get("meta", ASK, TOKEN)

    error = failure.value
    assert TOKEN not in caplog.text + "".join(traceback.format_exception(error)) + repr(vars(error))
    assert (error.__cause__, error.__context__) == (None, None)
    assert server.received[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in server.received[0].line


@pytest.mark.parametrize("token", ["", "a b", "a\r\nHost: evil.example", "ä", "\x00"])
def test_a_token_that_no_header_can_hold_is_sent_nowhere(
    server: PlatformServer, apis: PlatformApis, token: str
) -> None:
    with pytest.raises(ConfigurationError, match="mend access_tokens"):
        apis.get("meta", ASK, token)
    assert server.connections == 0


def test_an_id_that_no_address_can_hold_is_sent_nowhere(server: PlatformServer, apis: PlatformApis) -> None:
    for odd in ("", ".", "..", "\ud800", "x" * 8_000):
        with pytest.raises(PayloadError):
            apis.get("meta", Ask(("17", odd)))
    assert server.connections == 0
