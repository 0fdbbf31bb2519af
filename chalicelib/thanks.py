"""Tells bare thanks from what asks for something: short, and of no words but these. Pure."""

import re

_SAID = "danke dankeschön dank merci thanks thank thx cheers"
_BESIDE = """
    vielen herzlichen besten lieben tausend schönen sehr nochmal nochmals schon mal euch dir ihnen ihr du sie
    für die das den deine eure ihre schnelle rasche nette gute tolle hilfe antwort rückmeldung info auskunft
    ok okay alles klar super top perfekt prima klasse toll gerne schön nett lieb so viele liebe grüße lg vg
    tag abend noch einen und im voraus hat geklappt seid bist wart
    many you very much so for your the quick fast kind help reply answer response info great perfect awesome
    nice all good got it and have a day again
"""
THANKS = frozenset(_SAID.split())
WORDS = THANKS.union(_BESIDE.split())
LONGEST = 15  # words


def is_bare(text: str) -> bool:
    """Tell whether a text is nothing but thanks, whatever signs and emojis stand around."""
    words = re.findall(r"\w+", text.lower())
    return (
        "?" not in text and len(words) <= LONGEST and WORDS.issuperset(words) and not THANKS.isdisjoint(words)
    )
