"""Words that no dictionary has."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vaultlint.terms.context import begins_sentence, reads_as_foreign
from vaultlint.terms.dictionary import is_word
from vaultlint.terms.fold import DASHES
from vaultlint.terms.words import Word, without_possessive, words

_DASH = re.compile(f"[{re.escape(DASHES)}]")
_SHORTEST = 4


def unknown_words(text: str) -> Iterator[Word]:
    """The words of an English prose text that are in no dictionary, names left out."""
    for start, _, form in words(text):
        word = without_possessive(form)
        parts = _DASH.split(word)
        if len(word) < _SHORTEST or not all(part.isalpha() for part in parts):
            continue
        if any(part[1:] != part[1:].lower() for part in parts) or all(map(is_word, parts)):
            continue
        if word[0].isupper() and not begins_sentence(text, start):
            continue
        if not reads_as_foreign(text, start, start + len(word)):
            yield Word(start, start + len(word), word)
