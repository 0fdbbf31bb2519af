"""Hears whether a message may be about recruiting; it would rather hear too much than miss an applicant.

The words were chosen for recall. What is known to sound like them is taken out of the text first.
"""

import re

# Compiled when it is first needed, as the others are when this is loaded: few texts hold such words.
_LOOK_ALIKES = r"""
    \ban\s(?:dieser|der|einer|deiner|ihrer|eurer|seiner|meiner|erster|zweiter|dritter)\sstelle\b
  | \bstelle\s(?:mir|ich|sie|wir|fest) | \bich\sstelle\b | \b(?:bau|halte|tank|lade|post|unfall)stellen?\b
  | \babsage\s(?:des|der)\s(?:zug|fahrt|flug|konzert|termin|veranstaltung)
  | (?:termin|konzert|zug|flug|spiel|reise)(?:ab|zu)sagen?\b
  | \b(?:tv|radio|presse|fernseh|zeitungs)[-\s]?interview | \binterview\swith\s(?:the|your|our)\s
  | \bappl(?:y|ied|ies)\s(?:the|a|an|my|your|this|it|some|heat|pressure)\b
  | \bappl(?:y|ied)\sfor\s(?:a\s|the\s|my\s)?
    (?:refund|status|loan|mortgage|visa|card|credit|upgrade|compensation)
  | \bapplications?\s(?:keeps\s)?(?:crash|froze|freez|stop|server|software|update)
  | \b(?:mobile|phone|web|desktop|loan|mortgage|credit|card|visa|account|planning|insurance)\sapplications?\b
  | \b(?:good|great|nice|amazing|awesome|fantastic|excellent|wonderful|brilliant|bad|terrible|poor)\sjobs?\b
  | \b(?:do|does|doing|did)\s(?:your|their|its|his|her|a|the)\sjobs?\b
  | \bhir(?:e|ed|ing)\s(?:a|the)\s(?:car|van|bike|boat|suit|lawyer|taxi)\b
  | \b(?:car|van|bike|ski|boat)\shire\b
    """
_WORDS = re.compile(
    r"""
    bewerb | bewarb | beworben | vorstellungsgespr | (?:zweit|dritt|erst)e[nsr]?\sgespr(?:ä|ae)ch
  | \b(?:ab|zu)sagen?\b | \bstellen(?:anzeig|ausschreib|angebot|markt|beschreib|portal|b(?:ö|oe)rse)
  | \b(?:die|der|den|eine|einer|offene|offenen|freie|freien|ausgeschriebene|besetzte)\sstellen?\b
  | (?<=\w\w\w)(?:er|kraft|arbeits)stelle\b
  | (?:arbeits|ausbildungs|lehr|praktikums|vollzeit|teilzeit)(?:stelle|platz)
  | personal(?:abteil|er\b|erin|leit|chef|referent|b(?:ü|ue)ro|gewinn)
  | einstellungs(?:test|gespr|stopp|verfahren) | ausbildung | \bazubi | praktik(?:um|a\b|ant) | werkstudent
  | \btrainee | quereinst | fachkr(?:ä|ae)fte | eignungstest | probearbeit | probetag | lebenslauf
  | anschreiben | initiativ | karriere | jobportal | jobb(?:ö|oe)rse | m/w/d | w/m/d | gehaltsvorstellung
  | \b(?:mini|neben|ferien|traum)?jobs?\b | job(?:angebot|interview|anzeige) | arbeitsvertrag
  | vertragsentwurf | probezeit | \bonboarding
  | \bappl(?:y|ied|ying|ications?|icants?)\b | \binterview | recruit | headhunt | \bhir(?:e|ed|es|ing)\b
  | vacanc | \bcandida(?:te|cy) | \bghosted\b | \bcv\b | \br(?:é|e)sum(?:é|e)\b | cover\sletter | career
  | apprentic | \bintern(?:s|ship|ships)?\b | grad(?:uate)?\s(?:scheme|role|program)
  | take[-\s]home\s(?:task|test|assignment) | \breject(?:ed|ion) | talent\s(?:acquisition|pool|team)
  | offer\sletter | rescind | assessment\s?(?:day|cent) | (?:unpaid|trial)\s(?:trial|shift|day)
  | (?:final|first|second|third|last|video)\s(?:round|stage)
    """,
    re.VERBOSE,
)
_HR = re.compile(r"(?<!\w)HR(?!\w)")
_HOURS = re.compile(r"\d\s*HR")  # "WAITING 1 HR"


def heard_in(plain: str) -> bool:
    """Tell whether a readable text holds a word of recruiting."""
    if _HR.search(_HOURS.sub(" ", plain)):
        return True
    text = plain.casefold()  # taking look-alikes out adds no word, so most texts need one search
    return bool(_WORDS.search(text) and _WORDS.search(re.sub(_LOOK_ALIKES, " ", text, flags=re.VERBOSE)))
