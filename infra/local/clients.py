"""boto3 clients that talk to an engine and to nothing else, whatever the user's AWS settings are."""

import os
from typing import Any

import boto3
from botocore.config import Config
from botocore.session import Session

REGION = "eu-central-1"
ACCOUNT = "000000000000"
ACCESS_KEY_ID = SECRET_ACCESS_KEY = "local"  # noqa: S105  (the engine takes any)

# Loopback needs no proxy of the user's, and few tries: what does not answer is dead.
CONFIG = Config(proxies={}, retries={"total_max_attempts": 2})

# botocore's (name in the file, environment variable, default, conversion): the user's own are not read.
_NOT_THE_USERS = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


def client(url: str, service: str) -> Any:
    """Create a client for the engine at this address."""
    session = boto3.Session(
        ACCESS_KEY_ID, SECRET_ACCESS_KEY, region_name=REGION, botocore_session=Session(_NOT_THE_USERS)
    )
    return session.client(service, endpoint_url=url, config=CONFIG)  # type: ignore[call-overload]  # stubs want literals
