"""Puts the parts together, each when it is first needed: the composition root.

Imports are inside the functions on purpose. All Lambda functions share `app.py`, and the accept path must not
pay for pydantic, PyJWT, boto3 or the classifier (docs/decisions/0002).
"""

# ruff: noqa: PLC0415
import os
import random
import time
from collections.abc import Collection
from dataclasses import replace
from functools import cache
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from chalicelib import aws, settings
from chalicelib.errors import ZustaendigError, told
from chalicelib.handshakes import Handshakes
from chalicelib.observability import count, logger
from chalicelib.platforms import PLATFORMS
from chalicelib.platforms.base import Keys, Platform, Request
from chalicelib.platforms.tame import Json
from chalicelib.queues import DepartmentQueues, Intake, OpsQueue
from chalicelib.secret_stores import Read, from_file, from_parameter, from_secrets_manager
from chalicelib.secrets import Secrets

if TYPE_CHECKING:
    from chalicelib.acting import Acting
    from chalicelib.alarms import Alarms
    from chalicelib.api import Api
    from chalicelib.changes import Changes
    from chalicelib.clockwork import Clockwork
    from chalicelib.departments import Departments
    from chalicelib.erasure import Erasure
    from chalicelib.examples import Examples
    from chalicelib.handovers import Handovers
    from chalicelib.identity import Verifier
    from chalicelib.lookups import Lookups
    from chalicelib.platform_api import PlatformApis
    from chalicelib.policies import Policies
    from chalicelib.redrive import Redrive
    from chalicelib.second_reader.reader import SecondReader
    from chalicelib.storage_limits import StorageLimits
    from chalicelib.subscriptions.errands import Errands
    from chalicelib.telling import Telling
    from chalicelib.ticket_store import TicketStore
    from chalicelib.workflow import Worker
    from chalicelib.youtube_polling.channels import Channels
    from chalicelib.youtube_polling.poller import Poller


def now() -> int:
    """Tell the time in UTC epoch seconds."""
    return int(time.time())


@cache
def _settings() -> settings.Settings:
    return settings.Settings()


@cache
def secrets() -> Secrets:
    """Give what we share with the platforms."""
    return Secrets(_secret_store(_settings()), time.monotonic)


def _secret_store(where: settings.Settings) -> Read:
    if where.secrets_file:
        return from_file(where.secrets_file)
    if where.secrets_arn:
        return from_secrets_manager(where.secrets_arn)
    return from_parameter(where.secrets_parameter)


def with_our_accounts(platform: str, keys: Keys) -> Keys:
    """Add our own accounts on a platform to its keys: a handshake may need both."""
    return replace(keys, accounts=_settings().own_accounts.get(platform, frozenset()))


@cache
def intake() -> Intake:
    """Give the intake as the accept path uses it: impatient."""
    return _intake(aws.client("sqs", aws.IMPATIENT))


def _intake(sqs: Any) -> Intake:
    return Intake(sqs, _settings().intake_queue_url, _settings().brief_intake_queue_url)


def note_handshake(platform: Platform, request: Request) -> None:
    """Remember a handshake that is being answered; whatever fails here must not fail the answer."""
    try:
        _handshakes().note(platform.name, request.now, platform.subscription(request))
    except Exception as error:  # noqa: BLE001
        logger().warning("a handshake of %s is not recorded: %s", platform.name, told(error))


@cache
def _handshakes() -> Handshakes:
    client = cache(lambda: aws.client("dynamodb", aws.HASTY))
    return Handshakes(client, _settings().table_name)


@cache
def worker() -> "Worker":
    """Give what works off intake."""
    from chalicelib import events, handover_events
    from chalicelib.handover_news import HandoverNews
    from chalicelib.ledger import Ledger
    from chalicelib.owners import Owners
    from chalicelib.parts import Parts
    from chalicelib.quarantine import Quarantine
    from chalicelib.ticket_store import TicketStore
    from chalicelib.volume import Volume
    from chalicelib.workflow import Worker

    _settings().api_urls  # noqa: B018  (refused at the start, not message by message)
    table, sqs = aws.client("dynamodb"), aws.client("sqs")
    tickets = TicketStore(table, _settings().table_name, _limits())
    changes = _changes(table, tickets)
    queues = DepartmentQueues(sqs, _settings().department_queue_urls)
    return Worker(
        platforms=PLATFORMS,
        changes=changes,
        parts=Parts(_intake(sqs), _limits()),
        owners=Owners(queues, tickets, lambda what, it: events.event(what, _limits().in_queue(it)), now),
        handovers=HandoverNews(
            queues, tickets, Ledger(table, _settings().table_name), handover_events.events, now
        ),
        examples=examples(),
        quarantine=Quarantine(table, _settings().table_name, _limits()),
        limits=_limits(),
        volume=Volume(table, _settings().table_name),
        announced=_poll_soon,
        own_accounts=_settings().own_accounts,
        count=count,
        now=now,
    )


def _changes(table: Any, tickets: "TicketStore") -> "Changes":
    """Give what a message does to the table, to clocks, and to the tickets of its conversation."""
    from chalicelib import classifier
    from chalicelib.changes import Changes
    from chalicelib.clockwork import Clockwork
    from chalicelib.conversation_store import ConversationStore
    from chalicelib.conversing import Conversing
    from chalicelib.further_store import FurtherStore
    from chalicelib.listening import Listening
    from chalicelib.reply_store import ReplyStore
    from chalicelib.second_reader.deciding import Decide

    name, clockwork = _settings().table_name, Clockwork(tickets, policies(), now)
    decide = Decide(classifier.load(_settings().model).classify, _second_reader(table), policies())
    replies, conversations = ReplyStore(table, name, _limits()), ConversationStore(table, name)
    further = FurtherStore(table, name, _limits())
    return Changes(
        decide=decide,
        tickets=tickets,
        replies=replies,
        conversing=Conversing(
            decide=decide,
            tickets=tickets,
            further=further,
            conversations=conversations,
            clockwork=clockwork,
        ),
        listening=Listening(
            tickets=tickets, replies=replies, conversations=conversations, clockwork=clockwork
        ),
        look_up=lambda message: lookups().complete(message),
        count=count,
        now=now,
    )


def _second_reader(table: Any) -> "SecondReader | None":
    """Give the second reader; None if no model is configured."""
    from chalicelib.second_reader import configuration
    from chalicelib.second_reader.budget import Budget
    from chalicelib.second_reader.cache import Cache
    from chalicelib.second_reader.pace import Pace
    from chalicelib.second_reader.reader import SecondReader

    asked = configuration.read(_settings().environ, PLATFORMS, _departments())
    if asked is None:
        return None
    name = _settings().table_name
    return SecondReader(
        converse=aws.client("bedrock-runtime", aws.ONCE, asked.bedrock_url).converse,
        model=asked.model,
        budget=Budget(table, name, asked.limits, asked.prices, now),
        cache=Cache(table, name, now),
        pace=Pace(time.monotonic),
        off_for=asked.off_for,
        is_off=asked.is_off,
        is_limited=_limits().is_brief,
        marker=lambda: f"=={token_hex(16)}==",
        count=count,
    )


@cache
def examples() -> "Examples":
    """Give what keeps labelled examples."""
    from chalicelib.examples import Examples
    from chalicelib.ticket_store import TicketStore

    table, name = aws.client("dynamodb"), _settings().table_name
    return Examples(table, name, TicketStore(table, name, _limits()))


@cache
def platform_apis() -> "PlatformApis":
    """Give the one client of the platforms' APIs."""
    from chalicelib import platform_api

    return platform_api.connect(_settings().api_urls)


@cache
def lookups() -> "Lookups":
    """Give what fetches what deliveries withhold."""
    from chalicelib.lookups import Lookups

    return Lookups(PLATFORMS, platform_apis(), secrets())


@cache
def youtube_poller() -> "Poller":
    """Give what polls YouTube."""
    from chalicelib.youtube_polling.poller import Poller
    from chalicelib.youtube_polling.units import Units

    table, name = aws.client("dynamodb"), _settings().table_name
    return Poller(
        ids=_settings().own_accounts.get("youtube", frozenset()),
        tokens=lambda: secrets().keys("youtube").access_tokens,
        api=platform_apis(),
        channels=_youtube_channels(),
        units=Units(table, name, _settings().youtube_daily_units, now),
        intake=_intake(aws.client("sqs")),
        count=count,
        now=now,
        chance=random.random,
    )


def _poll_soon(videos: Collection[Json]) -> None:
    """Have channels polled that have new videos; if that fails, their turn comes all the same."""
    from chalicelib.platforms.youtube import channel_of_video

    try:
        found = {channel_of_video(video) for video in videos}
        for channel in _settings().own_accounts.get("youtube", frozenset()) & found:
            _youtube_channels().poll_soon(channel, now())
    except ZustaendigError as error:
        logger().warning("YouTube is not polled sooner: %s", error)


@cache
def _youtube_channels() -> "Channels":
    from chalicelib.youtube_polling.channels import Channels

    return Channels(aws.client("dynamodb"), _settings().table_name)


@cache
def errands() -> "Errands":
    """Give what keeps subscriptions alive, and fetches what did not come."""
    from chalicelib.subscriptions.backfill import BackFill
    from chalicelib.subscriptions.check import Check
    from chalicelib.subscriptions.errands import Errands
    from chalicelib.subscriptions.records import Records
    from chalicelib.volume import Volume

    table, name = aws.client("dynamodb"), _settings().table_name
    back_fill = BackFill(
        keys=_keys,
        apis=platform_apis(),
        intake=_intake(aws.client("sqs")),
        is_brief=_limits().is_brief,
        poll_soon=lambda channel, now: _youtube_channels().poll_soon(channel, now),
        public_url=_settings().public_url,
        now=now,
    )
    check = Check(
        platforms=tuple(PLATFORMS),
        keys=_keys,
        records=Records(table, name),
        volume=Volume(table, name),
        apis=platform_apis(),
        public_url=_settings().public_url,
        back_fill=back_fill.run,
        count=count,
        now=now,
    )
    return Errands(check, back_fill, platform_apis().within)


def _keys(platform: str) -> Keys:
    return with_our_accounts(platform, secrets().keys(platform))


@cache
def redrive() -> "Redrive":
    """Give what empties the DLQs of both intakes."""
    from chalicelib.quarantine import Quarantine
    from chalicelib.redrive import Redrive, Route

    where = _settings()
    return Redrive(
        client=aws.client("sqs"),
        routes=(
            Route(where.brief_intake_dlq_url, where.brief_intake_queue_url),
            Route(where.intake_dlq_url, where.intake_queue_url),
        ),
        quarantine=Quarantine(aws.client("dynamodb"), where.table_name, _limits()),
        limits=_limits(),
        now=now,
    )


@cache
def erasure() -> "Erasure":
    """Give what erases what may be kept no longer."""
    from chalicelib.erasure import Erasure

    return Erasure(aws.client("dynamodb"), _settings().table_name, _limits(), count)


@cache
def alarms() -> "Alarms":
    """Give what tells alarms."""
    from chalicelib import events
    from chalicelib.alarms import Alarms
    from chalicelib.ticket_index import TicketIndex
    from chalicelib.ticket_store import TicketStore

    table, sqs, name = aws.client("dynamodb"), aws.client("sqs"), _settings().table_name
    return Alarms(
        index=TicketIndex(table, name),
        tickets=TicketStore(table, name, _limits()),
        policies=policies(),
        departments=DepartmentQueues(sqs, _settings().department_queue_urls),
        ops=OpsQueue(sqs, _settings().ops_queue_url),
        event=events.alarmed,
        count=count,
        now=now,
        elapsed=time.monotonic,
    )


@cache
def api() -> "Api":
    """Give the ticket API."""
    from chalicelib.api import Api
    from chalicelib.quarantine import Quarantine
    from chalicelib.reclassify import Corrections
    from chalicelib.reply_store import ReplyStore
    from chalicelib.ticket_index import TicketIndex
    from chalicelib.ticket_store import TicketStore

    table, name = aws.client("dynamodb"), _settings().table_name
    tickets, queue = TicketStore(table, name, _limits()), _intake(aws.client("sqs"))
    return Api(
        tickets=tickets,
        replies=ReplyStore(table, name, _limits()),
        index=TicketIndex(table, name),
        corrections=Corrections(tickets=tickets, intake=queue, policies=policies(), count=count, now=now),
        policies=policies(),
        quarantine=Quarantine(table, name, _limits()),
        limits=_limits(),
        intake=queue,
        now=now,
    )


@cache
def acting() -> "Acting":
    """Give the verbs by which people change tickets."""
    from chalicelib.acting import Acting

    return Acting(api=api(), clockwork=_clockwork())


@cache
def telling() -> "Telling":
    """Give what takes what people tell of replies."""
    from chalicelib.telling import Telling

    return Telling(api=api(), clockwork=_clockwork())


@cache
def handovers() -> "Handovers":
    """Give the verbs by which people pass tickets on, and the ledger."""
    from chalicelib.handovers import Handovers
    from chalicelib.ledger import Ledger

    ledger = Ledger(aws.client("dynamodb"), _settings().table_name)
    return Handovers(api=api(), clockwork=_clockwork(), ledger=ledger)


def _clockwork() -> "Clockwork":
    """Give what changes tickets; the worker is to look at those of which a hand-over is to be told."""
    from chalicelib import envelope
    from chalicelib.clockwork import Clockwork

    def follow_up(ticket_id: str, delay: int) -> None:
        api().intake.send(envelope.follow_up(ticket_id, now()), brief=False, delay=delay)

    return Clockwork(api().tickets, policies(), now, follow_up)


@cache
def verifier() -> "Verifier":
    """Give what reads bearer tokens."""
    from chalicelib.identity import Verifier, key_client

    where = _settings()
    return Verifier(
        issuer=where.oidc_issuer,
        audience=where.oidc_audience,
        role_claim=where.oidc_role_claim,
        keys=cache(lambda: key_client(where.oidc_issuer, where.oidc_jwks_url)),
    )


@cache
def _limits() -> "StorageLimits":
    from chalicelib.storage_limits import storage_limits

    return storage_limits(PLATFORMS, now)


@cache
def policies() -> "Policies":
    """Give who owns what, and by which clocks."""
    from chalicelib import policies

    return policies.load()


def _departments() -> "Departments":
    return policies().departments


def warm_up() -> None:
    """On Lambda, fetch what accepting needs while the API function starts, not when somebody calls first.

    If this fails, the first one that needs it tries again.
    """
    if os.environ.get("_HANDLER") == "app.app":
        intake()
        secrets().prefetch()
