"""When somebody is there to answer: opening hours, holidays, and sums of open time."""
