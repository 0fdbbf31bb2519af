"""The generic door alone: its headers, its keys, and how its declared names are read."""

import json
from pathlib import Path
from typing import Any

import pytest

from chalicelib.errors import BadRequest, ConfigurationError, PayloadError, SignatureError
from chalicelib.message import Change, Ignored, Kind, Message
from chalicelib.platforms import standard_webhooks, standard_webhooks_names
from chalicelib.platforms.base import Keys, Request
from tests import recorded, signing
from tests.signing import NOW
from tests.world import World

SECRET = signing.spelt("standard_webhooks", "current")
KEYS = Keys((SECRET.encode(),))
BODY = b'{"type":"review.created"}'


def delivery(**replaced: str) -> Request:
    """Make a good delivery; `replaced`: headers without their `webhook-`."""
    made = signing.standard_webhooks(SECRET, BODY, NOW)
    return Request(made | {f"webhook-{name}": value for name, value in replaced.items()}, body=BODY, now=NOW)


def verify(request: Request, keys: Keys = KEYS) -> None:
    standard_webhooks.verify(request, keys)


def sample(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(
        (recorded.OWN / f"samples/standard_webhooks/{name}.json").read_text("utf-8")
    )
    return read


def read(type_: str, data: Any, **around: Any) -> Message | Ignored:
    (payload,) = standard_webhooks.split({"type": type_, "data": data, **around})
    return standard_webhooks.read(payload)


def message(type_: str, data: Any, **around: Any) -> Message:
    found = read(type_, {"id": "1", "text": "Hallo?"} | data, **around)
    assert isinstance(found, Message)
    return found


# ── headers ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("age", [-300, 0, 300])
def test_a_clock_may_be_five_minutes_off(age: int) -> None:
    verify(delivery()._replace(now=NOW + age))


@pytest.mark.parametrize("age", [-301, 301, -86400, 86400])
def test_what_was_sent_at_another_time_is_refused(age: int) -> None:
    with pytest.raises(SignatureError, match="five minutes"):
        verify(delivery()._replace(now=NOW + age))


@pytest.mark.parametrize(
    "time",
    [
        "",
        "soon",
        " 1764057600",
        "+1764057600",
        "-1",
        "1764057600.0",
        "1e9",
        "١٧٦٤٠٥٧٦٠٠",
        "9" * 5000,
        "\ud800",
    ],
)
def test_a_time_that_is_none_is_refused(time: str) -> None:
    with pytest.raises(SignatureError, match="webhook-timestamp"):
        verify(delivery(timestamp=time))


@pytest.mark.parametrize("message_id", ["", "msg.1", "."])
def test_an_id_that_is_none_or_holds_a_dot_is_refused(message_id: str) -> None:
    with pytest.raises(SignatureError, match="webhook-id"):
        verify(delivery(id=message_id))


def test_the_border_between_id_time_and_body_cannot_be_moved() -> None:
    """Somebody writes a time into a form; what was signed then reads as another id, time and body."""
    body = f'{{"text":"x.{NOW + 86400}.[]"}}'.encode()
    made = signing.standard_webhooks(SECRET, body, NOW)
    before, _, after = body.partition(f".{NOW + 86400}.".encode())
    moved = {
        "webhook-id": f"{made['webhook-id']}.{NOW}.{before.decode()}",
        "webhook-timestamp": str(NOW + 86400),
        "webhook-signature": made["webhook-signature"],
    }

    verify(Request(made, body=body, now=NOW))
    with pytest.raises(SignatureError, match="webhook-id"):
        verify(Request(moved, body=after, now=NOW + 86400))


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_all_three_headers_must_be_there(name: str) -> None:
    headers = {other: value for other, value in delivery().headers.items() if other != name}

    with pytest.raises(SignatureError):
        verify(delivery()._replace(headers=headers))


@pytest.mark.parametrize("changed", [{"id": "msg_2"}, {"timestamp": str(NOW + 1)}])
def test_id_and_time_are_signed_too(changed: dict[str, str]) -> None:
    with pytest.raises(SignatureError, match="fit"):
        verify(delivery(**changed))


@pytest.mark.parametrize(
    "others", ["{} v1,b3RoZXI=", "v1,b3RoZXI= {}", "v1a,b3RoZXI= {} v2,x", " {} ", "v1 v1, {}"]
)
def test_one_good_signature_among_several_is_enough(others: str) -> None:
    good = delivery().headers["webhook-signature"]

    verify(delivery(signature=others.format(good)))


@pytest.mark.parametrize(
    "form", ["v1a,{}", "v2,{}", "{}", "v1{}", "V1,{}", "v1, {}", "v1,{},", "v1,{}=", "v1,v1,{}"]
)
def test_only_the_documented_form_of_version_1_counts(form: str) -> None:
    bare = delivery().headers["webhook-signature"].removeprefix("v1,")

    with pytest.raises(SignatureError):
        verify(delivery(signature=form.format(bare)))


def test_there_is_no_handshake(world: World) -> None:
    with pytest.raises(BadRequest, match="no handshake"):
        standard_webhooks.PLATFORM.answer_handshake(Request(), KEYS)
    assert world.request("GET", "/webhooks/standard_webhooks")["statusCode"] == 400


# ── keys ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("secret", [SECRET, SECRET.removeprefix("whsec_"), SECRET.rstrip("=")])
def test_a_secret_may_lack_prefix_and_padding(secret: str) -> None:
    verify(delivery(), Keys((b"whsec_b3RoZXI=", secret.encode())))


@pytest.mark.parametrize(
    "secret", ["not base64!", "whsec_", "whsec_ü", "whsec_a", "whsec_a-_b", "=", "whsec_===="]
)
def test_a_secret_that_is_no_key_never_verifies(secret: str) -> None:
    with pytest.raises(SignatureError, match="no signing secret of this platform is base64"):
        verify(delivery(), Keys((secret.encode(),)))
    with pytest.raises(SignatureError, match="no base64"):
        standard_webhooks.sign(secret.encode(), BODY, NOW)

    verify(delivery(), Keys((secret.encode(), SECRET.encode())))


# ── from event to message ─────────────────────────────────────────────────────────────────────────────────


def test_an_event_that_only_names_something_is_accepted_and_opens_nothing(world: World) -> None:
    body = json.dumps(sample("contact__without-text")).encode()

    assert world.post("standard_webhooks", body)["statusCode"] == 200
    world.drain()

    assert not world.tickets()
    assert not world.quarantined()
    passed_over = {"platform": "standard_webhooks", "reason": "not_a_message"}
    assert ("PassedOver", 1, passed_over) in world.counted


def test_an_event_that_is_sent_again_later_opens_one_ticket(world: World) -> None:
    body = json.dumps(sample("review__created")).encode()
    for _ in range(2):
        world.post("standard_webhooks", body)
        world.now += 3600
    world.drain()

    assert [ticket.message_id for ticket in world.tickets().values()] == ["rv-1001"]


def test_two_senders_may_count_from_one() -> None:
    shop, crm = message("review.created", {}, source="shop"), message("review.created", {"source": "crm"})

    assert (shop.message_id, crm.message_id) == ("shop:1", "crm:1")
    assert (shop.account_id, crm.account_id) == ("shop", "crm")
    assert (
        message("review.created", {"parent_id": 7, "account": "nord"}, source="shop").in_reply_to == "shop:7"
    )


@pytest.mark.parametrize(
    ("type_", "change"),
    [
        ("review.created", Change.CREATED),
        ("service-review-created", Change.CREATED),
        ("contactForm.Submitted", Change.CREATED),
        ("review_updated", Change.EDITED),
        ("reviewDeleted", Change.DELETED),
        ("created", Change.CREATED),
    ],
)
def test_the_last_word_of_a_type_tells_the_change(type_: str, change: Change) -> None:
    assert message(type_, {}).change is change


@pytest.mark.parametrize("type_", ["invoice.paid", "created.by", "review.", "…", "review"])
def test_other_types_are_unknown_events(type_: str) -> None:
    assert read(type_, {"id": "1", "text": "Hallo?"}) is Ignored.UNKNOWN_EVENT


@pytest.mark.parametrize(
    ("type_", "data", "kind"),
    [
        ("review.created", {}, Kind.REVIEW),
        ("review.comment.created", {}, Kind.COMMENT),
        ("review.replied", {}, Kind.REPLY),
        ("ticket.replied", {}, Kind.DIRECT_MESSAGE),
        ("direct_message.created", {}, Kind.DIRECT_MESSAGE),
        ("lead.created", {}, Kind.DIRECT_MESSAGE),
        ("lead.created", {"kind": "mention"}, Kind.MENTION),
        ("review.replied", {"kind": "direct_message"}, Kind.DIRECT_MESSAGE),
        ("review.created", {"kind": "something new"}, Kind.REVIEW),
    ],
)
def test_kind_or_type_tell_where_it_was_said(type_: str, data: dict[str, str], kind: Kind) -> None:
    assert message(type_, data).kind is kind


def test_an_edit_is_ordered_by_its_own_time_or_that_of_the_event() -> None:
    when = "2025-11-25T08:00:05.987Z"

    assert message("review.updated", {"updated_at": when}).version == 1764057605987
    assert message("review.updated", {}, timestamp=1764057605).version == 1764057605000
    assert message("review.updated", {}).version == 1
    assert message("review.created", {"updated_at": when}).version == 0


def test_a_conversation_is_that_with_the_person() -> None:
    asked = message("message.created", {"author": {"id": 5}}, source="crm")
    answered = message(
        "message.replied", {"from_us": True, "author": {"id": 9}, "conversation": 5}, source="crm"
    )

    assert asked.conversation == answered.conversation == "crm:5"
    assert message("message.replied", {"from_us": True, "author": {"id": 9}}).conversation is None
    assert message("review.created", {"author": {"id": 5}}).conversation is None


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://a.example", "reviews.example/1", "https://a b", ""]
)
def test_only_a_web_address_is_a_link(url: str) -> None:
    assert message("review.created", {"url": url}).permalink is None
    assert message("review.created", {"url": "https://a.example/1"}).permalink == "https://a.example/1"


def test_a_review_without_words_is_a_message_if_it_has_stars() -> None:
    assert isinstance(read("review.created", {"id": 1, "stars": 0}), Message)
    assert read("review.created", {"id": 1}) is Ignored.NOT_A_MESSAGE
    assert read("review.updated", {"id": 1, "text": ""}) is Ignored.NOT_A_MESSAGE


@pytest.mark.parametrize(
    "data",
    [
        {"text": "Hallo?"},
        {"id": 1, "text": ["Hallo?"]},
        {"id": 1, "text": "Hallo?", "from_us": "yes"},
        {"id": 1.5, "text": "Hallo?"},
        "Hallo?",
    ],
)
def test_data_of_another_shape_is_refused(data: Any) -> None:
    with pytest.raises(PayloadError):
        read("review.created", data)


# ── the file of names ─────────────────────────────────────────────────────────────────────────────────────


SHIPPED = standard_webhooks_names.FILE.read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('source = ["source"]', "", ["`fields`, `source`", "is missing"]),
        ('source = ["source"]', "source = []", ["`fields`, `source`", "add an entry"]),
        ('source = ["source"]', 'source = "source"', ["`fields`, `source`", "write a list"]),
        ('source = ["source"]', 'source = ["a..b"]', ["`fields`, `source`", "dots between them", "a..b"]),
        ('source = ["source"]', 'source = ["source"]\ncolour = ["c"]', ["`colour`", "no such key"]),
        ('comment = ["comment"]', 'comment = ["Comment"]', ["`kinds`, `comment`", "small letters"]),
        ('comment = ["comment"]', 'comment = ["post"]', ["`kinds`", '"post" stands for comment and post']),
        ('"removed"]', '"updated"]', ["`changes`", '"updated" stands for edited and deleted', "drop one"]),
        ("[changes]", "[changes", ["names.toml"]),
    ],
)
def test_a_wrong_name_is_told_with_its_remedy(tmp_path: Path, old: str, new: str, told: list[str]) -> None:
    assert old in SHIPPED
    file = tmp_path / "names.toml"
    file.write_text(SHIPPED.replace(old, new), "utf-8")

    with pytest.raises(ConfigurationError) as error:
        standard_webhooks_names.load(file)
    assert [part for part in told if part not in str(error.value)] == []


def test_a_name_that_is_added_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "names.toml"
    file.write_text(SHIPPED.replace('text = ["text"', 'text = ["attributes.note", "text"'), "utf-8")
    names = standard_webhooks_names.load(file)
    monkeypatch.setattr(standard_webhooks_names, "load", lambda: names)

    assert (
        message("note.created", {"attributes": {"note": "Bitte rufen Sie an."}}).text == "Bitte rufen Sie an."
    )


def test_a_missing_file_of_names_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.toml"):
        standard_webhooks_names.load(tmp_path / "nowhere.toml")
