"""From where on a decision is sure: what costs least among what is right often enough."""

import pytest

from chalicelib.categories import Category
from chalicelib.classifier import Classification
from training.thresholds import FLOOR, FLOOR_OF_HISTORY, NEVER, Seen, threshold

PRAISE, CRITICISM = Category.PRAISE, Category.CRITICISM


def seen(truth: Category, confidence: float) -> Seen:
    return Seen(truth, Classification(PRAISE, confidence, (), "test", sure=True))


def read(right: int, wrong: int) -> list[Seen]:
    """So many right ones that the model was sure of, and wrong ones that it was less sure of."""
    return [seen(PRAISE, 0.95)] * right + [seen(CRITICISM, 0.6)] * wrong


def test_the_wrong_ones_are_left_below_the_threshold() -> None:
    assert 0.6 < threshold(read(200, 40), PRAISE) <= 0.95


@pytest.mark.parametrize(("floor", "decides"), [(FLOOR, False), (FLOOR_OF_HISTORY, True)])
def test_few_messages_of_a_company_s_own_are_enough_for_its_floor_only(
    floor: float, *, decides: bool
) -> None:
    assert (threshold(read(30, 5), PRAISE, floor) < NEVER) is decides


def test_what_is_wrong_where_the_model_is_surest_is_never_sure() -> None:
    assert (
        threshold([seen(CRITICISM, 0.99)] * 50 + [seen(PRAISE, 0.99)] * 50, PRAISE, FLOOR_OF_HISTORY) == NEVER
    )
