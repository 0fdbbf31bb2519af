"""Tickets: their id, and what time makes of them."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.merging import revised, withdrawn
from chalicelib.message import Change
from chalicelib.ticket import Status, ticket_id
from tests.test_stores import DECISION, MESSAGE, ticket


@given(st.text(), st.text())
def test_an_id_is_opaque_and_safe_in_a_url(platform: str, message_id: str) -> None:
    assert re.fullmatch("[a-z0-9_]{1,40}", ticket_id(platform, message_id))


def test_an_id_depends_on_platform_and_message_and_on_nothing_else() -> None:
    assert (
        ticket_id("facebook", "1_2") == ticket_id("facebook", "1_2") == "t_86bd481f823df9857e1392e0173c42c8"
    )
    assert ticket_id("facebook", "1_2") != ticket_id("instagram", "1_2")
    assert ticket_id("facebook", "1_2") != ticket_id("facebook", "12")


@pytest.mark.parametrize(
    ("now", "status", "overdue"),
    [
        (199, Status.OPEN, False),
        (200, Status.OPEN, False),
        (201, Status.OPEN, True),
        (10**9, Status.ACKNOWLEDGED, True),  # nobody has answered
        (10**9, Status.RESOLVED, False),
        (10**9, Status.WITHDRAWN, False),
        (10**9, Status.NO_ANSWER_NEEDED, False),
    ],
)
def test_a_ticket_is_overdue_once_its_deadline_has_passed(now: int, status: Status, *, overdue: bool) -> None:
    assert replace(ticket(), status=status).is_overdue(now) is overdue


def test_an_edit_to_what_needs_no_answer_proposes_nobody_even_if_it_is_drawn_for_review() -> None:
    edit = replace(MESSAGE, change=Change.EDITED, version=1, text="egal")
    chatter = replace(DECISION, category="other", department="social_media", for_review=True)
    edited = revised(ticket(), edit, chatter, 150, 160)

    assert (edited.proposed_department, edited.decision.department) == (None, DECISION.department)
    assert not edited.decision.for_review


def test_a_ticket_for_review_stays_so_and_its_edit_may_propose_an_owner() -> None:
    chatter = replace(DECISION, category="other", department="social_media", for_review=True)
    edit = replace(MESSAGE, change=Change.EDITED, version=1, text="Wie furchtbar!")
    edited = revised(ticket(decision=chatter), edit, DECISION, 150, 160)

    assert edited.decision.for_review
    assert (edited.decision.department, edited.proposed_department) == ("social_media", "communications")


def test_a_withdrawn_ticket_keeps_no_word_of_its_text() -> None:
    assert ticket().decision.because == ("Größe",)
    assert withdrawn(ticket()).decision.because == ()
