"""A canary sent through LinkedIn is nowhere after its storage limit, whatever happened to it before."""

import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from io import StringIO
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

import app
from chalicelib import classifier, envelope, wiring
from chalicelib.errors import PayloadError
from chalicelib.identity import Caller
from chalicelib.message import Author, Message
from chalicelib.platforms import PLATFORMS
from chalicelib.platforms.base import Limits
from chalicelib.storage_limits import HOUR, MARGIN
from tests import deliveries, linkedin
from tests.fakes import Crash, FakeSqs, plain
from tests.linkedin import comment, delivery
from tests.test_looking_up import Lookups
from tests.test_redrive import EVENT, redrive
from tests.world import BRIEF_INTAKE, NOW, World, clear

OLGA = Caller("olga", "Olga", frozenset({"ops"}))
TEXT, WHO, NAME = "Kanarientext", "urn:li:person:Kanarien-Id", "Kanarienname"
PROFILE_LIMIT, TEXT_LIMIT = NOW + 24 * HOUR, NOW + 48 * HOUR
EACH = 5 * 60  # as the functions are scheduled


@dataclass
class Watch:
    """A world whose time passes in steps, and everything that is written down in it."""

    world: World
    log: StringIO
    works: bool = True
    erases: bool = True
    seen: set[str] = field(default_factory=set)

    def post(self, *notifications: dict[str, Any]) -> None:
        assert self.world.post("linkedin", delivery(*notifications))["statusCode"] == 200
        if self.works:
            self.world.drain()

    def until(self, then: int) -> None:
        """Let time pass; the functions run when they would."""
        while self.world.now < then:
            self.world.now = min(self.world.now + EACH, then)
            self.world.sqs.expire()
            if self.works:
                self.world.drain()
            redrive()
            if self.erases:
                erase()
            self.check()

    def check(self) -> None:
        """Make sure that nothing is kept beyond its limit."""
        kept = self.everything()
        self.seen |= {canary for canary in (TEXT, WHO) if canary in kept}
        if self.world.now >= PROFILE_LIMIT:
            assert WHO not in kept
            assert NAME not in kept
        if self.world.now >= TEXT_LIMIT:
            assert TEXT not in kept

    def everything(self) -> str:
        """Write down table, indexes, queues, in flight or not, metrics, log, and what is packed in them."""
        items = [self.world.dynamodb.items[key] for key in sorted(self.world.dynamodb.items)]
        table = [{name: plain(value) for name, value in item.items()} for item in items]
        packed = b"".join(bytes(item["bytes"]) for item in table if "bytes" in item)
        bodies = map(unpacked, self.world.sqs.everything())
        return "\n".join(
            [str(table), *inflated(packed), *bodies, str(self.world.counted), self.log.getvalue()]
        )

    def shown(self) -> tuple[str, str]:
        """Give the ticket as the API shows it, singly and in a list."""
        (ticket,) = wiring.api().list_tickets(OLGA, {}).tickets
        return wiring.api().show_ticket(OLGA, ticket.id).model_dump_json(), ticket.model_dump_json()


def unpacked(body: str) -> str:
    """Write down what lies in a queue; some of it is an envelope."""
    try:
        return envelope.unseal(body).body.decode()
    except PayloadError:
        return body


def inflated(packed: bytes) -> Iterator[str]:
    """Write down what lies in the pieces of all quarantine entries."""
    while packed:
        inflating = zlib.decompressobj()
        yield inflating.decompress(packed).decode()
        packed = inflating.unused_data


def erase() -> None:
    app.erase_expired(EVENT, None)


@pytest.fixture
def watch(world: World, logged: StringIO, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Watch a world whose classifier gives words of the text as its reasons."""
    read = classifier.load().classify

    class Quoting:
        def classify(self, text: str) -> classifier.Classification:
            return read(text)._replace(because=(TEXT,))

    monkeypatch.setattr(classifier, "load", lambda _file: Quoting())
    wiring.worker.cache_clear()
    world.sqs = FakeSqs(linkedin.forgetful_queues(), lambda: world.now)
    return Watch(world, logged)


def question(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Say something that a department must answer."""
    text = f"{TEXT}: seit drei Wochen fehlt meine Rechnung, wer hilft mir weiter?"
    return comment(number, **{"text": text, "author": WHO, **changes})


def test_before_its_limit_a_ticket_shows_what_was_said_and_afterwards_where_to_read_it(watch: Watch) -> None:
    watch.post(question())
    for then in (NOW + HOUR, PROFILE_LIMIT - MARGIN - 1):
        watch.until(then)
        assert all(TEXT in shown and WHO in shown for shown in watch.shown())

    for then in (PROFILE_LIMIT - MARGIN, TEXT_LIMIT - MARGIN - 1):
        watch.until(then)
        assert all(TEXT in shown and WHO not in shown for shown in watch.shown())

    watch.until(TEXT_LIMIT - MARGIN)
    assert not any(TEXT in shown for shown in watch.shown())
    watch.until(TEXT_LIMIT + HOUR)
    (ticket,) = watch.world.tickets().values()
    assert (ticket.permalink or "").startswith("https://www.linkedin.com/")
    assert ticket.decision.department
    assert not [item for item in watch.world.dynamodb.by_ticket[ticket.id].values() if "expires_at" in item]


def test_the_words_for_which_it_was_read_so_are_kept_with_the_text(watch: Watch) -> None:
    watch.post(question())
    (ticket,) = watch.world.tickets().values()
    items = watch.world.dynamodb.by_ticket[ticket.id]

    assert plain(items["content"]["because"]) == [TEXT]
    assert TEXT not in str(items["ticket"])


def test_even_if_nothing_is_erased_nothing_is_shown(watch: Watch) -> None:
    watch.post(question(), question(2, action="ADMIN_COMMENT", author=linkedin.ORGANIZATION, parent=1))
    watch.world.now = PROFILE_LIMIT - MARGIN
    assert not any(WHO in shown for shown in watch.shown())
    watch.world.now = TEXT_LIMIT - MARGIN

    assert not any(TEXT in shown for shown in watch.shown())
    assert TEXT in watch.everything()
    content = [i for (_, sk), i in watch.world.dynamodb.items.items() if sk != "ticket" and "text" in i]
    assert [plain(item["expires_at"]) for item in content] == [TEXT_LIMIT] * 2


def test_departments_hear_of_it_without_what_was_said(watch: Watch) -> None:
    watch.post(question())
    watch.until(NOW + HOUR)
    watch.post(question(action="COMMENT_EDIT", lastModifiedAt=1764061205987))
    (ticket,) = watch.world.tickets().values()
    events = watch.world.events(ticket.decision.department or "")

    assert [event["type"].split(".")[-2] for event in events] == ["opened", "updated"]
    for event in events:
        said = event["data"]
        assert (said["text"], said["author"]) == (None, {"id": None, "name": None})
        assert (said["id"], said["permalink"]) == (ticket.id, ticket.permalink)
    assert TEXT in (ticket.text or "")


# ── whatever happened to it ───────────────────────────────────────────────────────────────────────────────


def edited(watch: Watch) -> None:
    watch.post(question())
    for hour in (1, 30, 47, 50):
        watch.until(NOW + hour * HOUR)
        watch.post(question(action="COMMENT_EDIT", lastModifiedAt=1764057605987 + hour))


def edited_first(watch: Watch) -> None:
    watch.post(question(action="COMMENT_EDIT", lastModifiedAt=1764057606987))
    watch.until(NOW + 40 * HOUR)
    watch.post(question())


def deleted(watch: Watch) -> None:
    watch.post(question())
    watch.until(NOW + HOUR)
    watch.post(comment(1, None, "COMMENT_DELETE"))
    assert TEXT not in watch.everything()
    watch.post(question())


def repeated(watch: Watch) -> None:
    for hour in (0, 1, 23, 24, 25, 47, 48, 60):
        watch.until(NOW + hour * HOUR)
        watch.post(question())


def answered(watch: Watch) -> None:
    reply = {"author": linkedin.ORGANIZATION, "parent": 1}
    watch.post(question(), question(2, action="ADMIN_COMMENT", **reply))
    watch.until(NOW + HOUR)
    assert TEXT in str(watch.world.tickets())
    for hour in (2, 49):
        watch.until(NOW + hour * HOUR)
        watch.post(question(2, action="COMMENT_EDIT", lastModifiedAt=1764057605987 + hour, **reply))
        watch.post(question(2, action="ADMIN_COMMENT", **reply))


def answered_and_deleted(watch: Watch) -> None:
    reply = {"author": linkedin.ORGANIZATION, "parent": 1}
    watch.post(question(), question(2, action="ADMIN_COMMENT", **reply))
    watch.until(NOW + HOUR)
    watch.post(comment(2, None, "COMMENT_DELETE"))
    watch.until(NOW + 50 * HOUR)
    watch.post(question(2, action="ADMIN_COMMENT", **reply))


def quarantined(watch: Watch) -> None:
    watch.post(question(sourcePost={"no": "text"}))
    (entry,) = watch.world.quarantined()
    for hour in (1, 23):
        watch.until(NOW + hour * HOUR)
        wiring.api().retry_quarantined(OLGA, entry)
    watch.until(NOW + 26 * HOUR)
    watch.post(question(sourcePost={"no": "text"}))
    assert entry in watch.world.quarantined()


def split(watch: Watch) -> None:
    watch.post(*(question(number) for number in range(60)))
    assert len(watch.world.tickets()) == 60


def with_a_poor_sibling(watch: Watch) -> None:
    watch.post(*(question(number, sourcePost=[number] if number % 9 else None) for number in range(60)))


def not_taken(watch: Watch) -> None:
    watch.works = False
    watch.post(question())


def taken_too_late(watch: Watch) -> None:
    watch.works = False
    watch.post(question())
    (message,) = watch.world.sqs.waiting[BRIEF_INTAKE]
    watch.until(NOW + 9 * HOUR)
    message["SentAt"] = PROFILE_LIMIT - MARGIN  # as if somebody had moved it by hand
    watch.world.now = message["SentAt"]
    watch.works = True


def in_an_outage(watch: Watch) -> None:
    def fail(operation: str, _arguments: Any) -> None:
        if operation == "put_item":
            raise EndpointConnectionError(endpoint_url="https://aws")

    watch.world.after_call = fail
    watch.works = False
    watch.post(question())
    for _ in range(30):
        while watch.world.work():
            watch.world.sqs.expire()
        watch.until(watch.world.now + HOUR // 2)
    watch.world.after_call = lambda *_: None
    watch.works = True


def quoted_by_an_error(watch: Watch) -> None:
    def fail(operation: str, arguments: Any) -> None:
        if operation == "put_item" or "department" in arguments.get("QueueUrl", ""):
            raise ValueError(f"{TEXT} {WHO}")

    watch.world.after_call = fail
    watch.works = False
    watch.post(question())
    watch.world.work()
    watch.world.sqs.expire()
    watch.world.work()
    assert "delivery not processed yet" in watch.log.getvalue()
    watch.world.after_call = lambda *_: None
    watch.works = True


def reclassified(watch: Watch) -> None:
    """Reasons quote the text and name its author: one of each is given at every stage."""
    watch.post(question())
    for hour, category in ((1, "praise"), (22, "criticism"), (25, "praise"), (50, "criticism")):
        watch.until(NOW + hour * HOUR)
        (ticket,) = watch.world.tickets()
        body = {"category": category, "reason": f"{NAME} schreibt: {TEXT} {WHO}", "move": True}
        answer = wiring.api().reclassify_ticket(OLGA, ticket, json.dumps(body).encode())
        reason = answer.model_dump()["history"][-1]["reason"]
        assert (reason is not None) == (hour < 24)
    examples = [item for (_, sk), item in watch.world.dynamodb.items.items() if sk == "example"]
    assert len(examples) == 1


def told(watch: Watch) -> None:
    """Answers quote the text, and reasons name its author: one of each is given at every stage."""
    watch.post(question())
    for hour in (1, 25, 47, 50):
        watch.until(NOW + hour * HOUR)
        (ticket,) = watch.world.tickets()
        asked = {
            "text": f"Zu „{TEXT}“: Wir melden uns bis Freitag, {hour}.",
            "help": "receipt",
            "reason": NAME,
        }
        answer = wiring.telling().answer(OLGA, ticket, json.dumps(asked).encode())
        reply, line = answer.observed_replies[-1], answer.history[-1]
        assert (reply.text is not None, line.reason is not None) == (hour < 48, hour < 24)


HISTORIES: list[Callable[[Watch], None]] = [
    edited,
    edited_first,
    deleted,
    repeated,
    answered,
    answered_and_deleted,
    quarantined,
    split,
    with_a_poor_sibling,
    not_taken,
    taken_too_late,
    in_an_outage,
    quoted_by_an_error,
    reclassified,
    told,
]


@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.__name__)
def test_after_its_limit_it_is_nowhere(watch: Watch, history: Callable[[Watch], None]) -> None:
    history(watch)
    watch.until(TEXT_LIMIT + 2 * HOUR)
    assert watch.seen == {TEXT, WHO}

    kept = watch.everything()
    assert not [canary for canary in (TEXT, WHO, NAME) if canary in kept]


def test_what_a_look_up_has_fetched_counts_from_the_delivery(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(message: Message) -> Message:
        return replace(message, text=TEXT, author=Author(WHO, NAME), needs_lookup=False)

    monkeypatch.setattr(wiring, "lookups", lambda: Lookups(found))
    watch.post(comment(1, None, author=None))
    assert all(part in watch.shown()[0] for part in (TEXT, WHO, NAME))
    watch.until(NOW + 23 * HOUR)
    watch.until(NOW + 30 * HOUR)
    assert TEXT in watch.shown()[0]
    watch.until(TEXT_LIMIT)

    kept = watch.everything()
    assert not [canary for canary in (TEXT, WHO, NAME) if canary in kept]


@pytest.mark.parametrize("asked", [25, 47, 50])
def test_a_look_up_that_ends_late_brings_nothing_back(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, asked: int
) -> None:
    def found(message: Message) -> Message:
        return replace(message, text=TEXT, author=Author(WHO, NAME), needs_lookup=False)

    def withheld(message: Message) -> Message:
        return message

    lookups = Lookups(withheld)
    monkeypatch.setattr(wiring, "lookups", lambda: lookups)
    watch.post(comment(1, None, author=None))
    watch.until(NOW + asked * HOUR)
    lookups.answers = [found]
    watch.post(comment(1, None, author=None))

    assert (TEXT in watch.everything()) == (watch.world.now < TEXT_LIMIT)
    assert WHO not in watch.everything()
    watch.until(TEXT_LIMIT + HOUR)


# ── the erasure itself ────────────────────────────────────────────────────────────────────────────────────


def test_an_erasure_that_is_cut_off_goes_on_where_it_was(watch: Watch) -> None:
    reply = question(10, action="ADMIN_COMMENT", author=linkedin.ORGANIZATION, parent=1)
    watch.post(*map(question, range(5)), reply, question(7, sourcePost={}))
    for then in (PROFILE_LIMIT, TEXT_LIMIT):
        watch.world.now = then
        seen: set[str] = set()
        crashes = 0

        def crash(operation: str, arguments: Any, seen: set[str] = seen) -> None:
            call = f"{operation} {arguments}"
            if call not in seen:
                seen.add(call)
                raise Crash

        watch.world.after_call = crash
        while True:
            try:
                erase()
            except Crash:
                crashes += 1
            else:
                break
        watch.world.after_call = lambda *_: None
        watch.check()
        assert crashes > 6
    assert len(watch.world.tickets()) == 5


def test_an_erasure_reads_and_writes_what_is_due_and_nothing_else(watch: Watch) -> None:
    watch.post(*map(question, range(3)))
    watch.world.now += HOUR
    watch.post(*map(question, range(3, 50)))
    watch.world.calls.clear()
    erase()
    empty = len(watch.world.calls)
    assert set(watch.world.calls) == {"query"}

    watch.world.now = PROFILE_LIMIT
    watch.world.calls.clear()
    erase()
    assert len(watch.world.calls) == empty + 3


def test_one_that_is_not_erased_does_not_hold_up_the_others(watch: Watch) -> None:
    watch.post(*map(question, range(3)))
    (first, *_) = sorted(watch.world.tickets())
    watch.world.now = PROFILE_LIMIT

    def fail(operation: str, arguments: Any) -> None:
        if operation == "query" and len(watch.world.calls) == 1:
            raise EndpointConnectionError(endpoint_url="https://aws")
        if first in str(arguments):
            raise EndpointConnectionError(endpoint_url="https://aws")

    watch.world.calls.clear()
    watch.world.after_call = fail
    with pytest.raises(Exception, match="EndpointConnectionError"):
        erase()
    watch.world.after_call = lambda *_: None

    watch.check()
    assert {(d["platform"], d["what"]): n for name, n, d in watch.world.counted if name == "Erased"} == {
        ("linkedin", "profile"): 2
    }


def test_other_platforms_keep_what_was_said(watch: Watch) -> None:
    watch.world.post(
        "facebook", deliveries.page([deliveries.comment(1, TEXT, who={"id": WHO, "name": NAME})])
    )
    watch.world.drain()
    watch.world.now += 10_000 * HOUR
    erase()

    assert all(TEXT in shown and NAME in shown for shown in watch.shown())


def test_what_we_said_in_a_direct_conversation_is_not_shown_longer(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    facebook = replace(PLATFORMS["facebook"], limits=PLATFORMS["linkedin"].limits)
    monkeypatch.setitem(PLATFORMS, "facebook", facebook)
    clear()
    for mid, echo, said in (("m1", False, "Wo bleibt sie?"), ("m2", True, TEXT)):
        who = [{"id": "501"}, {"id": deliveries.PAGE}]
        one = {"mid": mid, "text": said, "is_echo": echo}
        event = {"sender": who[echo], "recipient": who[not echo], "timestamp": 1764057605987, "message": one}
        entry = {"id": deliveries.PAGE, "messaging": [event]}
        watch.world.post("facebook", json.dumps({"object": "page", "entry": [entry]}).encode())
    watch.world.drain()
    assert TEXT in watch.shown()[0]
    watch.world.now = TEXT_LIMIT - MARGIN
    assert TEXT not in watch.shown()[0]
    erase()
    watch.until(TEXT_LIMIT)

    assert TEXT not in watch.everything()


def test_a_platform_may_limit_one_thing_alone(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    for limits, gone, kept in (
        (Limits(profile=24 * HOUR), (WHO,), (TEXT,)),
        (Limits(text=24 * HOUR), (TEXT, WHO), ()),
        (Limits(text=24 * HOUR, profile=30 * HOUR), (TEXT, WHO), ()),
    ):
        watch.world.now = NOW
        watch.world.dynamodb.items.clear()
        watch.world.dynamodb.by_ticket.clear()
        watch.world.sqs.waiting.clear()
        monkeypatch.setitem(PLATFORMS, "linkedin", replace(PLATFORMS["linkedin"], limits=limits))
        clear()
        watch.post(question())
        assert all(TEXT in shown and WHO in shown for shown in watch.shown())
        watch.world.now = PROFILE_LIMIT
        erase()
        everything = watch.everything()
        assert [canary for canary in gone if canary in everything] == []
        assert [canary for canary in kept if canary not in everything] == []
        watch.world.now += 10_000 * HOUR
        erase()
        assert [canary for canary in kept if canary not in watch.everything()] == []
