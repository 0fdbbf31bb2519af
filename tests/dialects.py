"""All changes that a platform can send about one message: created, edits, deleted; our reply, deleted.

Each is a delivery of its own, written as the platform writes it. A platform that is registered must be here
with what its page in `docs/platforms` says it can send: as a function, or as files where that is enough:
`fixtures/changes/<platform>/<what>.json` (`created`, `edited`, `edited-again`, …) with NUMBER in their ids.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chalicelib.message import EDITED_VERSION, Message
from chalicelib.platforms import PLATFORMS
from tests import recorded
from tests.deliveries import PAGE, comment, page

# Read as nothing to answer, a service request, and praise: each text alone would have another owner.
CREATED, EDITED, EDITED_AGAIN = (
    "@Lena schau mal",
    "Mein Router ist seit Montag defekt, wann kommt der Techniker?",
    "Danke, ihr seid super!",
)
REPLY = "Wir sehen nach und melden uns heute."
SAID = {"created": CREATED, "edited": EDITED, "edited again": EDITED_AGAIN, "replied": REPLY}
START = 1764057600  # UTC epoch seconds; each change has its own
AT = {"created": START, "edited": START + 60, "edited again": START + 120, "replied": START + 180}

Deliveries = dict[str, bytes]


@dataclass(frozen=True)
class Dialect:
    """The deliveries about message `n`, by what they tell, in their natural order.

    edits_by_receipt: its edits carry neither time nor counter, so the one received last counts.
    """

    platform: str
    deliveries: Callable[[int], Deliveries]
    message_id: Callable[[int], str]
    edits_by_receipt: bool = False


def _dumped(payloads: dict[str, Any]) -> Deliveries:
    return {what: json.dumps(payload).encode() for what, payload in payloads.items()}


def _facebook_comments(number: int) -> Deliveries:
    reply: dict[str, Any] = {
        "comment_id": f"401_9{number}",
        "parent_id": f"401_{number}",
        "who": {"id": PAGE},
        "created_time": AT["replied"],
    }
    edits = {
        what: page([comment(number, SAID[what], verb="edited", created_time=AT[what])])
        for what in ("edited", "edited again")
    }
    return {
        "created": page([comment(number, CREATED, created_time=AT["created"])]),
        **edits,
        "deleted": page([comment(number, verb="remove")]),
        "replied": page([comment(number, REPLY, **reply)]),
        "reply deleted": page([comment(number, verb="remove", **reply)]),
    }


def _facebook_reviews(number: int) -> Deliveries:
    def rating(verb: str, **value: Any) -> bytes:
        review = {"item": "rating", "verb": verb, "open_graph_story_id": str(7000 + number), **value}
        return page([{"field": "ratings", "value": {"reviewer_id": "501", "reviewer_name": "Jo", **review}}])

    return {
        "created": rating("add", review_text=CREATED, created_time=START),
        "edited": rating("edit", review_text=EDITED),
        "edited again": rating("edit", review_text=EDITED_AGAIN),
        "deleted": rating("remove"),
    }


def _messaging(obj: str, account: str) -> Callable[[int], Deliveries]:
    def deliveries(number: int) -> Deliveries:
        person, ours = {"id": f"80{number}"}, {"id": account}

        def event(what: str, *, by_us: bool = False, **said: Any) -> dict[str, Any]:
            sender, recipient = (ours, person) if by_us else (person, ours)
            time = AT.get(what, START + 200) * 1000
            messaging = {"sender": sender, "recipient": recipient, "timestamp": time, **said}
            return {"object": obj, "entry": [{"id": account, "time": time, "messaging": [messaging]}]}

        mid, echo = f"m{number}", {"mid": f"e{number}", "is_echo": True}
        edits = {"edited": "1", "edited again": "2"}
        return _dumped(
            {
                "created": event("created", message={"mid": mid, "text": CREATED}),
                **{
                    what: event(what, message_edit={"mid": mid, "text": SAID[what], "num_edit": times})
                    for what, times in edits.items()
                },
                "deleted": event("deleted", message={"mid": mid, "is_deleted": True}),
                "replied": event("replied", by_us=True, message={**echo, "text": REPLY}),
                "reply deleted": event("reply deleted", by_us=True, message={**echo, "is_deleted": True}),
            }
        )

    return deliveries


def _instagram_comments(number: int) -> Deliveries:
    def said(what: str, **value: Any) -> dict[str, Any]:
        more = {"text": SAID[what], "created_time": AT[what], "media": {"id": "91"}, **value}
        return {
            "object": "instagram",
            "entry": [{"id": "178", "time": START, "changes": [{"field": "comments", "value": more}]}],
        }

    return _dumped(
        {
            "created": said("created", id=f"c{number}", **{"from": {"id": "801", "username": "jo"}}),
            "replied": said(
                "replied",
                id=f"r{number}",
                parent_id=f"c{number}",
                **{"from": {"id": "178", "username": "wir"}},
            ),
        }
    )


def _whatsapp(number: int) -> Deliveries:
    person = f"4917{number}"

    def value(field: str, **said: Any) -> dict[str, Any]:
        about = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": "106"}, **said}
        return {
            "object": "whatsapp_business_account",
            "entry": [{"id": "205", "changes": [{"field": field, "value": about}]}],
        }

    def message(what: str, number_of_it: str, **said: Any) -> dict[str, Any]:
        one = {"from": person, "id": f"wamid.{number_of_it}{number}", **said}
        contacts = [{"profile": {"name": "Anna Vogt"}, "wa_id": person}]
        time = {"timestamp": str(AT.get(what, START + 200))}
        return value("messages", contacts=contacts, messages=[one | time])

    def echo(what: str, **said: Any) -> dict[str, Any]:
        one = {"from": "4943", "to": person, "timestamp": str(AT.get(what, START + 200)), **said}
        return value("smb_message_echoes", message_echoes=[one])

    original, reply = f"wamid.A{number}", f"wamid.E{number}"

    def edit(what: str) -> dict[str, Any]:
        new = {"original_message_id": original, "message": {"type": "text", "text": {"body": SAID[what]}}}
        return message(what, what[-5:], type="edit", edit=new)

    revoked = {"original_message_id": original}
    return _dumped(
        {
            "created": message("created", "A", type="text", text={"body": CREATED}),
            "edited": edit("edited"),
            "edited again": edit("edited again"),
            "deleted": message("deleted", "D", type="revoke", revoke=revoked),
            "replied": echo("replied", id=reply, type="text", text={"body": REPLY}),
            "reply deleted": echo(
                "reply deleted", id=f"wamid.F{number}", type="revoke", revoke={"original_message_id": reply}
            ),
        }
    )


def _threads(number: int) -> Deliveries:
    def event(field: str, **value: Any) -> dict[str, Any]:
        return {"target_id": "900", "time": START, "values": {"value": value, "field": field}}

    root = {"id": "9100", "owner_id": "900", "username": "firma"}
    reply = {"replied_to": {"id": f"91{number}"}, "root_post": root, "timestamp": "2025-11-25T08:03:00+0000"}
    return _dumped(
        {
            "created": event(
                "replies",
                id=f"91{number}",
                username="jule",
                text=CREATED,
                replied_to={"id": "9100"},
                root_post=root,
                timestamp="2025-11-25T08:00:00+0000",
            ),
            "replied": event("replies", id=f"92{number}", username="firma", text=REPLY, **reply),
            "reply deleted": event("delete", id=f"92{number}", owner={"owner_id": "900"}, username="firma"),
        }
    )


def _x_posts(number: int) -> Deliveries:
    post, reply, us = f"199{number}0", f"199{number}9", "4700"

    def event(kind: str, **payload: Any) -> dict[str, Any]:
        return {
            "data": {"event_uuid": "-1", "filter": {"user_id": us}, "event_type": kind, "payload": payload}
        }

    def said(what: str, times: int) -> dict[str, Any]:
        versions = [f"{post[:-1]}{version}" for version in range(times)]
        return event(
            "post.mention.create",
            id=versions[-1],
            text=SAID[what],
            author_id="4800",
            created_at=f"2025-11-25T08:0{times}:00.000Z",
            edit_history_tweet_ids=versions,
        )

    def deleted(id_: str) -> dict[str, Any]:
        return {"for_user_id": us, "tweet_delete_events": [{"status": {"id": id_, "user_id": "1"}}]}

    return _dumped(
        {
            "created": said("created", 1),
            "edited": said("edited", 2),
            "edited again": said("edited again", 3),
            "deleted": deleted(post),
            "replied": event(
                "post.create",
                id=reply,
                text=REPLY,
                author_id=us,
                created_at="2025-11-25T08:09:00.000Z",
                referenced_tweets=[{"type": "replied_to", "id": post}],
            ),
            "reply deleted": event("post.delete", id=reply, author_id=us),
        }
    )


def _x_direct_messages(number: int) -> Deliveries:
    def event(what: str, id_: str, sender: str, recipient: str) -> dict[str, Any]:
        created = {
            "target": {"recipient_id": recipient},
            "sender_id": sender,
            "message_data": {"text": SAID[what]},
        }
        time = str(AT[what] * 1000)
        message = {"type": "message_create", "id": id_, "created_timestamp": time, "message_create": created}
        return {"for_user_id": "4700", "direct_message_events": [message]}

    person = f"48{number}"
    return _dumped(
        {
            "created": event("created", f"d{number}", person, "4700"),
            "replied": event("replied", f"r{number}", "4700", person),
        }
    )


def _linkedin(number: int) -> Deliveries:
    org, post = "urn:li:organization:405", "urn:li:activity:74100"

    def urn(which: str, inner: str = "activity") -> str:
        return f"urn:li:comment:({inner}:74100,7{which}{number})"

    def event(what: str, action: str, which: str, **comment_: Any) -> dict[str, Any]:
        decorated = {"entity": urn(which, "urn:li:activity"), "object": post, **comment_}
        notification = {
            "notificationId": number,
            "organizationalEntity": org,
            "action": action,
            "sourcePost": post,
            "generatedActivity": urn(which),
            "lastModifiedAt": AT.get(what, START + 200) * 1000,
        }
        if comment_:
            notification["decoratedGeneratedActivity"] = {"comment": decorated}
        return {"type": "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS", "notifications": [notification]}

    person = {"owner": "urn:li:person:a"}
    return _dumped(
        {
            "created": event("created", "COMMENT", "1", text=CREATED, **person),
            "edited": event("edited", "COMMENT_EDIT", "1", text=EDITED, **person),
            "edited again": event("edited again", "COMMENT_EDIT", "1", text=EDITED_AGAIN, **person),
            "deleted": event("deleted", "COMMENT_DELETE", "1"),
            "replied": event(
                "replied",
                "ADMIN_COMMENT",
                "2",
                text=REPLY,
                owner=org,
                parentComment=urn("1", "urn:li:activity"),
            ),
            "reply deleted": event("reply deleted", "COMMENT_DELETE", "2"),
        }
    )


def _youtube(number: int) -> Deliveries:
    channel, top = "UCwir", f"Ugz{number}"

    def moment(what: str) -> str:
        return f"2025-11-25T08:0{(AT[what] - START) // 60}:00Z"

    def listed(kind: str, id_: str, **snippet: Any) -> dict[str, Any]:
        item = {"kind": kind, "id": id_, "snippet": {"channelId": channel, **snippet}}
        return {"kind": "youtube#commentListResponse", "items": [item]}

    def said(what: str) -> dict[str, Any]:
        return listed(
            "youtube#comment",
            top,
            videoId="v1",
            textOriginal=SAID[what],
            authorDisplayName="Tom",
            authorChannelId={"value": "UCtom"},
            publishedAt=moment("created"),
            updatedAt=moment(what),
        )

    reply = listed(
        "youtube#comment",
        f"{top}.1",
        videoId="v1",
        parentId=top,
        textOriginal=REPLY,
        authorDisplayName="Wir",
        authorChannelId={"value": channel},
        publishedAt=moment("replied"),
        updatedAt=moment("replied"),
    )
    return _dumped(
        {
            **{what: said(what) for what in ("created", "edited", "edited again")},
            "deleted": listed("zustaendig#vanishedComment", top),
            "replied": reply,
            "reply deleted": listed("zustaendig#vanishedComment", f"{top}.1", parentId=top),
        }
    )


def _standard_webhooks(number: int) -> Deliveries:
    def event(kind: str, **data: Any) -> dict[str, Any]:
        return {
            "type": f"review.{kind}",
            "timestamp": "2025-11-25T08:00:00Z",
            "data": {"account": "nue", **data},
        }

    def edit(what: str) -> dict[str, Any]:
        minute = (AT[what] - START) // 60
        return event("updated", id=f"rv-{number}", text=SAID[what], updated_at=f"2025-11-25T08:0{minute}:00Z")

    reply = {"in_reply_to": f"rv-{number}", "text": REPLY, "from_us": True}
    return _dumped(
        {
            "created": event("created", id=f"rv-{number}", text=CREATED, created_at="2025-11-25T08:00:00Z"),
            "edited": edit("edited"),
            "edited again": edit("edited again"),
            "deleted": event("deleted", id=f"rv-{number}"),
            "replied": event("replied", id=f"rp-{number}", created_at="2025-11-25T08:03:00Z", **reply),
            "reply deleted": event("deleted", id=f"rp-{number}"),
        }
    )


def _recorded(platform: str) -> Dialect:
    """Make a dialect of files; the platform's own adapter tells the ids, and what orders its edits."""
    folder = recorded.OWN / "changes" / platform
    files = {what: file for what in WHAT for file in folder.glob(f"{what.replace(' ', '-')}.*")}

    def deliveries(number: int) -> Deliveries:
        return {what: file.read_bytes().replace(b"NUMBER", b"%d" % number) for what, file in files.items()}

    def message(what: str, number: int) -> Message:
        how = PLATFORMS[platform]
        (piece,) = how.split(how.parse(deliveries(number)[what]))
        read = how.read(piece)
        assert isinstance(read, Message)
        return read

    by_receipt = "edited" in files and message("edited", 0).version == EDITED_VERSION
    return Dialect(platform, deliveries, lambda n: message("created", n).message_id, by_receipt)


WHAT = ("created", "edited", "edited again", "deleted", "replied", "reply deleted")

DIALECTS: dict[str, Dialect] = {
    "facebook comments": Dialect("facebook", _facebook_comments, lambda n: f"401_{n}"),
    "facebook reviews": Dialect(
        "facebook", _facebook_reviews, lambda n: str(7000 + n), edits_by_receipt=True
    ),
    "facebook messages": Dialect("facebook", _messaging("page", PAGE), lambda n: f"m{n}"),
    "messenger": Dialect("messenger", _messaging("page", PAGE), lambda n: f"m{n}"),
    "instagram comments": Dialect("instagram", _instagram_comments, lambda n: f"c{n}"),
    "instagram messages": Dialect("instagram", _messaging("instagram", "178"), lambda n: f"m{n}"),
    "whatsapp": Dialect("whatsapp", _whatsapp, lambda n: f"wamid.A{n}"),
    "threads": Dialect("threads", _threads, lambda n: f"91{n}"),
    "x posts": Dialect("x", _x_posts, lambda n: f"199{n}0"),
    "x direct messages": Dialect("x", _x_direct_messages, lambda n: f"d{n}"),
    "linkedin": Dialect("linkedin", _linkedin, lambda n: f"urn:li:comment:(activity:74100,71{n})"),
    "youtube": Dialect("youtube", _youtube, lambda n: f"Ugz{n}"),
    "standard webhooks": Dialect("standard_webhooks", _standard_webhooks, lambda n: f"rv-{n}"),
    **{folder.name: _recorded(folder.name) for folder in sorted(recorded.OWN.glob("changes/*"))},
}
