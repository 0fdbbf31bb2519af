"""The environment, typed. Only `wiring.py` reads it; all others get what they need handed in."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.errors import ConfigurationError

LONGEST_NUMBER = 10  # digits
API_URLS = ("META_API_URL", "X_API_URL", "LINKEDIN_API_URL", "YOUTUBE_API_URL", "WEBSUB_HUB_URL")

# Platforms want https; on this machine, a stand-in for one will do without.
PUBLIC_URL = re.compile(
    r"https://[\w.-]+(:[0-9]+)?(/[\w.~-]+)*|http://127\.0\.0\.1:[0-9]+(/[\w.~-]+)*", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one deployment; docs/running.md tells them one by one.

    Each is read when it is asked for: what only the API needs does not close the door to platforms.
    All raise ConfigurationError, which names the variable that is missing or wrong.
    """

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @property
    def table_name(self) -> str:
        """The one table."""
        return self._required("TABLE_NAME")

    @property
    def intake_queue_url(self) -> str:
        """Where accepted deliveries wait."""
        return self._required("INTAKE_QUEUE_URL")

    @property
    def intake_dlq_url(self) -> str:
        """Where those lie that ran into an outage."""
        return self._required("INTAKE_DLQ_URL")

    @property
    def brief_intake_queue_url(self) -> str:
        """Where those of platforms wait that limit how long we may keep them."""
        return self._required("BRIEF_INTAKE_QUEUE_URL")

    @property
    def brief_intake_dlq_url(self) -> str:
        """Where those of them lie that ran into an outage."""
        return self._required("BRIEF_INTAKE_DLQ_URL")

    @property
    def department_queue_urls(self) -> dict[str, str]:
        """By department id."""
        return self._json_object("DEPARTMENT_QUEUE_URLS")

    @property
    def ops_queue_url(self) -> str:
        """Where ops hear of what departments leave undone."""
        return self._required("OPS_QUEUE_URL")

    @property
    def secrets_file(self) -> str | None:
        """The secrets on a laptop."""
        return self.environ.get("SECRETS_FILE") or None

    @property
    def secrets_arn(self) -> str | None:
        """The secrets on AWS, if Secrets Manager keeps them."""
        return self.environ.get("SECRETS_ARN") or None

    @property
    def secrets_parameter(self) -> str:
        """The secrets on AWS, if Parameter Store keeps them."""
        name = self._required("SECRETS_PARAMETER")
        if not name.startswith("/"):
            raise ConfigurationError(f"SECRETS_PARAMETER={name}: the name of a parameter begins with /")
        return name

    @property
    def model(self) -> str | None:
        """The file of the classifier's model, if it is another than the shipped one."""
        return self.environ.get("MODEL") or None

    @property
    def oidc_issuer(self) -> str:
        """Whose tokens people show."""
        return self._required("OIDC_ISSUER")

    @property
    def oidc_audience(self) -> str:
        """Whom those tokens are for."""
        return self._required("OIDC_AUDIENCE")

    @property
    def oidc_jwks_url(self) -> str | None:
        """Where the issuer's keys are, unless it tells itself."""
        return self.environ.get("OIDC_JWKS_URL") or None

    @property
    def oidc_role_claim(self) -> str:
        """The claim that lists roles."""
        return self.environ.get("OIDC_ROLE_CLAIM") or "roles"

    @property
    def own_accounts(self) -> dict[str, frozenset[str]]:
        """By platform: ids of our own accounts; what they say opens no ticket."""
        return {name: _ids(name, ids) for name, ids in self._json_object("OWN_ACCOUNTS").items()}

    @property
    def youtube_daily_units(self) -> int:
        """How much of YouTube's quota polling may use on a day; the rest is left for look-ups and others."""
        value = self.environ.get("YOUTUBE_DAILY_UNITS") or "8000"
        if not (value.isascii() and value.isdigit() and len(value) < LONGEST_NUMBER):
            raise ConfigurationError("YOUTUBE_DAILY_UNITS must be a number of units, such as 8000; 0 is none")
        return int(value)

    @property
    def public_url(self) -> str | None:
        """Where platforms reach us, without slash at its end; None if nobody has told."""
        url = (self.environ.get("PUBLIC_URL") or "").rstrip("/")
        if url and not PUBLIC_URL.fullmatch(url):
            raise ConfigurationError("PUBLIC_URL must be an https address, as in https://hooks.example/v1")
        return url or None

    @property
    def api_urls(self) -> dict[str, str]:
        """By variable: what stands in for a platform's API in tests and local runs; on AWS nothing may."""
        given = {name: self.environ[name] for name in API_URLS if self.environ.get(name)}
        if given and self.environ.get("AWS_LAMBDA_FUNCTION_NAME"):
            raise ConfigurationError(f"{', '.join(given)} must not be set on Lambda: remove it there")
        return given

    def _required(self, name: str) -> str:
        value = self.environ.get(name)
        if not value:
            raise ConfigurationError(f"{name} is not set; docs/running.md tells what belongs there")
        return value

    def _json_object(self, name: str) -> dict[str, Any]:
        try:
            value = json.loads(self.environ.get(name) or "{}")
        except ValueError as error:
            raise ConfigurationError(f"{name} is no JSON: {error}") from error
        if not isinstance(value, dict):
            raise ConfigurationError(f"{name} must hold a JSON object")
        return value


def _ids(platform: str, ids: Any) -> frozenset[str]:
    """Read account ids. Numbers count as what they are written like."""
    if not isinstance(ids, list) or not all(type(one) in {str, int} for one in ids):
        raise ConfigurationError(
            f'OWN_ACCOUNTS: "{platform}" must hold a list of ids, as in {{"{platform}": ["123"]}}'
        )
    return frozenset(map(str, ids))
