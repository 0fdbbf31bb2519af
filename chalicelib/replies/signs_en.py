"""What English replies say, by what it tells of them. Phrases as `phrases.pattern` reads them."""

SIGNS = {
    "sent_away": """
        (please|kindly|pls|plz) (\\w{1,20} ){0,2}(contact|call|email|mail|e - mail|ring|phone|write|visit|refer|use|submit|complete|fill|raise|speak|check|see|get in touch|reach|send|address|direct|message|report|log|go|follow|try|apply|note)
        (contact|email|ring|phone|e - mail) (our|the|your|us|hr|customer*|them|<mail>|<phone>)
        (get in touch|reach out|be in touch|in contact) (with|to) (the|our|your|us|them|whoever)
        (you'd|you'll|you) (\\w{1,20} ){0,2}(need|have|want|best) to (\\w{1,20} ){0,2}(speak|call|ring|contact|ask|email|go|raise|write|take|check|get|use|submit|apply|fill)
        (you can|you could|you may|you're welcome to|you are welcome to|feel free to|you are free to|could you|can you) (\\w{1,20} ){0,2}(contact|call|email|ring|write|visit|raise|find|check|book|pop|speak|get|reach|submit|read|use|appeal|report)
        (would|i'd|we'd|we) (\\w{1,20} ){0,2}(recommend|suggest|advise|encourage|ask|invite)
        (have you tried|have a look|take a look|check out|have a word|best to|best thing|best place|best person|try)
        (drop|give) (them|us|our|the) (\\w{1,20} ){0,4}(line|call|shout|email|message|ring|bell|mail)
        (speak|talk|write) (to|with) (your|the|our|them|a member|whoever|us)
        (head office|helpline|help centre|help center|customer care|customer service*|customer services|contact centre|contact center|support team|care team|complaints team|our website|faq|faqs|link in bio|contact form|live chat|the portal|community forum|the manual|in the docs|our guide|size guide|our app|help page*|hr|human resources)
        (at|on|via|to|:) (<mail>|<phone>|<link>)
        (available|open|lines|lines are) (\\w{1,20} ){0,3}(on|from|in|at|via|24|8|9|mon|monday|till|until)
        (more|further|all) (info|information|details)
        (info|details|information|updates|answers) (\\w{1,20} ){0,4}(here|on|at|in|:)
        (can be|should be|must be|have to be|has to be|are to be|may be) (\\w{1,20} ){0,2}(made|lodged|submitted|sent|raised|found|disputed|addressed|directed|reported|done|dealt)
        (they|they'll|who|our team|the team|team) (\\w{1,20} ){0,4}(happy to|able to|best placed|delighted to|be able|can help|help you|look after|assist)
        (your|the) (landlord|retailer|seller|sender|employer|bank|insurer|council|gp|branch|store|manager|provider|operator|property|coach|agency|card issuer|host|manufacturer|advertiser|local)
        (raise|submit|open|log|file|lodge) (a|an|your) (\\w{1,20} ){0,3}(ticket|claim|complaint|request|dispute|grievance|appeal|form|case)
        (queries|questions|complaints|enquiries|inquiries|appeals|applications|claims|feedback|bookings|refunds|orders|cancellations|returns) (\\w{1,20} ){0,4}(go|to|via|through|by|in|:|=|are|should|must|can|only|please)
    """,
    "denied": """
        (can't|cannot|can not|couldn't|unable|not able|aren't able|isn't able|wouldn't be able|not in a position|won't be able|don't|do not) (\\w{1,20} ){0,2}(to )?(help|assist|comment|discuss|deal|handle|look|access|review|respond|reply|identify|go into|see|give|provide|advise|influence|have access|have sight|have any|make|control|confirm|share|explain|cover|do|offer|accept|take|enter)
        (not|isn't|aren't|wasn't) (\\w{1,20} ){0,3}(responsible|something we|our area|our department|our responsibility|handled|dealt|possible|for us|us|ours|this account|the right|within our|in our|down to us|managed by us)
        (unable|impossible|not possible|not in a position)
        (we are|we're|i'm|i am) (only|just|merely|solely) (the|a|an|here)
        (act|acting) (solely|only|as)
        (don't|do not|doesn't|does not|have no|has no|no) (\\w{1,20} ){0,2}(access|sight|control|influence|say)
        (data protection|privacy|gdpr|confidential*|policy|company policy|for security reasons|security reasons|legal reasons)
        (social media|on social|on here|on facebook|on twitter|on linkedin|review sites|in public|publicly|anonymous|this channel|this platform)
        (ask for|appreciate|thank you for) your (understanding|patience)
        (external|third party|third - party|independent|partner|contracted|separate company|different company|outside of our|outside our)
        (no longer|is final|was final|cannot be changed|as per|in line with|in accordance|terms|t&cs|conditions|your contract)
        (individual|specific) (cases|claims|applications|queries|matters|accounts|circumstances)
        (responsibility of|up to the|down to the|matter for)
        (unfortunately|sadly|regrettably|afraid)
    """,
    "regret": """
        (sorry|apologies|apologise|apologize|apology|regret|regrettably|dismayed|saddened|disappoint*|sad to|shame|forgive)
        (understand|appreciate|imagine|hear) (\\w{1,20} ){0,3}(frustrat*|annoy*|upset*|difficult|disappoint*|how|concern*|this)
        (inconvenience|not the experience|not the service|fell short|let you down|not ideal|oh no|oh dear)
    """,
    "corporate": """
        (values|passionate|committed|pride ourselves|close to our hearts|highest|strive|continuous*|constantly|at all times|priority|seriously|dedicated|valued|inclusion|professional*|excellence|loyal*)
        (your|the) (feedback|interest|patience|understanding|loyalty|valuable|comment|comments)
        (helps us|help us|thank you for (taking|choosing|your)|thanks for (taking|choosing|your)|we appreciate you|we wish you|all the best|safe travels|best of luck|good luck|have a (great|lovely|good|wonderful))
    """,
    "acts": """
        (i'll|we'll|i will|we will|i'm going to|we're going to|let me|i can|we can) (\\w{1,20} ){0,3}(call|ring|send|refund|replace|fix|sort|book|cancel|change|put|get|bring|move|pay|credit|write|come|meet|check|find|ask|chase|reserve|hold|keep|save|add|remove|update|email|message|post|order|deliver|collect|have|make|set|do|take|waive|void|give|push|try|talk|speak|see|look)
        (we|i|we've|i've|i'm|we're) (are |am |have )?(\\w{1,20} ){0,2}(refunding|sending|replacing|fixing|paying|crediting|moving|changing|cancelling|holding|bringing|calling|reimbursing|waiving|adding|taking|putting|booking)
        (comes|coming|goes|going|leaves|arrives|turns|calls|rings|brings|collects|starts|is walking|is on (his|her|their) way|on its way) (\\w{1,20} ){0,4}(today|tomorrow|back|out|to you|to your|on|at|with|in|this|tonight)
        (she|he|they|who|\\w{3,12}) (will|'ll) (\\w{1,20} ){0,2}(call|ring|come|bring|sort|fit|meet|send|be with|be at|re - mark|look after)
        (is|are|'s) (on us|on me|on the house|free|no charge|yours|waiting|ready|in the post|with you)
        (you'll|you will|you) (\\w{1,20} ){0,2}(get|have|receive|see|be refunded|be paid) (\\w{1,20} ){0,4}(back|new|refund|money|full|free|credit|today|tomorrow|by|£|\\$|€)
        (bring|pop|come|pick|show|swap|ask for) (\\w{1,20} ){0,3}(in|it|back|round|along|them|him|her|this|up|any)
    """,
    "done": """
        (i've|we've|i have|we have|i|we|has|have|it's|is|was|been|just|now) (\\w{1,20} ){0,3}(refunded|reimbursed|replaced|fixed|corrected|cancelled|canceled|changed|booked|credited|sent|moved|removed|added|updated|put|spoken|spoke|rung|rang|called|asked|found|checked|reset|resubmitted|rebilled|paid|posted|ordered|reserved|held|stopped|lifted|restored|released|waived|deleted|taken|pulled|walked|messaged|emailed|told|set|repaired|resolved|sorted|unlocked|unblocked|reissued|extended|arranged)
        (refund|refunded|replacement|compensation|voucher|credit|no charge|free of charge|nothing to pay|on us|on me|for free|at no cost|half price|goodwill)
        (back on|back up|up and running|running again|working again|live now|out now|in stock|in your inbox|in your dms)
    """,
    "own_matter": """
        (my|our) (mistake|fault|error|bad|slip|job|direct line|direct number|mobile|extension|desk|own|rule|rules|bug)
        (with|to|by|for|from) (me|myself)
        (i'm|i am) (\\w{1,20} ){0,2}(the|a|in|on|at|\\w{3,14})
        (i|we) (run|manage|own|look after|wrote|made|broke|got|missed|forgot|misread|should|shouldn't|dropped|lost|messed|goofed|checked)
        (guilty|fair|fair enough|you're right|you are right|quite right|that's on us|on us|shouldn't have|should have|should've|never be|not good enough|honest|honestly|truth|personally)
        (your pick|your choice|up to you|either way|whichever|which would you|does that|would that|works for you|suit you)
        (ask for|say|mention|quote|ref|reference) (\\w{1,20} ){0,2}
    """,
    "asks": """
        (send|dm|message|tell|give|pop|drop|let) (us|me) (\\w{1,20} ){0,6}(number|name|photo|photos|picture|address|date|receipt|order|ref|reference|postcode|details|email|screenshot|booking|which|what|when|where|know)
        (number|name|photo|address|order|ref|reference|postcode|receipt|size) (\\w{1,20} ){0,4}(by|via|in|to) (a )?(dm|dms|pm|message|email|me)
        (which|what|when|where|how many|how much|who) … [?]
        (shall|should|can|may|want) (i|we|me)
        (and|then|so) (i'll|we'll|i|we)
    """,
    "answers": """
        (yes|yep|yeah|yup|no|nope|nah|sure|true|correct|right|indeed|guilty|absolutely|of course|not yet|still|neither|both|exactly) (,|!|\\.|:|-|\\w{1,12})
        (because|since|due to|as we|reason|that's why|caused|cause|so that|the reason|turns out|it's|they're|there's|that's)
        (costs|cost|opens|closes|starts|ends|runs|takes|lasts|covers|includes|covered|applies|returns|stays|moves|sold|left|open till|open until)
        (from|until|till|since|on|at|by|around) (\\d{1,2}|monday|tuesday|wednesday|thursday|friday|saturday|sunday|tomorrow|today|noon|midnight)
        (£|€|\\$|%|pm|am|eur|chf|minutes|mins|hours|kg|grams|miles|cm)
        (you don't|doesn't|don't need|no need|only|unless|instead|either|otherwise|actually)
    """,
    "seen": """
        (passed|passing|pass|sent|send|forwarded|forwarding|forward|fed|feed|shared|share|flagged|raised|reported|handed|logged|escalated) (\\w{1,20} ){0,5}(on|to|over|with|along|back|team|it|this|that)
        (looking|look|looks|checking|check|investigating|digging|reviewing|review|chasing|asking) (\\w{1,20} ){0,4}(into|at|this|it|on|now|that|with|the)
        (noted|received|got it|got this|seen|aware|on it|on the list|on our list|on our board|heads up|ok|okay|will do|👍|thanks|cheers|ta)
        (thanks|thank you|cheers|ta) (\\w{1,20} ){0,2}for (\\w{1,20} ){0,2}(flagging|letting|telling|the heads|report*|spotting|pointing|raising|sharing|script|info|tip)
        (will|we'll|i'll|to) (\\w{1,20} ){0,2}(look|check|ask|pass|tell|let|review|investigate|find out|see what|get back|come back|update|post an update|keep you|add)
        (with|to) (our|the) (\\w{1,20} ){0,3}(team|engineers|crew|manager|developers|lab|chef|kitchen|tech|ops|group|office|department|depot)
        (don't have|no) (\\w{1,20} ){0,2}(time|news|answer|update|eta) (yet|so far)?
        (have told|has been told|i've told|we've told|told|will tell|have asked|asked)
    """,
    "automatic": """
        (automatic*|automated|auto - reply|autoreply|bot|virtual assistant|assistant|out of office|out of the office|auto response|away message)
        (thank you|thanks) for (\\w{1,20} ){0,2}(contacting|messaging|message|email|getting|reaching|writing|enquiry|report|review|your)
        (your|the) (message|enquiry|request|email|report|query|e - mail|ticket|mail) (\\w{1,20} ){0,4}(received|registered|logged|created|read|important|reached)
        (we|i) (\\w{1,20} ){0,3}(aim|usually|normally|typically|endeavour|try) to
        (usually|normally|typically) (\\w{1,20} ){0,3}(reply|respond|answer|hear|within)
        (as soon as) (we|i|possible|we're|one)
        (office|opening|business|working) hours
        (our|the) (\\w{1,20} ){0,3}(office|team|advisers|advisors|agents|lines) (\\w{1,20} ){0,2}(is|are|here|in|staffed|open|available|answers|answer) (\\w{1,20} ){0,3}(from|between|staffed|monday|mon|weekdays|here|available|7|8|9|10)
        (monday|mon|weekdays|tuesday) (to|-|through|until) (\\w{1,12} ){0,2}(friday|fri|saturday|sat|sunday|sun|thursday)
        (ticket|case|reference|ref|request|number) (\\w{1,20} ){0,3}(#|number|no)
        (order|sequence) (of|in which)
        (we're|we are|i'm|i am) (\\w{1,20} ){0,2}(back|closed|away|out|asleep|offline|with clients|currently)
        (when|once|after|until) (we|i) (\\w{1,12} ){0,2}(open|reopen|are back|return|get back|back)
        (one|a member|someone) of our (\\w{1,20} ){0,2}(team|colleagues|advisers|agents)
        (a|one) (\\w{1,20} ){0,3}(colleague|member|person|human|adviser) (\\w{1,20} ){0,6}will
        (please (do not|don't) reply|do not reply|high volume|in the meantime|while you wait|for emergencies|in an emergency|emergency|urgent)
        (welcome to|you've reached|you're chatting|message received)
    """,
}
