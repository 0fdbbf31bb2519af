"""Reads and checks `standard_webhooks.toml`: by which names the parts of a message are found."""

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from chalicelib import checked_toml

FILE = Path(__file__).with_name("standard_webhooks.toml")


def _path(name: str) -> str:
    if not re.fullmatch(r"[^.\s]+(\.[^.\s]+)*", name):
        raise ValueError("write a name, or names with dots between them, like author.name")
    return name


def words_of(text: str) -> list[str]:
    """Take `direct_message.created`, `contact-form/submitted` or `reviewUpdated` apart into small words."""
    return re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text).lower())


def _word(word: str) -> str:
    if words_of(word) != [word]:
        raise ValueError("write one word in small letters, a to z and 0 to 9")
    return word


_OnePath = Annotated[str, AfterValidator(_path)]
_OneWord = Annotated[str, AfterValidator(_word)]
Paths = Annotated[tuple[_OnePath, ...], Field(min_length=1)]
Words = Annotated[tuple[_OneWord, ...], Field(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fields(_Table):
    """Where the parts of a message are."""

    id: Paths
    text: Paths
    title: Paths
    rating: Paths
    author_id: Paths
    author_name: Paths
    url: Paths
    created_at: Paths
    updated_at: Paths
    in_reply_to: Paths
    conversation: Paths
    account: Paths
    source: Paths
    kind: Paths
    from_us: Paths


class _Words(_Table):
    """Words and what they stand for; no word stands for two things."""

    @model_validator(mode="after")
    def _unambiguous(self) -> Self:
        meant: dict[str, str] = {}
        for meaning, words in self:
            for word in words:
                if meant.setdefault(word, meaning) != meaning:
                    raise ValueError(f'"{word}" stands for {meant[word]} and {meaning}: drop one')
        return self

    def meaning(self, word: str) -> str | None:
        """Tell what a word stands for."""
        return next((meaning for meaning, words in self if word in words), None)


class Changes(_Words):
    """What has happened, by the last word of `type`."""

    created: Words
    edited: Words
    deleted: Words
    replied: Words


class Kinds(_Words):
    """Where it was said."""

    review: Words
    comment: Words
    reply: Words
    mention: Words
    post: Words
    direct_message: Words


class Names(_Table):
    """The whole file."""

    fields: Fields
    changes: Changes
    kinds: Kinds


@cache
def load(file: Path = FILE) -> Names:
    """Read and check the file.

    Raises:
        ConfigurationError: names the entry that is wrong and the remedy.

    """
    return checked_toml.load(Names, file)
