"""The environment of the app on this machine: what Lambda would set, and nothing of the user's own AWS."""

import os
from collections.abc import MutableMapping, Sequence
from pathlib import Path

from chalicelib.second_reader.configuration import DEFAULTS
from chalicelib.settings import API_URLS
from infra import names
from infra.environment import compact
from infra.local import identity
from infra.local.clients import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from infra.local.engine import Engine
from infra.local.provision import queue_url

MODEL = "MODEL"
SECOND_READER = ("SECOND_READER_MODEL", "BEDROCK_URL", *DEFAULTS)


def isolate(environ: MutableMapping[str, str] = os.environ) -> None:
    """Forget the user's AWS settings and proxies: nothing here may reach an account."""
    for name in [name for name in environ if name.startswith("AWS_")]:
        del environ[name]
    environ.update(
        {
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }
    )


def variables(
    engine: Engine, department_ids: Sequence[str], secrets_file: Path, jwks_url: str
) -> dict[str, str]:
    """Write what `infra/environment.py` writes for Lambda, for this run."""

    def url(name: str) -> str:
        return queue_url(engine, f"{names.STACK}-{name}")

    return {
        "AWS_ENDPOINT_URL": engine.url,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
        "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        "TABLE_NAME": f"{names.STACK}-{names.TABLE}",
        "INTAKE_QUEUE_URL": url(names.INTAKE),
        "INTAKE_DLQ_URL": url(names.dlq(names.INTAKE)),
        "BRIEF_INTAKE_QUEUE_URL": url(names.BRIEF_INTAKE),
        "BRIEF_INTAKE_DLQ_URL": url(names.dlq(names.BRIEF_INTAKE)),
        "DEPARTMENT_QUEUE_URLS": compact({id_: url(names.department(id_)) for id_ in department_ids}),
        "OPS_QUEUE_URL": url(names.OPS),
        "SECRETS_FILE": str(secrets_file),
        "OIDC_ISSUER": identity.ISSUER,
        "OIDC_AUDIENCE": identity.AUDIENCE,
        "OIDC_JWKS_URL": jwks_url,
        "OIDC_ROLE_CLAIM": "roles",
        # What whoever starts it says of platforms; by default nothing leads out of this machine.
        "OWN_ACCOUNTS": os.environ.get("OWN_ACCOUNTS") or "{}",
        "YOUTUBE_DAILY_UNITS": os.environ.get("YOUTUBE_DAILY_UNITS") or "8000",
        "PUBLIC_URL": os.environ.get("PUBLIC_URL", ""),
        **{name: os.environ[name] for name in (*API_URLS, *SECOND_READER, MODEL) if os.environ.get(name)},
    }
