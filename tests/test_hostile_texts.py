"""Texts made to be slow to read: twice as long takes twice as long, whatever they are made of.

The bound on length is lifted, so that what grows with its square would take a minute. A process of its own
may use so many seconds of the processor, and is ended by the system where it wants more.

https://docs.python.org/3/library/resource.html#resource.RLIMIT_CPU
"""

import signal
import string
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LENGTH = 60_000  # characters, six times what is read
SECONDS = 5  # of the processor; all of it takes a tenth of that
PROGRAM = """
import ast, re, resource, sys
from chalicelib import classifier, classifier_features, plain_text
from chalicelib.second_reader import prompt
reader, readable = classifier.load(), classifier_features.readable
{change}
seconds, length, piece, end = map(ast.literal_eval, sys.argv[1:])
classifier_features.READ_AT_MOST = length
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
text = (piece * length)[: length - len(end)] + end
reader.classify(text)
prompt.cleaned(plain_text.plain(text))
"""
# How words in mixed scripts were once looked for, at each letter of a word anew.
SQUARE = r"""
mixed = re.compile(r"\w*(?:[A-Za-z][\u0370-\u04ff]|[\u0370-\u04ff][A-Za-z])\w*")
classifier.readable = lambda text: readable(mixed.sub("", text))
"""
LETTERS = [
    "a",
    "aа",
    "а",
    "ä",
    "a\u0301",
    "\u0301",
    "x\u0336\u0353",
    "\u200b",
    "ﷺ",
    "漢",
    "İ",
    "👍",
    "1",
    "_",
]
SPACED = [
    "a ",
    "a.",
    "a_",
    "a а ",
    "a.b ",
    "1 ",
    "👍 ",
    "Bewerbung ",
    "nicht ",
    "erste ",
    "\n",
    " \n",
    "\r\n",
]
MARKUP = ["@a", "@-", "<a ", "<a>", "</", "&amp;", "&#", "http://", "www.", "<url>", "?!", ". "]


def read(piece: str, end: str, change: str = "") -> int:
    """Read one text in a new process; give its exit status, below 0 the signal that ended it."""
    given = map(ascii, (SECONDS, LENGTH, piece, end))
    command = [sys.executable, "-c", PROGRAM.format(change=change), *given]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


@pytest.mark.parametrize("piece", [*LETTERS, *SPACED, *MARKUP, *string.punctuation], ids=ascii)
def test_a_long_text_of_anything_is_read_in_time(piece: str) -> None:
    assert read(piece, "x!") == 0


def test_what_grows_with_the_square_is_found() -> None:
    assert read("a", "x!", SQUARE) == -signal.SIGXCPU
