"""`make run-artifact`: what `make package` writes, deployed on the engine by CloudFormation.

It begins empty each time; keys and secrets are those of `make run`.
"""

import json
from contextlib import ExitStack
from pathlib import Path

from chalicelib import departments
from infra import environment, names, run_file
from infra.commands import command
from infra.deploy import chosen
from infra.local import aws_environment, identity, ports, settings, shared_secrets
from infra.local.clients import REGION
from infra.local.console import Say, quiet
from infra.local.engine import Engine
from infra.local.engine_gaps import cap_workers, set_gateway_answers
from infra.local.engine_start import running_engine
from infra.local.settings import Settings
from infra.local.signals import stopping
from infra.local.staying import description, stay
from infra.package import package
from infra.stack import Stack
from infra.uploads import upload

BUCKET = "zustaendig-code"


@command
def main() -> None:
    """Run until stopped."""
    aws_environment.isolate()
    wanted = settings.read()
    with stopping(), ExitStack() as running:
        ports.claim(wanted.port, "PORT")
        print("Packaging …", flush=True)
        template = package(model=wanted.model)
        print("Starting the engine …", flush=True)
        engine = running.enter_context(running_engine(wanted.data_dir, wanted.port, keep=False))
        run_file.forget(wanted.data_dir)
        _run(running, engine, template, wanted, running.enter_context(quiet(wanted.data_dir)))


def _run(running: ExitStack, engine: Engine, template: Path, wanted: Settings, say: Say) -> None:
    ids = departments.load().ids
    secrets, key = shared_secrets.prepare(wanted.data_dir), identity.key(wanted.data_dir)
    jwks_url = running.enter_context(identity.serving(key))
    say("Deploying the stack …")
    outputs = _deploy(engine, template, json.dumps(secrets), jwks_url)
    set_gateway_answers(engine.client("apigateway"), outputs["RestAPIId"])
    cap_workers(engine.client("lambda"))
    api = f"{engine.url}/restapis/{outputs['RestAPIId']}/{names.STAGE}/_user_request_"
    secrets_file = wanted.data_dir / shared_secrets.FILE
    variables = aws_environment.variables(engine, ids, secrets_file, jwks_url)
    stay(
        description(api, engine, secrets, identity.tokens(key, ids), ids, variables=variables),
        engine,
        wanted,
        say,
    )


def _deploy(engine: Engine, template: Path, secrets: str, jwks_url: str) -> dict[str, str]:
    described = environment.parameters()
    parameter = described["SecretsParameter"]["Default"]
    engine.client("ssm").put_parameter(Name=parameter, Value=secrets, Type="SecureString", Overwrite=True)
    s3 = engine.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    given = {
        "OidcIssuer": identity.ISSUER,
        "OidcAudience": identity.AUDIENCE,
        "OidcJwksUrl": jwks_url,
    }
    stack = Stack(engine.client("cloudformation"), names.STACK, look_every=1)
    return stack.deploy(upload(s3, BUCKET, template), chosen(described, given, stack.parameters()))


if __name__ == "__main__":
    main()
