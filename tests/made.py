"""Clocks and policies for tests that are about something else."""

from chalicelib import policies
from chalicelib.answering import Deed, acknowledged, replied
from chalicelib.clocks import Alarm, Clock, ClockName
from chalicelib.identity import Caller
from chalicelib.our_replies import Heard, Help
from chalicelib.policies import Policies
from chalicelib.ticket import Ticket
from chalicelib.ticket_store import TicketStore

POLICIES: Policies = policies.load()


def clocks(acknowledge_by: int, answer_by: int | None = None) -> tuple[Clock, ...]:
    """Make clocks that have run for an hour by then; to be answered a day later, if nothing is said."""
    started_at = max(0, acknowledge_by - 3600)
    due = {
        ClockName.ACKNOWLEDGE_BY: acknowledge_by,
        ClockName.ANSWER_BY: acknowledge_by + 86_400 if answer_by is None else answer_by,
    }
    return tuple(
        Clock(
            name=name,
            started_at=started_at,
            seconds=at - started_at,
            due_at=at,
            calendar="always",
            calendar_version="1",
            policy="test",
            alarms=(Alarm("overdue", at),),
        )
        for name, at in due.items()
    )


def acknowledge(store: TicketStore, ticket: Ticket, caller: Caller, now: int) -> Ticket | None:
    """Acknowledge a ticket as the API does, as it was read."""
    store.change(ticket, acknowledged(ticket, Deed(now, caller.name, caller.subject), POLICIES))
    return store.read(ticket.id)


def answer(store: TicketStore, ticket: Ticket, now: int) -> Ticket | None:
    """Answer a ticket with substance."""
    heard = Heard(id="r_1", at=now, read_as=Help.SUBSTANTIVE)
    store.change(ticket, replied(ticket, heard, Deed(now, "Mira"), POLICIES))
    return store.read(ticket.id)
