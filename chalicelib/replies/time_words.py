"""Knows the words of time one by one: days, weeks, months, clocks, parts of a day, spans. German and English."""

import re

from chalicelib.replies import days, lasting
from chalicelib.replies.calendar_words import (
    CLOSE_OF_BUSINESS,
    END,
    HOUR,
    MONTHS,
    NOON,
    NUMBERS,
    PARTS,
    WEEKDAYS,
)
from chalicelib.replies.lasting import Found, Lasting, Maker
from chalicelib.replies.phrases import spelled


def _names(names: dict[str, int]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_DAY, _MONTH, _PART, _NUMBER = (_names(names) for names in (WEEKDAYS, MONTHS, PARTS, {**NUMBERS}))
_COUNT = (
    rf"(?:(?:\d{{1,4}}|{_NUMBER}) (?:-|bis|to|oder|or|bis zu) )?(?:\d{{1,3}}-)?(?P<count>\d{{1,4}}|{_NUMBER})"
)
_AT_MOST = (
    r"(?:(?:von|der|den|dem|des|die|nächsten|naechsten|kommenden|spätestens|spaetestens|maximal|max|ca|\.|etwa|rund|circa"
    r"|ungefähr|höchstens|weniger|als|the|next|about|around|approximately|roughly|less|than|under|at|most|up|to|coming|a"
    r"|maximum|of|unter) ){0,4}"
)
_COMING = r"(?:nächste[rnms]?|naechste[rnms]?|kommende[rnms]?|next|the coming|the following|folgende[rnms]?)"
_THIS = r"(?:diese[rnms]?|this|laufende[rnms]?|current)"


_TODAY, _TOMORROW = Lasting(day=days.after(0), whole_day=True), Lasting(day=days.after(1), whole_day=True)
_UNIT = (
    r"(?P<unit>sekunden?|minuten?|min|mins|minutes?|seconds?|stunden?|std|stdn|h|hrs?|hours?|tage?s?n?|days?"
    r"|working hours?|wochen?|weeks?|fortnights?|monate?n?s?|months?|werktage?s?n?|arbeitstage?s?n?|(?:working|business|work) ?days?"
    r"|bankarbeitstage?n?)"
)
_TIME = r"(?P<clock>\d{1,2}(?:[:.]\d\d)?)"
_WORDS: tuple[tuple[str, Maker], ...] = (
    (rf"(?:innerhalb|binnen|innert|in|within|inside|over) {_AT_MOST}{_COUNT} {_UNIT}", lasting.span),
    (
        r"in (?:den |the )?(?:nächsten |next )?(?:einer |der )?halben stunde|(?:in|within) (?:the next )?half an hour",
        lasting.always(Lasting(seconds=1800)),
    ),
    (
        r"(?:innerhalb|in|binnen) (?:von )?(?:anderthalb|eineinhalb) stunden",
        lasting.always(Lasting(seconds=5400)),
    ),
    (
        r"(?:in|within|over) the (?:next )?(?:hour|60 minutes)|in der (?:nächsten|kommenden) stunde"
        r"|innerhalb der (?:nächsten|kommenden) stunde",
        lasting.always(Lasting(seconds=HOUR)),
    ),
    (
        r"nächste[rnms]? (?:werktage?s?|arbeitstage?s?|bankarbeitstage?s?)|next (?:working|business) day",
        lasting.always(Lasting(workdays=1)),
    ),
    (r"(?:in|within|over) the next day", lasting.always(_TOMORROW)),
    (
        r"(?:in|within|over) the next week|in der nächsten woche|innerhalb der nächsten woche",
        lasting.always(Lasting(day=days.week(1, 6), whole_day=True)),
    ),
    (
        r"(?:über ?|ueber ?)morgen|(?:the )?day after tomorrow",
        lasting.always(Lasting(day=days.after(2), whole_day=True)),
    ),
    (
        r"heut(?:e)?|todays?|later today|end of (?:the )?(?:day|today|play)|eod|ende des tages|tagesende|laufe des tages"
        r"|same day|heutigen tag(?:es)?",
        lasting.always(_TODAY),
    ),
    (r"tonight|heute? nacht", lasting.always(Lasting(day=days.after(0), second=END))),
    (
        r"(?<!guten )(?<!sch[^ ]nen )(?<!good )(?<!am )(?<!den )(?<!jeden )(?<!heute )(?<!gegen )(?:morgen|tomorrow|tmrw|tmr|tomorow)",
        lasting.always(_TOMORROW),
    ),
    (rf"(?<!guten )(?<!sch[^ ]nen )(?<!good )(?P<part>{_PART})", lasting.part),
    (r"this (?P<part>morning|afternoon|evening)", lasting.part_of_today),
    (r"first thing", lasting.always(Lasting(second=NOON))),
    (r"midnight|mitternacht", lasting.always(Lasting(second=24 * HOUR))),
    (
        r"close of (?:business|play)|cob|end of (?:the )?(?:business|working|work) day|feierabend|geschäftsschluss"
        r"|büroschluss|ladenschluss|dienstschluss",
        lasting.always(Lasting(second=CLOSE_OF_BUSINESS)),
    ),
    (rf"(?:(?P<coming>{_COMING}) )(?P<day>{_DAY})", lasting.on_weekday),
    (
        rf"(?P<day>{_DAY})(?P<part>{_PART})?(?P<of_week> (?:der |in der |the )?(?:nächste[rn]?|naechste[rn]?|kommende[rn]?|next) (?:woche|week))?",
        lasting.on_weekday,
    ),
    (
        rf"(?:nächste|naechste|kommende|next) (?:woche|week)(?: ,)?(?: am| on)? (?P<day>{_DAY})(?P<of_week>)",
        lambda found: Lasting(day=days.week(1, WEEKDAYS[found["day"]]), whole_day=True),
    ),
    (
        r"(?<= bis )(?P<day>mo|di|mi|do|fr|sa|so)(?: \.)?(?P<of_week> (?:nächster|kommender) woche)?(?= )",
        lasting.on_weekday,
    ),
    (
        r"(?<= am )(?P<day>mo|di|mi|fr|sa)(?: \.)?(?P<of_week> (?:nächster|kommender) woche)?(?= )",
        lasting.on_weekday,
    ),
    (
        rf"(?:(?P<when>anfang|mitte|ende|early|mid|middle|late|beginning|start|end)(?: -)?(?: of)? )?(?:der |the )?"
        rf"(?:(?P<coming>{_COMING}|übernächste[rn]?|(?=week after next))|{_THIS}) ?(?:woche|week)(?: after next)?",
        lasting.of_week,
    ),
    (
        r"(?:(?P<when>anfang|mitte|ende|early|middle|beginning|start|end|laufe|course)) (?:of )?(?:der|the) (?P<coming>)?(?:woche|week)",
        lasting.of_week,
    ),
    (r"wochenanfang", lasting.always(Lasting(day=days.weekday(1), whole_day=True))),
    (r"wochenende|weekend", lasting.always(Lasting(day=days.weekend, whole_day=True))),
    (r"wochenmitte|mid week|midweek", lasting.always(Lasting(day=days.weekday(2), whole_day=True))),
    (
        rf"(?:(?P<when>anfang|mitte|ende|early|mid|middle|late|beginning|start|end)(?: -)?(?: of)?(?: next)? )(?P<month>{_MONTH})",
        lasting.of_month,
    ),
    (rf"(?<= im )(?P<month>{_MONTH})", lasting.of_month),
    (
        rf"(?:(?P<when>anfang|mitte|ende|early|mid|middle|late|beginning|start|end) )?(?:of )?(?:des )?(?:the )?"
        rf"(?:(?P<coming>{_COMING})|{_THIS}) (?:monate?s?|month)",
        lasting.of_month,
    ),
    (
        r"(?:(?P<when>anfang|mitte|ende|early|middle|beginning|start|end) )(?:des|of the) (?:monats|month)|monatsende|eom",
        lasting.of_month,
    ),
    (
        rf"(?:the )?(?P<date>\d{{1,2}})(?: \.| st| nd| rd| th)?(?: of)? (?P<month>{_MONTH})(?: (?P<year>20\d\d))?(?= )",
        lasting.on_date,
    ),
    (
        rf"(?P<month>{_MONTH}) (?:the )?(?P<date>\d{{1,2}})(?: st| nd| rd| th)?(?: ,? ?(?P<year>20\d\d))?(?= )",
        lasting.on_date,
    ),
    (
        r"(?P<digits>\d{1,2}\.\d{1,2}\.(?:\d{2,4})?|\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}(?:/\d{2,4})?)(?= )",
        lasting.in_digits,
    ),
    (
        r"(?:kw|kalenderwoche|week|woche) (?P<week>\d{1,2})(?= )",
        lambda found: Lasting(day=days.calendar_week(int(found["week"]))),
    ),
    (
        rf"(?:\d{{1,2}}(?:[:.]\d\d)?(?: uhr| am| pm)? (?:-|bis|und|to|and|oder|or) )?(?:\d{{1,2}}-)?{_TIME} ?(?:uhr|h|o'clock)(?: (?P<half>nachmittags|abends))?",
        lasting.clock,
    ),
    (
        rf"(?:\d{{1,2}}(?:[:.]\d\d)?(?: am| pm)? (?:-|bis|und|to|and|or) )?(?:\d{{1,2}}-)?{_TIME} (?P<half>am|pm)(?= )(?! \d)",
        lasting.clock,
    ),
    (r"(?P<clock>\d{1,2}:\d\d)(?: uhr)?", lasting.clock),
    (r"(?<= by )(?P<clock>\d{1,2})(?= (?:\.|,|!|today|tomorrow|tonight|on|at the latest|- ))", lasting.clock),
    (rf"half past (?P<count>\d{{1,2}}|{_NUMBER})", lasting.half_after),
    (r"(?<= zum )(?P<of_month>\d{1,2}) \.", lasting.on_day_of_month),
    (r"(?<= am )(?P<of_month>\d{1,2}) \.", lasting.on_day_of_month),
    (r"the (?P<of_month>\d{1,2}) (?:st|nd|rd|th)", lasting.on_day_of_month),
    (rf"halb (?P<count>\d{{1,2}}|{_NUMBER})", lasting.half_past),
)
PATTERNS = tuple((re.compile(spelled(f"(?<= )(?:{words})(?= )")), maker) for words, maker in _WORDS)


def found_in(said: str) -> list[Found]:
    """Find the words of time, from left to right; of two that overlap the longer one that starts first."""
    found = sorted(_candidates(said), key=lambda one: (one.start, -one.end))
    kept: list[Found] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _candidates(said: str) -> list[Found]:
    found = []
    for pattern, maker in PATTERNS:
        for match in pattern.finditer(said):
            try:
                found.append(Found(maker(match), match.start(), match.end()))
            except (KeyError, ValueError):
                continue
    return found
