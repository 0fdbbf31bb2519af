"""What people tell us that they said, and what they say that a reply of ours is.

Pure; times are UTC epoch seconds. Repeated, both change nothing. Conflicts are told as in `verbs.py`.
"""

from dataclasses import replace
from hashlib import blake2b
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from chalicelib import answering, guard
from chalicelib.answering import MOST_HEARD, Deed
from chalicelib.errors import BadRequest, Conflict
from chalicelib.history import About, Happened
from chalicelib.message import Author
from chalicelib.our_replies import GuardReading, Help, ObservedReply
from chalicelib.policies import Policies
from chalicelib.ticket import Status, Ticket
from chalicelib.verbs import Reasoned, refuse_closed, refuse_unanswerable

FULL = f"{MOST_HEARD} replies to this ticket are weighed already: resolve it, or open another way to talk"

Read = Annotated[
    Literal["brush_off", "receipt", "substantive"], Field(description="What the reply is to who wrote.")
]


class Answer(BaseModel):
    """What somebody of ours has said to who wrote, and where.

    `help` and `reason`: what it is, if the guard should be overruled at once, and why.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    text: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000),
        Field(description="Word for word; it is kept as long as a text of the ticket's platform."),
    ]
    where: Annotated[
        str | None,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
        Field(description="Such as the platform, e-mail, phone."),
    ] = None
    help: Read | None = None
    reason: Annotated[
        str | None,
        StringConstraints(strip_whitespace=True, min_length=1, max_length=1000),
        Field(description="For people; it is erased with the text."),
    ] = None

    @model_validator(mode="after")
    def _overrules_with_a_reason(self) -> Self:
        if (self.help is None) is not (self.reason is None):
            raise ValueError("`help` and `reason` go together: say what it is and why, or leave both out")
        return self


class Overruling(Reasoned):
    """What a reply of ours is, whatever the guard has read."""

    reply: Annotated[str, Field(description="Its `id`, as the ticket shows it.", max_length=100)]
    help: Read


def reply_id(ticket: Ticket, subject: str, text: str) -> str:
    """Derive the id of a reply from ticket, teller and text, so that whoever repeats it changes nothing."""
    told = f"{ticket.id}\0{subject}\0{text}"
    return "r_" + blake2b(told.encode(), digest_size=16).hexdigest()


def as_reply(ticket: Ticket, asked: Answer, deed: Deed, reading: GuardReading) -> ObservedReply:
    """Give what is kept of an answer."""
    return ObservedReply(
        id=reply_id(ticket, deed.subject or "", asked.text),
        message_id=None,
        in_reply_to=None,
        author=Author(None, deed.name),
        text=asked.text,
        occurred_at=deed.at,
        received_at=deed.at,
        reading=reading,
        where=asked.where,
    )


def refuse(ticket: Ticket, reply: str) -> None:
    """Refuse an answer to a ticket that is closed, or has had too many; not one that is there already."""
    if _is_told(ticket, reply):
        return
    refuse_closed(ticket, "answer")
    told = sum(each.message_id is None and each.id != reply for each in ticket.observed_replies)
    if told >= MOST_HEARD:
        raise Conflict(FULL)


def answered(ticket: Ticket, reply: ObservedReply, asked: Answer, deed: Deed, policies: Policies) -> Ticket:
    """Note an answer of a person, and what they say that it is, if they say so."""
    refuse(ticket, reply.id)
    if not _is_told(ticket, reply.id):
        ticket = _noted(ticket, reply, deed._replace(gives_reason=False), policies)
    return ticket if asked.help is None else _says(ticket, reply, Help(asked.help), deed, policies)


def overruled(
    ticket: Ticket, reply: ObservedReply, asked: Overruling, deed: Deed, policies: Policies
) -> Ticket:
    """Note what a person says that a reply is; both readings are kept."""
    refuse_unanswerable(ticket, "overrule")
    return _says(ticket, reply, Help(asked.help), deed, policies)


def chosen(ticket: Ticket, reply: str) -> ObservedReply:
    """Find one of the replies to a ticket.

    Raises:
        BadRequest: there is none with this id, or there is nothing to read in it.

    """
    found = next((each for each in ticket.observed_replies if each.id == reply), None)
    if found is None or found.reading is None:
        raise BadRequest(
            "`reply`: this ticket has no reply with this id that was read; see `observed_replies`"
        )
    return found


def _is_told(ticket: Ticket, reply: str) -> bool:
    return any(line.what is Happened.REPLIED and line.about.get("reply") == reply for line in ticket.history)


def _noted(ticket: Ticket, reply: ObservedReply, deed: Deed, policies: Policies) -> Ticket:
    """Let the clocks hear an answer; one that a machine said is told, and stops nothing."""
    heard = guard.heard(reply, ticket)
    if heard is None:
        about: About = {"reply": reply.id, "said_at": reply.received_at, "read_as": "automatic"}
        return answering.told(ticket, deed, Happened.REPLIED, about)
    if ticket.status is Status.PAUSED and (heard.read_as is Help.SUBSTANTIVE or heard.promise is not None):
        ticket = answering.resumed(
            ticket, deed, policies
        )  # we wait no more: we have spoken, or owe something
    return answering.replied(ticket, heard, deed, policies)


def _says(ticket: Ticket, reply: ObservedReply, says: Help, deed: Deed, policies: Policies) -> Ticket:
    """Let a person's reading count; what a machine said, or so the guard thought, is heard from then on."""
    if reply.id not in {each.id for each in ticket.heard}:
        assert reply.reading is not None
        if len(ticket.heard) >= MOST_HEARD and says is not Help.SUBSTANTIVE:
            raise Conflict(FULL)
        heard = [*ticket.heard, guard.as_said(reply, ticket, reply.reading)]
        ticket = replace(ticket, heard=tuple(sorted(heard, key=lambda each: (each.at, each.id))))
    said = next(each for each in ticket.heard if each.id == reply.id)
    if said.help is not says:
        ticket = answering.spoken(ticket, said, says, policies)
    return answering.overruled(ticket, reply.id, says, deed, policies)
