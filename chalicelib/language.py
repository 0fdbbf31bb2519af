"""Tells which language a readable text is in, by its commonest words: German, English, or another."""

import re

GERMAN, ENGLISH, OTHER, UNKNOWN = "de", "en", "other", "unknown"

_WORD = re.compile(r"[^\W\d_]+")
_UMLAUT = re.compile("[äöüß]")
_LAST_LATIN = "\u024f"
_ENOUGH = 6  # words without a single common one of ours are another language

_GERMAN = """
der die das dem den des ein eine einen einem einer ist sind war hat habe haben hab nicht kein keine keinen
und oder aber auch noch nur schon mal mit von vom zu zum zur auf aus bei beim für im am wie wer wo wann
sich sehr wieder dann jetzt immer nach vor über unter um bis seit ohne durch denn weil dass doch gar mehr
viel heute ich mir mich wir uns ihr euch euer eure danke bitte ja nein nix net warum wird wurde kann könnt
können ihre mein meine ihnen sie hallo leider gut super toll was in
"""
_ENGLISH = """
the and or but of to for with from at by is are were been have had has not this that these then than they
there its it if how what when where who why just all she he never again after before more very still only
you your out up i im my we our thanks thank please can could would will dont do did does a be me us no so
get got yes hello hi was on in
"""
# What the neighbours say; words that German or English has as well are left out.
_OTHERS = """
het een niet van ik je jullie wij zijn voor maar ook nog geen naar wat dit heb heeft moet wel le la les
est une vous nous pour dans que qui avec sur mais sont votre notre mon el los las por para como pero muy
más mi su está son il che non per sono della del gli jest nie się że jak ale tak przez och att det som
inte jag har är på med till för ikke jeg og bir ve bu için çok ama değil não um uma com os mais você meu
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COMMON = {GERMAN: _words(_GERMAN), ENGLISH: _words(_ENGLISH), OTHER: _words(_OTHERS)}


def language(text: str) -> str:
    """Tell the language of a casefolded text: "de", "en", "other", or "unknown" where too little is said."""
    words = _WORD.findall(text)
    if not words:
        return UNKNOWN
    if max(text) > _LAST_LATIN and not _is_latin("".join(words)):
        return OTHER
    said = {name: sum(word in common for word in words) for name, common in _COMMON.items()}
    ours = max(said[GERMAN], said[ENGLISH])
    if (said[OTHER] > ours and said[OTHER] > 1) or (not ours and len(words) >= _ENOUGH):
        return OTHER
    if said[GERMAN] == said[ENGLISH]:
        return GERMAN if ours or _UMLAUT.search(text) else UNKNOWN
    return GERMAN if said[GERMAN] > said[ENGLISH] else ENGLISH


def _is_latin(letters: str) -> bool:
    return 2 * sum(letter <= _LAST_LATIN for letter in letters) >= len(letters)
