"""Words that stand twice in a row by mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vaultlint.terms.context import reads_as_foreign
from vaultlint.terms.gate import FlatText
from vaultlint.terms.hit import Hit
from vaultlint.terms.words import word_set

#: Words that good sentences do not have twice in a row. Most words they may: in "what it is is",
#: "had hoped for for years", "the current line line number" nothing is wrong.
_NEVER_TWICE = word_set(
    """
    a an and at because between but by during from if its of or our than the their to with without
    your although among against into since until unless whether therefore
    allows becomes contains includes provides requires seems
    """
)

#: Names of operators, which a list of them may have side by side.
_OPERATORS = word_set("and or if")

_NAMES = frozenset(word.encode() for word in _NEVER_TWICE)
_PAIR = re.compile(r"(?<!\S)[\"'(\[\u2018\u201c]*+([^\W\d_]++)\s++(?=\1(?!\w))", re.IGNORECASE)
_JOINED = re.compile(r"[-\u2010-\u2015'\u2019/\\@#*_.&+=:]\w")
_HARD_BREAK = re.compile(r"  \n|\n[^\S\n]*+\n")
_NEXT_WORD = re.compile(r"\s++([^\W\d_]++)")
_QUOTES = frozenset("\"'\u2019\u201d)")


def may_hold_doubled(flat: FlatText) -> bool:
    """May a doubled word stand in a text? Where it says no, none does."""
    return not flat.doubled.isdisjoint(_NAMES)


def doubled_words(text: str) -> Iterator[Hit]:
    """The words of an English prose text that stand twice in a row, where once is meant.

    White space alone is between them, and no hard line break. Left alone are words that a sentence
    may double, two capitals, three in a row, and a pair that stands in quotes of its own.
    """
    third = -1
    for pair in _PAIR.finditer(text):
        word = pair[1]
        start, second = pair.start(1), pair.end()
        end = second + len(word)
        following = _NEXT_WORD.match(text, end)
        after = following[1] if following else ""
        more = second == third or after.lower() == word.lower()
        third = following.start(1) if following and more else -1
        if (
            not more
            and word.lower() in _NEVER_TWICE
            and _is_mistake(word, text[second:end], after)
            and not (text[start - 1 : start].strip() and text[end : end + 1] in _QUOTES)
            and not _JOINED.match(text, end)
            and not _HARD_BREAK.search(pair[0])
            and not reads_as_foreign(text, start, end)
        ):
            yield Hit(start, end, text[start:end], word, "doubled")


def _is_mistake(word: str, again: str, after: str) -> bool:
    if not again.islower() or not (word.islower() or word[1:].islower()):
        return False
    if word.lower() == "a":
        return len(after) > 1 and after.islower()
    return not (word.lower() in _OPERATORS and after.lower() in _OPERATORS)
