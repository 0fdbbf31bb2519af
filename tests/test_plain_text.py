"""Text as people see it, and as the classifier reads it."""

import pytest

from chalicelib import classifier, triage
from chalicelib.message import Change, Kind, Message
from chalicelib.plain_text import plain
from tests.made import POLICIES

QUESTION = "Seit drei Wochen warte ich auf meine Rechnung. Wer hilft mir weiter?"
MENTION = (
    '<p><span class="h-card"><a href="https://social.example/@firma" class="u-url mention">'
    "@<span>firma</span></a></span> "
)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (f"{MENTION}{QUESTION}</p>", f"@firma {QUESTION}"),
        ("<p>Gr&uuml;&szlig;e &amp; Dank</p><p>Eva</p>", "Grüße & Dank\n\nEva"),
        ("eins<br />zwei<BR>drei", "eins\nzwei\ndrei"),
        ("<p>a &lt;b&gt; c</p>", "a <b> c"),
    ],
)
def test_html_is_read_as_people_see_it(text: str, seen: str) -> None:
    assert plain(text) == seen


@pytest.mark.parametrize(
    "text", ["", "1 < 2 und 3 > 2", "<grins>", "a &amp; b", "<3", "<pille>", " x ", "<p", "<a\n"]
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


def test_a_message_in_html_is_decided_like_its_text() -> None:
    read, rules = classifier.load().classify, POLICIES

    def decided(text: str) -> object:
        said = Message(platform="x", change=Change.CREATED, kind=Kind.MENTION, message_id="1", text=text)
        return triage.decide(said, 0, read, rules)

    assert decided(f"{MENTION}{QUESTION}</p>") == decided(f"@firma {QUESTION}")


def test_markup_alone_is_no_text() -> None:
    def never(text: str) -> classifier.Classification:
        raise AssertionError(f"{text!r} was classified")

    said = Message(platform="x", change=Change.CREATED, kind=Kind.MENTION, message_id="1", text="<p><br></p>")
    assert triage.decide(said, 0, never, POLICIES).department == "social_media"
