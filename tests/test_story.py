"""The story this product was made for: who asks in public is not sent away.

Under a post with smiling employees an applicant asks why nobody answers. The page says "please contact HR".
That is no answer: only what helps closes the ticket.
"""

import json
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.identity import Verifier
from tests.deliveries import PAGE, comment, page
from tests.test_api import OPS, Keys, token
from tests.world import NOW, World

APPLICANT = {"id": "507", "name": "Jonas Feld"}
US = {"id": PAGE, "name": "Nordlicht"}
QUESTION = "Ich habe mich vor sechs Wochen bei euch beworben und bis heute keine Antwort bekommen."
SENT_AWAY = "Hallo Jonas, please contact HR."
SUBSTANCE = (
    "Hallo Jonas, deine Bewerbung liegt bei Frau Kern. "
    "Sie hat dir eben geschrieben und dich für den zweiten Dezember zum Gespräch eingeladen."
)
HOUR, DAY = 3600, 86_400
HR = ("hera", "department:human_resources")


@pytest.fixture
def ask(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a function that calls the API as somebody, and gives back what is answered."""
    keys = Keys("https://issuer.example/keys")
    verifier = Verifier("https://issuer.example", "zustaendig", "roles", lambda: keys)
    monkeypatch.setattr(wiring, "verifier", lambda: verifier)

    def call(who: Any, method: str, path: str, **query: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token(*who)}"}
        answer = world.request(method, path, headers=headers, query=query)
        assert answer["statusCode"] == 200, answer["body"]
        body: dict[str, Any] = json.loads(answer["body"])
        return body

    return call


def arrives(world: World, *said: dict[str, Any]) -> None:
    assert world.post("facebook", page(said))["statusCode"] == 200
    world.drain()


def test_sending_an_applicant_away_stops_nothing_and_an_answer_of_hr_closes_it(
    world: World, ask: Any
) -> None:
    arrives(world, comment(1, QUESTION, APPLICANT, created_time=NOW))
    (ticket,) = ask(HR, "GET", "/tickets")["tickets"]
    assert (ticket["department"], ticket["category"]) == ("human_resources", "applicant_complaint")
    assert len(world.events("human_resources")) == 1

    world.now = NOW + HOUR
    arrives(world, comment(9, SENT_AWAY, US, parent_id="401_1", created_time=world.now))
    shown = ask(HR, "GET", f"/tickets/{ticket['id']}")
    assert (shown["status"], shown["help"]) == ("open", "brush_off")
    assert shown["due_at"] == ticket["due_at"]
    assert "contact" in " ".join(shown["observed_replies"][0]["reading"]["because"])

    world.now = NOW + 30 * DAY
    (late,) = ask(OPS, "GET", "/tickets", status="overdue")["tickets"]
    assert (late["id"], late["help"], late["overdue"]) == (ticket["id"], "brush_off", True)

    ask(HR, "POST", f"/tickets/{ticket['id']}/acknowledge")
    arrives(world, comment(10, SUBSTANCE, US, parent_id="401_1", created_time=world.now))
    closed = ask(HR, "GET", f"/tickets/{ticket['id']}")
    assert (closed["status"], closed["help"]) == ("answered", "substantive")
    assert ask(OPS, "GET", "/tickets", status="overdue")["tickets"] == []

    told = [(line["what"], line.get("by"), line.get("about", {}).get("help")) for line in closed["history"]]
    assert told == [
        ("opened", None, None),
        ("dispatched", None, None),
        ("replied", None, "brush_off"),
        ("acknowledged", "Hera", None),
        ("replied", None, "substantive"),
    ]
