"""One CloudFormation stack: created or updated, with what went wrong in CloudFormation's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from botocore.exceptions import ClientError, WaiterError

from infra.errors import DeployFailed

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]  # our roles; SAM's transform
NOTHING_TO_DO = "No updates are to be performed"
NEVER_WAS = "ROLLBACK_COMPLETE"  # its first deployment failed; such a stack can only be deleted
REMEDY = " Delete it and deploy again: aws cloudformation delete-stack --stack-name {}"
CALLED_OFF = "cancelled"
NO_SUCH_STACK = "does not exist"


@dataclass(frozen=True)
class Stack:
    """A stack by its name, there or not."""

    client: "CloudFormationClient"
    name: str
    look_every: int = 5  # seconds
    looks: int = 720  # an hour: an index over a filled table takes its time

    def deploy(self, template_url: str, parameters: Sequence[Any]) -> dict[str, str]:
        """Create or update it, wait until that is done, and return its outputs.

        Raises:
            DeployFailed: with what CloudFormation says went wrong.

        """
        exists = self._described() is not None
        change = self.client.update_stack if exists else self.client.create_stack
        kind: Any = "stack_update_complete" if exists else "stack_create_complete"
        waiter: Any = self.client.get_waiter(kind)
        token = f"deploy-{uuid4()}"  # by which we find the events of this change again
        arguments: Any = {
            "StackName": self.name,
            "TemplateURL": template_url,
            "Parameters": parameters,
            "Capabilities": CAPABILITIES,
            "ClientRequestToken": token,
        }
        patience = {"Delay": self.look_every, "MaxAttempts": self.looks}
        try:
            change(**arguments)
            waiter.wait(StackName=self.name, WaiterConfig=patience)
        except ClientError as error:
            if NOTHING_TO_DO not in str(error):
                remedy = REMEDY.format(self.name) if NEVER_WAS in str(error) else ""
                raise DeployFailed(f"stack {self.name}: {error}{remedy}") from error
        except WaiterError as error:
            raise DeployFailed(f"stack {self.name}: {self._why(token)}") from error
        return self.outputs()

    def parameters(self) -> list[str]:
        """Name the parameters that it has values for; none if it is not there."""
        return [each["ParameterKey"] for each in (self._described() or {}).get("Parameters", [])]

    def outputs(self) -> dict[str, str]:
        """Read its outputs."""
        described = self._described() or {}
        return {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}

    def _described(self) -> Any:
        try:
            return self.client.describe_stacks(StackName=self.name)["Stacks"][0]
        except ClientError as error:
            if NO_SUCH_STACK in str(error):
                return None
            raise

    def _why(self, token: str) -> str:
        """Find what failed first in a change; what failed after it was only called off."""
        pages = self.client.get_paginator("describe_stack_events").paginate(StackName=self.name)
        failed = [
            f"{event.get('LogicalResourceId')}: {event.get('ResourceStatusReason')}"
            for page in pages
            for event in page["StackEvents"]
            if event.get("ClientRequestToken") == token
            and event.get("ResourceStatus", "").endswith("_FAILED")
            and CALLED_OFF not in event.get("ResourceStatusReason", "")
        ]
        return "; ".join(reversed(failed[-3:])) or "it is not done yet; CloudFormation's events tell more"
