"""The queues: two intakes, one for ops, one for each department, and a dead-letter queue for each of them."""

from collections.abc import Sequence

from chalicelib.storage_limits import HOUR, LONGEST_STAY
from infra import names
from infra.cloudformation import Resource, Resources, arn, named

MINUTE, DAY = 60, 24 * 60 * 60

WORKER_TIMEOUT = MINUTE
# A batch must not come back while its function may still run, tries of the poller included.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
INTAKE_VISIBILITY = 6 * WORKER_TIMEOUT
DEPARTMENT_VISIBILITY = 5 * MINUTE

RETENTION = 4 * DAY
# A consumer may be off over long holidays; its alarm goes off after a day.
DEPARTMENT_RETENTION = 10 * DAY
# A message keeps its age when it moves to a dead-letter queue, so that one must keep longer.
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
DLQ_RETENTION = 14 * DAY
# What platforms let us keep for a day only must be gone by itself, even if nothing of ours runs any more.
BRIEF_RETENTION = LONGEST_STAY - HOUR
BRIEF_DLQ_RETENTION = LONGEST_STAY
RETENTIONS = {
    names.INTAKE: (RETENTION, DLQ_RETENTION),
    names.BRIEF_INTAKE: (BRIEF_RETENTION, BRIEF_DLQ_RETENTION),
}
RECEIVES = 5
LONG_POLL = 20
LARGEST_MESSAGE = 1024 * 1024


def resources(department_ids: Sequence[str]) -> Resources:
    """Describe every queue, dead-letter queues before those that need them."""
    found: Resources = {}
    for name in names.queues(department_ids):
        dlq = names.dlq(name)
        retention, dlq_retention = RETENTIONS.get(name, (DEPARTMENT_RETENTION, DLQ_RETENTION))
        found[names.logical(dlq)] = _queue(dlq, MessageRetentionPeriod=dlq_retention)
        found[names.logical(name)] = _queue(
            name,
            MessageRetentionPeriod=retention,
            VisibilityTimeout=INTAKE_VISIBILITY if name in names.INTAKES else DEPARTMENT_VISIBILITY,
            ReceiveMessageWaitTimeSeconds=LONG_POLL,
            RedrivePolicy={"deadLetterTargetArn": arn(names.logical(dlq)), "maxReceiveCount": RECEIVES},
        )
    return found


def _queue(name: str, **properties: object) -> Resource:
    return {
        "Type": "AWS::SQS::Queue",
        # What lies in it has been accepted; deleting the stack or a department must not lose it.
        "DeletionPolicy": "RetainExceptOnCreate",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "QueueName": named(name),
            "MaximumMessageSize": LARGEST_MESSAGE,
            "SqsManagedSseEnabled": True,
            **properties,
        },
    }
