"""How a ticket is passed from one department to another. Pure; times are UTC epoch seconds.

Clocks follow the person who waits, not the department: a hand-over never starts one anew, and no deadline is
later for it (docs/decisions/0026).
"""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.answering import Deed, settled, start_of, told
from chalicelib.categories import Category, Topic
from chalicelib.clocks import Clock, ClockName, sooner
from chalicelib.departments import Owner
from chalicelib.handover import PASSED_ON, Handover, Outcome
from chalicelib.history import About, Happened
from chalicelib.message import Kind
from chalicelib.policies import About as Asked
from chalicelib.policies import Policies
from chalicelib.ticket import Ticket

Make = Callable[[Ticket], Ticket]
"""Works out from the state that a ticket has the one it is to have."""


def offered(ticket: Ticket, to: str, deed: Deed) -> Ticket:
    """Offer a ticket to another department; its owner stays accountable."""
    offer = _begun(ticket, to, deed)
    noted = replace(ticket, handover=offer, untold_handovers=(*ticket.untold_handovers, offer))
    return told(noted, deed, Happened.HANDOVER_OFFERED, _sides(offer))


def accepted(ticket: Ticket, deed: Deed, policies: Policies) -> Ticket:
    """Give a ticket to the department it was offered to; what was seen and said of it stays."""
    offer = ticket.handover
    assert offer is not None
    assert offer.to is not None
    owner = receiver(ticket, offer.to, policies)
    clocks = hurried(ticket, owner, ticket.decision.category, policies)
    moved = replace(
        _ended(ticket, deed, Outcome.ACCEPTED),
        decision=replace(ticket.decision, department=offer.to, clocks=clocks),
        proposed_department=None,
        informed=ticket.informed - {offer.to},
        moves=ticket.moves + 1,
        held_since=deed.at,
        dispatched_at=None,
        told_rank=None,
    )
    line = told(moved, deed, Happened.HANDOVER_ACCEPTED, _sides(offer))
    return settled(line, policies)


def returned(ticket: Ticket, deed: Deed, outcome: Outcome) -> Ticket:
    """End an offer: the ticket stays where it is."""
    assert ticket.handover is not None
    about: About = {**_sides(ticket.handover), "outcome": str(outcome)}
    return told(_ended(ticket, deed, outcome), deed, Happened.HANDOVER_RETURNED, about)


def informed(ticket: Ticket, departments: frozenset[str], deed: Deed) -> Ticket:
    """Let other departments see a ticket; the same ticket, if they may already."""
    new = departments - ticket.informed - {ticket.decision.department}
    for department in sorted(new):
        news = replace(_begun(ticket, department, deed), outcome=Outcome.INFORMED, ended_at=deed.at)
        noted = replace(ticket, untold_handovers=(*ticket.untold_handovers, news))
        ticket = told(noted, deed, Happened.INFORMED, {"to": department})
    return replace(ticket, informed=ticket.informed | new) if new else ticket


def moved_on(old: Ticket, new: Ticket, deed: Deed) -> Ticket:
    """Note what a change that is no hand-over made of one: an owner is another, an offer has lapsed."""
    if old.handover and new.handover is None and not _has_ended(new, old.handover):
        ended = _over(old, old.handover, deed, Outcome.LAPSED)
        new = replace(new, untold_handovers=(*new.untold_handovers, ended))
    if new.decision.department == old.decision.department or new.moves == old.moves:
        return new
    noted = new.untold_handovers[len(old.untold_handovers) :]
    if any(each.outcome in PASSED_ON for each in noted):
        return new
    begun = _begun(old, new.decision.department, deed)
    moved = replace(begun, outcome=Outcome.MOVED, ended_at=deed.at, ended_by=deed.name)
    since = deed.at if new.decision.department else None
    return replace(new, held_since=since, untold_handovers=(*new.untold_handovers, moved))


def lapsed(ticket: Ticket, at: int) -> Ticket:
    """End the offer of a ticket that was closed, if it has one."""
    return moved_on(ticket, replace(ticket, handover=None), Deed(at))


def receiver(ticket: Ticket, to: str, policies: Policies) -> Owner:
    """Tell what time a department has for a ticket: by its own rules, else as much as its giver had."""
    category = Category(ticket.decision.category) if ticket.decision.category else None
    topics = tuple(map(Topic, ticket.decision.topics))
    owner = policies.departments.by_own_rules(to, category, topics)
    if owner is not None:
        return owner
    usual = policies.departments.catch_all(topics)
    seen, answer = (ticket.decision.clock(n) for n in (ClockName.ACKNOWLEDGE_BY, ClockName.ANSWER_BY))
    return Owner(
        department=to,
        acknowledge_within=seen.seconds if seen else usual.acknowledge_within,
        answer_within=answer.seconds if answer else usual.answer_within,
    )


def hurried(ticket: Ticket, owner: Owner, category: str | None, policies: Policies) -> tuple[Clock, ...]:
    """Give the clocks of a ticket as they are with an owner: they go on, and no deadline is later for it.

    What has stopped was kept or missed by the deadline it had, and stays so.
    """
    about = Asked(Category(category) if category else None, ticket.platform, Kind(ticket.kind))
    ours = {clock.name: clock for clock in ticket.decision.clocks}
    start = min((clock.started_at for clock in ours.values()), default=start_of(ticket))
    theirs = policies.clocks(owner, about, start, ticket.pauses)
    over = {clock.name for clock in ours.values() if clock.stopped_at is not None}
    goes_on = [
        ours[clock.name] if clock.name in over else sooner(ours.get(clock.name, clock), clock)
        for clock in theirs
    ]
    return (*goes_on, *(clock for clock in ours.values() if clock.name is ClockName.PROMISED_BY))


def _begun(ticket: Ticket, to: str | None, deed: Deed) -> Handover:
    return Handover(
        number=ticket.revision + 1,
        giver=ticket.decision.department,
        to=to,
        by=deed.name or "",
        at=deed.at,
        held=max(0, deed.at - ticket.holding_since),
        due_at=ticket.due_at,
    )


def _ended(ticket: Ticket, deed: Deed, outcome: Outcome) -> Ticket:
    assert ticket.handover is not None
    ended = _over(ticket, ticket.handover, deed, outcome)
    return replace(ticket, handover=None, untold_handovers=(*ticket.untold_handovers, ended))


def _over(ticket: Ticket, offer: Handover, deed: Deed, outcome: Outcome) -> Handover:
    held = max(0, deed.at - ticket.holding_since) if outcome in PASSED_ON else offer.held
    return replace(offer, outcome=outcome, ended_at=deed.at, ended_by=deed.name, held=held)


def _has_ended(ticket: Ticket, offer: Handover) -> bool:
    ends = [each.number for each in ticket.untold_handovers if each.ended_at is not None]
    return offer.number in ends


def _sides(offer: Handover) -> About:
    return {"from": offer.giver or "", "to": offer.to or ""}
