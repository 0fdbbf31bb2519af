"""AWS's rule on partial batch responses, case by case."""

from typing import Any

import pytest

from infra.local.partial_batch import done

ALL, NONE = frozenset("ab"), frozenset[str]()


@pytest.mark.parametrize(
    ("answer", "deleted"),
    [
        (None, ALL),
        ({}, ALL),
        ({"batchItemFailures": []}, ALL),
        ({"batchItemFailures": None}, ALL),
        ({"batchItemFailures": [{"itemIdentifier": "a"}]}, frozenset("b")),
        ({"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "a"}]}, frozenset("b")),
        ({"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "b"}]}, NONE),
        # What cannot be made sense of fails the whole batch.
        ({"batchItemFailures": [{"itemIdentifier": "unknown"}]}, NONE),
        ({"batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "unknown"}]}, NONE),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, NONE),
        ({"batchItemFailures": [{"itemIdentifier": None}]}, NONE),
        ({"batchItemFailures": [{"itemIdentifier": 1}]}, NONE),
        ({"batchItemFailures": [{"messageId": "a"}]}, NONE),
        ({"batchItemFailures": [{}]}, NONE),
        ({"batchItemFailures": ["a"]}, NONE),
        ({"batchItemFailures": "a"}, NONE),
        ({"batchItemFailures": {"itemIdentifier": "a"}}, NONE),
        ({"failures": []}, NONE),
        ("done", NONE),
        ([], NONE),
        (True, NONE),
        (0, NONE),
    ],
)
def test_only_what_is_known_to_be_done_is_deleted(answer: Any, deleted: frozenset[str]) -> None:
    assert done(answer, ["a", "b"]) == deleted
