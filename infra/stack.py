"""One CloudFormation stack: created or updated, with what went wrong in CloudFormation's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, WaiterError

from infra.errors import DeployFailed

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]  # our roles; SAM's transform
NOTHING_TO_DO = "No updates are to be performed"
NO_SUCH_STACK = "does not exist"


@dataclass(frozen=True)
class Stack:
    """A stack by its name, there or not."""

    client: "CloudFormationClient"
    name: str
    look_every: int = 5  # seconds

    def deploy(self, template_url: str, parameters: Sequence[Any]) -> dict[str, str]:
        """Create or update it, wait until that is done, and return its outputs.

        Raises:
            DeployFailed: with what CloudFormation says went wrong.

        """
        exists = self._described() is not None
        change = self.client.update_stack if exists else self.client.create_stack
        waiter: Any = self.client.get_waiter("stack_update_complete" if exists else "stack_create_complete")
        arguments: Any = {
            "StackName": self.name,
            "TemplateURL": template_url,
            "Parameters": parameters,
            "Capabilities": CAPABILITIES,
        }
        try:
            change(**arguments)
            waiter.wait(StackName=self.name, WaiterConfig={"Delay": self.look_every})
        except ClientError as error:
            if NOTHING_TO_DO not in str(error):
                raise DeployFailed(f"stack {self.name}: {error}") from error
        except WaiterError as error:
            raise DeployFailed(f"stack {self.name}: {self._why()}") from error
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

    def _why(self) -> str:
        """Find the first failure: the ones after it are only called off."""
        events = self.client.describe_stack_events(StackName=self.name)["StackEvents"]
        failed = [event for event in events if event.get("ResourceStatus", "").endswith("_FAILED")]
        return "; ".join(
            f"{event.get('LogicalResourceId')}: {event.get('ResourceStatusReason')}" for event in failed[-3:]
        )
