"""Where the secrets lie: in a file on a laptop, in Parameter Store or in Secrets Manager on AWS.

Each function gives one that reads the document as it is now; `secrets.py` tells when. Powertools asks AWS;
it is imported only then, so that it is paid once, while the function starts (docs/decisions/0012).
"""

# ruff: noqa: PLC0415
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import aws
from chalicelib.errors import ConfigurationError, Unavailable

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.parameters import SecretsProvider, SSMProvider

Read = Callable[[], str | bytes]

# What the next try will meet again, whether it comes from Systems Manager, Secrets Manager or KMS.
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html#API_GetParameter_Errors
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html#API_GetSecretValue_Errors
REMEDIES = {
    "ParameterNotFound": "there is none of that name: put it there",
    "ResourceNotFoundException": "there is none, or it has no value: put it there",
    "AccessDeniedException": "we may not read it: deploy the stack with this name, and let its key be used",
    "InvalidRequestException": "it is about to be deleted: restore it",
    "InvalidKeyId": "its key is disabled or gone: enable it, or put the secrets there anew",
    "DecryptionFailure": "its key cannot read it: put the secrets there anew",
    "ValidationException": "that is no name of one: correct the setting",
    "InvalidParameterException": "that is no name of one: correct the setting",
}


def from_file(path: str) -> Read:
    """Read the document from a file."""

    def read() -> bytes:
        try:
            return Path(path).read_bytes()
        except OSError as error:
            raise ConfigurationError(f"SECRETS_FILE: {error}") from error

    return read


def from_parameter(name: str) -> Read:
    """Read the document from a SecureString of Parameter Store."""

    @cache
    def provider() -> "SSMProvider":
        from aws_lambda_powertools.utilities.parameters import SSMProvider

        return SSMProvider(boto3_client=aws.client("ssm", aws.HASTY))

    return _asking("SECRETS_PARAMETER", name, provider, decrypt=True)


def from_secrets_manager(arn: str) -> Read:
    """Read the document from a secret of Secrets Manager."""

    @cache
    def provider() -> "SecretsProvider":
        from aws_lambda_powertools.utilities.parameters import SecretsProvider

        return SecretsProvider(boto3_client=aws.client("secretsmanager", aws.HASTY))

    return _asking("SECRETS_ARN", arn, provider)


def _asking(setting: str, name: str, provider: Callable[[], Any], **options: bool) -> Read:
    """Ask a provider of Powertools, which must keep nothing: `secrets.py` keeps, by rules of its own."""

    def read() -> str | bytes:
        from aws_lambda_powertools.utilities.parameters import GetParameterError

        try:
            document: str | bytes = provider().get(name, max_age=0, force_fetch=True, **options)
        except GetParameterError as error:  # whatever it was, with AWS's own error behind it
            raise _told(f"{setting}={name}", error.__context__) from None
        except BotoCoreError as error:  # there is no client: no region is set, say
            raise _told(f"{setting}={name}", error) from None
        return document

    return read


def _told(setting: str, error: BaseException | None) -> Exception:
    if not isinstance(error, ClientError):
        return Unavailable(f"{setting}: {type(error).__name__}")
    code, why = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    if code in REMEDIES:
        return ConfigurationError(f"{setting}: {REMEDIES[code]} ({code}: {why})")
    return Unavailable(f"{setting}: {code} ({why})")
