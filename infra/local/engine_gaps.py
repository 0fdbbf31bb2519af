"""What differs on the engine from what the template says, done by calls after it is deployed."""

from typing import Any

from infra import gateway, names

WORKERS = 2  # the least that AWS takes; each is a process of some 60 MB


def set_gateway_answers(apigateway: Any, api: str) -> None:
    """Set the gateway's own answers: the engine does not read them in an API's definition, as AWS does."""
    for kind, response in gateway.responses().items():
        headers = response["ResponseParameters"]["Headers"]
        apigateway.put_gateway_response(
            restApiId=api,
            responseType=kind,
            statusCode=str(response["StatusCode"]),
            responseParameters={f"gatewayresponse.header.{name}": value for name, value in headers.items()},
            responseTemplates=response["ResponseTemplates"],
        )
    apigateway.create_deployment(restApiId=api, stageName=names.STAGE)


def cap_workers(lambda_: Any) -> None:
    """Let fewer workers run at once than AWS may: here they share two cores with everything else."""
    for mapping in lambda_.list_event_source_mappings()["EventSourceMappings"]:
        lambda_.update_event_source_mapping(
            UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": WORKERS}
        )
