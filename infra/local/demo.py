"""Posts a handful of our own signed fixtures and shows what became of each message."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx

from chalicelib.message import Message
from chalicelib.platforms import PLATFORMS
from chalicelib.ticket import ticket_id
from infra.errors import DemoFailed
from infra.local.console import Say
from infra.local.engine import ROOT
from infra.run_file import Run

FIXTURES = ROOT / "tests" / "fixtures" / "samples"
DELIVERIES = (
    "facebook/feed-comment__service",
    "facebook/feed-comment__applicant",
    "facebook/feed-comment__criticism",
    "facebook/ratings__recommendation",
    "facebook/feed-post__visitor",
    "instagram/comments__question",
    "instagram/messaging__text",
    "whatsapp/message__text",
    "linkedin/comment__question",
    "x/activity__mention",
    "x/filtered-stream__post",
    "x/activity__own-post",  # ours: opens no ticket
)

NO_TICKET = ("(ours, or still on its way)", "no ticket", "", "")
WIDTHS = (52, 20, 18, 0)
WITHIN = 60.0  # seconds


def show(run: Run, intake: Callable[[], int], say: Say) -> None:
    """Post the deliveries, wait until intake is worked off, print the tickets.

    Args:
        run: how to reach the API.
        intake: tells how many messages intake still holds.
        say: prints a line.

    Raises:
        DemoFailed: an answer was not what it should be.

    """
    with httpx.Client(base_url=run["api"], timeout=60, trust_env=False) as api:
        for name in DELIVERIES:
            _post(api, run["secrets"], name)
        say(f"Posted {len(DELIVERIES)} signed deliveries; what became of each message:\n")
        if left := _left(intake):
            say(f"({left} deliveries lie in intake still: they failed, or a run that was killed had them;")
            say(" they come back within 6 minutes)\n")
        tickets = [_ticket(api, run, name) for name in DELIVERIES]
    for line in table(tickets):
        say(line)


def _ticket(api: httpx.Client, run: Run, name: str) -> dict[str, Any] | None:
    """Fetch what became of a fixture's message; None if it opens no ticket."""
    platform = name.partition("/")[0]
    how = PLATFORMS[platform]
    (payload,) = how.split(how.parse((FIXTURES / f"{name}.json").read_bytes()))
    message = how.read(payload)
    if not isinstance(message, Message):
        return None
    headers = {"Authorization": f"Bearer {run['tokens']['ops']}"}
    answer = api.get(f"/tickets/{ticket_id(platform, message.message_id)}", headers=headers)
    if answer.status_code == httpx.codes.NOT_FOUND:
        return None  # still on its way, as was said above
    _check(answer, "GET /tickets/…")
    ticket: dict[str, Any] = answer.json()
    return ticket


def _post(api: httpx.Client, secrets: Mapping[str, str], name: str) -> None:
    platform = name.partition("/")[0]
    body = (FIXTURES / f"{name}.json").read_bytes()
    answer = api.post(
        f"/webhooks/{platform}", content=body, headers=signed(platform, secrets[platform], body)
    )
    _check(answer, name)


def signed(platform: str, secret: str, body: bytes) -> dict[str, str]:
    """Make the headers that a platform sends with a body."""
    how = PLATFORMS[platform]
    return {"Content-Type": how.content_types[0], **how.sign(secret.encode(), body, int(time.time()))}


def _check(answer: httpx.Response, what: str) -> None:
    if answer.status_code != httpx.codes.OK:
        raise DemoFailed(f"{what}: {answer.status_code} {answer.text[:300]}")


def _left(intake: Callable[[], int]) -> int:
    """Wait until intake is worked off; tell how many messages it holds on to."""
    deadline = time.monotonic() + WITHIN
    while (left := intake()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def table(tickets: list[dict[str, Any] | None]) -> list[str]:
    """Write tickets as lines: message, category, owner, due."""
    rows = [("MESSAGE", "CATEGORY", "OWNER", "DUE")]
    rows += [_row(ticket) if ticket else NO_TICKET for ticket in tickets]
    return ["  ".join(_cell(*pair) for pair in zip(row, WIDTHS, strict=True)).rstrip() for row in rows]


def _row(ticket: Mapping[str, Any]) -> tuple[str, str, str, str]:
    text = " ".join((ticket["text"] or "(no text)").split())
    category, owner = ticket["category"] or "(nothing to read)", ticket["department"] or "nobody"
    return text, category, owner, _due(ticket)


def _cell(text: str, width: int) -> str:
    return (text if not width or len(text) <= width else text[: width - 1] + "…").ljust(width)


def _due(ticket: Mapping[str, Any]) -> str:
    if ticket["acknowledge_by"] is None:
        return "no answer needed"
    due = datetime.fromisoformat(ticket["acknowledge_by"]).astimezone()
    state = (
        "overdue since " if ticket["overdue"] else "acknowledged, was " if ticket["status"] != "open" else ""
    )
    return f"{state}{due:%a %d %b %H:%M}"
