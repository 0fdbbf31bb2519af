"""Runs an errand of the scheduled function by hand: here by run.json, or in the account that has STACK."""

import json
import os
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from infra import functions, names, run_file
from infra.errors import CommandFailed
from infra.local import aws_environment, events, settings
from infra.stack import Stack

Rows = list[dict[str, Any]]


def run(detail: dict[str, Any]) -> Rows:
    """Run what `chalicelib/subscriptions/errands.py` describes, and give its rows.

    Raises:
        NotRunning: nothing runs here, and no STACK is named.
        CommandFailed: the stack has no such function, or the function failed.
        ZustaendigError: it could not be done.

    """
    stack = os.environ.get("STACK")
    return _on_aws(stack, detail) if stack else _here(detail)


def _here(detail: dict[str, Any]) -> Rows:
    found = run_file.read(settings.data_dir())
    aws_environment.isolate()
    os.environ.update(found["environment"])
    from chalicelib import wiring  # noqa: PLC0415  (not before its environment is there)

    with (
        Path(os.devnull).open("w", encoding="utf-8") as nowhere,
        redirect_stdout(nowhere),
    ):  # logs and metrics
        return wiring.errands().run(detail)


def _on_aws(stack: str, detail: dict[str, Any]) -> Rows:
    function = Stack(boto3.client("cloudformation"), stack).outputs().get(names.KEEP_SUBSCRIPTIONS)
    if not function:
        raise CommandFailed(f"there is no stack {stack} with subscriptions here: deploy it, or name another")
    # One try, and as much patience as the function has.
    patience = Config(
        read_timeout=functions.KEEP_SUBSCRIPTIONS_TIMEOUT + 10, retries={"total_max_attempts": 1}
    )
    return invoke(boto3.client("lambda", config=patience), function, detail)


def invoke(client: Any, function: str, detail: dict[str, Any]) -> Rows:
    """Call the function as its clock does, with a detail.

    Raises:
        CommandFailed: it failed; its words are in the message.

    """
    event = events.schedule(datetime.now(UTC), "KeepSubscriptions") | {"detail": detail}
    answer = client.invoke(FunctionName=function, Payload=json.dumps(event).encode())
    payload = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise CommandFailed(f"{function}: {payload.get('errorMessage', payload)}")
    rows: Rows = payload
    return rows
