"""What is known of a channel fits, comes back as it was, tells what has changed; when polls are due."""

import random
import string
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import RateLimited
from chalicelib.platform_api.client import PATIENCE
from chalicelib.youtube_polling import channels, known, listed, packing, poller, schedule, units
from chalicelib.youtube_polling.channels import Channel, Channels
from chalicelib.youtube_polling.known import UNKNOWN, KnownThread, Missing
from chalicelib.youtube_polling.listed import EVER, MOST_COMMENTS, Comment, Thread, Window
from chalicelib.youtube_polling.poll import Outcome
from chalicelib.youtube_polling.units import Units
from infra import functions
from tests.fakes import MAX_ITEM

NOW = 1_764_057_600
ALPHABET = string.ascii_letters + string.digits + "-_"

times = st.integers(0, 2**41)
replies = st.dictionaries(st.text(ALPHABET + ".", min_size=1, max_size=30), times, max_size=4)
threads = st.builds(KnownThread, st.integers(0, 2**32), times, st.integers(-1, 500), times, replies)


@given(st.dictionaries(st.text(ALPHABET, min_size=1, max_size=30), threads, max_size=5))
def test_what_is_known_is_read_back_as_it_was_written(known_: dict[str, KnownThread]) -> None:
    assert packing.unpack(packing.pack(known_)) == known_


def test_as_much_as_is_ever_known_fits_one_item() -> None:
    chance = random.Random(7)

    def key(length: int) -> str:
        return "".join(chance.choices(ALPHABET, k=length))

    full: dict[str, KnownThread] = {}
    for _ in range(MOST_COMMENTS // 6):
        thread, at = f"Ugz{key(17)}4AaABAg", NOW - chance.randrange(10**8)
        there = {f"{thread}.{key(22)}": at * 1000 + chance.randrange(10**11) for _ in range(5)}
        full[thread] = KnownThread(
            at, at * 1000 + chance.randrange(10**11), 5, NOW - key(1).count("a"), there
        )

    assert len(packing.pack(full)) < MAX_ITEM - 4096


def comment(key: str, at: int, parent: str | None = None, updated_at: int | None = None) -> Comment:
    return Comment(key, parent, at, at * 1000 if updated_at is None else updated_at, {})


def thread(key: str, at: int, *replies: Comment, count: int | None = None) -> Thread:
    total = len(replies) if count is None else count
    return Thread(comment(key, at), replies, total, whole=len(replies) >= total)


def window(*all_: Thread, since: int = EVER) -> Window:
    return Window({one.top.id: one for one in all_}, since)


OLD = thread("a", 100, comment("a.1", 101, "a"))
NEW = thread("b", 200)


def test_what_was_never_seen_is_fresh_in_the_order_in_which_it_was_said() -> None:
    found = known.fresh({}, list(window(NEW, OLD).comments))

    assert [one.id for one in found] == ["a", "a.1", "b"]


def test_what_is_known_is_fresh_only_when_it_is_newer() -> None:
    seen = known.following({}, window(NEW, OLD), (), (), NOW)
    again = [comment("a", 100, updated_at=100_500), comment("a.1", 101, "a"), comment("b", 200, updated_at=7)]

    assert [one.id for one in known.fresh(seen, again)] == ["a"]


def test_a_comment_without_a_time_is_sent_once() -> None:
    timeless = window(thread("a", 0))
    seen = known.following({}, timeless, (), (), NOW)

    assert len(known.fresh({}, list(timeless.comments))) == 1
    assert known.fresh(seen, list(timeless.comments)) == []


def test_only_what_should_have_been_listed_is_missing() -> None:
    seen = known.following({}, window(NEW, OLD), (), (), NOW)

    assert known.missing(seen, window(NEW)) == [Missing("a", None)]
    assert known.missing(seen, window(NEW, since=150)) == []
    assert known.missing(seen, window(NEW, thread("a", 100))) == [Missing("a.1", "a")]
    assert known.missing(seen, window(NEW, thread("a", 100, count=1))) == []


def test_a_thread_takes_its_replies_with_it() -> None:
    seen = known.following({}, window(NEW, OLD), (), (), NOW)

    assert list(known.with_replies(seen, {"a"})) == [Missing("a", None), Missing("a.1", "a")]
    assert list(known.with_replies(seen, {"a.1"})) == [Missing("a.1", "a")]


def test_what_is_missing_and_not_gone_is_remembered() -> None:
    seen = known.following({}, window(NEW, OLD), (), (), NOW)
    later = known.following(seen, window(NEW), (), [comment("a", 100, updated_at=100_700)], NOW)

    assert later["a"] == seen["a"]._replace(updated_at=100_700)
    assert known.following(seen, window(NEW), {"a"}, (), NOW).keys() == {"b"}
    assert known.following(seen, window(NEW, since=150), (), (), NOW).keys() == {"b"}


def test_a_time_that_goes_back_does_not_make_an_old_text_new() -> None:
    edited = window(Thread(comment("a", 100, updated_at=100_900), (), 0, whole=True))
    seen = known.following({}, edited, (), (), NOW)
    back = known.following(seen, window(thread("a", 100)), (), (), NOW)

    assert back["a"].updated_at == 100_900


def test_threads_whose_number_of_replies_has_changed_are_listed_first_then_the_longest_unseen() -> None:
    before = {
        "same": KnownThread(1, 1, 9, 50),
        "longer": KnownThread(1, 1, 9, 40),
        "more": KnownThread(1, 1, 8, 60),
        "never": KnownThread(1, 1, UNKNOWN, 0),
    }
    now = window(*(thread(key, 1, count=9) for key in before), thread("all", 1))

    assert known.to_list(before, now, 9) == ["never", "more", "longer", "same"]
    assert known.to_list(before, now, 1) == ["never"]


def test_a_window_holds_no_more_comments_than_can_be_known() -> None:
    all_ = {
        one.top.id: one for one in (thread(str(n), 1000 - n, comment(f"{n}.1", 1, str(n))) for n in range(9))
    }
    cut = listed.bounded(all_, is_all=True, most=7)

    assert (list(cut.threads), cut.since) == (["0", "1", "2"], 998)
    assert listed.bounded(all_, is_all=True).since == EVER
    assert listed.bounded(all_, is_all=False).since == 992
    assert listed.bounded(all_, is_all=True, most=1).threads.keys() == {"0"}


def test_the_oldest_are_forgotten_when_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "MOST_COMMENTS", 3)
    before = {"old": KnownThread(50, 50_000)}

    assert known.following(before, window(NEW, OLD), (), (), NOW).keys() == {"a", "b"}


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        ("2025-11-25T07:59:59+00:00", "2025-11-24"),
        ("2025-11-25T08:00:00+00:00", "2025-11-25"),
        ("2025-07-01T06:59:59+00:00", "2025-06-30"),
        ("2025-07-01T07:00:00+00:00", "2025-07-01"),
    ],
)
def test_the_quotas_day_ends_at_midnight_in_california_in_summer_and_winter(moment: str, name: str) -> None:
    assert units.day(int(datetime.fromisoformat(moment).astimezone(UTC).timestamp())) == name


def test_the_units_of_a_day_are_counted_and_never_exceeded(table: tuple[Any, str]) -> None:
    now = [NOW]
    counted = Units(*table, 3, lambda: now[0])
    for _ in range(3):
        counted.spend()
    for _ in range(2):
        with pytest.raises(RateLimited, match="spent"):
            counted.spend()

    now[0] += 86_400
    counted.close(counted.spend())
    with pytest.raises(RateLimited, match="spent"):
        counted.spend()


def test_a_day_that_youtube_ends_before_we_spent_anything_is_over(table: tuple[Any, str]) -> None:
    counted = Units(*table, 3, lambda: NOW)
    counted.close(units.day(NOW))

    with pytest.raises(RateLimited):
        counted.spend()
    with pytest.raises(RateLimited):
        Units(*table, 0, lambda: NOW + 86_400).spend()


def outcome(trouble: RateLimited | None = None) -> Outcome:
    return Outcome([], [], {"a": KnownThread(1, 2, 3, 4, {"a.1": 5})}, 77, is_empty=True, trouble=trouble)


def test_a_channel_comes_back_as_it_was_saved(table: tuple[Any, str]) -> None:
    store = Channels(*table)
    (new,) = store.read(["UC1"])
    assert new == Channel(id="UC1")

    assert store.save(new, outcome(), NOW, NOW + 300)
    (saved,) = store.read(["UC1"])
    assert saved == Channel(
        id="UC1",
        known=outcome().known,
        revision=1,
        polled_at=NOW,
        next_poll_at=NOW + 300,
        newest_at=77,
        was_empty=True,
    )
    assert store.read(["UC0", "UC1"]) == [Channel(id="UC0"), saved]


def test_of_two_polls_that_began_alike_one_is_saved(table: tuple[Any, str]) -> None:
    store = Channels(*table)
    for number in range(2):
        (before,) = store.read(["UC1"])
        assert store.save(before, outcome(), NOW + number, NOW + 300)
        assert not store.save(before, outcome(), NOW + 9, NOW + 900)
    (saved,) = store.read(["UC1"])

    assert (saved.revision, saved.polled_at) == (2, NOW + 1)


def test_failures_are_counted_until_a_poll_has_all(table: tuple[Any, str]) -> None:
    store, counted = Channels(*table), []
    trouble = RateLimited("no")
    for save in (
        lambda channel: store.save_failure(channel, NOW + 900),
        lambda channel: store.save(channel, outcome(trouble), NOW, NOW + 900),
        lambda channel: store.save(channel, outcome(), NOW, NOW + 300),
    ):
        save(store.read(["UC1"])[0])
        counted.append(store.read(["UC1"])[0].failures)

    assert counted == [1, 2, 0]


def test_a_channel_that_was_never_polled_can_be_wanted_soon(table: tuple[Any, str]) -> None:
    store = Channels(*table)
    store.poll_soon("UC1", NOW)
    (wanted,) = store.read(["UC1"])
    assert wanted == Channel(id="UC1", soon_at=NOW)

    assert store.save(wanted, outcome(), NOW + 1, NOW + 9999)
    assert not schedule.is_due(NOW + 9000, store.read(["UC1"])[0])


@pytest.mark.parametrize(
    ("change", "due"),
    [
        ({}, False),
        ({"next_poll_at": NOW + schedule.TIMERS_ERR}, True),
        ({"next_poll_at": NOW + schedule.TIMERS_ERR + 1}, False),
        ({"soon_at": NOW - 500}, False),
        ({"soon_at": NOW - 300}, True),
        ({"soon_at": NOW - 300, "polled_at": NOW - 200}, False),
        ({"soon_at": NOW - 300, "failures": 1}, False),
    ],
)
def test_a_channel_is_due_when_it_is_time_or_when_it_is_wanted(change: dict[str, int], due: bool) -> None:  # noqa: FBT001
    channel = Channel(id="UC1", polled_at=NOW - 400, next_poll_at=NOW + 9999)

    assert schedule.is_due(NOW, replace(channel, **change)) is due  # type: ignore[arg-type]


def test_pauses_grow_vary_and_end() -> None:
    def pause(failures: int, chance: float = 1.0, *, refused: bool = False) -> int:
        return schedule.after_failure(0, failures, chance, refused=refused)

    assert [pause(n) for n in (1, 2, 3, 7, 1000)] == [600, 1200, 2400, 21_600, 21_600]
    assert [pause(n, 0.0) for n in (1, 2)] == [300, 600]
    assert pause(1, 0.5) == 450
    assert pause(1, refused=True) == 7200
    assert pause(1000) < channels.KEPT_FOR


def test_a_run_ends_before_its_function_is_stopped_and_that_before_the_next_round() -> None:
    assert poller.RUN_FOR + 2 * PATIENCE < functions.POLL_YOUTUBE_TIMEOUT < functions.POLL_YOUTUBE_EVERY
