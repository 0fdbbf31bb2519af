"""Has the guard read what we said, and tells what of it the clocks hear. Pure; times: UTC epoch seconds."""

from datetime import date
from functools import partial

from chalicelib.answering import start_of
from chalicelib.calendars.calendar import ALWAYS, Calendar
from chalicelib.our_replies import GuardReading, Heard, Help, ObservedReply
from chalicelib.policies import Policies
from chalicelib.replies.reading import read_reply
from chalicelib.replies.times import monday_to_friday
from chalicelib.ticket import Ticket

LONGEST_PROMISE = 366 * 24 * 60 * 60
"""Whoever promises more than a year ahead has named some other time."""


def guarded(text: str, at: int, ticket: Ticket | None, policies: Policies) -> GuardReading:
    """Read a reply given `at` by the calendar of who owns its ticket; None: the ticket is not there yet."""
    department = ticket.decision.department if ticket else None
    calendar = policies.calendar_of(department) if department else ALWAYS
    asked = (ticket.text if ticket else None) or ""
    works = monday_to_friday if calendar is ALWAYS else partial(_opens_on, calendar)
    read = read_reply(text, inbound=asked, at=at, zone=calendar.zone, working_day=works)
    return GuardReading(
        label=Help(read.label),
        confidence=read.confidence,
        automatic=read.automatic,
        because=read.reason,
        promise_text=read.promise.text if read.promise else None,
        promise=read.promise.due if read.promise else None,
        reader=read.version,
    )


def heard(reply: ObservedReply, ticket: Ticket) -> Heard | None:
    """Tell what the clocks of a ticket hear of a reply: nothing if a machine said it, or nobody has read it.

    It counts when it was said, but not before the person began to wait, nor after we saw it.
    """
    if reply.reading is None or reply.reading.automatic:
        return None
    return as_said(reply, ticket, reply.reading)


def as_said(reply: ObservedReply, ticket: Ticket, reading: GuardReading) -> Heard:
    """Tell what the clocks hear of a reply if a person said it."""
    said = reply.received_at if reply.occurred_at is None else min(reply.occurred_at, reply.received_at)
    at = max(start_of(ticket), said)
    promise = reading.promise
    kept = promise is not None and at < promise <= at + LONGEST_PROMISE
    return Heard(id=reply.id, at=at, read_as=reading.label, promise=promise if kept else None)


def _opens_on(calendar: Calendar, day: date) -> bool:
    return bool(calendar.day(day).windows)
