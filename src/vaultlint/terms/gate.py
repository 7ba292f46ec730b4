"""Whether a text can hold any of many words and phrases at all, told without looking where.

A text is flattened: letters and digits of ASCII in lower case, all else white space. Whatever a
table finds in the prose of a note stands in the note's flat text; most notes hold nothing of a
table, and their prose need not be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from vaultlint.terms.fold import INVISIBLE

#: Marks of emphasis and escapes, which may stand inside a word of the prose.
_DELETED = b"*_~=\\"
_FLAT = bytes(
    ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else 32 for code in range(256)
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]")


class FlatText(NamedTuple):
    """A flat text: its words, and all of it with one space around each word.

    `ascii`: nothing else was in it before.
    """

    words: frozenset[bytes]
    joined: bytes
    ascii: bool


def flatten(text: str) -> FlatText:
    """The flat form of a text."""
    plain = text.isascii()
    if not plain:
        text = _INVISIBLE.sub("", text).casefold()
    words = text.encode("ascii", "replace").translate(_FLAT, _DELETED).split()
    return FlatText(frozenset(words), b" " + b" ".join(words) + b" ", plain)


class Gate:
    """Knows the words and phrases of a table."""

    def __init__(self, forms: Iterable[str]) -> None:
        """`forms` are words, and phrases with white space between their words."""
        singles: set[bytes] = set()
        self._phrases: dict[bytes, list[bytes]] = {}
        self._beyond_ascii = False
        for form in forms:
            flat = flatten(form)
            self._beyond_ascii |= not flat.ascii
            if len(flat.words) == 1:
                singles |= flat.words
            elif flat.words:
                rarest = max(sorted(flat.words), key=len)
                self._phrases.setdefault(rarest, []).append(flat.joined)
        self._singles = frozenset(singles)

    def opens(self, flat: FlatText) -> bool:
        """May one of the forms stand in a text? Where it says no, none does."""
        if self._beyond_ascii and not flat.ascii:
            return True
        if not self._singles.isdisjoint(flat.words):
            return True
        joined = flat.joined
        return any(
            phrase in joined
            for word in self._phrases.keys() & flat.words
            for phrase in self._phrases[word]
        )
