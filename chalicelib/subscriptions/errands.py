"""What the scheduled function can be asked for: by its clock, or by hand with an event of its own.

An event's `detail` says what: nothing is the hourly check; `{"do": "look"}` only shows;
`{"do": "back_fill", "platform": …, "since": …}` fetches, `since` in UTC epoch seconds.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.errors import BadRequest
from chalicelib.subscriptions.backfill import Fetched
from chalicelib.subscriptions.rows import Row, State

if TYPE_CHECKING:
    from chalicelib.subscriptions.backfill import BackFill
    from chalicelib.subscriptions.check import Check

KEEP, LOOK, BACK_FILL = "keep", "look", "back_fill"

PATIENCE = 240
"""Seconds in which platforms are asked; what is not asked by then is told as unknown."""

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Errands:
    """Runs them. `within`: bounds the time of all questions to platforms."""

    check: "Check"
    back_fill: "BackFill"
    within: Callable[[float], AbstractContextManager[None]]

    def run(self, detail: Mapping[str, Any]) -> list[Answer]:
        """Run what is asked for and show what became of it, one object a row.

        Raises:
            BadRequest: nobody knows what is asked for.
            Unavailable, ApiRefused, PayloadError, ConfigurationError: it could not be done.

        """
        with self.within(PATIENCE):
            return self._run(detail)

    def _run(self, detail: Mapping[str, Any]) -> list[Answer]:
        errand = detail.get("do", KEEP)
        if errand == KEEP:
            return [row._asdict() for row in self.check.keep()]
        if errand == LOOK:
            return [row._asdict() for row in self.check.look()]
        if errand == BACK_FILL:
            return [self._back_fill(detail)._asdict()]
        raise BadRequest(f"`do` must be {KEEP}, {LOOK} or {BACK_FILL}")

    def _back_fill(self, detail: Mapping[str, Any]) -> Fetched:
        platform, since, now = detail.get("platform"), detail.get("since"), self.back_fill.now()
        if platform not in self.check.platforms:
            raise BadRequest(f"`platform` must be one of {', '.join(self.check.platforms)}")
        if type(since) is not int or not 0 < since < now:
            raise BadRequest("`since` must be a time before now, in UTC epoch seconds")
        return self.back_fill.run(str(platform), since, now)


def row(answer: Answer) -> Row:
    """Read a row that was shown, also after it was JSON."""
    return Row(**{**answer, "state": State(answer["state"])})
