"""Why a ticket's deadlines are when they are: every number adds up, in data and in both languages."""

import json
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib import answering, passing_on
from chalicelib.answering import Deed
from chalicelib.calendars.calendar import Calendar
from chalicelib.categories import Category, Topic
from chalicelib.clocks import ClockName, Pause
from chalicelib.deadline_view import DeadlineExplained, DeadlineOfClock, show
from chalicelib.decision import Decision, Result
from chalicelib.departments import Departments
from chalicelib.errors import NeverOpen
from chalicelib.identity import Caller
from chalicelib.merging import open_ticket
from chalicelib.message import Change, Kind, Message
from chalicelib.our_replies import Heard, Help
from chalicelib.policies import About, Policies
from chalicelib.reclassify import Reclassification, reclassified
from chalicelib.ticket import Ticket
from chalicelib.ticket_store import TicketStore
from tests import random_calendars as some
from tests.made import POLICIES
from tests.opening_hours import DAY_AND_NIGHT, HOUR, NIGHTS, at, calendar
from tests.slow_calendar import SlowCalendar
from tests.test_api import COMMUNICATIONS, OPS, SERVICE, api, opened
from tests.world import TABLE, World

__all__ = ["api"]

MIRA = "Mira"
ACKNOWLEDGE, ANSWER, PROMISED = ClockName
FRIDAY = at("2026-11-27T17:00")


def policies(by: Calendar, **rules: Any) -> Policies:
    """Give policies by which every department has one calendar."""
    there = [each.model_copy(update={"calendar": by.id}) for each in POLICIES.departments.departments]
    changed: Departments = POLICIES.departments.model_copy(update={"departments": tuple(there), **rules})
    return replace(POLICIES, departments=changed, calendars={**POLICIES.calendars, by.id: by})


OFFICE = policies(calendar())


def ticket(  # noqa: PLR0913, PLR0917
    of: Policies = OFFICE,
    start: int = FRIDAY,
    category: Category = Category.SERVICE_REQUEST,
    topics: tuple[Topic, ...] = (),
    platform: str = "x",
    kind: Kind = Kind.MENTION,
    pauses: Sequence[Pause] = (),
    *,
    said: int | None = None,
) -> Ticket:
    message = Message(
        platform=platform, change=Change.CREATED, kind=kind, message_id="1", text="Wo?", occurred_at=said
    )
    owner = of.departments.owner(category, topics)
    begins = start if said is None else said
    decision = Decision(
        category=category,
        topics=topics,
        confidence=0.9,
        decided_by="test",
        result=Result.DECIDED,
        department=owner.department,
        clocks=of.clocks(owner, About(category, platform, kind), begins, pauses),
    )
    new = open_ticket(message, decision, start, backfilled=said is not None)
    return replace(new, pauses=tuple(pauses))


def clock(told: DeadlineExplained, name: ClockName = ACKNOWLEDGE) -> DeadlineOfClock:
    return next(each for each in told.clocks if each.name is name)


def said(of: Ticket, by: Policies = OFFICE, name: ClockName = ACKNOWLEDGE) -> tuple[str, str]:
    words = clock(show(of, by), name).words
    return words.de, words.en


def test_friday_evening_is_explained_in_words() -> None:
    de, en = said(ticket(start=at("2026-11-27T17:55")))

    assert de == (
        "Bis Mo 30.11.2026, 11:55 (Berlin) zu bestätigen: 4 Stunden ab Fr 27.11., 17:55. "
        "Die Zeit läuft, seit die Nachricht bei uns einging. "
        "So viel Zeit gibt die Regel für ein Serviceanliegen (Abteilung „Kundenservice“). "
        "Gezählt wird nach dem Kalender „test“ (Europe/Berlin, Fassung 1). "
        "Gezählt: Fr 27.11., 17:55–18:00 (5 min), Mo 30.11., 8:00–11:55 (3 h 55 min). "
        "Nicht gezählt: Sa 28.11. und So 29.11. (Wochenende). "
        "Alarme: Warnung Mo 30.11., 10:55 (nicht gemeldet), überfällig Mo 30.11., 11:55 (nicht gemeldet), "
        "Eskalation 1 Mo 30.11., 15:55 (nicht gemeldet), Eskalation 2 Mi 2.12., 15:55 (nicht gemeldet)."
    )
    assert en == (
        "To be acknowledged by Mon 30 Nov 2026, 11:55 (Berlin): 4 hours from Fri 27 Nov, 17:55. "
        "Time runs since we received the message. "
        "The rule for a service request gives so much time (department “Kundenservice”). "
        "What counts is open by the calendar “test” (Europe/Berlin, version 1). "
        "Counted: Fri 27 Nov, 17:55–18:00 (5 min), Mon 30 Nov, 8:00–11:55 (3 h 55 min). "
        "Not counted: Sat 28 Nov and Sun 29 Nov (weekend). "
        "Alarms: warning Mon 30 Nov, 10:55 (not told), overdue Mon 30 Nov, 11:55 (not told), "
        "escalation 1 Mon 30 Nov, 15:55 (not told), escalation 2 Wed 2 Dec, 15:55 (not told)."
    )


def test_seconds_are_written_where_there_are_any_and_midnight_ends_its_day() -> None:
    days = policies(calendar({"friday": ("20:00-24:00",), "saturday": ("10:00-20:00",)}))
    de, _ = said(ticket(days, at("2026-11-27T21:00:05")), days)

    assert "4 Stunden ab Fr 27.11., 21:00:05." in de
    assert "Fr 27.11., 21:00:05–24:00 (2 h 59 min 55 s), Sa 28.11., 10:00–11:00:05 (1 h 5 s)." in de


def test_many_windows_and_days_are_summed_up_in_words_and_whole_in_data() -> None:
    short = policies(calendar(dict.fromkeys(("monday", "friday"), ("08:00-08:20",))))
    of = ticket(short)
    told = clock(show(of, short))

    assert len(told.windows) == 12
    assert (
        "Fr 11.12., 8:00–8:20 (20 min), 7 weitere (2 h 20 min), Fr 8.1., 8:00–8:20 (20 min)." in told.words.de
    )
    assert "12 days (weekend)" in told.words.en


def test_the_numbers_are_told_as_data_in_utc_and_in_local_time() -> None:
    told = json.loads(show(ticket(), OFFICE).model_dump_json())
    first = told["clocks"][0]

    assert told["due_at"] == {"utc": "2026-11-30T10:00:00Z", "local": "2026-11-30T11:00:00+01:00"}
    assert (told["due_reason"], told["zone"]) == ("acknowledge_by", "Europe/Berlin")
    assert first["windows"] == [
        {
            "opens": {"utc": "2026-11-27T16:00:00Z", "local": "2026-11-27T17:00:00+01:00"},
            "closes": {"utc": "2026-11-27T17:00:00Z", "local": "2026-11-27T18:00:00+01:00"},
            "seconds": HOUR,
        },
        {
            "opens": {"utc": "2026-11-30T07:00:00Z", "local": "2026-11-30T08:00:00+01:00"},
            "closes": {"utc": "2026-11-30T10:00:00Z", "local": "2026-11-30T11:00:00+01:00"},
            "seconds": 3 * HOUR,
        },
    ]
    assert first["closed_days"] == [
        {"day": "2026-11-28", "cause": "weekend", "name": None},
        {"day": "2026-11-29", "cause": "weekend", "name": None},
    ]
    assert (first["counted_seconds"], first["cut_seconds"], first["explained"]) == (4 * HOUR, 0, True)


def test_the_earliest_clock_is_named_as_what_is_due() -> None:
    words = show(ticket(), OFFICE).words

    assert words.de.startswith(
        "Die früheste Frist, die läuft: Bis Mo 30.11.2026, 11:00 (Berlin) zu bestätigen"
    )
    assert words.en.startswith(
        "The earliest deadline that runs: To be acknowledged by Mon 30 Nov 2026, 11:00"
    )


def test_bavaria_has_a_holiday_that_berlin_has_not() -> None:
    start = at("2026-01-05T17:00")
    bavaria, berlin = (policies(calendar(country="DE", subdivision=state)) for state in ("BY", "BE"))

    assert "Nicht gezählt: Di 6.1. (Heilige Drei Könige)." in said(ticket(bavaria, start), bavaria)[0]
    assert "Not counted: Tue 6 Jan (Epiphany)." in said(ticket(bavaria, start), bavaria)[1]
    assert "Nicht gezählt" not in said(ticket(berlin, start), berlin)[0]


def test_a_company_holiday_and_a_half_day_are_told_apart() -> None:
    of = policies(calendar(company_holidays=["12-28"], half_days={"2026-12-24": ("08:00-09:00",)}))
    de, en = said(ticket(of, at("2026-12-23T17:00")), of, ANSWER)

    assert "Mo 28.12. (Betriebsferien)" in de
    assert "Kürzer geöffnet: Do 24.12. (halber Tag)." in de
    assert "Open for less: Thu 24 Dec (half day)." in en


def test_a_night_on_which_clocks_are_put_back_is_told() -> None:
    nights = policies(calendar(NIGHTS))
    of = ticket(nights, at("2026-10-25T00:30"))
    de, en = said(of, nights)

    assert "Bis So 25.10.2026, 3:30 (Berlin)" in de
    assert "Am So 25.10., 2:00 werden die Uhren um 1 Stunde zurückgestellt." in de
    assert "On Sun 25 Oct, 2:00 the clocks are put back by 1 hour." in en
    (window,) = clock(show(of, nights)).windows
    assert window.seconds == 4 * HOUR


def test_by_day_and_night_the_local_time_is_that_of_the_owner_all_the_same() -> None:
    of = ticket(topics=(Topic.SAFETY,), start=at("2026-11-28T12:00"))
    de, en = said(of)

    assert "Bis Sa 28.11.2026, 12:30 (Berlin) zu bestätigen: 30 Minuten" in de
    assert "Es ist dringend (Gefahr für Menschen), deshalb gilt diese kürzere Zeit." in de
    assert "What counts is every hour, by day and night." in en


def test_a_pause_is_told_with_how_long_it_was() -> None:
    paused = answering.paused(ticket(), None, Deed(FRIDAY + HOUR // 2, MIRA), OFFICE)
    assert show(paused, OFFICE).words.de == "Keine Frist läuft: Es ist pausiert, seit Fr 27.11., 17:30."

    resumed = answering.resumed(paused, Deed(at("2026-11-30T09:00")), OFFICE)
    de, _ = said(resumed)
    assert "Bis Mo 30.11.2026, 12:30 (Berlin)" in de
    assert "Gezählt: Fr 27.11., 17:00–17:30 (30 min), Mo 30.11., 9:00–12:30 (3 h 30 min)." in de
    assert "Pausiert, nicht gezählt: Fr 27.11., 17:30 bis Mo 30.11., 9:00 (63 h 30 min)." in de
    assert "Wochenende" not in de


def test_a_pause_in_which_a_clock_was_stopped_ends_with_that_for_this_clock() -> None:
    until = at("2026-12-01T08:00")
    paused = answering.paused(ticket(), until, Deed(FRIDAY + HOUR // 2, MIRA), OFFICE)
    seen = answering.acknowledged(paused, Deed(FRIDAY + HOUR, MIRA, "mira"), OFFICE)
    resumed = answering.resumed(seen, Deed(at("2026-11-30T08:00")), OFFICE)

    (pause,) = clock(show(resumed, OFFICE)).pauses
    assert pause.ends.utc.timestamp() == FRIDAY + HOUR
    (pause,) = clock(show(resumed, OFFICE), ANSWER).pauses
    assert pause.ends.utc.timestamp() == at("2026-11-30T08:00")


def test_the_reply_window_of_a_platform_is_told_with_what_it_cuts_off() -> None:
    of = ticket(platform="messenger", kind=Kind.DIRECT_MESSAGE)
    told = clock(show(of, OFFICE), ANSWER)

    assert (told.counted_seconds, told.cut_seconds) == (HOUR, 23 * HOUR)
    assert told.due_at.utc.timestamp() == FRIDAY + 24 * HOUR
    assert "bis Sa 28.11., 17:00 antworten; deshalb fehlen 23 Stunden von 24 Stunden." in told.words.de
    assert (
        "lets us answer only until Sat 28 Nov, 17:00; so 23 hours of 24 hours are missing." in told.words.en
    )


def test_what_was_fetched_late_runs_since_it_was_said() -> None:
    late = ticket(start=FRIDAY, said=FRIDAY - HOUR)

    assert clock(show(late, OFFICE)).started_because == "said"
    assert "seit die Nachricht geschrieben wurde" in said(late)[0]
    assert "16:00" in said(late)[0].partition(". ")[0]


def test_what_was_reopened_runs_since_then() -> None:
    answered = answering.replied(
        ticket(), Heard(id="r", at=FRIDAY + 60, read_as=Help.SUBSTANTIVE), Deed(FRIDAY + 60, MIRA), OFFICE
    )
    again = answering.reopened(answered, Deed(at("2026-12-01T10:00")), OFFICE)

    assert clock(show(again, OFFICE)).started_because == "reopened"
    assert "Bis Di 1.12.2026, 14:00" in said(again)[0]


def test_a_promise_is_explained_by_what_was_said() -> None:
    receipt = Heard(id="r", at=FRIDAY + 60, read_as=Help.RECEIPT, promise=at("2026-12-01T18:00"))
    promised = answering.replied(ticket(), receipt, Deed(FRIDAY + 60, MIRA), OFFICE)
    told = clock(show(promised, OFFICE), PROMISED)

    assert (told.started_because, told.granted.by) == ("promised", "promise")
    assert told.words.de.startswith("Bis Di 1.12.2026, 18:00 (Berlin) versprochen")


@pytest.mark.parametrize(
    ("stopped", "de"),
    [
        (
            lambda of: answering.acknowledged(of, Deed(FRIDAY + HOUR, MIRA, "mira"), OFFICE),
            "Bestätigt von Mira am Fr 27.11., 18:00, rechtzeitig.",
        ),
        (
            lambda of: answering.replied(
                of,
                Heard(id="r", at=at("2026-11-30T13:05"), read_as=Help.RECEIPT),
                Deed(at("2026-11-30T13:06"), "Anton"),
                OFFICE,
            ),
            "Empfangsbestätigung von Anton erledigt am Mo 30.11., 13:05, 2 Stunden 5 Minuten zu spät.",
        ),
        (
            lambda of: answering.resolved(of, Deed(FRIDAY + HOUR, MIRA), OFFICE),
            "Abgeschlossen von Mira am Fr 27.11., 18:00, rechtzeitig.",
        ),
    ],
)
def test_what_stopped_a_clock_is_told_with_who_and_whether_in_time(stopped: Any, de: str) -> None:
    assert de in said(stopped(ticket()))[0]


def test_an_answer_stops_the_second_clock_and_is_told_so() -> None:
    heard = Heard(id="r", at=FRIDAY + 60, read_as=Help.BRUSH_OFF, overruled=Help.SUBSTANTIVE)
    told = clock(show(answering.replied(ticket(), heard, Deed(FRIDAY + 90, MIRA), OFFICE), OFFICE), ANSWER)

    assert told.stopped is not None
    assert (told.stopped.by, told.stopped.name, told.stopped.late_seconds) == ("substantive", MIRA, 0)
    assert "Answered with substance by Mira on Fri 27 Nov, 17:01, in time." in told.words.en


def test_a_calendar_that_has_changed_is_said_and_nothing_is_told_that_does_not_add_up() -> None:
    other = policies(replace(calendar(DAY_AND_NIGHT), version="2"))
    told = clock(show(ticket(), other))

    assert (told.explained, told.unexplained, told.windows) == (False, "calendar_changed", [])
    assert (told.counted_seconds, told.closed_days) == (None, [])
    assert (told.calendar.version, told.calendar.version_now) == ("1", "2")
    assert "ist seither geändert worden (damals Fassung 1, jetzt 2)" in told.words.de
    assert "Gezählt:" not in told.words.de
    assert "Bis Mo 30.11.2026, 11:00" in told.words.de


def test_a_calendar_that_has_changed_elsewhere_still_explains() -> None:
    other = policies(replace(calendar(company_holidays=["2027-07-01"]), version="2"))
    told = clock(show(ticket(), other))

    assert told.explained
    assert "Er ist seither geändert worden; auch jetzt ergibt er diese Frist." in told.words.de


def test_a_calendar_that_is_gone_is_said() -> None:
    told = clock(show(ticket(), POLICIES))

    assert (told.unexplained, told.calendar.version_now) == ("calendar_gone", None)
    assert "There is no calendar “test” (version 1) any more" in told.words.en


def test_rules_that_have_changed_are_said_and_not_guessed() -> None:
    told = clock(show(ticket(), replace(OFFICE, version="another")))

    assert (told.granted.by, told.granted.changed_since) == ("earlier", True)
    assert "Die Regeln sind seither geändert worden; diese Frist bleibt." in told.words.de


def test_a_policy_that_gave_the_time_is_named() -> None:
    entry = {"department": "customer_service", "platform": "x", "acknowledge_within_hours": 2}
    loaded = type(POLICIES.departments).model_validate(
        {
            "department": [each.model_dump(exclude_none=True) for each in OFFICE.departments.departments],
            "policy": [entry],
        }
    )
    of = replace(OFFICE, departments=loaded)
    told = clock(show(ticket(of), of))

    assert (told.granted.by, told.granted.platform, told.granted.seconds) == ("policy", "x", 2 * HOUR)
    assert "So viel Zeit gibt die Vorgabe für Kundenservice, x." in told.words.de


# ── any ticket ────────────────────────────────────────────────────────────────────────────────────────────


def _adds_up(of: Ticket, by: Policies) -> None:
    for mine in show(of, by).clocks:
        assert mine.explained
        assert (
            sum(window.seconds for window in mine.windows) + (mine.cut_seconds or 0) == mine.granted.seconds
        )
        there = SlowCalendar(by.calendars[mine.calendar.id])
        for window in mine.windows:
            opens, closes = (int(edge.utc.timestamp()) for edge in (window.opens, window.closes))
            assert there.open_seconds_between(opens, closes) == closes - opens == window.seconds
            assert not any(
                int(pause.begins.utc.timestamp()) < closes and opens < int(pause.ends.utc.timestamp())
                for pause in mine.pauses
            )
        if not mine.cut_seconds:
            assert mine.windows[-1].closes.utc == mine.due_at.utc


def _deed(of: Ticket, by: Policies, chance: Random, now: int, name: str) -> Ticket:
    """Have somebody see it, promise something, say what it is, or hand it over; or nothing."""
    deed, kind = Deed(now, MIRA, "mira"), chance.random()
    if kind < 0.2:
        return answering.acknowledged(of, deed, by)
    if kind < 0.4:
        due = now + 1 + some.pause(chance)
        return answering.replied(of, Heard(id=name, at=now, read_as=Help.RECEIPT, promise=due), deed, by)
    if kind < 0.6:
        category = chance.choice([each for each in Category if each is not Category.OTHER])
        asked = Reclassification(category=category, reason="so", move=True)
        return reclassified(of, asked, by, Caller("mira", MIRA, frozenset()), now)
    if kind < 0.8:
        others = [each for each in by.departments.ids if each != of.decision.department]
        return passing_on.accepted(passing_on.offered(of, chance.choice(others), deed), deed, by)
    return of


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_what_is_told_adds_up_for_any_ticket(seed: int) -> None:
    """Odd calendars, nights, changes of the clocks, pauses, a reopening: the windows are what was granted."""
    chance = Random(seed)
    drawn = some.calendar(chance)
    start = some.moment(chance, drawn)
    by = policies(some.with_days_off(chance, drawn, start))
    category = chance.choice([each for each in Category if each is not Category.OTHER])
    platform, kind = chance.choice([("x", Kind.MENTION), ("messenger", Kind.DIRECT_MESSAGE)])
    topics = (Topic.SAFETY,) if chance.random() < 0.2 else ()
    try:
        of = ticket(by, start, category, topics, platform, kind)
    except NeverOpen:
        return
    now = start
    for number in range(chance.randrange(4)):
        now += some.pause(chance)
        of = _deed(of, by, chance, now, f"before_{number}")
        until = now + some.pause(chance) if chance.random() < 0.5 else None
        of = answering.paused(of, until, Deed(now, MIRA), by)
        _adds_up(of, by)
        now += some.pause(chance)
        of = answering.resumed(_deed(of, by, chance, now, f"in_{number}"), Deed(now), by)
        _adds_up(of, by)
    if chance.random() < 0.4:
        of = answering.reopened(answering.resolved(of, Deed(now, MIRA), by), Deed(now + 60, MIRA), by)
    _adds_up(of, by)


# ── asked over HTTP ───────────────────────────────────────────────────────────────────────────────────────


def test_a_department_sees_the_deadlines_of_its_own_tickets_alone(world: World, api: Any) -> None:
    mine, theirs = opened(world, 1), opened(world, 2, "marketing", category="praise")

    assert api(SERVICE, f"/tickets/{mine.id}/deadline")["statusCode"] == 200
    for path in (theirs.id, "t_none", "T!"):
        assert api(SERVICE, f"/tickets/{path}/deadline")["statusCode"] == 404
    assert api(OPS, f"/tickets/{theirs.id}/deadline")["statusCode"] == 200
    assert api(None, f"/tickets/{mine.id}/deadline")["statusCode"] == 401


def test_who_sees_a_ticket_beside_its_owner_sees_why_it_is_due(world: World, api: Any) -> None:
    mine = opened(world, 1)
    store = TicketStore(world.dynamodb, TABLE, world.limits())
    store.change(mine, replace(mine, informed=frozenset({"communications"})))

    assert api(COMMUNICATIONS, f"/tickets/{mine.id}/deadline")["statusCode"] == 200


def test_a_ticket_that_needs_no_answer_has_no_deadline_to_explain(world: World, api: Any) -> None:
    nothing = opened(world, 1, None, category="other")
    told = json.loads(api(OPS, f"/tickets/{nothing.id}/deadline")["body"])

    assert (told["clocks"], told["due_at"]) == ([], None)
    assert told["words"]["de"] == "Eine Antwort ist nicht nötig, also gibt es keine Frist."
