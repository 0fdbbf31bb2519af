"""Puts together the words of one time: those that lead to it, "Freitag" and "12 Uhr", and what follows."""

from collections.abc import Iterator

from chalicelib.replies.lasting import Found
from chalicelib.replies.phrases import words
from chalicelib.replies.time_words import found_in

STARTS = words("ab seit nach since after from vom")  # it only tells from when on
AGO = words("ago her")
BOUNDS = words("bis by before spätestens spaetestens until till later zum")
EXCLUSIVE = words("before vor")  # "before Friday" ends with Thursday
_LEADS = words("""
    bis zum zur zu spätestens spaetestens allerspätestens am um gegen noch im in laufe des der den dem die das
    aber also ca etwa innerhalb binnen schon wohl voraussichtlich kommenden zwischen vor ab seit nach vom
    übers
    by on at before within no later than around about the latest between over during until till since after
    from first thing of .
""")
_NEVER_FIRST = words(", . the der die das aber also of")
_TRAILING = words("noch spätestens spaetestens at the latest mittags uhr")
_GLUE = words("""
    um gegen bis spätestens am den dem der die das zum im in laufe des ca etwa zwischen oder noch also aber
    jeweils at by on around about between or to the before from until till , - ( .
""")
_AT_LATEST = words(
    "spätestens spaetestens latest"
)  # "after the weekend, at the latest on Tuesday": two times
_MOST_LEADS, _MOST_GLUE, _MOST_TRAILING = 6, 4, 3  # words
_NEAR = 80  # characters in which they must stand


def groups(said: str) -> Iterator[list[Found]]:
    """Put together what is said of one time: "Freitag um 12 Uhr", "by 5pm on Monday"."""
    group: list[Found] = []
    for one in found_in(said):
        if group and not _belongs(said[group[-1].end : one.start], group[-1], one):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _belongs(between: str, one: Found, other: Found) -> bool:
    """Tell whether two words of time are of one; a span ("in 2 days") is one by itself."""
    later = one.lasts.day and other.lasts.day and _AT_LATEST & set(between.split())
    alone = later or any(each.lasts.seconds is not None or each.lasts.workdays for each in (one, other))
    glue = between[:_NEAR].split()
    return not alone and len(between) < _NEAR and len(glue) <= _MOST_GLUE and _GLUE.issuperset(glue)


def lead(said: str, start: int) -> tuple[int, set[str]]:
    """Walk back over the words that lead to a time; give where they begin, and them."""
    led: list[str] = []
    for word in reversed(said[max(0, start - _NEAR) : start].split()):
        if word not in _LEADS or len(led) == _MOST_LEADS:
            break
        led.append(word)
    while led and led[-1] in _NEVER_FIRST:
        led.pop()
    return start - sum(len(word) + 1 for word in led), set(led)


def trail(said: str, end: int) -> tuple[int, set[str]]:
    """Walk on over the words that still belong to a time; give where they end, and them."""
    seen = set()
    for word in said[end : end + _NEAR].split()[:_MOST_TRAILING]:
        if word in AGO:
            seen.add(word)
        if word not in _TRAILING:
            break
        seen.add(word)
        end += len(word) + 1
    return end, seen
