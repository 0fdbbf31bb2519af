"""The second reader: a small language model on Amazon Bedrock is asked about what the first one doubts.

It is off unless a model is configured. What it says counts only within `rules.py`; whatever goes wrong leaves
a message unsure, as it was (docs/decisions/0018).
"""
