"""How the verbs of passing on are described in OpenAPI: id, summary, and what else there is to know."""

ENDED = " The same caller may repeat it; 409 names who has ended the offer, and when."

OFFER = (
    "Until it is accepted, its owner stays accountable, and no clock stops. Repeated, it changes nothing."
    " 409: it is offered to another department already, or closed. 403: only its owner may offer it."
)

VERBS = {
    "handover": (
        "offerTicket",
        "Offer a ticket to another department",
        OFFER,
    ),
    "accept": (
        "acceptTicket",
        "Accept a ticket for the department it is offered to",
        "That owns it from now on, and is told so. What was seen and said stays, and no deadline is later"
        " for it." + ENDED,
    ),
    "return": (
        "returnTicket",
        "Return a ticket that is offered, or take the offer back",
        "The department it is offered to returns it; the one that has offered it takes it back. The ticket"
        " stays with its owner, and both are told." + ENDED,
    ),
    "inform": (
        "informDepartments",
        "Let other departments see a ticket",
        "Each of them is told, and may see it; its owner stays accountable. Repeated, it changes nothing.",
    ),
}

LIST = "List what a department passed on and got, the newest first"
LEDGER = (
    "For the department itself and ops. A move by a reclassification counts, too. `totals` are of what was"
    " offered in the last `days`; where that is very much, since a later time, which they tell."
)
