"""Reads text as people see it: some platforms send it as HTML, and tags would mislead the classifier."""

import html
import re

# Only what such texts are made of; `1 < 2` and `<grins>` are no tags.
TAG = re.compile(
    r"</?(?P<name>a|b|blockquote|br|code|del|div|em|h[1-6]|i|img|li|ol|p|pre|s|span|strong|u|ul)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
BREAKS_THE_LINE = frozenset({"blockquote", "br", "div", "li", "ol", "p", "pre", "ul"})


def plain(text: str) -> str:
    """Take the tags out of HTML and write its entities as characters; other text stays as it is."""
    if not TAG.search(text):
        return text
    return html.unescape(TAG.sub(_between, text)).strip()


def _between(tag: re.Match[str]) -> str:
    return "\n" if tag["name"].lower() in BREAKS_THE_LINE else ""
