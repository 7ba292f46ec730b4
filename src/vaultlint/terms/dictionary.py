"""Which forms are English words, and which of them belong to one national spelling only.

The dictionary reports nothing: it guards the checks that do. A word of the dictionary is never
taken for a misspelling of another word.

It holds forms, inflected ones too, of American, British, Canadian and Australian English, with
names and common abbreviations. The forms come from SCOWL (`vaultlint/data/LICENSES.md`) and are
chosen by `scripts/build_dictionary.py`. They are read when first asked for.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Literal, NamedTuple

from vaultlint.terms.fold import unified
from vaultlint.text import normalized

#: After so many searches, reading all forms would have taken as long.
_SEARCHES = 6000

#: Letters that Unicode does not take apart into a plain letter and a mark.
_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ß": "ss"})


def fold(word: str) -> str:
    """The form under which the dictionary has a word, whether it has it or not.

    Lower case, without accents, invisible characters and a possessive "'s", and with plain
    apostrophes.
    """
    if not word.isascii():
        marked = normalized("NFKD", unified(word))
        word = "".join(char for char in marked if not unicodedata.combining(char))
        word = word.lower().translate(_LETTERS)
    return word.lower().removesuffix("'s")


def is_word(word: str) -> bool:
    """Whether the word, in any case, with or without accents and possessive, is English.

    A compound with a hyphen is not one word: ask for its parts.
    """
    return fold(word) in _words()


def word_count() -> int:
    """How many forms the dictionary has."""
    return len(_words().forms())


def spelling(word: str) -> Literal["american", "british"] | None:
    """The national spelling of which the word is a mark: "color" is American, "colour" British.

    None for a word that both sides write, be it as a variant ("organize", "judgment"), and for one
    that is not known.
    """
    american, british = _spellings()
    form = fold(word)
    if form in american:
        return "american"
    return "british" if form in british else None


def _unpacked(name: str) -> bytes:
    """The text of a data file of this package."""
    import zlib
    from importlib.resources import files

    return zlib.decompress(files("vaultlint.data").joinpath(name).read_bytes(), wbits=31)


def _blocks(name: str) -> list[list[str]]:
    """The lines of a data file, by the empty lines between them."""
    text = _unpacked(name).decode("ascii")
    return [block.split("\n") for block in text.split("\n\n")]


class CommonWords(NamedTuple):
    """Common words, in lower case, of three letters or more.

    `steps` tells how common each is, from 0, the commonest, to 3; `capitals` are those that are
    always written with a capital, as "February" is.
    """

    steps: Mapping[str, int]
    capitals: frozenset[str]


@cache
def common_words() -> CommonWords:
    """The common English words of all national spellings."""
    steps: dict[str, int] = {}
    *lists, capitals = _blocks("common.txt.gz")
    for step, words in enumerate(lists):
        steps.update(dict.fromkeys(words, step))
    return CommonWords(steps, frozenset(capitals))


class _Lexicon:
    """The forms of the dictionary: a text that is searched, until a set of them pays."""

    def __init__(self, text: bytes) -> None:
        self._text = b"\n" + text + b"\n"
        self._asked = 0
        self._all: frozenset[str] | None = None

    def __contains__(self, form: str) -> bool:
        if self._all is not None:
            return form in self._all
        self._asked += 1
        if self._asked > _SEARCHES:
            self._all = self.forms()
            return form in self._all
        return form.isascii() and self._has(form.encode("ascii"))

    def forms(self) -> frozenset[str]:
        """All forms."""
        return frozenset(self._text[1:-1].decode("ascii").split("\n"))

    def _has(self, form: bytes) -> bool:
        text, low, high = self._text, 0, len(self._text) - 1
        while low < high:
            start = text.rfind(b"\n", low, (low + high) // 2 + 1)
            start = low if start < 0 else start
            end = text.index(b"\n", start + 1)
            line = text[start + 1 : end]
            if line == form:
                return True
            if line < form:
                low = end
            else:
                high = start
        return False


@cache
def _words() -> _Lexicon:
    return _Lexicon(_unpacked("words.txt.gz"))


@cache
def _spellings() -> tuple[frozenset[str], frozenset[str]]:
    """The forms that only American English has, and those that only British English has."""
    american, british = map(frozenset, _blocks("spellings.txt.gz"))
    return american, british
