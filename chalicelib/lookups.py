"""Look-ups: fetching what a delivery only points at. In the worker only, never while a delivery is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.errors import ApiRefused, ConfigurationError, LookupFailed, PayloadError
from chalicelib.message import Message
from chalicelib.platforms.base import Keys, Platform

if TYPE_CHECKING:
    from chalicelib.platform_api import PlatformApis
    from chalicelib.secrets import Secrets

ANY_ACCOUNT = "*"
PATIENCE = 3.0
"""Seconds for one look-up. What takes longer is put off: others wait, for their owners too."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """Completes messages from the API of their platform."""

    platforms: Mapping[str, Platform]
    apis: "PlatformApis"
    secrets: "Secrets"

    def complete(self, message: Message) -> Message:
        """Give back a message with what its platform tells of it; `needs_lookup` if some is missing still.

        Raises:
            LookupFailed: nothing can be found, now or later; the message says why.
            Unavailable: it may work the next time.

        """
        platform = self.platforms.get(message.platform)
        lookup = platform.lookup if platform else None
        ask = lookup.ask(message) if lookup else None
        if lookup is None or ask is None:
            raise LookupFailed(f"{message.platform} has no look-up for this {message.kind}")
        try:
            token = _token(self.secrets.keys(message.platform), message)
            with self.apis.within(PATIENCE):
                answer = self.apis.get(lookup.api, ask, token)
            return lookup.found(message, answer)
        except (ApiRefused, PayloadError, ConfigurationError) as error:
            raise LookupFailed(str(error)) from error


def _token(keys: Keys, message: Message) -> str:
    tokens = keys.access_tokens
    token = tokens.get(message.account_id or ANY_ACCOUNT) or tokens.get(ANY_ACCOUNT)
    if not token:
        raise ConfigurationError(
            f"no access token for {message.platform} account {message.account_id}: add it to access_tokens in"
            " the secrets, under its id or *"
        )
    return token
