"""The environment variables of every function; docs/running.md tells them one by one."""

import json
from collections.abc import Sequence
from typing import Any

from chalicelib.errors import ConfigurationError
from chalicelib.second_reader.configuration import (
    CALLS,
    DEFAULTS,
    DOLLARS,
    OFF_FOR,
    OFF_FOR_DEPARTMENTS,
    PRICE_IN,
    PRICE_OUT,
)
from infra import names, table
from infra.cloudformation import Resource, ref, sub

ROOM = 4096
"""Bytes that Lambda takes for all variables together.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

IN_SECRETS_MANAGER, HAS_PUBLIC_URL, HAS_SECOND_READER = (
    "SecretsInSecretsManager",
    "HasPublicUrl",
    "HasSecondReader",
)
CONDITIONS = {
    IN_SECRETS_MANAGER: {"Fn::Not": [{"Fn::Equals": [ref("SecretsArn"), ""]}]},
    HAS_PUBLIC_URL: {"Fn::Not": [{"Fn::Equals": [ref("PublicUrl"), ""]}]},
    HAS_SECOND_READER: {"Fn::Not": [{"Fn::Equals": [ref("SecondReaderModel"), ""]}]},
}

OTHERS = 1280  # bytes kept for all variables but the one that grows
LONGEST_URL = "https://sqs.ap-southeast-1.amazonaws.com/123456789012/"


def parameters() -> dict[str, Resource]:
    """Describe what whoever deploys may or must say."""
    return {
        "OidcIssuer": _parameter("Whose tokens people show (iss), an https address."),
        "OidcAudience": _parameter("Whom those tokens are for (aud, or client_id with Cognito)."),
        "OidcJwksUrl": _parameter("Where the issuer's keys are; empty: as its discovery document says.", ""),
        "OidcRoleClaim": _parameter("The claim that lists a person's roles.", "roles"),
        "SecretsParameter": _parameter(
            "The SecureString in Parameter Store that holds signing secrets and all kinds of tokens.",
            f"/{names.STACK}/secrets",
            AllowedPattern="/[a-zA-Z0-9_./-]+",
        ),
        "SecretsArn": _parameter(
            "The secret in Secrets Manager (ARN) that holds them instead; empty: SecretsParameter does.",
            "",
            AllowedPattern="(arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[a-zA-Z0-9/_+=.@-]+)?",
        ),
        "PublicUrl": _parameter(
            "Where platforms reach us, if that is a domain of your own; empty: the gateway's address.", ""
        ),
        "OwnAccounts": _parameter('JSON: our accounts by platform, {"x": ["12345"]}.', "{}"),
        "YoutubeDailyUnits": _parameter(
            "How much of YouTube's quota polling may use on a day.", "8000", AllowedPattern="[0-9]{1,9}"
        ),
        **_second_reader(),
        "LogLevel": _parameter(
            "How much the functions log.", "INFO", AllowedValues=["DEBUG", "INFO", "WARNING", "ERROR"]
        ),
        "RecoveryDays": _parameter(
            "How many days the table can be taken back, and what was erased lies in its backups: 1 to 35.",
            "1",
            Type="Number",
            MinValue=1,
            MaxValue=35,
        ),
        "AlarmTopic": _parameter("The SNS topic (ARN) that alarms go to; empty: nobody is told.", ""),
    }


def _second_reader() -> dict[str, Resource]:
    amount, names_ = r"[0-9]{1,6}([.][0-9]{1,9})?", "[a-z0-9_, ]+"
    return {
        "SecondReaderModel": _parameter(
            "Bedrock's id of the model, or inference profile, that reads what is doubtful; empty: none does.",
            "",
            AllowedPattern="([a-zA-Z0-9][a-zA-Z0-9.:_-]{0,127})?",
        ),
        "SecondReaderDailyCalls": _parameter(
            "How often it may be asked on a day.", DEFAULTS[CALLS], AllowedPattern="[0-9]{1,9}"
        ),
        "SecondReaderDailyDollars": _parameter(
            "What it may cost on a day, in US dollars.", DEFAULTS[DOLLARS], AllowedPattern=amount
        ),
        "SecondReaderPriceIn": _parameter(
            "US dollars for 1,000 tokens that it reads.", DEFAULTS[PRICE_IN], AllowedPattern=amount
        ),
        "SecondReaderPriceOut": _parameter(
            "US dollars for 1,000 tokens that it writes.", DEFAULTS[PRICE_OUT], AllowedPattern=amount
        ),
        "SecondReaderOffFor": _parameter(
            "Platforms of which it gets nothing to read, or none.", DEFAULTS[OFF_FOR], AllowedPattern=names_
        ),
        "SecondReaderOffForDepartments": _parameter(
            "Departments whose messages it does not get, or none.",
            DEFAULTS[OFF_FOR_DEPARTMENTS],
            AllowedPattern=names_,
        ),
    }


FOR_PEOPLE = ("OIDC_ISSUER", "OIDC_AUDIENCE", "OIDC_JWKS_URL", "OIDC_ROLE_CLAIM")
"""What only the API needs: the worker goes without, and has room for the second reader."""


def second_reader() -> dict[str, Any]:
    """Write the variables that the worker alone gets."""
    return {
        "SECOND_READER_MODEL": ref("SecondReaderModel"),
        CALLS: ref("SecondReaderDailyCalls"),
        DOLLARS: ref("SecondReaderDailyDollars"),
        PRICE_IN: ref("SecondReaderPriceIn"),
        PRICE_OUT: ref("SecondReaderPriceOut"),
        OFF_FOR: ref("SecondReaderOffFor"),
        OFF_FOR_DEPARTMENTS: ref("SecondReaderOffForDepartments"),
    }


def variables(department_ids: Sequence[str]) -> dict[str, Any]:
    """Write the variables.

    Raises:
        ConfigurationError: Lambda would refuse them.

    """
    check_room(department_ids)
    urls = {id_: f"${{{names.logical(names.department(id_))}}}" for id_ in department_ids}
    return {
        "TABLE_NAME": ref(table.LOGICAL_NAME),
        "INTAKE_QUEUE_URL": ref(names.logical(names.INTAKE)),
        "INTAKE_DLQ_URL": ref(names.logical(names.dlq(names.INTAKE))),
        "BRIEF_INTAKE_QUEUE_URL": ref(names.logical(names.BRIEF_INTAKE)),
        "BRIEF_INTAKE_DLQ_URL": ref(names.logical(names.dlq(names.BRIEF_INTAKE))),
        "DEPARTMENT_QUEUE_URLS": sub(compact(urls)),
        "SECRETS_PARAMETER": ref("SecretsParameter"),
        "SECRETS_ARN": ref("SecretsArn"),
        "OIDC_ISSUER": ref("OidcIssuer"),
        "OIDC_AUDIENCE": ref("OidcAudience"),
        "OIDC_JWKS_URL": ref("OidcJwksUrl"),
        "OIDC_ROLE_CLAIM": ref("OidcRoleClaim"),
        "OWN_ACCOUNTS": ref("OwnAccounts"),
        "YOUTUBE_DAILY_UNITS": ref("YoutubeDailyUnits"),
        "POWERTOOLS_LOG_LEVEL": ref("LogLevel"),
    }


def public_url() -> Any:
    """Write where platforms reach us. APIHandler cannot be told: the gateway is made after it."""
    gateway = f"https://${{RestAPI}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}/{names.STAGE}"
    return {"Fn::If": [HAS_PUBLIC_URL, ref("PublicUrl"), sub(gateway)]}


def check_room(department_ids: Sequence[str], stack: str = names.STACK) -> None:
    """Make sure that the departments' queues fit into the environment.

    Raises:
        ConfigurationError: they do not; the message tells what to do.

    """
    urls = {id_: f"{LONGEST_URL}{stack}-{names.department(id_)}" for id_ in department_ids}
    size = len(compact(urls))
    if size > ROOM - OTHERS:
        raise ConfigurationError(
            f"departments.toml: the queue URLs of {len(department_ids)} departments take {size} bytes of"
            f" Lambda's environment, there is room for {ROOM - OTHERS}: shorten ids or STACK, or drop"
            " retired departments"
        )


def compact(urls: dict[str, str]) -> str:
    """Write JSON without blanks: room is short."""
    return json.dumps(urls, separators=(",", ":"))


def _parameter(description: str, default: str | None = None, **more: Any) -> Resource:
    parameter = {"Type": "String", "Description": description, **more}
    return parameter if default is None else parameter | {"Default": default}
