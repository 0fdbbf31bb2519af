"""The way of a message, in two doors. The only file that knows the order of the steps.

accept    platform → verify → one send to intake → 200
process   intake → split → each message: open, edit or withdraw its ticket → tell its owner → mark that

Every step of the second door may be cut off and repeated: the ticket holds the decision, and what its owner
was told, so a redelivery resumes at the first step not done. SQS is the outbox (docs/decisions/0001).
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from chalicelib import envelope as envelopes
from chalicelib.envelope import MAX_BODY, Envelope
from chalicelib.errors import (
    DeliveryTooLarge,
    LookupFailed,
    PayloadError,
    StorageLimitReached,
    Unavailable,
    ZustaendigError,
    told,
)
from chalicelib.message import Change, Ignored, Message
from chalicelib.platforms.base import UNLIMITED, Platform, Request
from chalicelib.platforms.tame import Json
from chalicelib.storage_limits import Kept, StorageLimits
from chalicelib.ticket import Happened, Ticket

if TYPE_CHECKING:
    from chalicelib.changes import Changes
    from chalicelib.quarantine import Quarantine
    from chalicelib.queues import DepartmentQueues, Intake
    from chalicelib.secrets import Secrets
    from chalicelib.ticket_store import TicketStore
    from chalicelib.volume import Volume

MESSAGES_AT_ONCE = 50
"""Messages of one envelope that are worked off in one go; a larger delivery is split into parts first."""

LOOK_UP_FOR = 8
"""Seconds after which the look-ups of one envelope are put off: a batch of five must end in a minute."""

LOOK_UP_AFTER = (60, 120, 300, 600, 900, 900, 900, 900)
"""Seconds after which what was put off is looked up again."""

TOO_LATE = "the platform's storage limit has passed, so that what it held is not kept"


class Count(Protocol):
    """Counts events, by platform and reason."""

    def __call__(self, metric: str, times: int = 1, /, **dimensions: str) -> None: ...  # noqa: D102


def accept(platform: Platform, request: Request, secrets: "Secrets", intake: "Intake") -> None:
    """Accept a delivery: once this returns, it is ours. Nothing is parsed here.

    Raises:
        DeliveryTooLarge: nothing was sent.
        SignatureError: nothing was sent.
        Unavailable: SQS may or may not have it; the platform will try again, and a repeat changes nothing.
        ConfigurationError: the secrets are not as documented.

    """
    if len(request.body) > MAX_BODY:
        raise DeliveryTooLarge(f"{len(request.body)} bytes are more than the {MAX_BODY} we take")
    form = secrets.proved(platform.name, partial(platform.verify, request))
    envelope = Envelope(
        platform=platform.name, received_at=request.now, body=request.body, signature_form=form
    )
    intake.send(envelope.seal(), brief=platform.limits != UNLIMITED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """Works off the intake queue. Clock, stores and decisions are handed in.

    changes: what a message does to the table.
    look_up: completes a message; raises LookupFailed (nothing to be found) or Unavailable (later perhaps).
    event: what to tell the owner of a ticket, as its queue will hold it.
    announced: is told of our new videos, as they were delivered: their comments are to be fetched soon.
    own_accounts: by platform, ids of authors that are ourselves.
    """

    platforms: Mapping[str, Platform]
    changes: "Changes"
    look_up: Callable[[Message], Message]
    event: Callable[[Happened, Ticket], str]
    tickets: "TicketStore"
    queues: "DepartmentQueues"
    intake: "Intake"
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
        if self.limits.is_over(envelope.platform, Kept.DELIVERY, envelope.received_at):
            self._quarantine(envelope, StorageLimitReached(TOO_LATE))
            return
        if envelope.signature_form:
            self.count("SignatureForm", platform=envelope.platform, form=envelope.signature_form)
        quarantined: list[str] = []  # ids of the entries that this run has made
        try:
            self._work_off(envelope, quarantined)
        except RecursionError as error:  # too deep to be taken apart: keep it whole
            quarantined.append(self._quarantine(envelope, error))
        if envelope.quarantine_id and envelope.quarantine_id not in quarantined:
            self.quarantine.remove(envelope.quarantine_id)
        self.volume.note(envelope)

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
        self._count(envelope, passed_over)
        self.announced(videos)
        if len(said) > MESSAGES_AT_ONCE:
            self._split(envelope, [payload for payload, _ in said], quarantined)
        else:
            self._tell_all(self._settle_all(envelope, said, quarantined))

    def _count(self, envelope: Envelope, passed_over: Mapping[str, int]) -> None:
        for reason, times in passed_over.items():
            self.count("PassedOver", times, platform=envelope.platform, reason=reason)

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

    def _split(self, envelope: Envelope, payloads: list[Json], quarantined: list[str]) -> None:
        """Send the delivery back to intake in parts, each as large as a worker and SQS take."""
        waiting = [
            payloads[start : start + MESSAGES_AT_ONCE] for start in range(0, len(payloads), MESSAGES_AT_ONCE)
        ]
        while waiting:
            some = waiting.pop(0)
            part = envelope.part(some)
            try:
                self._send(part)
            except StorageLimitReached as error:
                quarantined.append(self._quarantine(part, error))
            except DeliveryTooLarge as error:
                half = len(some) // 2
                if half:
                    waiting += [some[:half], some[half:]]
                else:
                    quarantined.append(self._quarantine(part, error))

    def _send(self, part: Envelope, delay: int = 0) -> None:
        if not self.limits.may_wait(part.platform, part.received_at):
            raise StorageLimitReached(
                "it came too late to go through intake in parts: have this part retried"
            )
        self.intake.send(part.seal(), brief=self.limits.is_brief(part.platform), delay=delay)

    def _settle_all(
        self, envelope: Envelope, said: list[tuple[Json, Message]], quarantined: list[str]
    ) -> list[Ticket]:
        """Settle every message before any owner is told: it has its deadline then, whatever the queues do."""
        touched: dict[str, Ticket] = {}  # by id: a delivery may hold several changes of a message
        until, put_off = self.now() + LOOK_UP_FOR, list[Json]()
        for payload, message in said:
            try:
                whole, again = self._looked_up(message, envelope, until)
                put_off += [payload] * again
                ticket = self._settle(whole, envelope)
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001  (one bad message must not sink its siblings)
                quarantined.append(self._quarantine(envelope.part([payload]), error))
            else:
                if ticket:
                    touched[ticket.id] = ticket
        if put_off:
            self._put_off(envelope, put_off)
        return list(touched.values())

    def _put_off(self, envelope: Envelope, payloads: list[Json]) -> None:
        """Have messages looked up later, unless that was done often enough or they may wait no more."""
        if envelope.lookups == len(LOOK_UP_AFTER):
            return
        part = envelope.part(payloads)._replace(lookups=envelope.lookups + 1)
        with suppress(StorageLimitReached):
            self._send(part, LOOK_UP_AFTER[envelope.lookups])

    def _looked_up(self, message: Message, envelope: Envelope, until: int) -> tuple[Message, bool]:
        """Complete a message if need be; tell whether to try again later. Its person has an owner anyhow."""
        if not self.changes.waits_for_lookup(message, envelope.received_at):
            return message, False
        if self.now() > until:
            return message, True
        try:
            return self.look_up(message), False
        except (LookupFailed, Unavailable) as error:
            self.count("LookupsFailed", platform=message.platform, error=type(error).__name__)
            return message, isinstance(error, Unavailable)

    def _settle(self, message: Message, envelope: Envelope) -> Ticket | None:
        """Do what a message does; None if it touches no ticket."""
        if message.change is not Change.CREATED:
            self.count("Changes", platform=message.platform, change=message.change)
        if message.change is Change.DELETED:
            return self.changes.delete(message)
        if message.from_us:
            if self.changes.observe(message, envelope.received_at):
                self.count("RepliesObserved", platform=message.platform)
            else:
                self._count(envelope, {Ignored.OWN_MESSAGE: 1})
            return None
        return self.changes.say(message, envelope.received_at, backfilled=envelope.backfilled)

    def _tell_all(self, tickets: list[Ticket]) -> None:
        """Tell the owners; a queue that fails holds up its own department's tickets alone."""
        failed: dict[str, ZustaendigError] = {}
        for ticket in tickets:
            department = ticket.decision.department
            if department is None or department in failed:
                continue
            try:
                for what in ticket.untold:
                    # Cut off between these two, the owner is told twice: the event's id is the same.
                    self.queues.send(department, self.event(what, ticket))
                    self.tickets.mark_told(ticket, what, self.now())
            except ZustaendigError as error:
                failed[department] = error
        if failed:
            raise next(iter(failed.values()))

    def _quarantine(self, envelope: Envelope, error: Exception) -> str:
        self.count("Quarantined", platform=envelope.platform)
        return self.quarantine.put(envelope, told(error), self.now())
