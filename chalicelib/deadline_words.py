"""The words of `deadline_sentences.py`, German and English."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.calendars.calendar import Cause
from chalicelib.clocks import ESCALATION, OVERDUE, WARNING, ClockName
from chalicelib.deadline_explained import Unexplained
from chalicelib.deadline_origins import GrantedBy, Since, StoppedBy
from chalicelib.explanation_words import ENGLISH as ENGLISH_CATEGORIES
from chalicelib.explanation_words import GERMAN as GERMAN_CATEGORIES
from chalicelib.explanation_words import Words as CategoryWords
from chalicelib.ticket import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is said in one language. Names in braces are filled in."""

    days: tuple[str, ...]
    months: tuple[str, ...]
    date: str
    date_of_year: str
    moment: str
    within_a_day: str
    beyond_a_day: str
    units: tuple[tuple[str, str], ...]
    heads: Mapping[ClockName, str]
    since: Mapping[Since, str]
    granted: Mapping[GrantedBy, str]
    for_all: str
    policy_changed: str
    by_day_and_night: str
    by_calendar: str
    changed_alike: str
    unexplained: Mapping[Unexplained, str]
    counted: str
    window: str
    and_more: str
    nothing_counted: str
    not_counted: str
    shortened: str
    several_days: str
    causes: Mapping[Cause, str]
    forward: str
    back: str
    paused: str
    pause: str
    paused_now: str
    limited: str
    stopped: Mapping[StoppedBy, str]
    stopped_somehow: str
    by: str
    in_time: str
    late: str
    alarms: str
    alarm: str
    told: str
    not_told: str
    levels: Mapping[str, str]
    earliest: str
    waits: str
    nothing_runs: str
    no_clock: Mapping[Status, str]
    categories: CategoryWords


GERMAN = Words(
    days=("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    months=tuple(f"{n}." for n in range(1, 13)),
    date="{day} {number}.{month}",
    date_of_year="{day} {number}.{month}{year}",
    moment="{date}, {time}",
    within_a_day="{date}, {begins}–{ends}",
    beyond_a_day="{begins} bis {ends}",
    units=(("Stunde", "Stunden"), ("Minute", "Minuten"), ("Sekunde", "Sekunden")),
    heads={
        ClockName.ACKNOWLEDGE_BY: "Bis {due} ({zone}) zu bestätigen: {granted} ab {start}.",
        ClockName.ANSWER_BY: "Bis {due} ({zone}) zu beantworten: {granted} ab {start}.",
        ClockName.PROMISED_BY: "Bis {due} ({zone}) versprochen: {granted} ab {start}.",
    },
    since={
        Since.RECEIVED: "Die Zeit läuft, seit die Nachricht bei uns einging.",
        Since.SAID: "Die Zeit läuft, seit die Nachricht geschrieben wurde: Wir haben sie erst später geholt.",
        Since.REOPENED: "Die Zeit läuft neu, seit das Ticket wieder geöffnet wurde.",
        Since.PROMISED: "Die Zeit läuft, seit wir das Versprechen gegeben haben.",
        Since.ANSWER_NEEDED: "Die Zeit läuft, seit feststeht, dass eine Antwort nötig ist.",
    },
    granted={
        GrantedBy.RULE: "So viel Zeit gibt die Regel für {about} (Abteilung „{department}“).",
        GrantedBy.CATCH_ALL: "So viel Zeit hat die Abteilung „{department}“ für das, was sonst niemandem"
        " gehört.",
        GrantedBy.DEADLINES: "So viel Zeit gilt für alle, deren Regel nichts anderes sagt.",
        GrantedBy.POLICY: "So viel Zeit gibt die Vorgabe für {about}.",
        GrantedBy.URGENT: "Es ist dringend ({about}), deshalb gilt diese kürzere Zeit.",
        GrantedBy.PROMISE: "So viel Zeit hat sich genommen, wer geantwortet hat.",
        GrantedBy.EARLIER: "So viel Zeit galt, als die Frist gesetzt wurde (Fassung {policy}).",
    },
    for_all="alles",
    policy_changed="Die Regeln sind seither geändert worden; diese Frist bleibt.",
    by_day_and_night="Gezählt wird bei Tag und Nacht.",
    by_calendar="Gezählt wird nach dem Kalender „{calendar}“ ({zone}, Fassung {version}).",
    changed_alike="Er ist seither geändert worden; auch jetzt ergibt er diese Frist.",
    unexplained={
        Unexplained.CALENDAR_CHANGED: "Der Kalender „{calendar}“ ist seither geändert worden (damals Fassung"
        " {version}, jetzt {now}): Was damals gezählt wurde, lässt sich nicht mehr zeigen. Es gilt weiter die"
        " Frist, die gespeichert ist.",
        Unexplained.CALENDAR_GONE: "Den Kalender „{calendar}“ (Fassung {version}) gibt es nicht mehr: Was"
        " damals gezählt wurde, lässt sich nicht mehr zeigen. Es gilt weiter die Frist, die gespeichert ist.",
        Unexplained.PAUSES_CHANGED: "Was gezählt wurde, lässt sich mit den Pausen, wie sie jetzt bekannt"
        " sind, nicht mehr zeigen. Es gilt die Frist, die gespeichert ist.",
        Unexplained.TOO_LONG: "Es sind zu viele Öffnungszeiten, um sie einzeln zu zeigen.",
    },
    counted="Gezählt: {windows}.",
    window="{when} ({length})",
    and_more="{n} weitere ({length})",
    nothing_counted="Gezählt wurde nichts.",
    not_counted="Nicht gezählt: {days}.",
    shortened="Kürzer geöffnet: {days}.",
    several_days="{n} Tage",
    causes={
        Cause.WEEKEND: "Wochenende",
        Cause.NO_HOURS: "keine Öffnungszeiten",
        Cause.PUBLIC_HOLIDAY: "Feiertag",
        Cause.COMPANY_HOLIDAY: "Betriebsferien",
        Cause.HALF_DAY: "halber Tag",
    },
    forward="Am {at} werden die Uhren um {length} vorgestellt.",
    back="Am {at} werden die Uhren um {length} zurückgestellt.",
    paused="Pausiert, nicht gezählt: {pauses}.",
    pause="{begins} bis {ends} ({length})",
    paused_now="Zurzeit pausiert, seit {start}: Bis es weitergeht, läuft keine Uhr.",
    limited="Die Plattform lässt nur bis {until} antworten; deshalb fehlen {cut} von {granted}.",
    stopped={
        StoppedBy.ACKNOWLEDGEMENT: "Bestätigt{by} am {at}, {hit}.",
        StoppedBy.RECEIPT: "Mit einer Empfangsbestätigung{by} erledigt am {at}, {hit}.",
        StoppedBy.SUBSTANTIVE: "Mit Substanz beantwortet{by} am {at}, {hit}.",
        StoppedBy.RESOLVED: "Abgeschlossen{by} am {at}, {hit}.",
    },
    stopped_somehow="Angehalten am {at}, {hit}.",
    by=" von {name}",
    in_time="rechtzeitig",
    late="{length} zu spät",
    alarms="Alarme: {alarms}.",
    alarm="{level} {at} ({told})",
    told="gemeldet",
    not_told="nicht gemeldet",
    levels={WARNING: "Warnung", OVERDUE: "überfällig", ESCALATION: "Eskalation {n}"},
    earliest="Die früheste Frist, die läuft:",
    waits="Keine Frist läuft: Es ist pausiert, seit {start}.",
    nothing_runs="Keine Frist läuft mehr.",
    no_clock={
        Status.NO_ANSWER_NEEDED: "Eine Antwort ist nicht nötig, also gibt es keine Frist.",
        Status.WITHDRAWN: "Die Nachricht wurde gelöscht, also läuft keine Frist mehr.",
        Status.RESOLVED: "Das Ticket ist abgeschlossen, also läuft keine Frist mehr.",
    },
    categories=GERMAN_CATEGORIES,
)

ENGLISH = Words(
    days=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    date="{day} {number} {month}",
    date_of_year="{day} {number} {month} {year}",
    moment="{date}, {time}",
    within_a_day="{date}, {begins}–{ends}",
    beyond_a_day="{begins} to {ends}",
    units=(("hour", "hours"), ("minute", "minutes"), ("second", "seconds")),
    heads={
        ClockName.ACKNOWLEDGE_BY: "To be acknowledged by {due} ({zone}): {granted} from {start}.",
        ClockName.ANSWER_BY: "To be answered by {due} ({zone}): {granted} from {start}.",
        ClockName.PROMISED_BY: "Promised by {due} ({zone}): {granted} from {start}.",
    },
    since={
        Since.RECEIVED: "Time runs since we received the message.",
        Since.SAID: "Time runs since the message was written: we fetched it late.",
        Since.REOPENED: "Time runs anew since the ticket was reopened.",
        Since.PROMISED: "Time runs since we made the promise.",
        Since.ANSWER_NEEDED: "Time runs since it is known to need an answer.",
    },
    granted={
        GrantedBy.RULE: "The rule for {about} gives so much time (department “{department}”).",
        GrantedBy.CATCH_ALL: "The department “{department}” has so much time for what is nobody else's.",
        GrantedBy.DEADLINES: "So much time holds for all whose rule says nothing else.",
        GrantedBy.POLICY: "The policy for {about} gives so much time.",
        GrantedBy.URGENT: "It is urgent ({about}), so this shorter time holds.",
        GrantedBy.PROMISE: "Whoever replied took so much time.",
        GrantedBy.EARLIER: "So much time held when the deadline was set (version {policy}).",
    },
    for_all="everything",
    policy_changed="The rules have been changed since; this deadline stays.",
    by_day_and_night="What counts is every hour, by day and night.",
    by_calendar="What counts is open by the calendar “{calendar}” ({zone}, version {version}).",
    changed_alike="It has been changed since; as it is now, the deadline is the same.",
    unexplained={
        Unexplained.CALENDAR_CHANGED: "The calendar “{calendar}” has been changed since (then version"
        " {version}, now {now}): what was counted then can no longer be shown. The deadline that is stored"
        " still holds.",
        Unexplained.CALENDAR_GONE: "There is no calendar “{calendar}” (version {version}) any more: what was"
        " counted then can no longer be shown. The deadline that is stored still holds.",
        Unexplained.PAUSES_CHANGED: "What was counted can no longer be shown with the pauses as they are"
        " known now. The deadline that is stored holds.",
        Unexplained.TOO_LONG: "There are too many windows to show them one by one.",
    },
    counted="Counted: {windows}.",
    window="{when} ({length})",
    and_more="{n} more ({length})",
    nothing_counted="Nothing was counted.",
    not_counted="Not counted: {days}.",
    shortened="Open for less: {days}.",
    several_days="{n} days",
    causes={
        Cause.WEEKEND: "weekend",
        Cause.NO_HOURS: "no hours",
        Cause.PUBLIC_HOLIDAY: "public holiday",
        Cause.COMPANY_HOLIDAY: "company holiday",
        Cause.HALF_DAY: "half day",
    },
    forward="On {at} the clocks are put forward by {length}.",
    back="On {at} the clocks are put back by {length}.",
    paused="Paused, not counted: {pauses}.",
    pause="{begins} to {ends} ({length})",
    paused_now="Paused at the moment, since {start}: until it goes on, no clock runs.",
    limited="The platform lets us answer only until {until}; so {cut} of {granted} are missing.",
    stopped={
        StoppedBy.ACKNOWLEDGEMENT: "Acknowledged{by} on {at}, {hit}.",
        StoppedBy.RECEIPT: "Met by a receipt{by} on {at}, {hit}.",
        StoppedBy.SUBSTANTIVE: "Answered with substance{by} on {at}, {hit}.",
        StoppedBy.RESOLVED: "Resolved{by} on {at}, {hit}.",
    },
    stopped_somehow="Stopped on {at}, {hit}.",
    by=" by {name}",
    in_time="in time",
    late="{length} late",
    alarms="Alarms: {alarms}.",
    alarm="{level} {at} ({told})",
    told="told",
    not_told="not told",
    levels={WARNING: "warning", OVERDUE: "overdue", ESCALATION: "escalation {n}"},
    earliest="The earliest deadline that runs:",
    waits="No deadline runs: it is paused, since {start}.",
    nothing_runs="No deadline runs any more.",
    no_clock={
        Status.NO_ANSWER_NEEDED: "It needs no answer, so there is no deadline.",
        Status.WITHDRAWN: "The message was deleted, so no deadline runs any more.",
        Status.RESOLVED: "The ticket is resolved, so no deadline runs any more.",
    },
    categories=ENGLISH_CATEGORIES,
)
