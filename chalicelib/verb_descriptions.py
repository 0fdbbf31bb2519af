"""What the verbs by which people change a ticket do, as the API's description tells it."""

ACKNOWLEDGE = "The same caller may repeat it; 409 names who was first, and when. It never stops `answer_by`."

PAUSE = (
    "Deadlines move by the open time that it lasts; one that was missed before stays missed. It ends at"
    " `until`, or when somebody resumes it. Repeated, it changes nothing. 409: it is paused otherwise,"
    " answered or closed."
)

RESUME = "The same caller may repeat it. 409: it is not paused; tells who has resumed it, and when."

RESOLVE = (
    "All its clocks stop: what is past its deadline by now was missed. The same caller may repeat it; 409"
    " names who was first, and when."
)

REOPEN = (
    "For a ticket that was answered or resolved. How its clocks had ended stays in the history. The same"
    " caller may repeat it. 409: it is not closed."
)

ANSWER = (
    "The guard reads it: a brush-off stops nothing, a receipt `acknowledge_by`, an answer with substance also"
    " `answer_by`; what a machine said stops nothing (`automatic`). A promise becomes a deadline. `help` and"
    " `reason` overrule the guard at once. The same text again changes nothing. 409: it is closed."
)

OVERRULE = (
    "The clocks go by it from then on; both readings stay. Repeated, it changes nothing. 400: the ticket has"
    " no such reply. 409: its message was deleted, or needs no answer."
)

CHANGES = {
    "answer": ("Note what was said to who wrote, and have it read", ANSWER),
    "overrule": ("Say what a reply of ours is", OVERRULE),
    "acknowledge": ("Acknowledge a ticket in the caller's name", ACKNOWLEDGE),
    "pause": ("Stop the clocks of a ticket while we wait for who wrote", PAUSE),
    "resume": ("Let the clocks of a ticket go on", RESUME),
    "resolve": ("Close a ticket", RESOLVE),
    "reopen": ("Start the clocks of a ticket anew", REOPEN),
}
"""By verb: what it does in short, and more of it."""
