"""`make deploy STACK=… BUCKET=…`: packages, uploads, creates or updates the stack, tells its outputs."""

import os
import shlex
from collections.abc import Collection, Mapping
from typing import Any

import boto3

from chalicelib import departments
from chalicelib.errors import ConfigurationError
from infra import environment, names
from infra.commands import command
from infra.package import package
from infra.stack import Stack
from infra.uploads import upload


@command
def main() -> None:
    """Deploy to the account that the environment's AWS settings name."""
    stack, bucket = os.environ.get("STACK") or names.STACK, os.environ.get("BUCKET")
    if not bucket:
        raise ConfigurationError("name an S3 bucket of the same region for the code: make deploy BUCKET=…")
    ids = departments.load().ids
    names.check_stack(stack, ids)
    environment.check_room(ids, stack)
    where = Stack(boto3.client("cloudformation"), stack)
    given = pairs(os.environ.get("PARAMETERS", ""))
    parameters = chosen(environment.parameters(), given, where.parameters())
    print("Packaging …", flush=True)
    template = package(model=os.environ.get("MODEL", ""))
    print(f"Deploying {stack} …", flush=True)
    for name, value in where.deploy(upload(boto3.client("s3"), bucket, template), parameters).items():
        print(f"{name:50} {value}")


def pairs(text: str) -> dict[str, str]:
    """Read `Name=value Name=value`, quoted as a shell wants it where a value holds blanks or quotes.

    Raises:
        ConfigurationError: it is something else.

    """
    try:
        found = [word.partition("=") for word in shlex.split(text)]
    except ValueError as error:
        raise ConfigurationError(f"PARAMETERS: {error}: {text}") from error
    if unclear := [name for name, equals, _ in found if not equals]:
        raise ConfigurationError(f"PARAMETERS: {unclear[0]} has no value: write {unclear[0]}=…")
    return {name: value for name, _, value in found}


def chosen(
    described: Mapping[str, Mapping[str, Any]], given: Mapping[str, str], kept: Collection[str]
) -> list[dict[str, Any]]:
    """Choose a value for each parameter: the given one, else the last one, else the default.

    Raises:
        ConfigurationError: one is unknown, or has no value at all.

    """
    if unknown := sorted(given.keys() - described.keys()):
        raise ConfigurationError(
            f"PARAMETERS: there is no {', '.join(unknown)}; there are {', '.join(described)}"
        )
    missing = [n for n, about in described.items() if "Default" not in about and n not in {*given, *kept}]
    if missing:
        raise ConfigurationError(f'give it a value: make deploy PARAMETERS="{"=… ".join(missing)}=…"')
    values = [{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()]
    previous = [
        {"ParameterKey": n, "UsePreviousValue": True} for n in kept if n in described and n not in given
    ]
    return values + previous


if __name__ == "__main__":
    main()
