"""How replies are read: brush-offs, receipts, substantive answers, automatic ones."""

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.classifier_features import READ_AT_MOST
from chalicelib.errors import ConfigurationError
from chalicelib.replies import promise_words, time_words
from chalicelib.replies.legible import LONGEST_WORD, Legible
from chalicelib.replies.measures import COUNTED
from chalicelib.replies.reading import ReplyLabel, ReplyReading, read_reply
from chalicelib.replies.reply_model import FILE, ReplyModel
from chalicelib.replies.signs import PATTERNS

BRUSH_OFF, RECEIPT, SUBSTANTIVE = ReplyLabel
AT = int(datetime(2026, 11, 25, 9, tzinfo=UTC).timestamp())
BERLIN = ZoneInfo("Europe/Berlin")
HUMAN_RESOURCES = "Ich habe mich vor acht Wochen beworben und seitdem nichts gehört."


def read(reply: str, inbound: str = "", **more: Any) -> ReplyReading:
    return read_reply(reply, inbound=inbound, at=AT, zone=BERLIN, **more)


@pytest.mark.parametrize(
    "reply",
    [
        "Bitte schreibe eine E-Mail an den Kundenservice.",
        "Dafür sind wir nicht zuständig.",
        "please contact HR",
        "Please contact our HR department.",
        "Bitte wenden Sie sich an die Personalabteilung.",
        "Das können wir uns nicht erklären, bitte per Mail an service@example.org.",
        "We can't discuss this on social media. Please call our helpline on 0800 555 0100.",
        "Leider können wir hier keine Auskunft geben.",
        "Check our FAQ: https://example.org/faq",
    ],
)
def test_who_is_sent_elsewhere_is_brushed_off(reply: str) -> None:
    assert read(reply, HUMAN_RESOURCES).label is BRUSH_OFF


@pytest.mark.parametrize(
    "reply",
    [
        "Schick uns die Auftragsnummer per DM, ich kümmere mich heute darum.",
        "Ich habe Ihnen den Betrag gerade erstattet, das Geld ist morgen auf Ihrem Konto.",
        "I've refunded the £40 to your card this morning. Our mistake, sorry.",
        "Send me your order number by DM and I'll sort it today.",
        "Ja, wir haben am Samstag bis 18 Uhr geöffnet.",
    ],
)
def test_who_is_helped_has_a_substantive_answer(reply: str) -> None:
    assert read(reply).label is SUBSTANTIVE


@pytest.mark.parametrize(
    "reply",
    [
        "Danke für den Hinweis, wir geben das an die Kollegen weiter.",
        "Thanks for letting us know, we're looking into it.",
        "Wir schauen uns das an und melden uns bis morgen.",
    ],
)
def test_what_is_only_seen_is_a_receipt(reply: str) -> None:
    result = read(reply)
    assert (result.label, result.automatic) == (RECEIPT, False)


@pytest.mark.parametrize(
    "reply",
    [
        "Danke für deine Nachricht, wir sind ab 8 Uhr wieder da.",
        "This is an automated message. We have received your enquiry and will reply within 2 working days.",
        "Vielen Dank für Ihre Nachricht. Dies ist eine automatische Antwort. Wir melden uns bald.",
        "Thank you for contacting us. Your ticket number is 48213.",
    ],
)
def test_what_a_machine_says_is_a_receipt(reply: str) -> None:
    result = read(reply)
    assert (result.label, result.automatic) == (RECEIPT, True)


def test_a_promise_is_read_with_it() -> None:
    result = read("Wir schauen uns das an und melden uns bis morgen.")
    assert result.promise is not None
    assert result.promise.text == "bis morgen"
    assert datetime.fromtimestamp(result.promise.due, BERLIN).isoformat() == "2026-11-26T23:59:59+01:00"


def test_the_reason_is_words_of_the_reply() -> None:
    reply = "Oh je! Bitte schreibe eine E-Mail an den KUNDENSERVICE."
    reason = read(reply).reason
    assert reason
    assert all(words in reply for words in reason)
    assert any("E-Mail" in words for words in reason)


def test_the_confidence_is_that_of_the_label() -> None:
    assert 1 / 3 <= read("Bitte schreibe eine E-Mail an den Kundenservice.").confidence <= 1


# The same reply, written otherwise

PUSH = "Bitte schreibe eine E-Mail an den Kundenservice, dafür sind wir nicht zuständig."


def sight(reply: str) -> tuple[Any, ...]:
    result = read(reply)
    return result.label, result.confidence, result.automatic, len(result.reason)


@pytest.mark.parametrize("hidden", ["\u200b", "\u00ad", "\u2060", "\ufeff", "\u202e"])
def test_invisible_characters_disguise_nothing(hidden: str) -> None:
    assert sight(hidden.join(PUSH)) == sight(PUSH)
    assert all(words in hidden.join(PUSH) for words in read(hidden.join(PUSH)).reason)


@pytest.mark.parametrize(
    "disguised",
    [
        PUSH.replace("Kundenservice", "Kundеnsеrviсе"),  # Cyrillic letters in it
        PUSH.replace("ä", "a\u0308").replace("ü", "u\u0308"),
        PUSH.replace("nicht", "n i c h t"),
        "".join(chr(ord(letter) + 0xFEE0) if "a" <= letter <= "z" else letter for letter in PUSH),
        PUSH.upper(),
    ],
    ids=["look-alike", "decomposed", "spaced", "wide", "upper"],
)
def test_disguises_are_taken_off(disguised: str) -> None:
    assert disguised != PUSH
    assert sight(disguised) == sight(PUSH)


# Bounds


@pytest.mark.parametrize(
    "reply",
    [
        "",
        " ",
        "\n",
        "\u200b",
        "👍",
        "?",
        "x" * 10000,
        "ß" * 20000,
        "a." * 9000,
        "�",
        "ﷺ" * 10000,
        "bitte " * 4000,
        "@" * 10000,
        "http://" * 2000,
        "1" * 10000,
        "é́" * 4000,
        "\x00\x1b[0m",
    ],
    ids=lambda reply: ascii(reply[:8]),
)
def test_any_text_is_read(reply: str) -> None:
    result = read(reply, reply)
    assert 0 < result.confidence <= 1
    assert isinstance(result.label, ReplyLabel)


@pytest.mark.parametrize("reply", ["x" * 10_000, "-" * 10_000, "ab-" * 3_000, "0" * 10_000, "a_" * 5_000])
def test_a_long_word_is_taken_apart_into_as_many_pieces_as_it_is_long(reply: str) -> None:
    half, whole = Legible(reply[: len(reply) // 2]), Legible(reply)
    assert max(len(word.said) for word in whole.words) <= 2 * LONGEST_WORD
    assert len(whole.words) <= 2 * len(half.words) + 2


def patterns() -> list[re.Pattern[str]]:
    words = [getattr(promise_words, name) for name in vars(promise_words) if name.isupper()]
    return [*PATTERNS, *COUNTED.values(), *words, *(one for one, _ in time_words.PATTERNS)]


def test_no_pattern_is_without_an_end_so_that_each_place_costs_the_same() -> None:
    # What may be repeated without an end has a width of 2^32; reading then could take more than linear time.
    widths = [re._parser.parse(one.pattern, one.flags).getwidth()[1] for one in patterns()]  # type: ignore[attr-defined]
    assert len(widths) > 60
    assert max(widths) < READ_AT_MOST


def test_only_the_first_ten_thousand_characters_are_read() -> None:
    assert read("gut " * 2_500 + PUSH) == read("gut " * 2_500)


def test_a_damaged_model_is_told() -> None:
    with pytest.raises(ConfigurationError, match="make train-replies"):
        ReplyModel(FILE.read_bytes()[:-1])


@pytest.mark.parametrize(
    "reply", ["Nö.", "Pech gehabt, würde ich sagen 😅", "lol", "Ist halt so, mein Freund."]
)
def test_where_no_sign_speaks_the_clause_that_speaks_most_is_the_reason(reply: str) -> None:
    reason = read(reply).reason
    assert reason
    assert all(words and words in reply for words in reason)
