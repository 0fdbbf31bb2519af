"""One poll of one channel: what is new, edited and gone, and what is known afterwards. It only asks.

A comment that is not listed is asked for by its id before it counts as gone: pages shift while they are read,
and a ticket that is withdrawn wrongly is worse than one that is withdrawn late.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chalicelib.errors import ApiRefused, PayloadError, RateLimited, Unavailable, ZustaendigError
from chalicelib.youtube_polling import known, listed
from chalicelib.youtube_polling.known import Known, KnownThread, Missing
from chalicelib.youtube_polling.listed import EVER, Comment, Window
from chalicelib.youtube_polling.reading import IDS_AT_ONCE, Reader

REPLY_LISTS = 100
"""Threads of which all replies are listed in one poll; the others have their turn in the next ones."""

MOST_QUESTIONS = 20
"""Calls that ask for missing comments in one poll."""

WITNESSES = 3  # at most

MOST_FAILURES = 3
"""Questions of a poll that may fail before it asks no more; without the list of threads there is no poll."""


class Outcome(NamedTuple):
    """What a poll found. `trouble`: why it is not all there was to find."""

    fresh: list[Comment]
    gone: list[Missing]
    known: dict[str, KnownThread]
    newest_at: int
    is_empty: bool
    trouble: ZustaendigError | None


@dataclass(slots=True)
class Poll:
    """Asks a channel's reader.

    known: what was known before. was_empty: the last poll found no comment at all.
    has_time: whether there is time for one more question.
    """

    reader: Reader
    known: Known
    was_empty: bool
    has_time: Callable[[], bool]
    _failures: int = 0
    _trouble: ZustaendigError | None = None

    def outcome(self, now: int) -> Outcome:
        """Ask, and compare. `now` in UTC epoch seconds.

        Raises:
            ApiRefused: the API does not list this channel's threads.
            Unavailable: it may the next time.
            PayloadError: it answers something else than threads.

        """
        window = self._with_replies(self.reader.window())
        gone, seen = self._confirmed(window)
        comments = [*window.comments, *seen]
        return Outcome(
            fresh=known.fresh(self.known, comments),
            gone=list(known.with_replies(self.known, gone)),
            known=known.following(self.known, window, gone, seen, now),
            newest_at=max((comment.published_at for comment in comments), default=0),
            is_empty=not window.threads,
            trouble=self._trouble,
        )

    def _with_replies(self, window: Window) -> Window:
        """List the replies of threads that came with some of them only."""
        threads = dict(window.threads)
        for key in known.to_list(self.known, window, REPLY_LISTS):
            if not self._goes_on():
                break
            try:
                threads[key] = self.reader.replies(threads[key])
            except (ApiRefused, PayloadError, Unavailable) as error:
                self._note(error)
        return listed.bounded(threads, is_all=window.since == EVER)

    def _confirmed(self, window: Window) -> tuple[set[str], list[Comment]]:
        """Ask for what is missing: ids that are gone, and comments that are there.

        Comments that were listed just now are asked for as well: an answer without them proves nothing. Where
        no comment is listed at all, the poll before must have found the same.
        """
        gone: set[str] = set()
        seen: list[Comment] = []
        witnesses = _witnesses(list(window.threads))
        if not witnesses and not self.was_empty:
            return gone, seen
        for ids in _groups(known.missing(self.known, window)):
            if not self._goes_on():
                break
            try:
                there = self._existing(ids, witnesses)
            except (ApiRefused, PayloadError, Unavailable) as error:
                self._note(error)
                continue
            gone |= set(ids) - {comment.id for comment in there}
            seen += [comment for comment in there if comment.id in ids]
        return gone, seen

    def _existing(self, ids: Sequence[str], witnesses: Collection[str]) -> list[Comment]:
        there = self.reader.existing([*ids, *witnesses])
        if witnesses and not any(comment.id in witnesses for comment in there):
            raise Unavailable("YouTube does not know comments that it has just listed")
        return there

    def _goes_on(self) -> bool:
        return self.has_time() and self._failures < MOST_FAILURES

    def _note(self, error: ZustaendigError) -> None:
        self._failures += MOST_FAILURES if isinstance(error, RateLimited) else 1
        self._trouble = error


def _witnesses(listed: list[str]) -> set[str]:
    """Choose the newest, the oldest and one between: somebody may delete one of them meanwhile."""
    return {listed[0], listed[len(listed) // 2], listed[-1]} if listed else set()


def _groups(missing: list[Missing]) -> Iterator[list[str]]:
    size = IDS_AT_ONCE - WITNESSES
    for start in range(0, min(len(missing), size * MOST_QUESTIONS), size):
        yield [one.id for one in missing[start : start + size]]
