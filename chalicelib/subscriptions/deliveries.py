"""When the last delivery came, and whether a platform has fallen silent."""

from collections.abc import Iterator

from chalicelib.silence import HOUR, LOOK_BACK, WEEK, WINDOWS, Silence, silence
from chalicelib.subscriptions.known import Known
from chalicelib.subscriptions.reach import WHOLE
from chalicelib.subscriptions.rows import DELIVERIES, Row, State

READ_BACK = LOOK_BACK * WEEK + (max(WINDOWS) + 2) * HOUR
"""Seconds of counts that a check needs."""

REMEDY = (
    "Look at the other rows of this platform and into its developer console: is our address registered still,"
    " and enabled? Is the worker working off intake? If it is only a quiet day, nothing needs to be done."
)


def rows(known: Known) -> Iterator[Row]:
    """Tell the last delivery; missing if far fewer come than usual."""
    last, record = known.counts.last_at, known.record()
    found = silence(known.counts.by_hour, known.now, record.silent_since or None)
    since = record.silent_since
    if found:
        since = since or found.since
    elif since and (last or 0) >= since:
        since = 0  # it speaks again
    if since != record.silent_since:
        known.note(WHOLE, {"silent_since": since})
    if since:
        yield _silent(known, since, found)
    elif record.silent_since:
        again = Row(known.platform, None, DELIVERIES, State.OK, since=last, why="They come again.")
        yield again._replace(lost_since=record.silent_since)
    elif last is None:
        why = "None has come yet, or none for eight weeks."
        yield Row(known.platform, None, DELIVERIES, State.UNKNOWN, why=why)
    else:
        yield Row(known.platform, None, DELIVERIES, State.OK, since=last)


def _silent(known: Known, since: int, found: Silence | None) -> Row:
    why = "None has come since."
    if found:
        why = f"{found.came} came in the last {found.hours} h, {found.usual:.0f} are usual."
    row = Row(known.platform, None, DELIVERIES, State.MISSING, since=known.counts.last_at)
    return row._replace(why=why, remedy=REMEDY, lost_since=since)
