"""CloudFormation's few words that we use."""

from typing import Any

Resource = dict[str, Any]
Resources = dict[str, Resource]


def named(name: str) -> dict[str, str]:
    """Put the stack's name before a name."""
    return {"Fn::Sub": f"${{AWS::StackName}}-{name}"}


def arn(logical_name: str) -> dict[str, list[str]]:
    """Refer to a resource's ARN; this also makes CloudFormation create it first."""
    return {"Fn::GetAtt": [logical_name, "Arn"]}


def ref(logical_name: str) -> dict[str, str]:
    """Refer to a parameter's value or a resource's id (of a queue: its URL)."""
    return {"Ref": logical_name}


def sub(text: str) -> dict[str, str]:
    """Fill in `${…}`."""
    return {"Fn::Sub": text}
