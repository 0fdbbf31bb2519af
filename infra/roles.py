"""What each function may do: named actions on named resources, nothing else."""

from collections.abc import Sequence
from typing import Any

from chalicelib.ticket_index import BY_ALARM, BY_ARRIVAL, Index
from infra import environment, names, table
from infra.cloudformation import Resource, arn, ref, sub

INTAKES = tuple(arn(names.logical(name)) for name in names.INTAKES)
INTAKE_DLQS = tuple(arn(names.logical(names.dlq(name))) for name in names.INTAKES)

Statement = dict[str, Any]


def allow(actions: Sequence[str], *resources: Any, condition: Any = None) -> Statement:
    """Write one statement."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}
    return statement | ({"Condition": condition} if condition else {})


def api_handler() -> list[Statement]:
    """Accept deliveries, list and change tickets, keep answers, send quarantine entries to intake again."""
    return [
        allow(["sqs:SendMessage"], *INTAKES),
        allow(["dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], arn(table.LOGICAL_NAME)),
        allow(["dynamodb:Query"], arn(table.LOGICAL_NAME), *_indexes()),
        *read_secrets(),
    ]


def read_secrets() -> list[Statement]:
    """Read the secrets where they lie, and nowhere else."""
    return [
        _either(allow(["secretsmanager:GetSecretValue"], _SECRET), allow(["ssm:GetParameter"], _PARAMETER)),
        _either(
            _decrypt("secretsmanager", "SecretARN", _SECRET), _decrypt("ssm", "PARAMETER_ARN", _PARAMETER)
        ),
    ]


def _either(in_secrets_manager: Statement, in_parameter_store: Statement) -> Statement:
    return {"Fn::If": [environment.IN_SECRETS_MANAGER, in_secrets_manager, in_parameter_store]}


def _decrypt(service: str, context: str, what: Any) -> Statement:
    """Allow with whichever key, but only what the service has encrypted as this.

    https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    """
    key = sub("arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*")
    by = {
        "kms:ViaService": sub(f"{service}.${{AWS::Region}}.amazonaws.com"),
        f"kms:EncryptionContext:{context}": what,
    }
    return allow(["kms:Decrypt"], key, condition={"StringEquals": by})


def process_intake(queues: Sequence[str]) -> list[Statement]:
    """Work off intake: tickets, quarantine, department queues, part-envelopes back to intake, look-ups."""
    return [
        allow(_MAPPING, *INTAKES),
        allow(["sqs:SendMessage"], *(arn(names.logical(name)) for name in queues)),
        allow(
            [
                "dynamodb:BatchGetItem",
                "dynamodb:DeleteItem",
                "dynamodb:PutItem",
                "dynamodb:Query",
                "dynamodb:UpdateItem",
            ],
            arn(table.LOGICAL_NAME),
        ),
        *read_secrets(),
        *ask_second_reader(),
    ]


def ask_second_reader() -> list[Statement]:
    """Ask the configured model and no other; nothing where none is configured.

    An inference profile asks its model in whichever region of its own has room.
    https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
    """
    profile = sub(_BEDROCK + ":${AWS::Region}:${AWS::AccountId}:inference-profile/${SecondReaderModel}")
    model = sub(_BEDROCK + ":${AWS::Region}::foundation-model/${SecondReaderModel}")
    through_it = {"StringEquals": {"bedrock:InferenceProfileArn": profile}}
    asked = [
        allow([_ASK], model, profile),
        allow([_ASK], sub(_BEDROCK + ":*::foundation-model/*"), condition=through_it),
    ]
    return [{"Fn::If": [environment.HAS_SECOND_READER, each, ref("AWS::NoValue")]} for each in asked]


def redrive_intake() -> list[Statement]:
    """Move from the dead-letter queues of both intakes to their intakes, or to quarantine."""
    return [
        allow(["sqs:ReceiveMessage", "sqs:DeleteMessage"], *INTAKE_DLQS),
        allow(["sqs:SendMessage"], *INTAKES),
        allow(["dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"], arn(table.LOGICAL_NAME)),
    ]


def poll_youtube() -> list[Statement]:
    """Remember how far channels were read and what that cost; send what is new to intake."""
    return [
        allow(["sqs:SendMessage"], *INTAKES),
        allow(["dynamodb:BatchGetItem", "dynamodb:UpdateItem"], arn(table.LOGICAL_NAME)),
        *read_secrets(),
    ]


def keep_subscriptions() -> list[Statement]:
    """Read and write what is remembered of subscriptions, and send to intake what was fetched."""
    return [
        allow(["sqs:SendMessage"], *INTAKES),
        allow(["dynamodb:Query", "dynamodb:UpdateItem"], arn(table.LOGICAL_NAME)),
        *read_secrets(),
    ]


def erase_expired() -> list[Statement]:
    """Find what is due in an index, and erase it."""
    return [
        allow(["dynamodb:Query"], _index(BY_ARRIVAL)),
        allow(["dynamodb:DeleteItem", "dynamodb:UpdateItem"], arn(table.LOGICAL_NAME)),
    ]


def tell_alarms(queues: Sequence[str]) -> list[Statement]:
    """Find what is due in an index, claim it, and tell departments and ops."""
    return [
        allow(["dynamodb:Query"], _index(BY_ALARM)),
        allow(["dynamodb:BatchGetItem", "dynamodb:UpdateItem"], arn(table.LOGICAL_NAME)),
        allow(["sqs:SendMessage"], *(arn(names.logical(name)) for name in queues)),
    ]


def role(statements: list[Statement], log_group: str) -> Resource:
    """Describe a function's own role; it may also write to its own log group."""
    logs = allow(["logs:CreateLogStream", "logs:PutLogEvents"], arn(log_group))
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "lambda.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            },
            "Policies": [
                {
                    "PolicyName": "what-it-needs",
                    "PolicyDocument": {"Version": "2012-10-17", "Statement": [*statements, logs]},
                }
            ],
        },
    }


def _indexes() -> list[Any]:
    return [_index(index) for index in table.INDEXES]


def _index(index: Index) -> Any:
    return sub(f"${{{table.LOGICAL_NAME}.Arn}}/index/{index.name}")


# What an event source mapping needs of its function.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
_MAPPING = [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibility",
    "sqs:GetQueueAttributes",
]
_ASK, _BEDROCK = "bedrock:InvokeModel", "arn:${AWS::Partition}:bedrock"
# The name of a parameter begins with the slash that its ARN has after `parameter`.
_PARAMETER = sub("arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter${SecretsParameter}")
_SECRET = ref("SecretsArn")
