"""Whether a text can hold any of many words and phrases at all, told without looking where.

A text is flattened: letters and digits of ASCII in lower case, all else white space. Whatever a
table finds in the prose of a note stands in the note's flat text; most notes hold nothing of a
table, and their prose need not be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import compress, islice
from operator import eq
from typing import NamedTuple

from vaultlint.terms.fold import INVISIBLE

#: Marks of emphasis and escapes, which may stand inside a word of the prose.
_DELETED = b"*_~=\\"
_FLAT = bytes(
    ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else 32 for code in range(256)
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]")


#: The words that any gate looks for: all others in a text are passed over.
_WATCHED: set[bytes] = set()


def count_watched() -> int:
    """How many words gates look for by now: a text that was flattened before lacks the new ones."""
    return len(_WATCHED)


class FlatText(NamedTuple):
    """A flat text: its words, those that gates watch, and all of it, a space around each word.

    `ascii`: nothing else was in it before. `doubled` are the words that stand twice in a row.
    """

    words: set[bytes]
    watched: set[bytes]
    joined: bytes
    ascii: bool
    doubled: frozenset[bytes]


def flatten(text: str) -> FlatText:
    """The flat form of a text."""
    words, plain = _flat_words(text)
    all_words = set(words)
    watched = _WATCHED & all_words
    joined = b" " + b" ".join(words) + b" " if watched else b""
    doubled = frozenset(compress(words, map(eq, words, islice(words, 1, None))))
    return FlatText(all_words, watched, joined, plain, doubled)


def flat_words(text: str) -> list[bytes]:
    """The words of a flat text, in order."""
    return _flat_words(text)[0]


def _flat_words(text: str) -> tuple[list[bytes], bool]:
    plain = text.isascii()
    if not plain:
        text = _INVISIBLE.sub("", text).casefold()
    return text.encode("ascii", "replace").translate(_FLAT, _DELETED).split(), plain


class Gate:
    """Knows the words and phrases of a table. From then on, texts are flattened for it too."""

    def __init__(self, forms: Iterable[str]) -> None:
        """`forms` are words, and phrases with white space between their words."""
        singles: set[bytes] = set()
        self._phrases: dict[bytes, list[tuple[frozenset[bytes], bytes]]] = {}
        self._beyond_ascii = False
        for form in forms:
            words, plain = _flat_words(form)
            self._beyond_ascii |= not plain
            if len(words) == 1:
                singles.add(words[0])
            elif words:
                rarest = max(words, key=lambda word: (len(word), word))
                joined = b" " + b" ".join(words) + b" "
                self._phrases.setdefault(rarest, []).append((frozenset(words), joined))
                _WATCHED.update(words)
        self._singles = frozenset(singles)
        _WATCHED.update(singles)

    def opens(self, flat: FlatText) -> bool:
        """May one of the forms stand in a text? Where it says no, none does."""
        if self._beyond_ascii and not flat.ascii:
            return True
        watched = flat.watched
        if not self._singles.isdisjoint(watched):
            return True
        joined = flat.joined
        return any(
            words <= watched and phrase in joined
            for first in self._phrases.keys() & watched
            for words, phrase in self._phrases[first]
        )
