"""Tells what the second reader would cost: the share it is asked about × tokens × price.

The prices are Amazon Nova Lite's on demand in US dollars, in November 2026; other models and regions differ:
https://aws.amazon.com/bedrock/pricing/
"""

from collections.abc import Sequence
from dataclasses import dataclass

from training.judging import Outcome

MILLION = 1_000_000
CHARACTERS_PER_TOKEN = 3.0  # German needs more tokens than English, which has about four characters in one


@dataclass(frozen=True, slots=True)
class Prices:
    """What a question takes.

    tokens_in, tokens_out: dollars per million tokens read and written.
    prompt, answer: tokens around the text, and of the answer.
    """

    tokens_in: float = 0.06
    tokens_out: float = 0.24
    prompt: int = 900
    answer: int = 80


def told(outcomes: Sequence[Outcome], prices: Prices) -> str:
    """Tell it for a million messages like these."""
    unsure = [outcome for outcome in outcomes if not outcome.read.sure]
    share = len(unsure) / len(outcomes)
    characters = sum(len(outcome.given.text) for outcome in unsure)
    tokens = prices.prompt * len(unsure) + characters / CHARACTERS_PER_TOKEN
    dollars = tokens * prices.tokens_in + prices.answer * len(unsure) * prices.tokens_out
    each = tokens / len(unsure) if unsure else 0.0
    return (
        f"second reader, per million messages: {dollars / len(outcomes):,.2f} USD\n"
        f"  {share:.3f} unsure × ({each:,.0f} tokens in at {prices.tokens_in} USD per million"
        f" + {prices.answer} out at {prices.tokens_out})"
    )
