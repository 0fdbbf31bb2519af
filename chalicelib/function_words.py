"""Words of German and English that tell nothing by themselves: no reason that a person would give.

What denies ("nicht", "never"), asks for time or place ("wann", "where") or measures ("sehr", "only") tells
something and is left out. "I", "my" and "you" are among them: everybody writes them.
"""

from chalicelib.language import ENGLISH, GERMAN

_GERMAN = """
der die das den dem des ein eine einen einem einer eines dieser diese dieses diesen diesem jener jene jenes
welche welcher welches ich mich mir du dich dir er ihn ihm sie es man wir uns ihr euch ihnen sich mein meine
meinen meinem meiner meines dein deine deinen deinem deiner sein seine seinen seinem seiner unser unsere
unseren unserem unserer euer eure euren eurem eurer ihre ihren ihrem ihrer eueren euerem und oder aber auch
sondern denn dass daß ob als wie wenn weil da damit dabei dazu daran darauf darin davon dafür dann doch ja mal
halt eben so also nun noch schon nur in im an am auf aus bei beim mit nach vor von vom zu zum zur über unter
um durch für gegen bis seit ab hinter neben zwischen ist bin bist sind seid war waren wäre wären sei habe hab
hast hat haben habt hatte hatten hätte hätten werde wird wirst werden werdet wurde wurden würde würden worden
kann kannst können könnt konnte konnten könnte könnten muss musst müssen müsst will willst wollen wollte soll
sollen sollte sollten darf dürfen mag möchte was wer wen wem hier dort da gibt etwas alle alles allem
"""
_ENGLISH = """
the a an this that these those i me my mine you your yours he him his she her hers it its we us our ours they
them their theirs one who whom whose which what and or but so if than then as because while though although
of in on at to from by with about into onto out up down over under for off through during between against
am is are was were be been being have has had having do does did doing done will would shall should can could
may might must im ive id ill youre youve its hes shes were theyre there here just also too even all any some
s t m ve re ll d
"""
_OF = {GERMAN: frozenset(_GERMAN.split()), ENGLISH: frozenset(_ENGLISH.split())}
_OF_ANY = _OF[GERMAN] | _OF[ENGLISH]


def tells_something(word: str, language: str) -> bool:
    """Tell whether a casefolded token is a word that tells something in a language of `language.py`.

    In another one, what tells nothing in German or English is left out.
    """
    return len(word) > 1 and word.isalpha() and word not in _OF.get(language, _OF_ANY)
