"""`make inbox DEPARTMENT=…|ops`: a consumer in small: shows tickets, deletes what it has shown.

ACKNOWLEDGE=1 also acknowledges each through the API; FOLLOW=1 waits for more instead of ending.
"""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from chalicelib.errors import ConfigurationError
from infra import run_file
from infra.commands import command
from infra.local import settings
from infra.local.clients import client

LONG_POLL = 3  # seconds
AT_ONCE = 10

Message = dict[str, Any]


@dataclass
class Inbox:
    """One department's queue."""

    sqs: Any
    url: str
    show: Callable[[Message], None]
    wait: int = LONG_POLL
    _seen: set[str] = field(default_factory=set)

    def empty(self) -> int:
        """Show and delete what is there; return how many messages that were."""
        answer = self.sqs.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=AT_ONCE, WaitTimeSeconds=self.wait
        )
        messages = answer.get("Messages", [])
        for message in messages:
            event = json.loads(message["Body"])
            # SQS may deliver twice; the event's id stays the same.
            if event["id"] not in self._seen:
                self.show(event)
                self._seen.add(event["id"])
            self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return len(messages)


def told(event: Message) -> Iterator[str]:
    """Write an event readably."""
    ticket = event["data"]
    if "withdrawn_at" in ticket:
        yield f"{ticket['id']}  {ticket['platform']} {ticket['kind']}: withdrawn, its message was deleted"
        return
    if "level" in ticket:
        yield from _alarmed(ticket)
        return
    author, due = ticket["author"]["name"] or "somebody", datetime.fromisoformat(ticket["acknowledge_by"])
    what = f"{ticket['category'] or 'nothing to read'}, due {due.astimezone():%a %d %b %H:%M}"
    yield f"{ticket['id']}  {ticket['platform']} {ticket['kind']} by {author}: {what}"
    yield f"    {' '.join((ticket['text'] or '(no text)').split())}"
    if ticket["permalink"]:
        yield f"    {ticket['permalink']}"


def _alarmed(ticket: Message) -> Iterator[str]:
    """Write an alarm readably: it holds no text."""
    due, late = datetime.fromisoformat(ticket["due_at"]), ticket["minutes_late"]
    what = f"{ticket['clock']} of {ticket['department']}, due {due.astimezone():%a %d %b %H:%M}"
    yield f"{ticket['id']}  {ticket['platform']} {ticket['kind']}: {ticket['level']}: {what}"
    yield f"    {late} minutes late" if late >= 0 else f"    {-late} minutes left"
    if ticket["permalink"]:
        yield f"    {ticket['permalink']}"


def whole(api: httpx.Client, event: Message) -> Message:
    """Put in what the event may not hold: what a platform limits is only in the ticket, while allowed."""
    if event["data"].get("text", "") is not None:
        return event
    answer = api.get(f"/tickets/{event['subject']}")
    if not answer.is_success:
        return event
    ticket = answer.json()
    return {**event, "data": {**event["data"], "text": ticket["text"], "author": ticket["author"]}}


def acknowledge(api: httpx.Client, event: Message) -> str:
    """Acknowledge a ticket, or tell why not."""
    answer = api.post(f"/tickets/{event['subject']}/acknowledge")
    if answer.is_success:
        return "acknowledged"
    if answer.status_code == httpx.codes.CONFLICT:
        return str(answer.json()["detail"])
    raise ConfigurationError(f"the API does not acknowledge: {answer.status_code} {answer.text[:200]}")


@command
def main() -> None:
    """Show the inbox of DEPARTMENT."""
    run = run_file.read(settings.data_dir())
    department = os.environ.get("DEPARTMENT", "")
    if department not in run["queues"]:
        raise ConfigurationError(f"DEPARTMENT={department}: name one of {', '.join(run['queues'])}")
    headers = {"Authorization": f"Bearer {run['tokens'][department]}"}
    with httpx.Client(base_url=run["api"], headers=headers, timeout=30, trust_env=False) as api:
        inbox = Inbox(
            client(run["engine"], "sqs"), run["queues"][department], lambda event: _show(event, api)
        )
        shown = 0
        while (more := inbox.empty()) or _wanted("FOLLOW"):
            shown += more
    print(f"{shown} shown, nothing more in the inbox of {department}")


def _show(event: Message, api: httpx.Client) -> None:
    for line in told(whole(api, event)):
        print(line)
    if _wanted("ACKNOWLEDGE"):
        print(f"    → {acknowledge(api, event)}")
    print(flush=True)


def _wanted(name: str) -> bool:
    return os.environ.get(name, "0") not in {"", "0"}


if __name__ == "__main__":
    main()
