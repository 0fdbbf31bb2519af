"""`make redrive QUEUE=intake|ops|<department>`: moves what a dead-letter queue holds back to its queue.

On this machine by run.json; on AWS with STACK=…, by the environment's AWS settings. By our own hands: the
engine has no StartMessageMoveTask.
"""

import os
from typing import Any

import boto3

from chalicelib import departments
from chalicelib.errors import ConfigurationError
from infra import names, run_file
from infra.commands import command
from infra.local import settings
from infra.local.clients import client

NOT_DEPARTMENTS = (names.INTAKE, names.OPS)


def move(sqs: Any, source: str, target: str) -> int:
    """Move messages from one queue's URL to another's; return how many.

    Sent first, deleted then: a crash in between makes a duplicate, never a loss. It ends after as many as
    there were at the start, so that one which fails at once again is not moved in circles.
    """
    about = sqs.get_queue_attributes(QueueUrl=source, AttributeNames=["ApproximateNumberOfMessages"])
    left = moved = int(about["Attributes"]["ApproximateNumberOfMessages"])
    while left > 0:
        answer = sqs.receive_message(
            QueueUrl=source,
            MaxNumberOfMessages=min(left, 10),
            WaitTimeSeconds=1,
            MessageAttributeNames=["All"],
        )
        messages = answer.get("Messages", [])
        if not messages:
            break
        for message in messages:
            attributes = message.get("MessageAttributes", {})
            sqs.send_message(QueueUrl=target, MessageBody=message["Body"], MessageAttributes=attributes)
            sqs.delete_message(QueueUrl=source, ReceiptHandle=message["ReceiptHandle"])
        left -= len(messages)
    return moved - left


@command
def main() -> None:
    """Redrive QUEUE, here or in STACK."""
    queue, stack = os.environ.get("QUEUE", ""), os.environ.get("STACK")
    known = (*NOT_DEPARTMENTS, *departments.load().ids)
    if queue not in known:
        raise ConfigurationError(f"QUEUE={queue}: name one of {', '.join(known)}")
    sqs, source, target = _on_aws(queue, stack) if stack else _here(queue)
    print(f"{move(sqs, source, target)} moved back to {queue}")


def _here(queue: str) -> tuple[Any, str, str]:
    run = run_file.read(settings.data_dir())
    target = run["intake"] if queue == names.INTAKE else run["queues"][queue]
    return client(run["engine"], "sqs"), run["dlqs"][queue], target


def _on_aws(queue: str, stack: str) -> tuple[Any, str, str]:
    sqs = boto3.client("sqs")
    name = f"{stack}-{queue if queue in NOT_DEPARTMENTS else names.department(queue)}"
    source, target = (sqs.get_queue_url(QueueName=n)["QueueUrl"] for n in (names.dlq(name), name))
    return sqs, source, target


if __name__ == "__main__":
    main()
