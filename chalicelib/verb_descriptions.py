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

CHANGES = {
    "acknowledge": ("Acknowledge a ticket in the caller's name", ACKNOWLEDGE),
    "pause": ("Stop the clocks of a ticket while we wait for who wrote", PAUSE),
    "resume": ("Let the clocks of a ticket go on", RESUME),
    "resolve": ("Close a ticket", RESOLVE),
    "reopen": ("Start the clocks of a ticket anew", REOPEN),
}
"""By verb: what it does in short, and more of it."""
