"""What Chalice's functions get on top of what Chalice gives them, each with its role and log group."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from infra import environment, names, queues, roles
from infra.cloudformation import Resources, arn, ref, sub

POLL_YOUTUBE_TIMEOUT = 4 * queues.MINUTE  # before the next round begins; the poller asks no more long before
KEEP_LOGS = 30  # days
REDRIVE_EVERY = ERASE_EVERY = POLL_YOUTUBE_EVERY = 5 * queues.MINUTE  # as app.py tells Chalice
ERASE_TIMEOUT = 4 * queues.MINUTE  # no two runs at once
TELL_ALARMS_EVERY = queues.MINUTE  # likewise
TELL_ALARMS_TIMEOUT = 2 * queues.MINUTE  # it begins nothing new long before; two runs at once do no harm
KEEP_SUBSCRIPTIONS_EVERY = 60 * queues.MINUTE  # likewise
KEEP_SUBSCRIPTIONS_TIMEOUT = 5 * queues.MINUTE  # it asks no more long before
# Five envelopes of 1 MiB fit into the 6 MB that Lambda takes.
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
BATCH_SIZE = 5
# More runs at once would only queue up before the same table.
WORKERS = 10


@dataclass(frozen=True)
class Function:
    """A function of `app.py` as Chalice names it in the template."""

    name: str
    statements: list[roles.Statement]
    timeout: int  # seconds
    memory: int  # MB; CPU grows with it
    events: dict[str, Any]
    variables: dict[str, Any] = field(default_factory=dict)
    without: Sequence[str] = ()


def functions(department_ids: Sequence[str]) -> tuple[Function, ...]:
    """List the functions of `app.py`."""
    departments = tuple(map(names.department, department_ids))
    return (
        # Behind a gateway that waits 29 s. Memory buys CPU for the cold start, at some cents a million.
        Function("APIHandler", roles.api_handler(), timeout=25, memory=512, events={}),
        Function(
            "ProcessIntake",
            roles.process_intake((*names.INTAKES, *departments)),
            timeout=queues.WORKER_TIMEOUT,
            memory=512,
            events={
                "ProcessIntakeSqsEventSource": {"Properties": _event_source(names.INTAKE)},
                # Chalice knows one queue a function.
                "ProcessBriefIntake": {"Type": "SQS", "Properties": _event_source(names.BRIEF_INTAKE)},
            },
            variables=environment.second_reader(),
            without=environment.FOR_PEOPLE,
        ),
        Function("RedriveIntake", roles.redrive_intake(), timeout=60, memory=256, events={}),
        Function("PollYoutube", roles.poll_youtube(), timeout=POLL_YOUTUBE_TIMEOUT, memory=512, events={}),
        Function(
            "KeepSubscriptions",
            roles.keep_subscriptions(),
            timeout=KEEP_SUBSCRIPTIONS_TIMEOUT,
            memory=256,
            events={},
            variables={"PUBLIC_URL": environment.public_url()},
        ),
        Function(
            "TellAlarms",
            roles.tell_alarms((names.OPS, *departments)),
            timeout=TELL_ALARMS_TIMEOUT,
            memory=512,
            events={},
            variables={"OPS_QUEUE_URL": ref(names.logical(names.OPS))},
            without=environment.FOR_PEOPLE,
        ),
        Function("EraseExpired", roles.erase_expired(), timeout=ERASE_TIMEOUT, memory=256, events={}),
    )


def _event_source(queue: str) -> dict[str, Any]:
    """Say what Chalice does not know; without partial batch responses one bad delivery repeats its batch."""
    return {
        # Chalice says Fn::Sub here and its merge goes into dicts: Fn::GetAtt would stand beside it.
        "Queue": sub(f"${{{names.logical(queue)}.Arn}}"),
        "BatchSize": BATCH_SIZE,
        "MaximumBatchingWindowInSeconds": 0,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": {"MaximumConcurrency": WORKERS},
    }


def resources(department_ids: Sequence[str]) -> Resources:
    """Describe roles and log groups, and override what Chalice says of its functions."""
    variables = environment.variables(department_ids)
    found: Resources = {}
    for function in functions(department_ids):
        log_group = f"{function.name}Logs"
        found[log_group] = _log_group(function.name)
        found[f"{function.name}Role"] = roles.role(function.statements, log_group)
        found[function.name] = {
            "Properties": {
                "Role": arn(f"{function.name}Role"),
                "Timeout": function.timeout,
                "MemorySize": function.memory,
                "LoggingConfig": {"LogGroup": ref(log_group)},
                "Environment": {"Variables": _variables(variables, function)},
                **({"Events": function.events} if function.events else {}),
            }
        }
    return found


def _variables(of_all: dict[str, Any], function: Function) -> dict[str, Any]:
    return {
        name: value for name, value in of_all.items() if name not in function.without
    } | function.variables


def _log_group(function: str) -> dict[str, Any]:
    return {
        "Type": "AWS::Logs::LogGroup",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": {
            "LogGroupName": sub(f"/zustaendig/${{AWS::StackName}}/{function}"),
            "RetentionInDays": KEEP_LOGS,
        },
    }
