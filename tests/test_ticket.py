"""Tickets: their id, and what time makes of them."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ticket import Status, ticket_id
from tests.test_stores import ticket


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
        (10**9, Status.ACKNOWLEDGED, False),
        (10**9, Status.NO_ANSWER_NEEDED, False),
    ],
)
def test_a_ticket_is_overdue_once_its_deadline_has_passed(now: int, status: Status, *, overdue: bool) -> None:
    assert replace(ticket(), status=status).is_overdue(now) is overdue
