"""What Meta's platforms tell beside the event itself: which text is newer, and whose conversation it is."""

import json
from typing import Any

import pytest

from chalicelib.errors import PayloadError
from chalicelib.message import EDITED_VERSION, Change, Ignored, Message
from chalicelib.platforms import PLATFORMS
from tests import recorded

MESSAGING = ("facebook", "instagram", "messenger")
ACCOUNT, PERSON = "301", "601"

each_with_messaging = pytest.mark.parametrize("platform", MESSAGING)


def read(platform: str, payload: Any) -> list[Message | Ignored]:
    return [PLATFORMS[platform].read(piece) for piece in PLATFORMS[platform].split(payload)]


def one(platform: str, payload: Any) -> Message:
    (found,) = read(platform, payload)
    assert isinstance(found, Message)
    return found


def sample(platform: str, name: str) -> Any:
    return json.loads((recorded.OWN / "samples" / platform / f"{name}.json").read_text("utf-8"))


def messaging(platform: str, sender: str = PERSON, to: str = ACCOUNT, **what: Any) -> Message:
    event = {"sender": {"id": sender}, "recipient": {"id": to}, "timestamp": 1764057605123, **what}
    return one(platform, {"entry": [{"id": ACCOUNT, "messaging": [event]}]})


def feed(**value: Any) -> Message:
    said = {"item": "comment", "comment_id": "1_2", "post_id": "301_1", "from": {"id": "5"}, **value}
    return one("facebook", {"entry": [{"id": ACCOUNT, "changes": [{"field": "feed", "value": said}]}]})


@each_with_messaging
@pytest.mark.parametrize(
    ("num_edit", "version"),
    [(1, 1), ("3", 3), ("0", EDITED_VERSION), ("many", 1764057605123), (None, 1764057605123)],
)
def test_an_edited_message_counts_its_edits_or_has_a_time(platform: str, num_edit: Any, version: int) -> None:
    edited = messaging(platform, message_edit={"mid": "m", "text": "neu", "num_edit": num_edit})

    assert (edited.change, edited.version) == (Change.EDITED, version)


@each_with_messaging
def test_an_edit_with_neither_counter_nor_time_is_newer_than_the_creation(platform: str) -> None:
    edited = messaging(platform, message_edit={"mid": "m", "text": "neu"}, timestamp=None)

    assert edited.version == EDITED_VERSION > messaging(platform, message={"mid": "m"}).version


@each_with_messaging
def test_both_sides_of_a_conversation_bear_the_id_of_the_person(platform: str) -> None:
    messages = [
        messaging(platform, message={"mid": "m1", "text": "Hallo?"}),
        messaging(platform, message_edit={"mid": "m1", "text": "Hallo!"}),
        messaging(platform, message={"mid": "m1", "is_deleted": True}),
        messaging(platform, postback={"mid": "m2", "title": "Hilfe"}),
        messaging(platform, ACCOUNT, PERSON, message={"mid": "m3", "text": "Ja?", "is_echo": True}),
        messaging(platform, ACCOUNT, PERSON, message={"mid": "m3", "is_echo": True, "is_deleted": True}),
        messaging(platform, ACCOUNT, PERSON, message={"mid": "m4", "text": "ohne Kennzeichen"}),
        messaging(platform, PERSON, ACCOUNT, message={"mid": "m5", "is_echo": True}),  # not turned round
    ]

    assert {message.conversation for message in messages} == {PERSON}
    assert [message.from_us for message in messages if message.change is not Change.DELETED] == [
        *(False, False, False),
        *(True, True, True),
    ]


def test_an_edited_comment_is_as_new_as_facebook_says() -> None:
    created = feed(verb="add", created_time=1764057605)
    edits = [feed(verb=verb, created_time=1764057665) for verb in ("edit", "edited")]

    assert created.version == 0
    assert [edit.version for edit in edits] == [1764057665000, 1764057665000]
    assert feed(verb="edited").version == EDITED_VERSION


def test_a_comment_belongs_to_no_conversation() -> None:
    assert feed(verb="add").conversation is None


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("message__text", 0),
        ("message__edited", 1764057665000),
        ("message__revoked", 0),
        ("smb-message-echoes__edited", 1764057605000),
    ],
)
def test_an_edit_on_whatsapp_has_the_time_of_the_edit(name: str, version: int) -> None:
    assert one("whatsapp", sample("whatsapp", name)).version == version


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("message__text", "491700000001"),
        ("message__edited", "491700000001"),
        ("message__revoked", "491700000001"),
        ("message__without-number", "DE.5502"),
        ("message__without-sender", "DE.5502"),
        ("smb-message-echoes__text", "491700000001"),
        ("smb-message-echoes__edited", "491700000001"),
        ("smb-message-echoes__revoked", "491700000001"),
    ],
)
def test_a_conversation_on_whatsapp_is_the_persons(name: str, person: str) -> None:
    assert one("whatsapp", sample("whatsapp", name)).conversation == person


def test_an_echo_to_somebody_without_a_number_goes_by_the_id() -> None:
    echo = {"from": "49", "to_user_id": "DE.5502", "id": "w", "type": "text", "text": {"body": "Ja."}}
    change = {"field": "smb_message_echoes", "value": {"message_echoes": [echo]}}
    found = one("whatsapp", {"entry": [{"id": "waba", "changes": [change]}]})

    assert (found.conversation, found.account_id) == ("DE.5502", "waba")


def test_a_part_of_a_large_whatsapp_delivery_carries_its_own_contact_alone() -> None:
    people = [{"wa_id": str(n), "profile": {"name": f"P{n}"}} for n in range(1000)]
    said = [{"from": str(n), "id": f"w{n}", "type": "text", "text": {"body": "?"}} for n in range(1000)]
    value = {"contacts": people, "messages": said}
    payload = {"entry": [{"id": "waba", "changes": [{"field": "messages", "value": value}]}]}

    parts = list(PLATFORMS["whatsapp"].split(payload))

    assert len(parts) == 1000
    assert max(len(json.dumps(part)) for part in parts) < 300
    found = [PLATFORMS["whatsapp"].read(part) for part in parts]
    assert [message.author.name for message in found if isinstance(message, Message)] == [
        f"P{n}" for n in range(1000)
    ]


def test_one_broken_change_does_not_spoil_the_others() -> None:
    good = sample("whatsapp", "message__text")
    good["entry"][0]["changes"].insert(0, {"field": "messages", "value": "none"})

    broken, whole = PLATFORMS["whatsapp"].split(good)

    assert isinstance(PLATFORMS["whatsapp"].read(whole), Message)
    with pytest.raises(PayloadError):
        PLATFORMS["whatsapp"].read(broken)


@pytest.mark.parametrize(("platform", "field"), [("instagram", "comments"), ("whatsapp", "messages")])
def test_values_left_out_are_told_with_the_remedy(platform: str, field: str) -> None:
    with pytest.raises(PayloadError, match="Include Values"):
        read(platform, {"entry": [{"id": "1", "changes": [{"field": field}]}]})
    with pytest.raises(PayloadError, match="Include Values"):
        read(platform, {"entry": [{"id": "1", "changed_fields": [field]}]})


def test_a_thread_that_somebody_else_started_tells_their_id_not_ours() -> None:
    theirs, ours = (one("threads", sample("threads", f"replies__{of}")) for of in ("their-thread", "own"))

    assert (theirs.from_us, ours.from_us) == (False, True)
    assert ours.author.id == ours.account_id


def test_threads_tells_where_to_look() -> None:
    reply = one("threads", sample("threads", "replies__question"))

    assert reply.permalink == "https://www.threads.net/@jule.west/post/9101"
