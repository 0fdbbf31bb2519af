"""Polls YouTube's comments, which are never pushed: lists them, compares, sends what has changed.

poller.py     which channels, when; reads, sends, then remembers
poll.py       one poll of one channel: what is new, edited, gone
reading.py    the questions to the API
listed.py     its answers
known.py      what we know, compared with them
packing.py    what we know in a few bytes
schedule.py   when the next poll is
outbox.py     envelopes to intake
channels.py   DynamoDB: what is known of each channel
units.py      DynamoDB: what was used of the quota
"""
