"""How one platform is reached: its API, our tokens and accounts there, and where it reaches us."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from chalicelib.errors import ConfigurationError
from chalicelib.platforms.base import Ask, Keys
from chalicelib.platforms.tame import Json

WHOLE = "*"
"""Stands for the account where something is about a whole platform."""


class Apis(Protocol):
    """The platforms' APIs; see `platform_api`."""

    def get(self, api: str, ask: Ask, token: str | None = None) -> Json: ...  # noqa: D102

    def send(  # noqa: D102, PLR0913
        self,
        method: Literal["POST", "PUT", "DELETE"],
        api: str,
        ask: Ask,
        token: str | None = None,
        *,
        form: Mapping[str, str] | None = None,
        json: Json = None,
    ) -> Json: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """One platform.

    accounts: ids of our own accounts there, in order.
    public_url: where platforms reach us, without slash at its end; None if nobody has told.
    now: UTC epoch seconds.
    """

    platform: str
    accounts: Sequence[str]
    keys: Keys
    apis: Apis
    public_url: str | None
    now: int

    @property
    def address(self) -> str:
        """Where the platform's deliveries should go.

        Raises:
            ConfigurationError: nobody has told.

        """
        if not self.public_url:
            raise ConfigurationError(
                "PUBLIC_URL is not set: it must hold the https address under which platforms reach us"
            )
        return f"{self.public_url}/webhooks/{self.platform}"

    def token(self, account: str) -> str:
        """Give the access token for an account.

        Raises:
            ConfigurationError: there is none.

        """
        found = self.keys.access_tokens.get(account) or self.keys.access_tokens.get(WHOLE)
        if not found:
            raise ConfigurationError(
                f"there is no access token: add one to access_tokens.{self.platform} in the secrets, under"
                f" {' or '.join(dict.fromkeys((account, WHOLE)))}"
            )
        return found
