"""SQS: intake, the department queues and that of ops. The only file of the product that knows queue URLs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib import aws
from chalicelib.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Intake:
    """Where envelopes wait for the worker: intake, or the brief intake if their platform limits storage."""

    client: Any
    url: str
    brief_url: str

    def send(self, envelope: str, *, brief: bool, delay: int = 0) -> None:
        """Send one envelope, in one call, to be received after `delay` seconds (900 at most).

        Raises:
            Unavailable: SQS did not say that it has it; it may have it all the same.

        """
        with aws.errors():
            url, later = self.brief_url if brief else self.url, {"DelaySeconds": delay} if delay else {}
            self.client.send_message(QueueUrl=url, MessageBody=envelope, **later)


@dataclass(frozen=True, slots=True)
class DepartmentQueues:
    """Where departments learn of their tickets: department id → queue URL."""

    client: Any
    urls: Mapping[str, str]

    def send(self, department: str, event: str) -> None:
        """Tell a department of an event (CloudEvents JSON).

        Raises:
            Unavailable: SQS did not say that it has it.
            Rejected: it never will.
            ConfigurationError: the department has no queue.

        """
        if department not in self.urls:
            raise ConfigurationError(
                f'DEPARTMENT_QUEUE_URLS has no queue for "{department}": deploy or restart once more'
            )
        with aws.errors():
            self.client.send_message(QueueUrl=self.urls[department], MessageBody=event)


@dataclass(frozen=True, slots=True)
class OpsQueue:
    """Where ops learn of what departments leave undone."""

    client: Any
    url: str

    def send(self, event: str) -> None:
        """Tell ops of an event (CloudEvents JSON).

        Raises:
            Unavailable: SQS did not say that it has it.
            Rejected: it never will.

        """
        with aws.errors():
            self.client.send_message(QueueUrl=self.url, MessageBody=event)
