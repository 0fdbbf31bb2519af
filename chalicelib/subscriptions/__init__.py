"""What each platform needs so that it goes on sending, looked at every hour and kept alive.

rows.py         what is shown: one row for each thing that can fail
reach.py        how one platform is reached
records.py      what is remembered between two checks
known.py        what a check of one platform knows and may do
deliveries.py   when the last delivery came, and whether a platform has fallen silent
handshakes.py   when the last handshake came, where platforms repeat it
tokens.py       which token to use, and how old it is
youtube.py, x.py, meta.py, linkedin.py    what only that platform needs
platform_rows.py    all rows of one platform
check.py        all platforms, one after the other; what is told and fetched then
backfill.py     fetches what did not come, by backfill_linkedin.py, backfill_x.py, backfill_meta.py
errands.py      what the function can be asked for
"""
