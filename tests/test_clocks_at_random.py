"""Clocks under random sequences of what people do: no order of hearing of it, and no move, favours us."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib import answering
from chalicelib.answering import Deed
from chalicelib.calendars import loading
from chalicelib.categories import Category, Topic
from chalicelib.clocks import ClockName
from chalicelib.our_replies import Heard, Help
from chalicelib.passing_on import hurried
from chalicelib.policies import Policies
from chalicelib.ticket import Status, Ticket
from tests.made import POLICIES
from tests.test_clocks import HOUR, ticket
from tests.world import NOW

CALENDARS = loading.load()
OFFICE = {"human_resources", "communications", "marketing"}
MIXED: Policies = replace(
    POLICIES,
    departments=POLICIES.departments.model_copy(
        update={
            "departments": tuple(
                each.model_copy(update={"calendar": "office"}) if each.id in OFFICE else each
                for each in POLICIES.departments.departments
            )
        }
    ),
)
MIRA = "Mira"
HELPS = st.sampled_from([Help.BRUSH_OFF, Help.RECEIPT, Help.SUBSTANTIVE])
REPLIES = st.lists(
    st.tuples(st.integers(1, 200), HELPS, st.none() | st.integers(1, 200)), min_size=1, max_size=5
)
CATEGORIES = st.sampled_from([c for c in Category if c is not Category.OTHER])
MOVES = st.lists(st.tuples(CATEGORIES, st.sets(st.sampled_from(Topic), max_size=2)), max_size=5)
PAUSES = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 60)), max_size=4)


def heard(replies: list[tuple[int, Help, int | None]]) -> list[Heard]:
    return [
        Heard(
            id=f"r{n}",
            at=NOW + at * HOUR,
            read_as=said,
            promise=None if promise is None else NOW + (at + promise) * HOUR,
        )
        for n, (at, said, promise) in enumerate(replies)
    ]


def moved(of: Ticket, category: Category, topics: set[Topic]) -> Ticket:
    owner = MIXED.departments.owner(category, tuple(topics))
    clocks = hurried(of, owner, category, MIXED)
    decision = replace(of.decision, department=owner.department, clocks=clocks)
    return answering.settled(replace(of, decision=decision), MIXED)


def after_pauses(of: Ticket, pauses: list[tuple[int, int]]) -> Ticket:
    at = NOW
    for wait, length in pauses:
        at += wait * HOUR
        of = answering.paused(of, None, Deed(at, MIRA), MIXED)
        at += length * HOUR
        of = answering.resumed(of, Deed(at), MIXED)
    return of


def deadlines(of: Ticket) -> dict[ClockName, int]:
    return {clock.name: clock.due_at for clock in of.decision.clocks}


@given(REPLIES, st.randoms(use_true_random=False), PAUSES)
@settings(max_examples=150)
def test_the_order_of_hearing_changes_nothing(
    replies: list[tuple[int, Help, int | None]], chance: object, pauses: list[tuple[int, int]]
) -> None:
    all_ = heard(replies)
    shuffled = list(all_)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one = other = ticket()
    for each in all_:
        one = answering.replied(one, each, Deed(each.at, MIRA), MIXED)
    one = after_pauses(one, pauses)
    other = after_pauses(other, pauses)
    for each in shuffled:
        other = answering.replied(other, each, Deed(each.at, MIRA), MIXED)

    assert (one.decision.clocks, one.status, one.due_at) == (
        other.decision.clocks,
        other.status,
        other.due_at,
    )


@given(MOVES, PAUSES)
@settings(max_examples=150)
def test_no_move_makes_a_deadline_later(
    moves: list[tuple[Category, set[Topic]]], pauses: list[tuple[int, int]]
) -> None:
    now = after_pauses(ticket(), pauses)
    for category, topics in moves:
        before = deadlines(now)
        now = moved(now, category, topics)
        assert all(due <= before[name] for name, due in deadlines(now).items())


@given(REPLIES, MOVES)
@settings(max_examples=100)
def test_only_substance_stops_the_answer_clock_whoever_has_the_ticket(
    replies: list[tuple[int, Help, int | None]], moves: list[tuple[Category, set[Topic]]]
) -> None:
    now = ticket()
    for each in heard(replies):
        now = answering.replied(now, each, Deed(each.at, MIRA), MIXED)
    for category, topics in moves:
        now = moved(now, category, topics)

    answered = any(said is Help.SUBSTANTIVE for _, said, _ in replies)
    assert (now.status is Status.ANSWERED) is answered
    assert (now.due_at is None) <= answered


@given(PAUSES)
@settings(max_examples=100)
def test_a_pause_gives_as_much_open_time_as_it_took_and_no_more(pauses: list[tuple[int, int]]) -> None:
    before, after = ticket(), after_pauses(ticket(), pauses)
    length = sum(long for _, long in pauses) * HOUR
    for name, due in deadlines(after).items():
        assert deadlines(before)[name] <= due <= deadlines(before)[name] + length
