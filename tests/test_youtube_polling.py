"""YouTube is polled: nothing missed, nothing doubled, the budget kept, whatever the API does meanwhile.

Through the real handlers and the real client, against an API on loopback.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import app
from chalicelib import envelope, platform_api, wiring
from chalicelib.errors import ConfigurationError
from chalicelib.message import Change, Message
from chalicelib.platforms import youtube
from chalicelib.ticket import Status, Ticket, ticket_id
from chalicelib.youtube_polling import channels, poll, units
from chalicelib.youtube_polling.units import PACIFIC
from tests import world as worlds
from tests.fakes import Crash, FakeDynamoDB, FakeSqs
from tests.signing import signed
from tests.test_redrive import EVENT
from tests.world import INTAKE, NOW, SECRETS, World
from tests.youtube_api import KEY, Query, Refusal, Said, YouTube, serving

OURS, OTHERS = "UCours", "UCothers"
MINUTES_5, HOUR, DAY = 300, 3600, 86_400
ASKS = "Meine Bestellung {} ist nicht angekommen, wann kommt sie?"


@dataclass
class Polling:
    """A Zuständig, the API that it polls, the pauses that its client would have made, and how runs failed."""

    world: World
    api: YouTube
    pauses: list[float]
    failed: list[str] = field(default_factory=list)

    def poll(self, after: int = MINUTES_5) -> int:
        """Let some seconds pass, poll, and tell how many requests that took."""
        self.world.now += after
        before = len(self.api.asked)
        try:
            app.poll_youtube(EVENT, None)
        except ConfigurationError as error:
            self.failed.append(str(error))
        return len(self.api.asked) - before

    def settle(self, after: int = MINUTES_5) -> int:
        """Poll, work off intake, and tell how many requests that took."""
        asked = self.poll(after)
        self.world.drain()
        return asked

    def sent(self) -> list[Message]:
        """Read what waits in intake, message by message."""
        bodies = [envelope.unseal(sealed).body for sealed in self.world.sqs.bodies(INTAKE)]
        pieces = [piece for body in bodies for piece in youtube.split(youtube.parse(body))]
        found = [youtube.read(piece) for piece in pieces]
        assert all(isinstance(message, Message) for message in found)
        return found  # type: ignore[return-value]

    def ticket(self, message_id: str) -> Ticket:
        return self.world.tickets()[ticket_id("youtube", message_id)]

    def texts(self) -> dict[str, str | None]:
        """Give the texts of all tickets that are not withdrawn, by the comment's id."""
        found = self.world.tickets().values()
        return {t.message_id: t.text for t in found if t.status is not Status.WITHDRAWN}

    def said(self) -> dict[str, str]:
        """Give what people have said, by the comment's id."""
        return {c.id: c.text for c in self.api.comments.values() if c.author not in {OURS, OTHERS}}


Start = Callable[..., Polling]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Start]:
    with serving(YouTube()) as api:
        world, pauses = World(FakeDynamoDB(), FakeSqs()), list[float]()
        clients: list[platform_api.PlatformApis] = []

        def begin(*ids: str, key: str = KEY, **environment: str) -> Polling:
            file = tmp_path / "secrets.json"
            tokens = {"youtube": {"*": key}} if key else {}
            file.write_text(json.dumps({**SECRETS, "access_tokens": tokens}))
            accounts = json.dumps({"youtube": list(ids)})
            given = {"SECRETS_FILE": str(file), "OWN_ACCOUNTS": accounts, "YOUTUBE_API_URL": api.url}
            worlds.build(monkeypatch, world, **given, **environment)
            clock = platform_api.Clock(lambda: world.now, sleep=pauses.append)
            client = platform_api.connect({"YOUTUBE_API_URL": api.url}, clock=clock)
            clients.append(client)
            monkeypatch.setattr(wiring, "platform_apis", lambda: client)
            return Polling(world, api, pauses)

        yield begin
        for client in clients:
            client.http.close()
    worlds.clear()


@pytest.fixture
def polling(start: Start) -> Polling:
    return start(OURS)


def talk(api: YouTube, threads: int, until: int = NOW - HOUR) -> None:
    """Have people write threads, the last one at `until`; every tenth has replies, some of them ours."""
    for number in range(threads):
        at = until - 60 * (threads - 1 - number)
        top = api.say(f"Ugz{number:04}AaABAg", ASKS.format(number), at, author=f"UCvisitor{number % 7}")
        for reply in range(number // 10 % 6 if number % 10 == 0 else 0):
            author = OURS if reply == 1 else f"UCreply{reply}"
            api.say(f"{top.id}.9x{reply:04}", f"Bei mir auch, {number}.{reply}", at + reply, author=author,
                    parent=top.id)  # fmt: skip


def test_every_comment_becomes_one_ticket_and_nothing_is_sent_again(polling: Polling) -> None:
    polling.api.page_size = 75
    talk(polling.api, 300)
    polling.settle()
    asked = [path for path, _ in polling.api.asked]

    assert asked.count("/youtube/v3/commentThreads") == 4
    assert len(polling.said()) > 300
    assert polling.texts() == polling.said()
    assert polling.world.quarantined() == {}
    assert all(key != "key" for _, query in polling.api.asked for key in query)
    assert polling.ticket("Ugz0007AaABAg").in_reply_to == "Wz3kQpLr7_4"
    assert polling.ticket("Ugz0050AaABAg.9x0004").in_reply_to == "Ugz0050AaABAg"
    assert polling.ticket("Ugz0050AaABAg.9x0004").account_id == OURS
    link = "https://www.youtube.com/watch?v=Wz3kQpLr7_4&lc=Ugz0050AaABAg.9x0004"
    assert polling.ticket("Ugz0050AaABAg.9x0004").permalink == link

    assert polling.poll() == len(asked)
    assert polling.sent() == []


def test_what_is_new_edited_and_gone_between_polls_is_all_that_is_sent(polling: Polling) -> None:
    api, now = polling.api, polling.world.now
    api.page_size = 75
    talk(api, 300)
    polling.settle()
    before = polling.world.tickets()

    api.say("UgzNEWAaABAg", "Eine neue Frage: wo ist meine Rechnung?", now + 10, video=None)
    api.say("Ugz0003AaABAg.9xNEW", "Bei mir ebenso.", now + 11, parent="Ugz0003AaABAg")
    api.say("Ugz0290AaABAg.9xNEW", "And here, too?", now + 12, parent="Ugz0290AaABAg")
    api.edit("Ugz0100AaABAg", "Hat sich erledigt, danke!", now + 20)
    api.edit("Ugz0050AaABAg.9x0004", "Bei mir nicht mehr.", now + 21)
    api.delete("Ugz0200AaABAg")  # on a page in the middle
    api.delete("Ugz0050AaABAg.9x0003")  # beyond the replies that come with the thread
    api.delete("Ugz0250AaABAg")
    replies = ("Ugz0200AaABAg.9x0000", "Ugz0200AaABAg.9x0001", "Ugz0250AaABAg.9x0000")  # gone with them
    deleted = {"Ugz0200AaABAg", "Ugz0050AaABAg.9x0003", "Ugz0250AaABAg", *replies}
    polling.poll()
    sent = {(m.change, m.message_id) for m in polling.sent()}

    assert sent == {
        (Change.CREATED, "UgzNEWAaABAg"),
        (Change.CREATED, "Ugz0003AaABAg.9xNEW"),
        (Change.CREATED, "Ugz0290AaABAg.9xNEW"),
        (Change.EDITED, "Ugz0100AaABAg"),
        (Change.EDITED, "Ugz0050AaABAg.9x0004"),
        *((Change.DELETED, key) for key in deleted),
    }
    assert len(polling.sent()) == len(sent)
    polling.world.drain()
    assert polling.texts() == polling.said()
    withdrawn = {t.message_id for t in polling.world.tickets().values() if t.status is Status.WITHDRAWN}
    assert withdrawn == deleted - {"Ugz0200AaABAg.9x0001"}  # that one was our own
    assert polling.world.tickets().keys() - before.keys() == {
        ticket_id("youtube", key) for key in ("UgzNEWAaABAg", "Ugz0003AaABAg.9xNEW", "Ugz0290AaABAg.9xNEW")
    }

    polling.poll()
    assert polling.sent() == []


def test_a_comment_first_seen_after_its_edit_opens_a_ticket(polling: Polling) -> None:
    polling.api.say("Ugz1", "Wann öffnet ihr?", NOW - HOUR, updated_at=NOW - HOUR + 60)
    polling.settle()

    assert polling.texts() == {"Ugz1": "Wann öffnet ihr?"}


def test_what_our_own_channel_says_opens_no_ticket(polling: Polling) -> None:
    top = polling.api.say("Ugz1", ASKS.format(1), NOW - HOUR)
    polling.api.say("Ugz1.1", "Sie kommt morgen.", NOW - HOUR + 60, parent=top.id, author=OURS)
    polling.settle()

    assert polling.texts().keys() == {"Ugz1"}
    assert ("RepliesObserved", 1, {"platform": "youtube"}) in polling.world.counted


def on_page(number: int, do: Callable[[], object]) -> Callable[[str, Query], None]:
    """Do something once, just before that page of threads is read."""
    pages: list[int] = []

    def before(path: str, _query: Query) -> None:
        pages.append(1) if path.endswith("Threads") else None
        if len(pages) == number and path.endswith("Threads"):
            do()

    return before


def test_pages_that_shift_while_they_are_read_neither_double_nor_withdraw_anything(polling: Polling) -> None:
    api = polling.api
    api.page_size = 75
    talk(api, 300)
    polling.settle()
    api.before = on_page(2, lambda: api.delete("Ugz0299AaABAg"))  # 0224 slides over to the page before
    polling.settle()
    api.before = on_page(2, lambda: api.say("UgzNEW", "Noch eine Frage?", polling.world.now))
    polling.settle()

    assert polling.ticket("Ugz0224AaABAg").status is Status.OPEN
    api.before = lambda *_: None
    polling.settle()
    assert polling.texts() == polling.said()
    gone = [t.message_id for t in polling.world.tickets().values() if t.status is Status.WITHDRAWN]
    assert gone == ["Ugz0299AaABAg"]


def test_an_edit_of_a_comment_that_slid_away_is_not_missed(polling: Polling) -> None:
    api = polling.api
    api.page_size = 75
    talk(api, 150)
    polling.settle()
    api.edit("Ugz0074AaABAg", "Jetzt ist sie da, aber kaputt. Was nun?", polling.world.now)
    api.before = on_page(2, lambda: api.delete("Ugz0149AaABAg"))
    polling.settle()

    assert polling.ticket("Ugz0074AaABAg").text == "Jetzt ist sie da, aber kaputt. Was nun?"


def test_nothing_is_withdrawn_on_the_word_of_an_api_that_forgets(polling: Polling) -> None:
    talk(polling.api, 20)
    polling.settle()
    lost, polling.api.forgetful = polling.api.comments.pop("Ugz0003AaABAg"), True
    polling.poll()
    assert polling.sent() == []
    assert ("PollsFailed", 1, {"platform": "youtube", "reason": "Unavailable"}) in polling.world.counted

    polling.api.forgetful = False
    polling.poll(HOUR)
    assert [(m.change, m.message_id) for m in polling.sent()] == [(Change.DELETED, lost.id)]


def test_an_api_that_refuses_unknown_ids_is_asked_until_it_tells_which(polling: Polling) -> None:
    talk(polling.api, 60)
    polling.settle()
    polling.api.strict = True
    for key in ("Ugz0003AaABAg", "Ugz0031AaABAg"):
        polling.api.delete(key)
    polling.poll()

    assert {(m.change, m.message_id) for m in polling.sent()} == {
        (Change.DELETED, "Ugz0003AaABAg"),
        (Change.DELETED, "Ugz0031AaABAg"),
    }


def test_a_channel_without_any_comment_left_is_believed_the_second_time(polling: Polling) -> None:
    talk(polling.api, 3)
    polling.settle()
    polling.api.comments.clear()
    polling.poll()
    assert polling.sent() == []

    polling.poll()
    assert [m.change for m in polling.sent()] == [Change.DELETED] * 3
    polling.world.drain()
    polling.poll()
    assert polling.sent() == []


def quota(reason: str = "quotaExceeded", status: int = 403) -> Callable[[str, Query], None]:
    def before(_path: str, _query: Query) -> None:
        raise Refusal(status, reason)

    return before


def midnight(now: int) -> int:
    """Tell when the quota's day of `now` ends."""
    there = datetime.fromtimestamp(now, PACIFIC)
    return now + DAY - (there.hour * 3600 + there.minute * 60 + there.second)


def test_a_used_up_quota_is_left_alone_until_its_day_ends_and_then_nothing_is_missing(start: Start) -> None:
    polling = start(OURS, OTHERS)
    talk(polling.api, 300)
    polling.api.before = on_page(3, lambda: quota()("", {}))
    assert polling.poll() == 3
    assert polling.sent() == []

    polling.api.before = lambda *_: None
    while polling.world.now + MINUTES_5 < midnight(NOW):
        assert polling.poll() == 0
    assert polling.settle() > 3
    assert polling.texts() == polling.said()


def test_a_quota_of_yesterday_does_not_close_today(polling: Polling) -> None:
    """The client remembers the refusal for some minutes, and midnight comes in between."""
    talk(polling.api, 10)
    polling.world.now = midnight(NOW) - 600 - MINUTES_5
    polling.api.before = quota()
    polling.poll()
    polling.api.before = lambda *_: None
    assert polling.poll(610) == 0
    polling.settle(MINUTES_5)

    assert polling.texts() == polling.said()


def test_a_limit_that_passes_stops_the_round_and_not_the_day(start: Start) -> None:
    polling = start(OURS, OTHERS)
    talk(polling.api, 10)
    polling.api.before = quota("rateLimitExceeded")
    assert polling.poll() <= 6
    polling.api.before = lambda *_: None
    polling.poll(2 * HOUR)

    assert {m.message_id for m in polling.sent()} == set(polling.api.comments)


def test_one_500_is_asked_again_and_counted(polling: Polling) -> None:
    talk(polling.api, 300)
    failing = iter([Refusal(500, "backendError")])

    def before(*_: object) -> None:
        for refusal in failing:
            raise refusal

    polling.api.before = before
    asked = polling.settle()

    assert len(polling.pauses) == 1
    assert polling.texts() == polling.said()
    assert used(polling.world) == asked


def used(world: World) -> int:
    """Tell how many units we have counted today."""
    item = world.dynamodb.items[units.PARTITION, units.day(world.now)]
    return int(item["units"]["N"])


def test_an_api_that_is_down_is_asked_less_and_less_and_other_channels_go_on(start: Start) -> None:
    polling = start(OURS, OTHERS)  # the others come first
    talk(polling.api, 5)
    polling.api.say("UgzOTHER", "Do you ship to Austria?", NOW - HOUR, channel=OTHERS)

    def down(_path: str, query: Query) -> None:
        if query.get("allThreadsRelatedToChannelId") == OTHERS:
            raise Refusal(500)

    polling.api.before = down
    rounds = 8 * HOUR // MINUTES_5
    for _ in range(rounds):
        polling.settle()
    asked = [query.get("allThreadsRelatedToChannelId") for _, query in polling.api.asked]

    assert asked.count(OURS) == rounds
    assert 3 < asked.count(OTHERS) <= 3 * 8
    assert "UgzOTHER" not in polling.texts()
    assert OTHERS in polling.failed[-1]
    assert OURS not in polling.failed[-1]
    polling.api.before = lambda *_: None
    polling.settle(6 * HOUR)
    assert polling.texts() == polling.said()
    told = len(polling.failed)
    polling.settle()
    assert len(polling.failed) == told


@pytest.mark.parametrize(
    ("status", "reason"), [(403, "commentsDisabled"), (404, "channelNotFound"), (400, "keyInvalid")]
)
def test_what_somebody_must_mend_is_told_and_not_asked_for_again_and_again(
    polling: Polling, status: int, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    talk(polling.api, 3)
    polling.api.before = quota(reason, status)
    asked = sum(polling.poll() for _ in range(DAY // MINUTES_5))

    assert 3 <= asked <= 24
    assert ("PollsFailed", 1, {"platform": "youtube", "reason": reason}) in polling.world.counted
    assert (
        f"YouTube channel {OURS} was not read, or not all of it: youtube answers {status} {reason}"
        in caplog.text
    )
    polling.api.before = lambda *_: None
    polling.settle(6 * HOUR)
    assert polling.texts() == polling.said()


@pytest.mark.parametrize("answer", [{}, {"items": {}}, {"items": [], "nextPageToken": 7}])
def test_an_answer_that_holds_no_threads_changes_nothing(
    polling: Polling, monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    talk(polling.api, 3)
    polling.settle()
    with monkeypatch.context() as broken:
        broken.setattr(polling.api, "answer", lambda *_: answer)
        polling.poll()
    polling.poll(HOUR)

    assert polling.sent() == []
    assert len(polling.texts()) == 3


def test_one_thing_that_is_no_comment_is_told_and_its_neighbours_are_read(
    polling: Polling, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk(polling.api, 3)
    polling.settle()
    answer = polling.api.answer

    def damaged(path: str, query: Query, key: str | None) -> Any:
        found = answer(path, query, key)
        if path.endswith("Threads"):
            found["items"][1]["snippet"]["topLevelComment"] = 7
            found["items"].append("x")
        return found

    monkeypatch.setattr(polling.api, "answer", damaged)
    polling.api.say("UgzNEW", "Und meine?", polling.world.now)
    polling.poll()

    assert [(m.change, m.message_id) for m in polling.sent()] == [(Change.CREATED, "UgzNEW")]
    assert ("PollsFailed", 1, {"platform": "youtube", "reason": "item"}) in polling.world.counted


def test_the_days_budget_is_never_exceeded_and_the_next_day_goes_on(start: Start) -> None:
    polling = start(OURS, OTHERS, YOUTUBE_DAILY_UNITS="40")
    talk(polling.api, 300)
    by_day: dict[str, int] = {}
    for _ in range(2 * DAY // MINUTES_5):
        asked = polling.settle()
        day = units.day(polling.world.now)
        by_day[day] = by_day.get(day, 0) + asked

    assert max(by_day.values()) <= 40
    assert sorted(by_day.values())[-2] > 20
    assert polling.texts().keys() >= {f"Ugz{n:04}AaABAg" for n in range(300)}


def test_polls_are_spread_over_the_day_by_what_they_cost(start: Start) -> None:
    polling = start(OURS, YOUTUBE_DAILY_UNITS="720")
    polling.api.inline_replies = 5
    talk(polling.api, 300)  # three pages of a hundred: 3 × 86,400 s / 720 = 6 minutes
    cost = polling.poll()
    assert cost == 3

    assert [polling.poll(60) for _ in range(12)] == [0, 0, 0, 0, 0, 3] * 2


def test_nothing_is_polled_more_often_than_every_five_minutes(polling: Polling) -> None:
    talk(polling.api, 1)
    polling.poll()

    assert [polling.poll(60) for _ in range(10)] == [0, 0, 0, 0, 1] * 2


@pytest.mark.parametrize(("ids", "key"), [((), KEY), ((OURS,), "")])
def test_without_a_channel_or_a_key_nothing_is_asked(start: Start, ids: tuple[str, ...], key: str) -> None:
    polling = start(*ids, key=key)

    assert polling.poll() == 0
    assert polling.world.calls == []
    assert [OURS in words and "API key" in words for words in polling.failed] == [True] * len(ids)


def test_a_pushed_video_makes_its_channel_be_polled_soon(start: Start) -> None:
    polling = start(OURS, OTHERS, YOUTUBE_DAILY_UNITS="24")  # else a poll every two hours
    talk(polling.api, 3)
    polling.settle()
    assert polling.settle() == 0

    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:yt="http://www.youtube.com/xml/schemas/2015">'
        + "".join(
            f"<entry><yt:videoId>v{n}</yt:videoId><yt:channelId>{channel}</yt:channelId></entry>"
            for n, channel in enumerate((OURS, "UCsomebody", OURS))
        )
        + "</feed>"
    ).encode()
    polling.world.post("youtube", body, headers=signed("youtube", "youtube-current", body))
    polling.world.drain()
    polling.api.asked.clear()
    polling.poll()

    assert [query["allThreadsRelatedToChannelId"] for _, query in polling.api.asked] == [OURS]
    assert polling.poll() == 0
    assert (channels.PARTITION, "UCsomebody") not in polling.world.dynamodb.items


def test_a_push_that_wakes_nobody_is_worked_off_all_the_same(polling: Polling) -> None:
    polling.world.post("youtube", b'{"kind": "zustaendig#video", "channelId": []}')
    polling.world.drain()

    assert polling.world.quarantined() == {}


def test_two_polls_at_once_harm_nothing(polling: Polling) -> None:
    api = polling.api
    talk(api, 20)
    polling.settle()
    api.say("UgzNEW", "Und meine?", polling.world.now)
    api.edit("Ugz0004AaABAg", "Noch immer nicht da?", polling.world.now)
    api.delete("Ugz0003AaABAg")
    api.before = on_page(1, lambda: polling.poll(0))
    polling.settle()
    api.before = lambda *_: None
    polling.settle()

    assert polling.texts() == polling.said()
    revision = polling.world.dynamodb.items[channels.PARTITION, OURS]["revision"]
    assert revision == {"N": "3"}


def test_a_poll_that_is_cut_off_behind_any_call_is_made_up_for(polling: Polling) -> None:
    talk(polling.api, 120)
    crashes = 0
    while _is_cut_off(polling, behind=crashes + 1):
        crashes += 1
    polling.world.drain()

    assert crashes > 10
    assert polling.texts() == polling.said()
    polling.poll()
    assert polling.sent() == []


def _is_cut_off(polling: Polling, behind: int) -> bool:
    """Poll, cut off behind that many calls; tell whether there were so many."""
    left = [behind]

    def crash(_operation: str, _arguments: dict[str, Any]) -> None:
        left[0] -= 1
        if not left[0]:
            raise Crash

    polling.world.after_call = crash
    try:
        polling.poll()
    except Crash:
        return True
    finally:
        polling.world.after_call = lambda *_: None
    return False


def test_replies_of_many_threads_have_their_turns(polling: Polling, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poll, "REPLY_LISTS", 4)
    polling.api.inline_replies = 0
    for number in range(10):
        top = polling.api.say(f"Ugz{number}", ASKS.format(number), NOW - HOUR + number)
        polling.api.say(
            f"Ugz{number}.1", "Bei mir auch?", NOW - HOUR + number, parent=top.id, author="UCother"
        )
    for _ in range(3):
        assert polling.settle() <= 5
    assert polling.texts() == polling.said()

    polling.api.edit("Ugz0.1", "Bei mir nicht.", polling.world.now)
    for _ in range(3):
        polling.settle()
    assert polling.texts() == polling.said()


def test_a_run_that_takes_too_long_stops_asking_and_keeps_what_it_has(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    polling = start(OURS, OTHERS)
    talk(polling.api, 120)

    def slow(*_: object) -> None:
        polling.world.now += 50

    polling.api.before = slow
    monkeypatch.setattr("chalicelib.platform_api.client.PATIENCE", 1000.0)
    assert polling.settle() == 3  # two pages of threads, one thread's replies
    assert {f"Ugz{n:04}AaABAg" for n in range(120)} <= polling.texts().keys()
    polling.api.before = lambda *_: None
    for _ in range(6):
        polling.settle(HOUR)
    assert polling.texts() == polling.said()


def test_a_slow_api_never_keeps_a_run_beyond_its_time_out(start: Start) -> None:
    polling = start(OURS, OTHERS)
    for channel in (OURS, OTHERS):  # the first leaves the second little time
        for number in range(1500):
            polling.api.say(f"Ugz{channel}{number}", "Do you ship?", NOW - HOUR - number, channel=channel)

    def slow(*_: object) -> None:
        polling.world.now += 9

    polling.api.before = slow
    for _ in range(6):
        before = polling.world.now
        polling.poll()
        assert polling.world.now - before - MINUTES_5 < 240
        polling.world.drain()
    polling.api.before = lambda *_: None
    polling.settle(DAY)
    assert polling.texts() == polling.said()


def test_what_is_known_of_a_channel_expires_when_it_is_polled_no_more(polling: Polling) -> None:
    talk(polling.api, 1)
    polling.poll()
    items = polling.world.dynamodb.items

    expires = int(items[channels.PARTITION, OURS]["expires_at"]["N"])
    assert expires == polling.world.now + channels.KEPT_FOR
    assert int(items[units.PARTITION, units.day(polling.world.now)]["expires_at"]["N"]) > polling.world.now


def test_a_long_comment_of_many_finds_its_way_into_envelopes(polling: Polling) -> None:
    for number in range(120):
        polling.api.comments[f"Ugz{number}"] = Said(f"Ugz{number}", OURS, "😀" * 10_000, NOW - HOUR + number)
    polling.settle()

    assert polling.texts() == polling.said()
