"""What German replies say, by what it tells of them. Phrases as `phrases.pattern` reads them; "ß" is "ss"."""

SIGNS = {
    "sent_away": """
        (wende|wendet|wenden sie|wenden) … (dich|euch|sich)
        (dich|sich|euch) … (an|mit) … (zu )?(wenden|melden)
        (kontaktiere|kontaktiert|kontaktieren sie|kontaktier)
        (nimm|nehmen sie|nehmt) … kontakt
        (schreib|schreibe|schreibt|schreiben sie|maile|mail|mailen sie|schick|schicken sie|schickt|sende|senden sie|richte|richten sie) … (mail|e - mail|email|<mail>|nachricht an|anfrage|anliegen)
        (ruf|rufe|ruft|rufen sie) … (hotline|service*|kundenservice|kundendienst|unter|<phone>)
        (melde|meld|meldet|melden sie) (dich|euch|sich) … (bei|beim|unter|an|über|per|telefonisch)
        (nutze|nutz|nutzt|nutzen sie|verwende|verwenden sie|benutze|benutzen sie) … (formular|kontaktformular|portal|app|hotline|chat|seite|website|link|service*|adresse|kanal)
        (schau|schaut|schauen sie|guck|sieh|sehen sie|lies|lesen sie|klick|klicken sie|besuch|besuche|besuchen sie) (doch |gern |gerne |mal |einfach |bitte |am besten ){0,4}(auf|in|unter|nach|hier|bei|vorbei|unsere|die|dazu)
        (sprich|sprechen sie|sprichst du|sprecht|frag|frage|fragen sie|fragt) (doch |gern |gerne |mal |einfach |bitte |am besten |da |dazu ){0,4}(mit|bei|beim|direkt|vor ort|im|die|den|ihren|deinen|deine|ihre)
        (geh|gehen sie|geht) … (hin|zu|zur|zum|in den|in die|auf|woanders)
        (füll|fülle|füllen sie|füllt) … aus
        (klär|kläre|klären sie|klärt) … (mit|bei|beim|direkt|persönlich)
        (bewirb|bewirbst|bewerben sie|bewerbt) … (über|portal|direkt|karriere*)
        am besten (\\w{1,20} ){0,3}(du|sie|direkt|ruf*|schreib*|noch mal|nochmal|mal|per|bei|über|an)
        bitte (nur|ausschliesslich|direkt|immer|stets|ausschliessl|noch mal|per|an|über|bei|beim|den|die|unter|telefonisch|schriftlich|im|mit|hier)
        (anfragen|fragen|meldungen|anliegen|beschwerden|reklamationen|rückfragen|einsprüche|anträge|kündigungen|bewerbungen|feedback|störungen|termine) … (bitte|nur|an|unter|per|über|ausschliesslich|nehmen|beantwortet|hilft)
        (nur|ausschliesslich|direkt) (über|per|an|telefonisch|schriftlich|vor ort|persönlich|mit|bei|beim|unter|online)
        hast du (es )?schon (mal )?
        haben sie (es )?schon (mal )?
        (probier|probiere|probieren sie|versuch|versuche|versuchen sie|starte|starten sie) … (mal|noch mal|nochmal|neu|erneut|später|es)
        wir empfehlen
        (wir )?(bitten|bitte) (wir )?(sie|dich|euch)
        (steht|stehen) (dir|ihnen|euch) … (verfügung|offen|frei)
        (hilft|helfen|beraten|beantworten) (\\w{1,20} ){0,3}(dir|ihnen|euch) … (weiter|gern|gerne|dort|team|kolleg*)
        (kannst|könnt|können|kann) (du|ihr|sie|sich|man) (\\w{1,20} ){0,4}(dich|euch|sich|an|unter|über|per|bei|selbst|nachlesen|wenden|einsehen|richten)
        (gern|gerne) können sie
        (an|unter|per|über|auf|via|im|in|:) (<mail>|<phone>)
        (findest du|finden sie|findet ihr|finden sich|findet man|erfährst du|erfahren sie|stehen) … (auf|unter|hier|in|im|<link>)
        (alle|weitere|mehr|nähere|aktuelle) (infos|informationen|info|details|störungen|auskünfte|auskunft)
        (link in bio|faq|faqs|hilfe - center|hilfecenter|hilfe center|help center|helpcenter|hilfeseite*|hilfebereich|agb|forum|community)
        (kontaktformular|formular|servicetelefon|kundenservice|servicecenter|kundencenter|hotline|beschwerdemanagement|kundenportal|ansprechpartner|ansprechpartnerin)
        (reichen sie|reich|reiche|reicht) … ein
        (stellen sie|stell|stelle) … (antrag|anfrage|ticket)
        (müssen|musst|müsst|müsste|müssten|müsstest) (du|sie|ihr|bitte|man|sich|dich)
        (du|sie|ihr|man) (müssen|musst|müsst|müsste|müssten|müsstest|solltest|sollten)
    """,
    "denied": """
        nicht (\\w{1,20} ){0,2}(zuständig|verantwortlich|der richtige|die richtige|die richtigen|unsere sache|unser*)
        nicht (möglich|nachvollziehen|nachvollziehbar|erklären|bestätigen|beeinflussen|beurteilen|einsehen|kommentieren|prüfen|helfen|weiterhelfen|beantworten|zugreifen|öffentlich|diskutieren)
        (können|kann|dürfen|darf|möchten|wollen|werden) (\\w{1,20} ){0,6}(nicht|kein|keine|keinen|keinerlei)
        (leider|bedauerlicherweise) … (nicht|kein|keine|keinen|keinerlei|nur)
        (keine|keinerlei) (auskunft|auskünfte|angaben|stellung|stellungnahme|einzelfälle|rechtsberatung|ferndiagnose*|anzeigen|ausnahmen|details|bewertung*|rückschlüsse)
        (keinen|keine|kein) (zugriff|einblick|einfluss|möglichkeit|handhabe|zugang|einsicht|mitarbeiter|support)
        äussern (wir )?uns … nicht
        uns … nicht (\\w{1,20} ){0,2}äussern
        (bitten|bitte) (wir )?(um|haben sie|hab|habt) … verständnis
        (danke|dank) für (ihr|dein|euer) verständnis
        (aus gründen des|gründen des|zum schutz|wegen) … (datenschutz*|daten)
        datenschutz*
        (schweigepflicht|grundsätzlich|ausschliesslich|endgültig)
        (von|vor) weiteren … ab
        (hier|facebook|öffentlich|kanal) … nicht (klären|besprechen|beantworten|bearbeiten)
        (das )?klärt man nicht
        (allein|ausschliesslich) … (zuständig|sache)
        (zuständig|verantwortlich) (ist|sind|dafür|für|hierfür|wäre)
        (dafür|hierfür|für) … (ist|sind) … (zuständig|verantwortlich)
        (nur|lediglich|bloss) (der|die|das|vom|im|für|vermittler|plattform|social|marketing)
        (sache|aufgabe) (des|der|von)
        (partner|partnerunternehmen|drittanbieter|subunternehm*|externe*|dienstleister*|absender|hersteller|händler|airline|vermieter|veranstalter)
        (entscheidet|entscheiden) (allein|selbst|jeder|jede|jedes)
        (wünschen|alles gute|viel erfolg|viel glück) (\\w{1,20} ){0,6}(zukunft|weg|erfolg|glück|alles gute)
    """,
    "regret": """
        (bedauern|bedauere|bedauerlich)
        (tut|täte) (\\w{1,20} ){0,2}(uns|mir) (\\w{1,20} ){0,3}leid
        (schade|ärgerlich|unannehmlichkeiten|oh je|ohje|oje)
        (entschuldigung|entschuldige|entschuldigen|sorry|verzeihung|pardon)
        (verstehen|können) (\\w{1,20} ){0,3}(unmut|ärger|frust|enttäuschung|nachvollziehen)
        (nehmen|nimmt) … ernst
    """,
    "corporate": """
        (am herzen|grossen wert|hohen wert|höchste priorität|an erster stelle|oberste priorität|höchster stelle|unser anspruch|zentrale werte|stets|bestrebt|bemüht)
        (ihr|dein|euer|für das) (feedback|interesse|vertrauen|offenheit|rückmeldung|offene rückmeldung)
        (jeden tag|jede rückmeldung|rückmeldungen) … (helfen|hilft|besser)
        (alles gute|herzlichst|wir freuen uns auf|freuen uns, dass|kontinuierlich|transparent*|wertschätz*|sorgfalt|qualität|zertifiziert)
    """,
    "acts": """
        (ich|wir|ik|i) (\\w{1,20} ){0,3}(rufe|ruf|rufen|schicke|schick|schicken|sende|senden|bringe|bring|bringen|hole|hol|holen|buche|buchen|storniere|stornieren|ändere|ändern|trage|trag|tragen|stelle|stell|stellen|lege|leg|legen|zahle|zahlen|überweise|überweisen|erstatte|erstatten|kläre|klär|klären|regle|regel|regeln|mache|mach|nehme|nehm|nehmen|setze|setz|setzen|sperre|sperren|schalte|schalten|tausche|tauschen|ersetze|ersetzen|liefere|liefern|korrigiere|korrigieren|reserviere|reservier|reservieren|bestelle|bestell|bestellen|schreibe|schreib|repariere|reparieren|komme|komm|kommen|ziehe|ziehen|schiebe|drucke|packe|pack|hinterlege|übernehme|übernehmen|verlänger*|räume|räumen|gleiche|rechne|rechnen|streiche|streichen|wiederhole*|garantiere|sorge|sorgen)
        (rufe|ruf|schicke|schick|sende|bringe|bring|hole|hol|buche|storniere|ändere|trage|stelle|stell|lege|leg|zahle|überweise|erstatte|kläre|klär|regle|nehme|setze|sperre|schalte|tausche|korrigiere|reserviere|bestelle|bestell|schreibe|schreib|repariere|weise|mache|mach|ziehe|fahre|übernehme) (ich|dir|euch|ihnen|sie|das|es|den|die|dich|mal|morgen|heute|gleich|sofort)
        (zahlen|überweisen|erstatten|schicken|bringen|holen|buchen|tauschen|ersetzen|liefern|korrigieren|reparieren|stornieren|nehmen|rechnen|bestellen|stellen|legen|ziehen) wir
        (kümmere|kümmer|kümmern|kuemmere) (mich|uns)
        (kümmere|kümmern|kümmert) … (darum|drum|persönlich)
        (löse|lösen|regeln|machen|kriegen) (\\w{1,20} ){0,3}(das|es) … (rückgängig|neu|wieder|weg|hin)
        (bekommst|bekommen|bekommt|kriegst|kriegen|kriegt|erhältst|erhalten) (du|sie|ihr|\\w{1,20}) … (zurück|neu*|ersatz|geld|gutschein|gutschrift|euro|€|mail|karte)
        (ruft|kommt|bringt|holt|liefert|repariert|tauscht|fährt|übernimmt|klingelt|zeigt|bestellt|schickt) (\\w{1,20} ){0,5}(dich|sie|euch|ihnen|dir|an|zurück|vorbei|heute|morgen|aus|am|um|um die|ab|nach)
        (geht|gehen) (\\w{1,20} ){0,4}(raus|auf uns|auf mich|aufs haus|zurück|auf dein*|auf ihr*|an dich|an sie|per post)
    """,
    "done": """
        (habe|hab|hab's|haben|hat) (\\w{1,20} ){0,7}(erstattet|storniert|korrigiert|geändert|gebucht|eingetragen|reserviert|hinterlegt|freigeschaltet|gesperrt|getauscht|ersetzt|bestellt|überwiesen|gutgeschrieben|repariert|behoben|angerufen|gefunden|verschickt|versendet|rausgeschickt|zurückgebucht|zurückgelegt|gestrichen|gelöscht|verlängert|abgestellt|erledigt|geklärt|gelöst|angewiesen|beantragt|entfernt|ausgetauscht|umgebucht|aufgehoben|angestossen|aktualisiert|ergänzt|nachgetragen|geprüft|nachgesehen|nachgeschaut|zurückgesetzt|vorgemerkt|notiert)
        (ist|sind|wurde|wurden) (\\w{1,20} ){0,5}(erstattet|storniert|korrigiert|geändert|gebucht|eingetragen|reserviert|hinterlegt|freigeschaltet|freigegeben|gesperrt|bestellt|überwiesen|gutgeschrieben|repariert|behoben|gefunden|verschickt|unterwegs|raus|gestrichen|gelöscht|verlängert|erledigt|geklärt|gelöst|angewiesen|entfernt|umgebucht|aufgehoben|fertig|da|draussen|bereit|abholbereit|zurück)
        (kostenlos|gratis|umsonst|auf uns|aufs haus|kostet (\\w{1,20} )?(nix|nichts)|ersatz|erstattung|gutschrift|gutschein|gutgeschrieben|leihwagen|leihgerät)
        (liegt|steht|hängt|liegen|stehen) (\\w{1,20} ){0,4}(bereit|hinterlegt|für dich|für sie|für euch|an der|am|im|beim|bei)
    """,
    "own_matter": """
        (bei|mit|an|von) mir
        (mein|meine|meiner|meinen) (fehler|nummer|durchwahl|handy|mail|mailadresse|kollege|kollegin|team|schwester|chef|schuld)
        (unser|unserer|unsere) (fehler|schuld|versehen|bug|azubi)
        ich bin (\\w{1,20} ){0,3}\\w{4,30}
        (das war|war) (ich|unser|unsere|mein|meine|unseres)
        (haben wir|wir haben|hätten wir|hab ich|habe ich) … (verbockt|vergessen|verpennt|falsch|übersehen|verwechselt|vertauscht|nicht gesehen)
        (persönlich|versprochen|ehrlich|darf nicht|hätte nicht|geht gar nicht|stimmt|zu recht|recht)
        (passt|geht|reicht|klappt) (das|dir|ihnen|es|euch)
        sitze (\\w{1,20} ){0,2}dran
    """,
    "asks": """
        (schick|schicke|schicken sie|schickt|sende|senden sie|sag|sagen sie|sagt|nenn|nennen sie|gib|geben sie|gebt|schreib|schreiben sie|verrat|verraten sie) (\\w{1,20} ){0,3}(mir|uns) … (nummer|name|namen|foto|fotos|adresse|datum|bon|kassenbon|bestellnummer|auftragsnummer|kundennummer|vertragsnummer|ticketnummer|iban|bankdaten|uhrzeit|filiale|linie|mail|bild|screenshot|bescheid|daten|geburtsdatum)
        (nummer|name|foto|adresse|kundennummer|auftragsnummer|bestellnummer|iban|daten|größe|grösse|bild|screenshot) (\\w{1,20} ){0,4}(per|als|in die|in den) (dm|dms|pn|pm|nachricht|mail)
        (welche|welcher|welches|welchen|welchem|wann|wo|wie|was) … [?]
        dann (\\w{1,20} ){0,4}(ich|wir)
        (soll|sollen|darf|können) (ich|wir)
    """,
    "answers": """
        (ja|jo|jep|jap|jaa|klar|nein|nö|nope|doch|stimmt|genau|richtig|korrekt|tatsächlich|gern|gerne) (,|!|\\.|:)
        (weil|deshalb|deswegen|daher|nämlich|grund|ursache|liegt am|liegt an|liegt daran|lag am|lag an|wegen)
        (geht|gehen|klappt|gilt|reicht|kostet|kosten|dauert|öffnet|schliesst|beginnt|startet|bleibt|wird|kommt|gibt es|gibts|haben wir|sind noch|ist noch)
        (ab|bis|seit|am|um|gegen|von) (\\d{1,2}|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|morgen|sofort|heute)
        (euro|€|prozent|%|uhr|cent|liter|kilo|meter|stück|minuten|kostenlos)
        (einfach|dazu|dafür|sonst|ausserdem|übrigens|eigentlich|leider|allerdings)
    """,
    "seen": """
        (geben|gebe|leiten|leite|reichen|reiche|gib|geb) (\\w{1,20} ){0,7}weiter
        (leite|gebe|reiche) ich weiter
        (weitergegeben|weitergeleitet|weitergereicht|übermittelt|übergeben|durchgegeben|vermerkt|aufgenommen|registriert|notiert|verständigt|informiert|gemeldet|gefunkt|erfasst|eingegangen|erhalten|empfangen|angekommen)
        (gehen|geht|gehe) (\\w{1,20} ){0,4}(nach|auf den grund)
        (schauen|schaue|schau|sehen|gucken|guck|guckt|schaut|checken|check|prüfen|prüfe|prüft|untersuchen|klären|kläre|klär) (\\w{1,20} ){0,5}(an|nach|das|es|intern|mal|ab|gerade|eben|gleich)
        (wird|werden) (\\w{1,20} ){0,4}(geprüft|korrigiert|weitergegeben|weitergeleitet|bearbeitet|gelesen|angeschaut|untersucht|besprochen)
        (sind|bin|ist|sitzt|sitzen|bleiben|bleib) (\\w{1,20} ){0,4}(dran|im bilde|daran)
        (steht|ist|kommt|hab's|hat's) (\\w{1,20} ){0,3}auf (der|die|dem|den|unserer) (liste|zettel|schirm|plan|agenda)
        (weiss|wissen) (\\w{1,20} ){0,2}bescheid
        (kennen|wissen) wir
        (frag|frage|fragen) (\\w{1,20} ){0,3}(nach|mal|ich|die|den)
        (danke|dank|merci) (\\w{1,20} ){0,2}(für|fürs) (\\w{1,20} ){0,2}(hinweis|info|melden|tipp|bescheid|anregung|meldung|idee)
        (denken|nehmen) (\\w{1,20} ){0,3}(drüber nach|mit|auf)
        (ticket|vorgang) (\\w{1,20} ){0,4}(auf|angelegt|eröffnet|offen)
        (gesehen|gelesen|notiert|ok|okay|👍|alles klar|moment|gebt mir|gib mir)
        im auge
        (hab's|habs|haben's|hab) (\\w{1,20} ){0,3}(gesagt|gegeben|weitergegeben|gemeldet)
        gegeben
    """,
    "automatic": """
        (automatisch*|autopilot|bot|chatbot|auto - reply|autoreply|abwesenheit*|abwesend|digitale* assistent*)
        (ausserhalb) (der|unserer|unseren|des)
        (nachricht|anfrage|mail|anliegen|e - mail) (\\w{1,20} ){0,4}(eingegangen|erhalten|empfangen|erfasst|registriert|aufgenommen|angekommen)
        (wir|ich) (lesen|lese|antworten|antworte|beantworten|bearbeiten|melden|melde) (\\w{1,20} ){0,5}(sobald|schnellstmöglich|so schnell|in der regel|meist|meistens|normalerweise|täglich|abends|werktags|reihenfolge|ab)
        (sobald) (wir|ich)
        (wieder) (da|für dich|für sie|erreichbar|am start|im büro|zurück|besetzt)
        (vorgangsnummer|ticketnummer|aktenzeichen|vorgang|ticket) (\\w{1,20} ){0,3}\\d{2,9}
        (vorgangsnummer|ticketnummer|eingangsbestätigung|bestätigung)
        (bearbeitung|anfragen) (\\w{1,20} ){0,4}(reihenfolge|werktage*|eingangs)
        (montags|mo|montag|werktags|dienstags|täglich|di) (- |bis )(\\w{1,12} ){0,2}(freitags|fr|freitag|sonntags|samstag|sonntag|samstags|so|do|sa)
        (bürozeiten|öffnungszeiten|praxiszeiten|servicezeiten|sprechzeiten|geschäftszeiten|feierabend|urlaub|betriebsferien)
        (zurzeit|derzeit|momentan|gerade) (\\w{1,20} ){0,4}(nicht|unterwegs|im|hoch*|viele|verzögerung*)
        (hohen|hohes|hoher) (aufkommen*|anfrageaufkommen*|nachrichtenaufkommen*)
        (im notfall|bei notfällen|notfälle|notfall|dringenden fällen)
        (danke|dank) für (deine|ihre|eure|die) (nachricht|anfrage|mail|kontaktaufnahme|bewerbung|bewertung|anruf)
        (willkommen|schön , dass du)
    """,
}
