"""AWS's rule on what a batch's answer says of its messages. Pure.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

from collections.abc import Collection
from typing import Any

KEY = "batchItemFailures"


def done(answer: Any, message_ids: Collection[str]) -> frozenset[str]:
    """Tell which messages are done with and must be deleted; the others come back.

    Nothing said, or no failure named: all are done. A failure that cannot be made sense of (another key,
    another type, an empty or unknown id): none is, since nobody knows which one was meant.
    """
    everything = frozenset(message_ids)
    if answer is None or answer == {}:
        return everything
    failures = answer.get(KEY, ()) if isinstance(answer, dict) else ()
    if failures is None:
        return everything
    if not isinstance(failures, list):
        return frozenset()
    named = [each.get("itemIdentifier") if isinstance(each, dict) else None for each in failures]
    if not all(isinstance(name, str) and name in everything for name in named):
        return frozenset()
    return everything - frozenset(named)
