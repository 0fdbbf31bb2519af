"""The way of a message, in two doors. The only file that knows the order of the steps.

accept    platform → verify → one send to intake → 200
process   intake → split → each message: open, edit or withdraw its ticket → tell its owner → mark that

Every step of the second door may be cut off and repeated: the ticket holds the decision, and what its owner
was told, so a redelivery resumes at the first step not done. SQS is the outbox (docs/decisions/0001).
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from chalicelib import envelope as envelopes
from chalicelib.envelope import FOLLOW_UP, MAX_BODY, Envelope
from chalicelib.errors import (
    DeliveryTooLarge,
    PayloadError,
    StorageLimitReached,
    Unavailable,
    UnsupportedContent,
    told,
)
from chalicelib.message import Ignored, Message
from chalicelib.observability import Count
from chalicelib.parts import MESSAGES_AT_ONCE
from chalicelib.platforms.base import UNLIMITED, Platform, Request
from chalicelib.platforms.tame import Json
from chalicelib.storage_limits import Kept, StorageLimits

if TYPE_CHECKING:
    from chalicelib.changes import Changes
    from chalicelib.examples import Examples
    from chalicelib.handover_news import HandoverNews
    from chalicelib.owners import Owners
    from chalicelib.parts import Parts
    from chalicelib.quarantine import Quarantine
    from chalicelib.queues import Intake
    from chalicelib.secrets import Secrets
    from chalicelib.ticket import Ticket
    from chalicelib.volume import Volume

LOOK_UP_FOR = 6
"""Seconds after which the look-ups of one envelope are put off: a batch of five must end in a minute.

One that has begun by then may take its own three seconds (`lookups.PATIENCE`).
"""

TOO_LATE = "the platform's storage limit has passed, so that what it held is not kept"


def accept(platform: Platform, request: Request, secrets: "Secrets", intake: "Intake") -> None:
    """Accept a delivery: once this returns, it is ours. Nothing is parsed here.

    Raises:
        DeliveryTooLarge: nothing was sent.
        UnsupportedContent: nothing was sent.
        SignatureError: nothing was sent.
        Unavailable: SQS may or may not have it; the platform will try again, and a repeat changes nothing.
        ConfigurationError: the secrets are not as documented.

    """
    if len(request.body) > MAX_BODY:
        raise DeliveryTooLarge(f"{len(request.body)} bytes are more than the {MAX_BODY} we take")
    _check_content_type(platform, request.headers.get("content-type"))
    form = secrets.proved(platform.name, partial(platform.verify, request))
    envelope = Envelope(
        platform=platform.name, received_at=request.now, body=request.body, signature_form=form
    )
    intake.send(envelope.seal(), brief=platform.limits != UNLIMITED)


def _check_content_type(platform: Platform, header: str | None) -> None:
    """Refuse what the platform does not send; Chalice knows only what all of them send."""
    if header in platform.content_types:  # as nearly all of them come
        return
    content_type = (header or "application/json").partition(";")[0].strip().lower()
    if content_type not in platform.content_types:
        raise UnsupportedContent(f"{platform.name} sends {' or '.join(platform.content_types)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Works off the intake queue. Clock, stores and decisions are handed in.

    changes: what a message does to the table.
    announced: is told of our new videos, as they were delivered: their comments are to be fetched soon.
    own_accounts: by platform, ids of authors that are ourselves.
    """

    platforms: Mapping[str, Platform]
    changes: "Changes"
    parts: "Parts"
    owners: "Owners"
    handovers: "HandoverNews"
    examples: "Examples"
    quarantine: "Quarantine"
    limits: StorageLimits
    volume: "Volume"
    announced: Callable[[Collection[Json]], None]
    own_accounts: Mapping[str, Collection[str]]
    count: Count
    now: Callable[[], int]

    def process(self, sealed: str) -> None:
        """Process one envelope: afterwards each message is a ticket, counted, or quarantined.

        Raises:
            Unavailable: some step was not done; process the same envelope again.
            ConfigurationError: likewise, once a department's queue is there.
            Rejected: SQS will not take an event. Its ticket is open; the delivery ends in quarantine.

        """
        try:
            envelope = envelopes.unseal(sealed)
        except PayloadError as error:
            self._quarantine(envelopes.foreign(sealed, self.now()), error)
            return
        if envelope.is_kept:
            self._process_kept(envelope.quarantine_id or "")
        else:
            self._process(envelope)

    def _process_kept(self, quarantine_id: str) -> None:
        """Process what an entry of the quarantine holds; nothing, if it has been erased meanwhile."""
        held = self.quarantine.read(quarantine_id)
        if held is None or held.entry.is_erased(self.now()):
            return
        if held.envelope:
            self._process(held.envelope)
        else:  # it was processed, but its removal was cut off
            self.quarantine.remove(quarantine_id)

    def _process(self, envelope: Envelope) -> None:
        if envelope.platform == FOLLOW_UP:
            self._follow_up(envelope)
            return
        if self.limits.is_over(envelope.platform, Kept.DELIVERY, envelope.received_at):
            self._quarantine(envelope, StorageLimitReached(TOO_LATE))
            return
        if envelope.signature_form:
            self.count("SignatureForm", platform=envelope.platform, form=envelope.signature_form)
        envelope = self._aged(envelope)
        quarantined: list[str] = []  # ids of the entries that this run has made
        try:
            self._work_off(envelope, quarantined)
        except RecursionError as error:  # too deep to be taken apart: keep it whole
            quarantined.append(self._quarantine(envelope, error))
        if envelope.quarantine_id and envelope.quarantine_id not in quarantined:
            self.quarantine.remove(envelope.quarantine_id)
        self.volume.note(envelope)

    def _follow_up(self, envelope: Envelope) -> None:
        """Do what follows from a person's change to a ticket: tell its owner, keep what is to be learned."""
        key = envelope.body.decode("ascii", "replace")
        self._tell([key], [key])
        self.examples.note(key)
        if envelope.quarantine_id:
            self.quarantine.remove(envelope.quarantine_id)

    def _tell(self, ticket_ids: list[str], passed_on: list[str]) -> None:
        """Tell of hand-overs, then owners how their tickets stand; neither holds up the other."""
        try:
            self.handovers.tell_all(passed_on)
        finally:
            self.owners.tell_all(ticket_ids)

    def _aged(self, envelope: Envelope) -> Envelope:
        """Mark what a platform was asked to send again: its messages have been waiting longer than it."""
        platform = self.platforms.get(envelope.platform)
        late = platform is not None and not envelope.is_part and platform.is_replay(envelope.body)
        return envelope._replace(backfilled=True) if late else envelope

    def _work_off(self, envelope: Envelope, quarantined: list[str]) -> None:
        """Read all messages, then split the delivery if there are many of them, or settle them."""
        try:
            payloads = list(self._payloads(envelope))
        except Exception as error:  # noqa: BLE001  (whatever it is, the delivery must stay visible)
            quarantined.append(self._quarantine(envelope, error))
            return
        said: list[tuple[Json, Message]] = []
        passed_over: Counter[str] = Counter()
        videos: list[Json] = []
        for payload in payloads:
            try:
                found = self.platforms[envelope.platform].read(payload)
            except Exception as error:  # noqa: BLE001  (one bad message must not sink its siblings)
                quarantined.append(self._quarantine(envelope.part([payload]), error))
                continue
            if isinstance(found, Message):
                said.append((payload, self._recognised(found)))
            else:
                passed_over[found] += 1
                videos += [payload] * (found is Ignored.NEW_VIDEO)
        self.announced(videos)
        for reason, times in passed_over.items():
            self.count("PassedOver", times, platform=envelope.platform, reason=reason)
        if len(said) > MESSAGES_AT_ONCE:
            left = self.parts.split(envelope, [payload for payload, _ in said])
            quarantined += [self._quarantine(part, why) for part, why in left]
        else:
            touched, put_off = self._settle_all(envelope, said, quarantined)
            self._tell([ticket.id for ticket in touched], [t.id for t in touched if t.was_passed_on])
            # Last: while owners cannot be told, the whole delivery comes again, and asks again.
            self.parts.put_off(envelope, put_off)

    def _payloads(self, envelope: Envelope) -> Iterator[Json]:
        platform = self.platforms.get(envelope.platform)
        if platform is None:
            raise PayloadError("there is no such platform")
        if envelope.is_part:
            return iter(json.loads(envelope.body))
        return platform.split(platform.parse(envelope.body))

    def _recognised(self, message: Message) -> Message:
        """Mark what an account says that is known to be ours."""
        ours = message.author.id in self.own_accounts.get(message.platform, ())
        return replace(message, from_us=True) if ours else message

    def _settle_all(
        self, envelope: Envelope, said: list[tuple[Json, Message]], quarantined: list[str]
    ) -> tuple[list["Ticket"], list[Json]]:
        """Settle every message before any owner is told: it has its deadline then, whatever the queues do.

        Returns:
            The tickets of which something is to be told, and the payloads that are to be looked up later.

        """
        touched, put_off = list["Ticket"](), list[Json]()
        until = self.now() + LOOK_UP_FOR
        for payload, message in said:
            try:
                whole, again = self.changes.looked_up(message, until)
                put_off += [payload] * again
                known = self._recognised(whole)
                ticket = self.changes.settle(known, envelope.received_at, backfilled=envelope.backfilled)
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001  (one bad message must not sink its siblings)
                quarantined.append(self._quarantine(envelope.part([payload]), error))
            else:
                touched += [ticket] if ticket and (ticket.untold or ticket.was_passed_on) else []
        return touched, put_off

    def _quarantine(self, envelope: Envelope, error: Exception) -> str:
        self.count("Quarantined", platform=envelope.platform)
        return self.quarantine.put(envelope, told(error), self.now())
