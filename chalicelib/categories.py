"""What a message can ask of the company, and what it can be about."""

from enum import StrEnum


class Category(StrEnum):
    """What must happen next; where several apply, an applicant complaint first, then in this order."""

    SERVICE_REQUEST = "service_request"  # do or explain something in the writer's own case
    APPLICANT_COMPLAINT = "applicant_complaint"  # how the company recruits
    CRITICISM = "criticism"  # a negative judgement that asks for no remedy
    PRAISE = "praise"
    OTHER = "other"  # nothing for the company to answer


class Topic(StrEnum):
    """What the message is about, whatever it asks; a topic can have an owner of its own."""

    RECRUITING = "recruiting"
    PRESS = "press"  # a journalist asks
    INVESTOR = "investor"  # a shareholder or an analyst asks
    LEGAL = "legal"  # lawyers, courts, rights under data protection
    SAFETY = "safety"  # danger to people: urgent for everyone
    SUSTAINABILITY = "sustainability"
