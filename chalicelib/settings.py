"""The environment, typed. Only `wiring.py` reads it; all others get what they need handed in."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.errors import ConfigurationError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Settings of one deployment; docs/running.md tells them one by one."""

    table_name: str
    intake_queue_url: str
    intake_dlq_url: str
    department_queue_urls: Mapping[str, str]
    secrets_file: str | None
    secrets_parameter: str | None
    oidc_issuer: str
    oidc_audience: str
    oidc_jwks_url: str | None
    oidc_role_claim: str
    own_accounts: Mapping[str, Sequence[str]]


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        ConfigurationError: names the variable that is missing or wrong.

    """
    return Settings(
        table_name=_required(environ, "TABLE_NAME"),
        intake_queue_url=_required(environ, "INTAKE_QUEUE_URL"),
        intake_dlq_url=_required(environ, "INTAKE_DLQ_URL"),
        department_queue_urls=_json_object(environ, "DEPARTMENT_QUEUE_URLS"),
        secrets_file=environ.get("SECRETS_FILE"),
        secrets_parameter=environ.get("SECRETS_PARAMETER"),
        oidc_issuer=_required(environ, "OIDC_ISSUER"),
        oidc_audience=_required(environ, "OIDC_AUDIENCE"),
        oidc_jwks_url=environ.get("OIDC_JWKS_URL") or None,
        oidc_role_claim=environ.get("OIDC_ROLE_CLAIM") or "roles",
        own_accounts=_json_object(environ, "OWN_ACCOUNTS"),
    )


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name)
    if not value:
        raise ConfigurationError(
            f"the environment variable {name} is not set; docs/running.md tells what belongs there"
        )
    return value


def _json_object(environ: Mapping[str, str], name: str) -> dict[str, Any]:
    try:
        value = json.loads(environ.get(name) or "{}")
    except ValueError as error:
        raise ConfigurationError(f"the environment variable {name} is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise ConfigurationError(f"the environment variable {name} must hold a JSON object")
    return value
