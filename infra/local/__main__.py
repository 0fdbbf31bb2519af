"""`make run`: engine, queues and table, the real app behind a local gateway, the worker, the timer."""

import importlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

from chalicelib import departments
from infra import chosen_model, functions, names, queues, run_file, template
from infra.commands import command
from infra.local import aws_environment, events, identity, ports, settings, shared_secrets
from infra.local.console import Say, quiet
from infra.local.engine import Engine
from infra.local.engine_start import running_engine
from infra.local.poller import Poller
from infra.local.provision import create, queue_arn, queue_url
from infra.local.repeating import repeating
from infra.local.server import serving
from infra.local.settings import Settings
from infra.local.signals import stopping
from infra.local.staying import description, stay


@command
def main() -> None:
    """Run until stopped."""
    aws_environment.isolate()
    wanted = settings.read()
    if wanted.model:
        chosen_model.checked(wanted.model)
    with stopping(), ExitStack() as running:
        ports.claim(wanted.port, "PORT")
        print("Starting the engine …", flush=True)
        engine = running.enter_context(running_engine(wanted.data_dir, wanted.engine_port))
        run_file.forget(wanted.data_dir)
        _run(running, engine, wanted, running.enter_context(quiet(wanted.data_dir)))


def _run(running: ExitStack, engine: Engine, wanted: Settings, say: Say) -> None:
    ids = departments.load().ids
    say(f"Queues and table for {len(ids)} departments …")
    create(engine, template.owned(ids))
    secrets, key = shared_secrets.prepare(wanted.data_dir), identity.key(wanted.data_dir)
    jwks_url = running.enter_context(identity.serving(key))
    secrets_file = wanted.data_dir / shared_secrets.FILE
    variables = aws_environment.variables(engine, ids, secrets_file, jwks_url)
    os.environ.update(variables)
    say("The app and its worker …")
    app = importlib.import_module("app")  # not before its environment is there
    running.enter_context(_working(app, engine))
    api = running.enter_context(serving(app.app, wanted.port))
    stay(
        description(api, engine, secrets, identity.tokens(key, ids), ids, variables=variables),
        engine,
        wanted,
        say,
    )


@contextmanager
def _working(app: Any, engine: Engine) -> Iterator[None]:
    """Trigger the app's functions as the template's event sources would."""
    pollers = [_poller(app, engine, f"{names.STACK}-{name}") for name in names.INTAKES]

    def redrive() -> None:
        app.redrive_intake(_time("RedriveIntake"), events.context("RedriveIntake", queues.MINUTE))

    def erase() -> None:
        app.erase_expired(_time("EraseExpired"), events.context("EraseExpired", functions.ERASE_TIMEOUT))

    def tell_alarms() -> None:
        app.tell_alarms(_time("TellAlarms"), events.context("TellAlarms", functions.TELL_ALARMS_TIMEOUT))

    def poll_youtube() -> None:
        app.poll_youtube(_time("PollYoutube"), events.context("PollYoutube", functions.POLL_YOUTUBE_TIMEOUT))

    def keep_subscriptions() -> None:
        timeout = functions.KEEP_SUBSCRIPTIONS_TIMEOUT
        app.keep_subscriptions(_time("KeepSubscriptions"), events.context("KeepSubscriptions", timeout))

    every = functions.KEEP_SUBSCRIPTIONS_EVERY
    with ExitStack() as working:
        for name, poller in zip(names.INTAKES, pollers, strict=True):
            working.enter_context(repeating(f"worker of {name}", poller.turn))
        working.enter_context(repeating("redrive", redrive, every=functions.REDRIVE_EVERY))
        working.enter_context(repeating("YouTube", poll_youtube, every=functions.POLL_YOUTUBE_EVERY))
        working.enter_context(repeating("subscriptions", keep_subscriptions, every=every))
        working.enter_context(repeating("erasure", erase, every=functions.ERASE_EVERY))
        working.enter_context(repeating("alarms", tell_alarms, every=functions.TELL_ALARMS_EVERY))
        yield


def _time(function: str) -> events.Event:
    return events.schedule(datetime.now(UTC), function)


def _poller(app: Any, engine: Engine, name: str) -> Poller:
    return Poller(
        sqs=engine.client("sqs"),
        url=queue_url(engine, name),
        arn=queue_arn(name),
        handler=app.process_intake,
        context=lambda: events.context("ProcessIntake", queues.WORKER_TIMEOUT),
        batch_size=functions.BATCH_SIZE,
    )


if __name__ == "__main__":
    main()
