"""A stack is created or updated, and what went wrong is told in CloudFormation's words."""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, WaiterError

from infra.errors import DeployFailed
from infra.stack import Stack


def refusal(message: str) -> ClientError:
    return ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "UpdateStack")


@dataclass
class FakeCloudFormation:
    """Remembers what it was asked to do."""

    there: bool
    refuses: str = ""
    fails: bool = False
    done: list[str] = field(default_factory=list)
    token: str = ""

    def describe_stacks(self, StackName: str) -> Any:  # noqa: N803
        if not self.there:
            raise refusal(f"Stack with id {StackName} does not exist")
        parameters = [{"ParameterKey": "LogLevel", "ParameterValue": "INFO"}]
        return {"Stacks": [{"Parameters": parameters, "Outputs": [{"OutputKey": "A", "OutputValue": "b"}]}]}

    def create_stack(self, **asked: Any) -> None:
        self.token = asked["ClientRequestToken"]
        self._change("create")
        self.there = True

    def update_stack(self, **_: Any) -> None:
        self._change("update")

    def _change(self, what: str) -> None:
        self.done.append(what)
        if self.refuses:
            raise refusal(self.refuses)

    def get_waiter(self, name: str) -> Any:
        self.done.append(name)
        return self

    def wait(self, **_: Any) -> None:
        if self.fails:
            raise WaiterError("stack", "Waiter encountered a terminal failure state", {})

    def get_paginator(self, name: str) -> Any:
        assert name == "describe_stack_events"
        return self

    def paginate(self, StackName: str) -> Any:  # noqa: N803
        """Events as CloudFormation tells them: the newest first, those of earlier changes at the end."""
        ours = [
            ("ROLLBACK_COMPLETE", StackName, "", self.token),
            *[("CREATE_FAILED", f"Queue{n}", "Resource creation cancelled", self.token) for n in range(120)],
            ("CREATE_FAILED", "TicketsTable", "zustaendig-tickets already exists", self.token),
        ]
        events = [*ours, ("UPDATE_FAILED", "Old", "last week", "deploy-before")]
        keys = ("ResourceStatus", "LogicalResourceId", "ResourceStatusReason", "ClientRequestToken")
        told = [dict(zip(keys, event, strict=True)) for event in events]
        return [{"StackEvents": told[:100]}, {"StackEvents": told[100:]}]


def deploy(client: FakeCloudFormation) -> dict[str, str]:
    return Stack(cast("Any", client), "zustaendig").deploy("https://template", [])


def test_a_stack_that_is_not_there_is_created() -> None:
    client = FakeCloudFormation(there=False)

    assert deploy(client) == {"A": "b"}
    assert client.done == ["stack_create_complete", "create"]


def test_a_stack_that_is_there_is_updated() -> None:
    client = FakeCloudFormation(there=True)

    assert deploy(client) == {"A": "b"}
    assert client.done == ["stack_update_complete", "update"]


def test_nothing_to_do_is_no_failure() -> None:
    assert deploy(FakeCloudFormation(there=True, refuses="No updates are to be performed.")) == {"A": "b"}


def test_a_refusal_is_told() -> None:
    with pytest.raises(DeployFailed, match="ROLLBACK_COMPLETE state and can not be updated"):
        deploy(
            FakeCloudFormation(there=True, refuses="is in ROLLBACK_COMPLETE state and can not be updated.")
        )


def test_a_failure_is_told_with_the_resource_that_failed_first() -> None:
    with pytest.raises(DeployFailed) as failed:
        deploy(FakeCloudFormation(there=False, fails=True))

    assert str(failed.value) == "stack zustaendig: TicketsTable: zustaendig-tickets already exists"


def test_a_stack_that_never_was_is_told_with_the_remedy() -> None:
    refuses = "Stack is in ROLLBACK_COMPLETE state and can not be updated."
    with pytest.raises(DeployFailed, match="delete-stack --stack-name zustaendig"):
        deploy(FakeCloudFormation(there=True, refuses=refuses))


def test_the_parameters_of_a_stack_are_known_only_once_it_is_there() -> None:
    assert Stack(cast("Any", FakeCloudFormation(there=False)), "s").parameters() == []
    assert Stack(cast("Any", FakeCloudFormation(there=True)), "s").parameters() == ["LogLevel"]
