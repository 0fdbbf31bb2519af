"""What people say in a clause with a time when they promise something, and when they do not."""

from chalicelib.replies.phrases import pattern

# Somebody of ours answers: the promise that counts where there are several.
WE_ANSWER = pattern("""
    (melde|melden|meldet|meld) (mich|uns|sich)
    (mich|uns|sich) … (melde|melden|meldet)
    (antwort|rückmeldung|bescheid|rückruf|update|nachricht|feedback)*
    (antworte|antworten|antwortet|beantworte|beantworten|informiere|informieren|informiert|schreibe|schreib|schreiben)
    (ruf|rufe|rufen|ruft) … (an|zurück)
    (hörst|hört|hören) … von
    (get|come|be|am|are|is|coming) back to you
    (hear|answer|response|reply|replies|respond|update|call|phone|ring|contact|message|email|dm|write)
    let you know
    (be )?in touch
    follow up
    reach out
""")
WE_ACT = pattern("""
    (ich|wir|mir|unser|unsere|unseren|unserem|unserer)
    von uns
    (melde|melden|meldet|meld|kümmere|kümmern|kümmert|kümmer|kuemmere) (mich|uns|sich)
    (hörst|hört|hören) … von
    (du|ihr|sie) (bekommst|bekommt|bekommen|kriegst|kriegt|kriegen|erhältst|erhaltet|erhalten|hast|habt|haben|hörst|wirst)
    (bekommst|bekommt|bekommen|kriegst|kriegt|kriegen|erhältst|erhaltet|erhalten|hast|habt|haben) (du|ihr|sie)
    (ruft|meldet|kümmert|schaut|prüft|antwortet|entscheidet|kommt|schickt|bringt|repariert|tauscht|klärt|liefert|sendet|behebt|schreibt|holt|übernimmt|informiert|bearbeitet|fragt|sieht|gibt|nimmt)
    (rufen|melden|kümmern|schauen|prüfen|antworten|entscheiden|kommen|schicken|bringen|reparieren|tauschen|klären|liefern|senden|beheben|holen|übernehmen|informieren|bearbeiten|geben|gebe|sag|sage|sagen|ruf|rufe|schreib|schreibe|schick|schicke|prüfe|kläre|schau|schaue|frag|frage)
    (wird|werden|werde)
    (geht|gehen|fährt|fahren) … (raus|zu|auf|live|an|nach)
    (liegt|liegen|steht|stehen) … (im|bereit|am|vor)
    (kommst|kommt|kommen) … (dran|raus|zurück|vorbei|per|mit)
    (abholung|lieferung|antwortzeit|wartezeit|bearbeitungszeit|fix|nachschub|techniker) … ~
    (rechnet|rechnen|rechne) … (damit|mit)
    (fährt|fahren) ~
    auf dem zettel
    (folgt|folgen)
    (antwort|rückmeldung|bescheid|rückruf|update|erstattung|ersatz|lösung|entscheidung|ergebnis)
    (ist|sind) … (behoben|repariert|erledigt|fertig|geklärt|gelöst|bearbeitet|da|wieder da|auf dem weg|auf deinem konto|auf ihrem konto|unterwegs)
    (i|we|i'm|we're|i'll|we'll|ill|i've|we've)
    (will|'ll|gonna|going to)
    (you'll|she'll|he'll|they'll|it'll|that'll|someone'll|who'll)
    \\w{1,30}'ll
    (is|are) \\w{2,20}ing
    should (hear|get|receive|have|be|see|arrive|land)
    back to you
    let you know
    (update|reply|answer|response|refund|replacement|callback) … (by|within|to follow|follows|on its way)
    (update|reply|answer|response) ~
    aim to
    (comes|leaves|arrives|returns|lands|land|meets|moves) (\\w{1,20} ){0,5}~
    (goes|go) (out|live|up|to|back) … ~
    (pays|pay|paid) (out|back|automatically) … ~
    (is|are|'s|'re) (back|with you|at yours|done|fixed|ready|sorted|gone|out|due) (\\w{1,20} ){0,3}~
    (with you|at yours|door|meter visit|delivery|collection|refunds?|refunded|credit) (\\w{1,20} ){0,4}~
    (replies|answers|reply time|wait|waiting time|waiting period|response time|processing time) … ~
    (decision|news|result|results) … ~
    (replies|responses|answers) (are|is) (given|sent)
    (can|could) bring
    expect (a|an|to|us)
    (call|visit|mail|email|message|reply|answer) from (us|me)
""")
IS_ELSE = pattern("""
    (geöffnet|offen|erreichbar|öffnungszeit*|geschlossen|zu erreichen|sprechzeit*|servicezeit*|geschäftszeit*|hotline|öffnen|öffnet|schliessen|schliesst)
    (haben|hat|habt|machen|macht) … (auf|zu|offen)
    (haben|hat) (wir )?(leider )?zu
    (für dich|für euch|für sie|gern|gerne|wieder) … da
    (wieder|nicht|erst|ab) (da|im büro|im haus|zurück)
    (gilt|gültig|gelten|läuft|laufen|endet|enden|beginnt|beginnen|startet|starten|findet|finden … statt|dauert|dauern|frist|bewerbungsfrist|bewerbungsschluss|anmeldeschluss|aktion|angebot|rabatt|verkauf|verkürzt)
    (sind|bin|ist) (wir |ich )?(~ )?(leider )?(auf|im|in|am|unterwegs|vor ort|dabei|weg|krank)
    (wir sind|sind wir|ich bin|bin ich)
    (schau|schaut|guck|komm) (doch|gern|gerne|mal)
    (wünschen|wünsche) (wir |ich )?(dir|ihnen|euch|~)
    (vertrag|bescheid|rechnung) … zu melden
    (have|there's|there is|is|got) no
    as of
    (haben|hast|habt) … zeit
    (sehen|freuen|treffen) (wir )?uns
    (seit|sonntags|montags|dienstags|mittwochs|donnerstags|freitags|samstags|täglich|jeden|jede)
    bitte
    (melde|meld) dich
    meldet euch
    melden sie sich
    (?<!wir )(schreib|schreibt|schreiben sie|schick|schickt|schicken sie|sende|sendet|senden sie|ruf|rufen sie|gib|gebt|geben sie|sag|sagt|sagen sie|teil|teilt|teilen sie|reich|reicht|reichen sie|lad|ladet|laden sie|bring|bringt|bringen sie) (gern |gerne |einfach |doch |mal |~ )?(uns|mir|einfach|gern|gerne|es uns)
    (?<!wir )(ruf|ruft|rufen sie) (gern |gerne |einfach |doch |mal )?(uns|mich|an|~ an|unter)
    (?<!wir )(komm|kommt|kommen sie) (gern|gerne|einfach|doch|mal)
    (?<!wir )(wende|wendet|wenden sie) (dich|euch|sich)
    (?<!wir )(kontaktiere|kontaktiert|kontaktieren sie)
    (kannst|könntest|können|könnten|könnt|magst|möchtest|möchten|wollen|willst) (du|ihr|sie)
    (du|ihr|sie) (kannst|können|könnt|musst|müssen|müsst|brauchst|brauchen|darfst|dürfen|solltest|sollten)
    (kannst|können|musst|müssen) … (vorbeikommen|zurückgeben|zurückschicken|widerrufen|anrufen|bestellen|bewerben|anmelden)
    (nicht|kein|keine|keinen|nie|niemals|kaum) (vor|bis|mehr|möglich|schaffen|~|mehr ~|vor ~|bis ~)
    ~ (leider )?nicht*
    leider … nicht
    (schönen|schöne|schönes|guten|gute|happy|great|good|nice|lovely) ~
    (wenn|falls|sofern|wer) (du|ihr|sie|sich|sie sich)
    (open|opens|opening|closed|closes|close|available|lines|hours|hotline|reachable)
    (ends|end|ending|valid|expires|expire|runs|running until|lasts|starts|start|begins|begin|deadline|takes place|sale|offer|promotion)
    (please|pls|plz|kindly)
    (can|could|would|will|do|did|have|are|if) you
    you (can|could|may|must|need|have to|should (call|contact|email|send|write|message)|might)
    get in touch with us
    (can't|cannot|won't|couldn't|not|unable|didn't|don't|never|isn't|aren't) (be able|by|do|until|before|make|manage|promise|guarantee|~|\\w{1,20})
    have a (great|nice|good|lovely|wonderful|fantastic|fab)
    (every|each|daily|mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays)
    we'll be (at|in the|there|here|back|out)
    until (further )?notice
""")
# At the beginning of a clause: the reader is to act.
IS_ASKED = pattern("""
    (just |simply |or |then |maybe |also |feel free to |do )?(send|give|call|message|dm|email|contact|drop|visit|pop|come|bring|ring|phone|stop|swing|join|apply) (us|me|in|by|to|our|the|it|your|them|over|a|at|with|down|along|here|this|~)
    (just |or |then |also |do )?(write|reply|get|let|tell|check|try) (to us|us|me|back to us|in touch)
""")
# So it is, whatever else is said.
IS_OVER = pattern("""
    (gestern|vorgestern|letzte|letzten|letzter|letztes|vergangenen|vorige|yesterday|last|ago)
""")
WILL = pattern("""
    (will|'ll|\\w{1,20}'ll|going to|gonna|werde|werden|wird)
""")
# Days on which something is done every week, as opening hours have them.
IS_WEEKLY = pattern("""
    (mo|di|montags?|dienstags?|mon|monday|tuesday|tue|weekdays|werktags?) (-|bis|to|through|until) (fr|sa|so|do|freitags?|samstags?|sonntags?|fri|friday|sat|saturday|sun|sunday|thursday|thu)
    (- )?(mon|mo|di|tue) - (fri|fr|sat|sa|sun|so)
""")
IS_PAST = pattern("""
    (haben|habe|hat|hatte|hatten|hatten wir|war|waren|wurde|wurden|ging|gingen|kam|kamen|bekamst|schrieben|schrieb|rief) (?!sie (bis )?~ )… \\w{0,12}ge\\w{2,30}(t|en)
    ~ (haben wir|habe ich|hat|hatten|hatte|wurde|wurden|war|waren|ging|gingen)
    (hat|hatte|hatten|wurde|wurden|war|waren|ging|gingen|kam|kamen|gestern|vorgestern|letzte|letzten|letzter|letztes|vergangenen|vorige)
    (haben|habe) … ~ ([^ ]{1,20} ){0,4}(ver|be|er|ge|ent)\\w{2,30}(t|en)
    (habe ich|haben wir|ich habe|wir haben|ich hab|hab ich|ich fand)
    (was|were|did|had|went|came|replied|sent|called|emailed|wrote|spoke|told|asked|received|answered|been)
    (i've|we've|i have|we have|has been|have been|they've|he's been|she's been)
    (i|we|he|she|they) \\w{2,15}ed
""")
