"""`make subscriptions`: how each platform's subscriptions stand; RENEW=1 also renews what is due.

On this machine by run.json; in an account with STACK=…, where the function itself looks, so that whoever asks
needs neither secrets nor table.
"""

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from chalicelib.subscriptions.errands import KEEP, LOOK, row
from chalicelib.subscriptions.rows import Row, State
from infra import errand
from infra.commands import command

HEADS = ("PLATFORM", "ACCOUNT", "WHAT", "STATE", "WHEN")


def told(rows: Sequence[Row]) -> Iterator[str]:
    """Write rows as a table; below each, why it is so and what to do."""
    cells = [HEADS, *map(_cells, rows)]
    widths = [max(len(each[column]) for each in cells) for column in range(len(HEADS))]
    for each, shown in zip(cells, (None, *rows), strict=True):
        yield "  ".join(cell.ljust(width) for cell, width in zip(each, widths, strict=True)).rstrip()
        if shown and (words := f"{shown.why} {shown.remedy if not _is_off(shown) else ''}".strip()):
            yield f"    {words}"
    if off := [row.remedy for row in rows if _is_off(row) and row.remedy]:
        yield f"off: it is not used. {off[0]}"  # the same for all


def _is_off(shown: Row) -> bool:
    return shown.state is State.OFF


def _cells(shown: Row) -> tuple[str, ...]:
    what = "" if _is_off(shown) and not shown.why else shown.what
    return shown.platform, shown.account or "", what, shown.state, _when(shown)


def _when(shown: Row) -> str:
    since = f"since {_written(shown.since)}" if shown.since else ""
    until = f"until {_written(shown.until)}" if shown.until else ""
    return ", ".join(filter(None, (since, until)))


def _written(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC).astimezone():%a %d %b %Y %H:%M}"


@command
def main() -> None:
    """Show the table."""
    renew = os.environ.get("RENEW", "0") not in {"", "0"}
    for line in told([row(each) for each in errand.run({"do": KEEP if renew else LOOK})]):
        print(line)


if __name__ == "__main__":
    main()
