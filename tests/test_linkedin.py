"""LinkedIn alone: challenges, forms of its signature, two spellings of one comment, look-ups."""

import json
import uuid
from typing import Any

import pytest

from chalicelib.errors import BadRequest, PayloadError, SignatureError
from chalicelib.message import Author, Change, Ignored, Kind, Message
from chalicelib.platforms import linkedin, linkedin_lookup
from chalicelib.platforms import linkedin_urns as urns
from chalicelib.platforms.base import Keys, Request
from tests import recorded, signing
from tests.world import World

KEYS = Keys((b"current", b"previous"))
CODE = "0b7f6a3e-53c1-4c7e-9f0a-6a5d4f1e2c3b"
COMMENT = "urn:li:comment:(activity:7400000000000000100,7400000000000001005)"
OTHER_SPELLING = "urn:li:comment:(urn:li:activity:7400000000000000100,7400000000000001005)"


def sample(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((recorded.OWN / f"samples/linkedin/{name}.json").read_text("utf-8"))
    return read


def message(name: str) -> Message:
    read = linkedin.read(sample(name))
    assert isinstance(read, Message)
    return read


# ── handshake and signature ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("more", [{}, {"applicationId": "86x1"}])
def test_a_challenge_is_answered_in_json(world: World, more: dict[str, str]) -> None:
    answer = world.request("GET", "/webhooks/linkedin", query={"challengeCode": CODE, **more})

    assert answer["statusCode"] == 200
    assert answer["headers"]["Content-Type"] == "application/json"
    assert json.loads(answer["body"]).keys() == {"challengeCode", "challengeResponse"}
    assert json.loads(answer["body"])["challengeCode"] == CODE
    assert world.calls == ["update_item"]  # it is remembered, in one brief call


@pytest.mark.parametrize(
    "code",
    [
        "",
        "abc",
        CODE[:-1],
        CODE + "0",
        CODE + "\n",
        f"{{{CODE}}}",
        CODE.replace("-", ""),
        "hmacsha256=" + CODE,
        "hmacsha256={}",
        "٠" * 8 + CODE[8:],
    ],
)
def test_only_a_uuid_is_signed(code: str) -> None:
    with pytest.raises(BadRequest, match="UUID"):
        linkedin.answer_handshake(Request(query={"challengeCode": code}), KEYS)


def test_without_a_client_secret_no_challenge_is_signed() -> None:
    with pytest.raises(SignatureError, match="client secret"):
        linkedin.answer_handshake(Request(query={"challengeCode": CODE}), Keys())


@pytest.mark.parametrize("prefix", ["", "hmacsha256="])
@pytest.mark.parametrize("code", [CODE, CODE.upper(), str(uuid.UUID(int=0))])
def test_the_answer_to_a_challenge_is_never_the_signature_of_a_delivery(prefix: str, code: str) -> None:
    answer = json.loads(linkedin.answer_handshake(Request(query={"challengeCode": code}), KEYS).body)
    headers = {"x-li-signature": prefix + answer["challengeResponse"]}

    for body in (code, "hmacsha256=" + code, json.dumps(code), ""):
        with pytest.raises(SignatureError):
            linkedin.verify(Request(headers=headers, body=body.encode()), KEYS)


@pytest.mark.parametrize(
    ("form", "told"), [(signing.linkedin, None), (signing.linkedin_prefixed, "prefixed")]
)
def test_a_prefix_in_the_header_is_tolerated_and_told(form: signing.Form, told: str | None) -> None:
    headers = {name.lower(): value for name, value in form("previous", b"{}", 0).items()}

    assert linkedin.verify(Request(headers=headers, body=b"{}"), KEYS) == told


@pytest.mark.parametrize("prefix", ["hmacsha256=hmacsha256=", "HMACSHA256=", "sha256=", "hmacsha256= "])
def test_no_other_prefix_is_tolerated(prefix: str) -> None:
    headers = {"x-li-signature": signing.linkedin("current", b"{}", 0, prefix)["X-LI-Signature"]}

    with pytest.raises(SignatureError):
        linkedin.verify(Request(headers=headers, body=b"{}"), KEYS)


def test_the_worker_counts_which_form_matched(world: World) -> None:
    body = json.dumps(sample("comment__question")).encode()
    headers = signing.linkedin_prefixed("linkedin-current", body, 0)

    assert world.post("linkedin", body, headers=headers)["statusCode"] == 200
    world.drain()

    assert ("SignatureForm", 1, {"platform": "linkedin", "form": "prefixed"}) in world.counted
    assert len(world.tickets()) == 1


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────


def test_both_spellings_of_a_comment_are_one_message(world: World) -> None:
    for spelling in (COMMENT, OTHER_SPELLING):
        delivery = sample("comment__question")
        delivery["notifications"][0]["generatedActivity"] = spelling
        world.post("linkedin", json.dumps(delivery).encode())
    world.drain()

    assert [ticket.message_id for ticket in world.tickets().values()] == [COMMENT]


@pytest.mark.parametrize(
    ("urn", "spelling"),
    [
        (OTHER_SPELLING, COMMENT),
        (COMMENT, COMMENT),
        ("urn:li:comment:(urn:li:ugcPost:1,2)", "urn:li:comment:(ugcPost:1,2)"),
        ("urn:li:comment:(urn:li:share:1,2)", "urn:li:comment:(share:1,2)"),
        ("urn:li:share:1", "urn:li:share:1"),
        ("urn:li:comment:(urn:li:activity:1,x)", "urn:li:comment:(urn:li:activity:1,x)"),
    ],
)
def test_a_comment_has_one_spelling_in_every_thread(urn: str, spelling: str) -> None:
    assert urns.one_spelling(urn) == spelling


def test_an_edit_is_ordered_by_its_milliseconds() -> None:
    assert message("comment__question").version == 0
    assert message("comment-edit").version == 1764057665987

    timeless = sample("comment-edit")
    del timeless["notifications"][0]["lastModifiedAt"]
    read = linkedin.read(timeless)
    assert isinstance(read, Message)
    assert read.version == 1


def test_a_comment_and_a_post_have_a_link() -> None:
    place = "https://www.linkedin.com/feed/update/"

    assert message("share-mention").permalink == f"{place}urn:li:share:7400000000000002005"
    assert message("comment__undecorated").permalink == (
        f"{place}urn:li:activity:7400000000000000100"
        "?commentUrn=urn%3Ali%3Acomment%3A%28activity%3A7400000000000000100%2C7400000000000001005%29"
    )


def test_a_deletion_of_a_reply_is_one_of_a_reply() -> None:
    delivery = sample("comment__reply")
    delivery["notifications"][0]["action"] = "COMMENT_DELETE"
    read = linkedin.read(delivery)

    assert isinstance(read, Message)
    assert (read.change, read.kind, read.text, read.author) == (Change.DELETED, Kind.REPLY, None, Author())


def test_a_notification_without_an_id_is_refused() -> None:
    delivery = sample("comment__question")
    del delivery["notifications"][0]["generatedActivity"]

    with pytest.raises(PayloadError, match="generatedActivity"):
        linkedin.read(delivery)


def test_a_delivery_of_another_type_is_one_unknown_event() -> None:
    (piece,) = linkedin.split(sample("lead-action"))

    assert linkedin.read(piece) is Ignored.UNKNOWN_EVENT


# ── look-ups ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_comment_is_asked_for_in_its_thread() -> None:
    ask = linkedin_lookup.ask(message("comment__undecorated"))

    assert ask
    assert ask.path == (
        "rest",
        "socialActions",
        "urn:li:activity:7400000000000000100",
        "comments",
        "7400000000000001005",
    )
    assert ask.headers["X-Restli-Protocol-Version"] == "2.0.0"
    assert len(ask.headers["LinkedIn-Version"]) == len("YYYYMM")


def test_a_post_is_asked_for_by_its_urn() -> None:
    share, post = message("share__undecorated"), message("share-mention__undecorated")

    asked = [linkedin_lookup.ask(share), linkedin_lookup.ask(post)]
    assert [ask.path for ask in asked if ask] == [
        ("rest", "posts", "urn:li:share:7400000000000002004"),
        ("rest", "posts", "urn:li:ugcPost:7400000000000002006"),
    ]


@pytest.mark.parametrize(
    "urn", ["urn:li:activity:1", "urn:li:share:../me", "urn:li:comment:(activity:1,2/..)"]
)
def test_what_the_api_does_not_have_is_not_asked_for(urn: str) -> None:
    odd = Message(platform="linkedin", change=Change.CREATED, kind=Kind.MENTION, message_id=urn)

    assert linkedin_lookup.ask(odd) is None
    assert urns.permalink(urn) is None


ANSWER = {
    "actor": "urn:li:person:k3_Sv-9aQx",
    "commentUrn": OTHER_SPELLING,
    "object": "urn:li:activity:7400000000000000100",
    "message": {"attributes": [], "text": "Wann öffnet die Filiale?"},
    "created": {"time": 1764057605987},
}


def test_a_comment_that_was_looked_up_is_whole() -> None:
    found = linkedin_lookup.found(message("comment__undecorated"), ANSWER)

    assert (found.author.id, found.text) == ("urn:li:person:k3_Sv-9aQx", "Wann öffnet die Filiale?")
    assert (found.kind, found.in_reply_to) == (Kind.COMMENT, "urn:li:activity:7400000000000000100")
    assert not found.needs_lookup
    assert not found.from_us


def test_a_reply_that_was_looked_up_knows_what_it_answers() -> None:
    parent = "urn:li:comment:(urn:li:activity:7400000000000000100,7400000000000001001)"
    found = linkedin_lookup.found(message("comment__undecorated"), ANSWER | {"parentComment": parent})

    assert (found.kind, found.in_reply_to) == (Kind.REPLY, urns.one_spelling(parent))


def test_our_own_words_are_known_once_they_were_looked_up() -> None:
    ours = {"actor": "urn:li:organization:40500101", "message": {"text": "Danke!"}}

    assert linkedin_lookup.found(message("comment-edit__undecorated"), ours).from_us
    assert linkedin_lookup.found(message("admin-comment__undecorated"), ANSWER).from_us


@pytest.mark.parametrize(
    ("commentary", "words"),
    [
        ("Nur Text.", "Nur Text."),
        ("Danke @[Beispielwerke](urn:li:organization:40500101)!", "Danke @Beispielwerke!"),
        (r"{hashtag|\#|Kundendienst} top \(wirklich\), 5\*", "#Kundendienst top (wirklich), 5*"),
        (r"@[A \[B\]](urn:li:person:x_1) sagt\_nein C:\temp", r"@A [B] sagt_nein C:\temp"),
        ("@[offen", "@[offen"),
        ("", None),
    ],
)
def test_the_text_of_a_post_is_read_as_people_see_it(commentary: str, words: str | None) -> None:
    post = {"author": "urn:li:person:k3_Sv-9aQx", "commentary": commentary}
    found = linkedin_lookup.found(message("share-mention__undecorated"), post)

    assert (found.text, found.kind, found.in_reply_to) == (words, Kind.MENTION, None)


@pytest.mark.parametrize("answer", [None, {}, [], "gone", {"message": {"text": "?"}}, {"actor": ["x"]}])
def test_an_answer_that_is_no_comment_is_refused(answer: Any) -> None:
    with pytest.raises(PayloadError):
        linkedin_lookup.found(message("comment__undecorated"), answer)
