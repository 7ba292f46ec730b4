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
from typing import Literal

from vaultlint.terms.fold import unified
from vaultlint.text import normalized

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
    return len(_words())


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


def _read(name: str) -> list[str]:
    """The lines of a data file of this package."""
    import zlib
    from importlib.resources import files

    data = files("vaultlint.data").joinpath(name).read_bytes()
    return zlib.decompress(data, wbits=31).decode("ascii").split("\n")


@cache
def common_words() -> Mapping[str, int]:
    """The common English words, with how common they are: from 0, the commonest, to 3.

    They have three letters or more, and a capital if they always have it: "February".
    """
    steps: list[list[str]] = [[]]
    for line in _read("common.txt.gz"):
        if line:
            steps[-1].append(line)
        else:
            steps.append([])
    return {word: step for step, words in enumerate(steps) for word in words}


@cache
def _words() -> frozenset[str]:
    return frozenset(_read("words.txt.gz"))


@cache
def _spellings() -> tuple[frozenset[str], frozenset[str]]:
    """The forms that only American English has, and those that only British English has."""
    lines = _read("spellings.txt.gz")
    between = lines.index("")
    return frozenset(lines[:between]), frozenset(lines[between + 1 :])
