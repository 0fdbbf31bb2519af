"""The clocks of a ticket: what grants them, what stops them, and what no pause or move can do to them."""

from dataclasses import replace

import pytest

from chalicelib import answering
from chalicelib.answering import Deed
from chalicelib.categories import Category, Topic
from chalicelib.clocks import Clock, ClockName, Pause
from chalicelib.decision import Decision
from chalicelib.department_entries import Policy, Priority
from chalicelib.merging import open_ticket
from chalicelib.message import Change, Kind, Message
from chalicelib.our_replies import Heard, Help
from chalicelib.policies import About
from chalicelib.ticket import Status, Ticket
from tests.made import POLICIES
from tests.world import NOW

HOUR = 3600
MIRA = "Mira"
ACKNOWLEDGE, ANSWER, PROMISED = ClockName
ABOUT = About(Category.CRITICISM, "facebook", Kind.COMMENT)


def ticket(about: About = ABOUT, category: Category = Category.CRITICISM) -> Ticket:
    message = Message(
        platform=about.platform, change=Change.CREATED, kind=about.kind, message_id="1", text="Zu laut!"
    )
    owner = POLICIES.departments.owner(category, ())
    decision = Decision(
        category=category,
        confidence=0.9,
        decided_by="test",
        department=owner.department,
        clocks=POLICIES.clocks(owner, about, NOW),
    )
    return open_ticket(message, decision, NOW)


def clock(of: Ticket, name: ClockName) -> Clock:
    found = of.decision.clock(name)
    assert found is not None
    return found


def heard(said: Help, at: int, reply: str = "r1", promise: int | None = None) -> Heard:
    return Heard(id=reply, at=at, read_as=said, promise=promise)


def replied(of: Ticket, *replies: Heard) -> Ticket:
    for reply in replies:
        of = answering.replied(of, reply, Deed(reply.at, MIRA), POLICIES)
    return of


def test_a_message_starts_two_clocks_and_the_earlier_one_is_due() -> None:
    new = ticket()

    assert [each.name for each in new.running] == [ACKNOWLEDGE, ANSWER]
    assert (new.due_at, new.due_reason) == (NOW + 8 * HOUR, ACKNOWLEDGE)
    assert clock(new, ANSWER).due_at == NOW + 24 * HOUR


def test_an_acknowledgement_never_stops_the_answer() -> None:
    seen = answering.acknowledged(ticket(), Deed(NOW + HOUR, MIRA, "mira"), POLICIES)

    assert seen.status is Status.ACKNOWLEDGED
    assert (clock(seen, ACKNOWLEDGE).stopped_at, clock(seen, ANSWER).stopped_at) == (NOW + HOUR, None)
    assert (seen.due_at, seen.due_reason) == (NOW + 24 * HOUR, ANSWER)
    assert seen.is_overdue(NOW + 24 * HOUR + 1)


@pytest.mark.parametrize(
    ("said", "status", "stopped"),
    [
        (Help.BRUSH_OFF, Status.OPEN, (None, None)),
        (Help.RECEIPT, Status.ACKNOWLEDGED, (NOW + HOUR, None)),
        (Help.SUBSTANTIVE, Status.ANSWERED, (NOW + HOUR, NOW + HOUR)),
    ],
)
def test_what_a_reply_stops(said: Help, status: Status, stopped: tuple[int | None, ...]) -> None:
    got = replied(ticket(), heard(said, NOW + HOUR))

    assert (got.status, got.help) == (status, said)
    assert (clock(got, ACKNOWLEDGE).stopped_at, clock(got, ANSWER).stopped_at) == stopped
    assert (got.due_at is None) is (said is Help.SUBSTANTIVE)


def test_hit_or_miss_is_decided_by_when_it_was_said() -> None:
    late, early = NOW + 24 * HOUR + 1, NOW + 24 * HOUR

    assert clock(replied(ticket(), heard(Help.SUBSTANTIVE, late)), ANSWER).in_time is False
    assert clock(replied(ticket(), heard(Help.SUBSTANTIVE, early)), ANSWER).in_time is True


def test_the_order_in_which_we_hear_of_replies_changes_nothing() -> None:
    first, second = heard(Help.RECEIPT, NOW + 5, "a"), heard(Help.SUBSTANTIVE, NOW + 9, "b")
    one, other = replied(ticket(), first, second), replied(ticket(), second, first)

    assert one.decision == other.decision
    assert (one.heard, one.status) == (other.heard, other.status)
    assert replied(one, first, second) == one


def test_who_overrules_a_reading_starts_or_stops_the_clocks_again_and_both_readings_stay() -> None:
    wrong = replied(ticket(), heard(Help.SUBSTANTIVE, NOW + HOUR))
    mended = answering.overruled(wrong, "r1", Help.BRUSH_OFF, Deed(NOW + 2 * HOUR, MIRA), POLICIES)

    assert (mended.status, mended.help, mended.due_at) == (Status.OPEN, Help.BRUSH_OFF, NOW + 8 * HOUR)
    assert (mended.heard[0].read_as, mended.heard[0].overruled) == (Help.SUBSTANTIVE, Help.BRUSH_OFF)


def test_a_promise_is_a_deadline_that_only_substance_after_it_keeps() -> None:
    friday = NOW + 72 * HOUR
    promised = replied(ticket(), heard(Help.RECEIPT, NOW + HOUR, "a", friday))
    assert clock(promised, PROMISED).due_at == friday

    again = replied(promised, heard(Help.RECEIPT, NOW + 2 * HOUR, "b"))
    assert clock(again, PROMISED).stopped_at is None
    kept = replied(again, heard(Help.SUBSTANTIVE, NOW + 3 * HOUR, "c"))
    assert (clock(kept, PROMISED).stopped_at, kept.due_at) == (NOW + 3 * HOUR, None)


def test_an_answer_that_promises_more_is_answered_and_may_still_become_overdue() -> None:
    friday = NOW + 72 * HOUR
    got = replied(ticket(), heard(Help.SUBSTANTIVE, NOW + HOUR, "a", friday))

    assert (got.status, got.due_at, got.due_reason) == (Status.ANSWERED, friday, PROMISED)
    assert got.is_overdue(friday + 1)


def test_a_pause_moves_deadlines_by_as_long_as_it_lasts() -> None:
    paused = answering.paused(ticket(), None, Deed(NOW + HOUR, MIRA), POLICIES)
    assert (paused.status, paused.due_at) == (Status.PAUSED, None)

    resumed = answering.resumed(paused, Deed(NOW + 11 * HOUR), POLICIES)
    assert (resumed.status, resumed.due_at) == (Status.OPEN, NOW + 18 * HOUR)
    again = answering.resumed(
        answering.paused(resumed, None, Deed(NOW + 12 * HOUR, MIRA), POLICIES),
        Deed(NOW + 13 * HOUR),
        POLICIES,
    )
    assert again.due_at == NOW + 19 * HOUR


def test_a_pause_until_a_time_keeps_its_deadline_in_the_index() -> None:
    paused = answering.paused(ticket(), NOW + 5 * HOUR, Deed(NOW + HOUR, MIRA), POLICIES)

    assert (paused.due_at, paused.alarm_at) == (NOW + 12 * HOUR, NOW + 5 * HOUR)
    assert answering.resumed(paused, Deed(NOW + 9 * HOUR), POLICIES).due_at == NOW + 12 * HOUR
    assert answering.resumed(paused, Deed(NOW + 2 * HOUR), POLICIES).due_at == NOW + 9 * HOUR


def test_a_paused_ticket_that_is_answered_waits_for_nobody_unless_something_is_promised() -> None:
    paused = answering.paused(ticket(), None, Deed(NOW + HOUR, MIRA), POLICIES)
    at, friday = NOW + 2 * HOUR, NOW + 72 * HOUR

    assert replied(paused, heard(Help.SUBSTANTIVE, at)).status is Status.ANSWERED
    assert replied(paused, heard(Help.SUBSTANTIVE, at, "a", friday)).status is Status.PAUSED
    assert replied(paused, heard(Help.RECEIPT, at)).status is Status.PAUSED


def test_what_was_missed_before_a_pause_stays_missed() -> None:
    paused = answering.paused(ticket(), None, Deed(NOW + 9 * HOUR, MIRA), POLICIES)
    resumed = answering.resumed(paused, Deed(NOW + 20 * HOUR), POLICIES)

    assert clock(resumed, ACKNOWLEDGE).due_at == NOW + 8 * HOUR
    assert clock(resumed, ANSWER).due_at == NOW + (24 + 11) * HOUR


def test_a_ticket_that_is_reopened_starts_its_clocks_anew_and_tells_how_they_ended() -> None:
    answered = replied(ticket(), heard(Help.SUBSTANTIVE, NOW + HOUR))
    again = answering.reopened(answered, Deed(NOW + 50 * HOUR), POLICIES)

    assert (again.status, again.help) == (Status.OPEN, Help.NONE)
    assert again.due_at == NOW + 58 * HOUR
    assert again.history[-1].about == {"answered_at": NOW + HOUR, "answer_was_due": NOW + 24 * HOUR}
    assert replied(again, heard(Help.SUBSTANTIVE, NOW + 51 * HOUR, "r2")).status is Status.ANSWERED


def test_a_resolved_ticket_has_no_deadline_and_decides_what_was_missed() -> None:
    done = answering.resolved(ticket(), Deed(NOW + 30 * HOUR, MIRA), POLICIES)

    assert (done.status, done.due_at) == (Status.RESOLVED, None)
    assert clock(done, ANSWER).in_time is False


@pytest.mark.parametrize(
    ("platform", "kind", "window"),
    [("messenger", Kind.DIRECT_MESSAGE, 24), ("facebook", Kind.COMMENT, 7 * 24), ("x", Kind.MENTION, None)],
)
def test_no_deadline_is_later_than_the_platform_lets_us_answer(
    platform: str, kind: Kind, window: int | None
) -> None:
    long = POLICIES.departments.owner(Category.PRAISE, ()).model_copy(update={"answer_within": 9000 * HOUR})
    _, answer = POLICIES.clocks(long, About(Category.PRAISE, platform, kind), NOW)

    assert answer.due_at == NOW + (9000 if window is None else window) * HOUR


def test_a_warning_comes_before_and_escalations_after_the_deadline() -> None:
    alarms = [(alarm.level, alarm.at - NOW) for alarm in clock(ticket(), ACKNOWLEDGE).alarms]

    assert alarms == [
        ("warning", 7 * HOUR),
        ("overdue", 8 * HOUR),
        ("escalation_1", 12 * HOUR),
        ("escalation_2", 32 * HOUR),
    ]


def test_pauses_do_not_count() -> None:
    owner = POLICIES.departments.owner(Category.CRITICISM, ())
    pauses = (Pause(NOW + HOUR, NOW + 2 * HOUR), Pause(NOW + 3 * HOUR, NOW + 13 * HOUR))
    clocks = POLICIES.clocks(owner, ABOUT, NOW, pauses)

    assert [each.due_at - NOW for each in clocks] == [19 * HOUR, 35 * HOUR]


def test_a_second_promise_does_not_take_the_place_of_a_broken_one() -> None:
    late = NOW + 900 * HOUR
    broken = replied(
        ticket(),
        heard(Help.SUBSTANTIVE, NOW + HOUR, "a", NOW + 10 * HOUR),
        heard(Help.RECEIPT, NOW + 20 * HOUR, "b", late),
    )

    assert (broken.due_at, broken.is_overdue(NOW + 20 * HOUR)) == (NOW + 10 * HOUR, True)
    kept = replied(broken, heard(Help.SUBSTANTIVE, NOW + 21 * HOUR, "c"))
    assert kept.due_at is None


def test_who_resolves_and_reopens_what_nobody_answered_finds_it_as_late_as_it_is() -> None:
    done = answering.resolved(ticket(), Deed(NOW + 100 * HOUR, MIRA), POLICIES)
    again = answering.reopened(done, Deed(NOW + 101 * HOUR, MIRA), POLICIES)

    assert (again.status, again.due_at) == (Status.OPEN, NOW + 8 * HOUR)
    assert not again.history[-1].about


def test_a_reopening_does_not_do_away_with_a_promise() -> None:
    promised = replied(ticket(), heard(Help.SUBSTANTIVE, NOW + HOUR, "a", NOW + 10 * HOUR))
    again = answering.reopened(promised, Deed(NOW + 9 * HOUR), POLICIES)

    assert (again.due_at, again.due_reason) == (NOW + 10 * HOUR, PROMISED)


def test_an_answer_in_a_pause_is_in_time() -> None:
    paused = answering.paused(ticket(), None, Deed(NOW + HOUR, MIRA), POLICIES)
    answered = replied(paused, heard(Help.SUBSTANTIVE, NOW + 48 * HOUR))

    assert clock(answered, ANSWER).in_time is True
    resumed = answering.resumed(answered, Deed(NOW + 50 * HOUR), POLICIES)
    assert (resumed.status, clock(resumed, ANSWER).in_time) == (Status.ANSWERED, True)


def test_there_is_always_room_for_an_answer() -> None:
    receipts = (heard(Help.RECEIPT, NOW + n, f"r{n:02}") for n in range(1, 60))
    full = replied(ticket(), *receipts)
    assert len(full.heard) == answering.MOST_HEARD

    assert replied(full, heard(Help.SUBSTANTIVE, NOW + HOUR, "z")).status is Status.ANSWERED


def test_a_promise_for_never_or_for_yesterday_is_none() -> None:
    for promise in (NOW, NOW + HOUR, NOW + 40_000 * HOUR):
        got = replied(ticket(), heard(Help.RECEIPT, NOW + HOUR, "a", promise))
        assert got.decision.clock(PROMISED) is None


def test_a_department_that_is_gone_from_the_file_stops_nothing() -> None:
    promised = replied(ticket(), heard(Help.RECEIPT, NOW + HOUR, "a", NOW + 10 * HOUR))
    gone = replace(promised, decision=replace(promised.decision, department="gone"))

    assert answering.settled(gone, POLICIES).due_at == NOW + 10 * HOUR


def test_hours_for_urgent_messages_hold_by_day_and_night() -> None:
    soon = Policy(priority=Priority.URGENT, acknowledge_within_hours=0.25)
    rules = replace(POLICIES, departments=POLICIES.departments.model_copy(update={"policies": (soon,)}))
    danger = rules.departments.owner(Category.CRITICISM, (Topic.SAFETY,))

    assert rules.clocks(danger, ABOUT, NOW)[0].due_at == NOW + HOUR // 4
    calm = rules.departments.owner(Category.CRITICISM, ())
    assert rules.clocks(calm, ABOUT, NOW)[0].due_at == NOW + 8 * HOUR


def test_nobody_is_warned_in_a_pause() -> None:
    paused = answering.paused(ticket(), NOW + 100 * HOUR, Deed(NOW + 15 * HOUR // 2, MIRA), POLICIES)
    warning = clock(paused, ACKNOWLEDGE).alarms[0]

    assert (warning.level, warning.at) == ("warning", NOW + 100 * HOUR)
