"""What things are called: in the template (logical names) and in the account (`<stack>-…`)."""

from collections import Counter
from collections.abc import Sequence

from chalicelib.errors import ConfigurationError

STACK = "zustaendig"
"""The stack's name unless another is asked for."""

API, STAGE = "zustaendig", "v1"  # as Chalice names the API (its app_name) and its one stage
INTAKE = "intake"
BRIEF_INTAKE = "brief-intake"
INTAKES = (INTAKE, BRIEF_INTAKE)
OPS = "ops"
KEEP_SUBSCRIPTIONS = "KeepSubscriptionsName"  # the output that names the function
TABLE = "tickets"
LONGEST_QUEUE_NAME = 80


def department(department_id: str) -> str:
    """Name a department's queue, without its stack."""
    return f"department-{department_id}"


def dlq(queue: str) -> str:
    """Name a queue's dead-letter queue."""
    return f"{queue}-dlq"


def logical(name: str) -> str:
    """Name a queue in the template, which takes letters and digits only."""
    return f"{pascal(name)}Queue"


def pascal(name: str) -> str:
    """Write a name as the template wants it: letters and digits only."""
    return "".join(part.capitalize() for part in name.replace("_", "-").split("-"))


def queues(department_ids: Sequence[str]) -> tuple[str, ...]:
    """Name every queue that holds work, without their stack: the intakes first, then that of ops.

    Raises:
        ConfigurationError: two departments would share a name in the template.

    """
    names = (*INTAKES, OPS, *map(department, department_ids))
    all_ = [*names, *map(dlq, names)]
    shared = [name for name, count in Counter(map(logical, all_)).items() if count > 1]
    if shared:
        raise ConfigurationError(
            f"departments.toml: two ids become {shared[0]} in CloudFormation, which has no `_`: rename one"
        )
    return names


def check_stack(stack: str, department_ids: Sequence[str]) -> None:
    """Make sure that the longest queue name fits.

    Raises:
        ConfigurationError: SQS would refuse it.

    """
    longest = max((f"{stack}-{dlq(name)}" for name in queues(department_ids)), key=len)
    if len(longest) > LONGEST_QUEUE_NAME:
        raise ConfigurationError(
            f"{longest} has {len(longest)} characters, SQS takes {LONGEST_QUEUE_NAME}:"
            " shorten STACK or the department's id"
        )
