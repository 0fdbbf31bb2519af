"""Finds the table for commands that look at tickets themselves: here by run.json, or that of a stack."""

from typing import Any

import boto3

from infra import names, run_file
from infra.local import settings
from infra.local.clients import client


def open_table(stack: str) -> tuple[Any, str]:
    """Give a DynamoDB client and the table's name; without a stack, those of what runs on this machine.

    Raises:
        NotRunning: nothing runs here, and no stack is named.

    """
    if stack:
        return boto3.client("dynamodb"), f"{stack}-{names.TABLE}"
    run = run_file.read(settings.data_dir())
    return client(run["engine"], "dynamodb"), run["table"]
