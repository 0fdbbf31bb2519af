"""The client of the platforms' APIs against a real server on loopback."""

import json
from collections.abc import Iterator

import pytest

from chalicelib.errors import ApiRefused, Unavailable
from chalicelib.platform_api import PlatformApis, connect
from chalicelib.platforms import restli
from chalicelib.platforms.base import Ask
from tests.platform_server import PlatformServer, Ticking, answer, ok, serving

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
