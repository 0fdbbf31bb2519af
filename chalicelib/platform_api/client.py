"""Asks the platforms' APIs, and asks again where that may help: the one layer that does."""

import json as jsons
import random
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any, Literal, NamedTuple

import httpx

from chalicelib.errors import RateLimited, Unavailable
from chalicelib.platform_api import addresses, answers, exchange
from chalicelib.platform_api.addresses import Api
from chalicelib.platform_api.answers import Answer
from chalicelib.platform_api.network import Deadline
from chalicelib.platforms.base import NOTHING, Ask
from chalicelib.platforms.tame import Json

PATIENCE = 10.0
"""Seconds that one question may take, retries and pauses included."""

TRIES = 3
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 3.0  # seconds

LONGEST_REST = 900.0
"""Seconds at most in which an API that wants to be asked later is not asked, whatever it says."""


class Clock(NamedTuple):
    """Time and chance. now: UTC epoch seconds. sleep: pauses for seconds. chance: a number from 0 to 1."""

    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


def _no_cost() -> None: ...


@dataclass(slots=True)
class PlatformApis:
    """The platforms' APIs by name; the package tells how to use them.

    All questions raise ApiRefused, RateLimited, Unavailable, PayloadError or ConfigurationError.
    """

    apis: Mapping[str, Api]
    http: httpx.Client
    deadline: Deadline
    clock: Clock
    _resting: dict[tuple[str, str | None], tuple[float, str]] = field(default_factory=dict, repr=False)

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """Have all questions asked inside end within so many seconds."""
        return self.deadline.within(seconds)

    def get(
        self, api: str, ask: Ask, token: str | None = None, *, before: Callable[[], None] = _no_cost
    ) -> Json:
        """Ask, and ask again if that may help. `before` is called before each try, as some APIs bill them."""
        tried = 0
        with self.within(PATIENCE):
            while True:
                tried += 1
                try:
                    self._check_rest(api, token)
                    before()
                    return _json(api, self._ask("GET", api, ask, token))
                except Unavailable as error:
                    pause = self._pause(error, tried)
                    if pause is None:
                        raise
                self.clock.sleep(pause)

    def send(  # noqa: PLR0913
        self,
        method: Literal["POST", "PUT", "DELETE"],
        api: str,
        ask: Ask,
        token: str | None = None,
        *,
        form: Mapping[str, str] | None = None,
        json: Json = None,
    ) -> Json:
        """Have an API change something, once; give what it answers, None if that is nothing or no JSON."""
        with self.within(PATIENCE):
            answer = self._ask(method, api, ask, token, data=form, json=json)
        try:
            return _json(api, answer)
        except Unavailable:  # it is done all the same
            return None

    def _pause(self, error: Unavailable, tried: int) -> float | None:
        """Tell how long to wait before the next try: as told, or by chance; None if there is none.

        https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
        """
        told = error.retry_after if isinstance(error, RateLimited) else None
        bound = FIRST_PAUSE * (2**tried if told is None else 1)
        pause = (told or 0) + self.clock.chance() * bound
        longest = min(LONGEST_PAUSE, self.deadline.left())
        return pause if tried < TRIES and pause <= longest else None

    def _ask(self, method: str, name: str, ask: Ask, token: str | None, **content: Any) -> Answer:
        """Ask once."""
        self._check_rest(name, token)
        api = self.apis[name]
        credential = addresses.credential(api, token) if token is not None else NOTHING
        url, headers = addresses.address(api, ask), {**ask.headers, **credential}
        request = self.http.build_request(method, url, headers=headers, **content)
        answer = exchange.exchange(self.http, name, request)
        error = answers.error(name, answer, self.clock.now())
        if isinstance(error, RateLimited):
            self._rest(name, token, error)
        if error:
            raise error
        return answer

    def _rest(self, name: str, token: str | None, error: RateLimited) -> None:
        """Leave an API alone for as long as it wants; asking all the same would make it longer."""
        if error.retry_after is not None:
            until = self.clock.now() + min(LONGEST_REST, error.retry_after)
            self._resting[name, token] = (until, error.reason)

    def _check_rest(self, name: str, token: str | None) -> None:
        until, reason = self._resting.get((name, token), (0.0, ""))
        left = until - self.clock.now()
        if left > 0:
            raise RateLimited(f"{name} wants to be asked later {reason}", reason=reason, retry_after=left)


def _json(name: str, answer: Answer) -> Json:
    try:
        return jsons.loads(answer.body)
    except (ValueError, RecursionError):
        failure = f"{name} answers {answer.status}, but not with JSON"
    raise Unavailable(failure)  # not inside: the error that was caught quotes the answer


def connect(
    stand_ins: Mapping[str, str] = NOTHING, *, tls: SSLContext | None = None, clock: Clock | None = None
) -> PlatformApis:
    """Make the client. stand_ins: addresses by variable (`Settings.api_urls`). tls: whom to trust.

    Raises:
        ConfigurationError: a stand-in's address that is none we would speak to.

    """
    apis, clock = addresses.apis(stand_ins), clock or Clock()
    deadline = Deadline(clock.monotonic)
    http = exchange.client({api.origin for api in apis.values()}, deadline, tls)
    return PlatformApis(apis, http, deadline, clock)
