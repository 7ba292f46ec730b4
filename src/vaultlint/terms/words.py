"""Where the words of a prose text are.

A *compound* is a run of words that single dashes or apostrophes join: "Pak–US", "well-being's",
"plan—US". An em dash mostly separates, so that a *word* is a compound cut at its em dashes.
Combining marks and invisible characters inside a word belong to it (`scripts` tells of them, and of
scripts that are written without spaces).

Paths, mail addresses, tags, versions, file names and command-line options hold no words, nor
does a word that a hole cuts in two ("c\N{OBJECT REPLACEMENT CHARACTER}urrent").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from vaultlint.terms.fold import APOSTROPHES, DASHES, INVISIBLE

#: Stands in a prose text for everything that is not prose.
HOLE = "\ufffc"

#: Dashes that more often stand between two words than within one.
EM_DASHES = "\u2014\u2015"

_ASCII_COMPOUND = re.compile(r"[a-zA-Z0-9]++(?:['-][a-zA-Z0-9]++)*+")
_TRAILING = INVISIBLE + APOSTROPHES.replace("\u02bc", "") + DASHES
_BETWEEN_EM_DASHES = re.compile(f"[^{EM_DASHES}]+")
_POSSESSIVE = re.compile(f"[{APOSTROPHES}][sS]$")

_NEVER_BEFORE = frozenset("_/\\@#=&+~^`$")
_NEVER_AFTER = frozenset("_/\\@#=&+~^`$")


class Word(NamedTuple):
    """A word or compound: `form` is the text from `start` to `end`, code points, half-open."""

    start: int
    end: int
    form: str


def word_set(listed: str) -> frozenset[str]:
    """The words of a list that white space divides."""
    return frozenset(listed.split())


def compounds(text: str) -> Iterator[Word]:
    """The compounds of a text, in order."""
    pattern = _ASCII_COMPOUND
    if not text.isascii():
        from vaultlint.terms import scripts

        pattern = scripts.COMPOUND
    for match in pattern.finditer(text):
        start, form = match.start(), match.group()
        if form[-1] in _TRAILING:
            form = form.rstrip(_TRAILING)
        if _stands_free(text, start, start + len(form), match.end()):
            yield Word(start, start + len(form), form)


def words(text: str) -> Iterator[Word]:
    """The words of a text, in order."""
    for compound in compounds(text):
        yield from at_em_dashes(compound)


def at_em_dashes(compound: Word) -> Iterator[Word]:
    """The words between the em dashes of a compound."""
    if compound.form.isascii():
        yield compound
        return
    for match in _BETWEEN_EM_DASHES.finditer(compound.form):
        form = match.group().strip(INVISIBLE)
        if form:
            start = compound.start + match.start() + match.group().index(form)
            yield Word(start, start + len(form), form)


def without_possessive(form: str) -> str:
    """The form without an `'s` at its end."""
    match = _POSSESSIVE.search(form, max(0, len(form) - 2))
    return form[: match.start()] if match else form


def _stands_free(text: str, start: int, end: int, matched: int) -> bool:
    """Is the text around a compound such that it can be a word of a sentence?

    `matched` is where the match ended before what trails was cut off.
    """
    if start:
        before = text[start - 1]
        if before in _NEVER_BEFORE:
            return False
        if before in (".", HOLE) and start > 1 and text[start - 2].isalnum():
            return False
        if before == "-" and _begins_option(text, start):
            return False
    if matched < len(text):
        after = text[matched]
        if after in _NEVER_AFTER and end == matched:
            return False
        if after in (".", HOLE) and text[matched + 1 : matched + 2].isalnum():
            return False
    return True


def _begins_option(text: str, start: int) -> bool:
    """Do the hyphens before `start` follow white space, as those of `--option` do?"""
    head = text[max(0, start - 3) : start].rstrip("-")
    return not head or head[-1].isspace()
