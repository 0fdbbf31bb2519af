"""The one source of truth: everything that surrounds the functions, as pure functions of the departments."""

from collections.abc import Sequence
from typing import Any

from infra import alarms, environment, functions, gateway, names, queues, table
from infra.cloudformation import Resources, ref


def owned(department_ids: Sequence[str]) -> Resources:
    """Describe what holds data: queues and table. `make run` creates the same ones."""
    return queues.resources(department_ids) | table.resources()


def template(department_ids: Sequence[str]) -> dict[str, Any]:
    """Write what `chalice package --merge-template` lays over Chalice's own template.

    Raises:
        ConfigurationError: the departments do not fit AWS's limits.

    """
    return {
        "Description": "Zuständig: routes what people say to a company to the department that owns it.",
        "Parameters": environment.parameters(),
        "Conditions": alarms.CONDITIONS | environment.CONDITIONS,
        "Resources": owned(department_ids)
        | functions.resources(department_ids)
        | alarms.resources(department_ids)
        | gateway.resources(),
        "Outputs": _outputs(department_ids),
    }


def _outputs(department_ids: Sequence[str]) -> dict[str, Any]:
    queues_ = {
        names.logical(each): ref(names.logical(each))
        for name in names.queues(department_ids)
        for each in (name, names.dlq(name))
    }
    outputs = {f"{name}Url": value for name, value in queues_.items()} | {
        "TableName": ref(table.LOGICAL_NAME),
        names.KEEP_SUBSCRIPTIONS: ref("KeepSubscriptions"),
    }
    return {name: {"Value": value} for name, value in outputs.items()}
