"""What each platform needs so that it goes on sending, looked at every hour and kept alive.

rows.py         what is shown: one row for each thing that can fail
records.py      what is remembered between two checks
known.py        what a check of one platform knows and may use
deliveries.py   when the last delivery came, and whether a platform has fallen silent
handshakes.py   when the last handshake came, where platforms repeat it
tokens.py       which token to use, and how old it is
youtube.py, x.py, meta.py, linkedin.py    what only that platform needs
check.py        all of it, one platform after the other
"""
