"""Each function may do what it needs and nothing else."""

import json

import pytest

from tests.infra.test_package import FUNCTIONS, Template, of_type


def test_every_function_has_a_role_of_its_own(resources: Template) -> None:
    roles = [resources[name]["Properties"]["Role"]["Fn::GetAtt"][0] for name in FUNCTIONS]

    assert sorted(roles) == sorted(of_type(resources, "AWS::IAM::Role"))
    assert len(set(roles)) == len(FUNCTIONS)


def statements(resources: Template, role: str) -> list[Template]:
    found: list[Template] = resources[role]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    return found


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_role_allows_all_of_anything(resources: Template, function: str) -> None:
    for statement in statements(resources, f"{function}Role"):
        assert not [action for action in statement["Action"] if "*" in action]
        open_ended = [each for each in statement["Resource"] if "*" in json.dumps(each)]
        # Which key Parameter Store used is not ours to know; what it encrypted is pinned.
        assert not open_ended or statement["Action"] == ["kms:Decrypt"]


def test_only_our_parameter_may_be_decrypted(resources: Template) -> None:
    by_action = {tuple(s["Action"]): s for s in statements(resources, "APIHandlerRole")}
    decrypting, reading = by_action[("kms:Decrypt",)], by_action[("ssm:GetParameter",)]

    condition = decrypting["Condition"]["StringEquals"]
    assert condition["kms:EncryptionContext:PARAMETER_ARN"] == reading["Resource"][0]
    assert condition["kms:ViaService"] == {"Fn::Sub": "ssm.${AWS::Region}.amazonaws.com"}
    assert "${SecretsParameter}" in reading["Resource"][0]["Fn::Sub"]


def test_the_open_door_can_send_to_intake_and_nowhere_else(resources: Template) -> None:
    sqs = [s for s in statements(resources, "APIHandlerRole") if any("sqs:" in a for a in s["Action"])]

    assert sqs == [
        {
            "Effect": "Allow",
            "Action": ["sqs:SendMessage"],
            "Resource": [{"Fn::GetAtt": ["IntakeQueue", "Arn"]}],
        }
    ]
