"""The words of `explanations.py`, German and English."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.categories import Category, Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is said in one language. Names in braces are filled in.

    `readers` name what has decided, by how `decided_by` begins, and `model` what begins otherwise. `over`
    and `under`: what is hardly ever wrong, or right. `looks_first` and `because` end a sentence.
    """

    decided: str
    decided_without_odds: str
    decided_by_person: str
    because: str
    unsure: str
    unsure_of_one: str
    not_read: str
    looks_first: str
    other_language: str
    incomplete: str
    about: str
    urgent: str
    for_review: str
    model: str
    readers: Mapping[str, str]
    guess: str
    quoted: str
    percent: str
    over: str
    under: str
    and_: str
    categories: Mapping[Category, str]
    topics: Mapping[Topic, str]


GERMAN = Words(
    decided="{reader} hält das zu {odds} für {category}",
    decided_without_odds="{reader} hält das für {category}",
    decided_by_person="Ein Mensch hat entschieden: Es ist {category}.",
    because="; dafür sprachen: {words}",
    unsure="{reader} ist sich nicht sicher, ob das {first} oder {second} ist",
    unsure_of_one="{reader} ist sich nicht sicher genug, wofür das zu halten ist, am ehesten für {guess}",
    not_read="Es gibt keinen Text, der zu lesen wäre",
    looks_first=", deshalb schaut zuerst die Abteilung „{owner}“ darauf.",
    other_language="Der Text scheint weder deutsch noch englisch zu sein; andere werden nie sicher gelesen.",
    incomplete="Text oder Autor fehlen noch",
    about="Es geht dabei um {topics}.",
    urgent="Gefahr für Menschen ist für alle dringend, wofür der Text auch sonst gehalten wird.",
    for_review="Eine Antwort ist nicht nötig; als Stichprobe sieht das die Abteilung „{owner}“ trotzdem.",
    model="Das Modell {whole}",
    readers={
        "model": "Das Modell {name}",
        "rule": "Die Regel „{name}“",
        "second_reader": "Der zweite Leser ({name})",
    },
    guess="{category} ({odds})",
    quoted="„{word}“",
    percent="{number} %",
    over="mehr als 99 %",
    under="weniger als 1 %",
    and_="und",
    categories={
        Category.SERVICE_REQUEST: "ein Serviceanliegen",
        Category.APPLICANT_COMPLAINT: "eine Beschwerde einer Bewerberin oder eines Bewerbers",
        Category.CRITICISM: "Kritik",
        Category.PRAISE: "Lob",
        Category.OTHER: "etwas, das keine Antwort verlangt",
    },
    topics={
        Topic.RECRUITING: "Stellen und Bewerbungen",
        Topic.PRESS: "eine Presseanfrage",
        Topic.INVESTOR: "Aktien und Anleger",
        Topic.LEGAL: "Rechtliches",
        Topic.SAFETY: "Gefahr für Menschen",
        Topic.SUSTAINABILITY: "Nachhaltigkeit",
    },
)

ENGLISH = Words(
    decided="{reader} takes this for {category} ({odds} sure)",
    decided_without_odds="{reader} takes this for {category}",
    decided_by_person="A person has decided: it is {category}.",
    because="; what spoke for it: {words}",
    unsure="{reader} is unsure between {first} and {second}",
    unsure_of_one="{reader} is not sure enough what to take this for, most likely for {guess}",
    not_read="There is no text to read",
    looks_first=", so the department “{owner}” looks first.",
    other_language="The text seems to be neither German nor English; others are never read for sure.",
    incomplete="Text or author are still missing",
    about="It is about {topics}.",
    urgent="Danger to people is urgent for everyone, whatever else the text is taken for.",
    for_review="So it needs no answer; as part of a sample, the department “{owner}” looks all the same.",
    model="The model {whole}",
    readers={
        "model": "The model {name}",
        "rule": "The rule “{name}”",
        "second_reader": "The second reader ({name})",
    },
    guess="{category} ({odds})",
    quoted="“{word}”",
    percent="{number} %",
    over="more than 99 %",
    under="less than 1 %",
    and_="and",
    categories={
        Category.SERVICE_REQUEST: "a service request",
        Category.APPLICANT_COMPLAINT: "an applicant's complaint",
        Category.CRITICISM: "criticism",
        Category.PRAISE: "praise",
        Category.OTHER: "something that needs no answer",
    },
    topics={
        Topic.RECRUITING: "jobs and applications",
        Topic.PRESS: "a journalist's inquiry",
        Topic.INVESTOR: "shares and investors",
        Topic.LEGAL: "legal matters",
        Topic.SAFETY: "danger to people",
        Topic.SUSTAINABILITY: "sustainability",
    },
)
