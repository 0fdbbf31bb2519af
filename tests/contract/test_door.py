"""Every platform, through the door: bytes travel as they came, however the gateway hands them over."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib import envelope
from chalicelib.platforms import PLATFORMS
from tests import signing
from tests.contract.junk import real_delivery
from tests.contract.requests import BODY, each_form, each_platform
from tests.handshakes import HANDSHAKES
from tests.signing import spelt
from tests.test_accept import problem
from tests.world import NOW, SECRETS, World

AS_THEY_CAME = {
    "byte-order mark": b"\xef\xbb\xbf" + BODY,
    "CRLF": b'{\r\n\t"a": 1\r\n}\r\n',
    "escaped slash": b'{"a":"https:\\/\\/example.com\\/"}',
    "escaped letters": b'{"a":"\\u00e4\\u00F6\\ud83d\\ude00"}',
    "letters": '{"a":"äÖ😀"}'.encode(),
    "decomposed": '{"a":"u\u0308"}'.encode(),
    "white space": b' {"a" :1 , "b": [ ] } \n\n',
    "duplicate keys": b'{"a":1,"a":2}',
    "numbers": b'{"a":1.0,"b":1e2,"c":-0,"d":9007199254740993}',
    "NUL": b'{"a":"\0"}',
    "no UTF-8": b'{"a":"\xff\xfe"}',
    "all bytes": bytes(range(256)),
    "nothing": b"",
}


def in_intake(world: World) -> bytes:
    (sealed,) = world.accepted()
    return envelope.unseal(sealed).body


@each_form
def test_a_signed_delivery_is_sent_to_intake_once_as_it_came(world: World, platform: str, form: int) -> None:
    body = real_delivery(platform)
    headers = signing.FORMS[platform][form](spelt(platform, f"{platform}-previous"), body, NOW)
    answer = world.post(platform, body, headers=headers)

    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert world.calls == ["send_message"]
    (sealed,) = world.accepted()
    sent = envelope.unseal(sealed)._replace(signature_form=None)
    assert sent == envelope.Envelope(platform=platform, received_at=NOW, body=body)


@each_platform
@pytest.mark.parametrize("case", AS_THEY_CAME)
def test_every_byte_arrives(world: World, platform: str, case: str) -> None:
    assert world.post(platform, AS_THEY_CAME[case])["statusCode"] == 200
    assert in_intake(world) == AS_THEY_CAME[case]


@each_platform
@pytest.mark.parametrize("case", AS_THEY_CAME)
def test_a_body_that_the_gateway_encoded_arrives_as_it_came(world: World, platform: str, case: str) -> None:
    body = AS_THEY_CAME[case]
    answer = world.post(platform, body, body=base64.b64encode(body).decode(), isBase64Encoded=True)

    assert answer["statusCode"] == 200
    assert in_intake(world) == body


@each_platform
@pytest.mark.parametrize("case", sorted(AS_THEY_CAME.keys() - {"no UTF-8", "all bytes"}))
def test_a_body_that_the_gateway_decoded_arrives_as_it_came(world: World, platform: str, case: str) -> None:
    body = AS_THEY_CAME[case]

    assert world.post(platform, body, body=body.decode())["statusCode"] == 200
    assert in_intake(world) == body


@each_platform
@pytest.mark.parametrize("spell", [str.lower, str.upper, str.title, str.swapcase])
def test_header_names_are_read_in_any_case(world: World, platform: str, spell: Any) -> None:
    headers = signing.signed(platform, spelt(platform, f"{platform}-current"), BODY)

    answer = world.post(platform, BODY, headers={spell(name): value for name, value in headers.items()})
    assert answer["statusCode"] == 200


@each_platform
def test_content_types_that_the_platform_sends_are_taken_and_those_of_others_are_not(
    world: World, platform: str
) -> None:
    ours = PLATFORMS[platform].content_types
    others = {one for how in PLATFORMS.values() for one in how.content_types}.difference(ours)
    good = signing.signed(platform, spelt(platform, f"{platform}-current"), BODY)
    for content_type in ours:
        for spelling in ("{0}", "{0}; charset=utf-8", "{0};charset=UTF-8", " {0}", "{1}"):
            headers = {**good, "Content-Type": spelling.format(content_type, content_type.upper())}
            assert world.post(platform, BODY, headers=headers)["statusCode"] == 200
    world.calls.clear()
    for content_type in others:
        assert problem(world.post(platform, BODY, headers={**good, "Content-Type": content_type})) == 415
    assert world.calls == []


@each_platform
@pytest.mark.parametrize("secrets", ["{}", '{"signing": {}}', "no list", "empty", "spelt empty", "others"])
def test_without_a_secret_the_door_is_closed(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, secrets: str
) -> None:
    signing_secrets: dict[str, Any] = {
        "no list": {platform: "current"},
        "empty": {platform: [""]},
        "spelt empty": {platform: [spelt(platform, "")]},
        "others": {name: value for name, value in SECRETS["signing"].items() if name != platform},
    }
    file = tmp_path / "none.json"
    document = {**SECRETS, "signing": signing_secrets.get(secrets, {})}
    file.write_text(secrets if secrets.startswith("{") else json.dumps(document))
    monkeypatch.setenv("SECRETS_FILE", str(file))

    for word in ("", "current", f"{platform}-current"):
        headers = signing.signed(platform, spelt(platform, word), BODY)
        assert problem(world.post(platform, BODY, headers=headers)) == 403
    assert world.calls == []


@pytest.mark.parametrize("platform", sorted(PLATFORMS.keys() & HANDSHAKES.keys()))
@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "image/png", "text/html"])
def test_a_handshake_is_answered_whatever_the_platform_accepts(
    world: World, platform: str, accept: str | None
) -> None:
    shake = HANDSHAKES[platform]
    query = shake.query(shake.token, f"{platform}-token")
    answer = world.request(
        "GET", f"/webhooks/{platform}", query=query, headers={"Accept": accept} if accept else {}
    )
    expected = shake.answer(spelt(platform, f"{platform}-current"), shake.token)

    assert answer["statusCode"] == 200
    assert answer["headers"]["Content-Type"] == expected.content_type
    assert answer["body"] == expected.body or json.loads(answer["body"]) == json.loads(expected.body)
    assert not answer.get("isBase64Encoded")
