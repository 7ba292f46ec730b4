"""Compounds that a text writes with several kinds of dashes: "Pak-US" and "Pak–US".

Em dashes part sentences and make no compound; numbers, dates and codes are none either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from vaultlint.terms.fold import DASHES, INVISIBLE, unified
from vaultlint.terms.words import EM_DASHES, Word, at_em_dashes, compounds, without_possessive

#: The dashes within compounds that are not the hyphen of the keyboard: without one, no text mixes.
OTHER_DASHES = tuple(dash for dash in DASHES[1:] if dash not in EM_DASHES)

_DASH = re.compile(f"[{re.escape(DASHES)}]")
_JOINED_LETTERS = re.compile(rf"[^\W\d_]++(?:[{re.escape(DASHES)}][^\W\d_]++)++")
#: What may be one of them between letters, marks of emphasis left out.
_OTHERWISE_JOINED = re.compile(rf"[{re.escape(''.join(OTHER_DASHES))}][*_~={INVISIBLE}]*+[^\W\d_]")
#: One of them, from the first of its other dashes on.
_OTHER_COMPOUND = re.compile(rf"[{re.escape(''.join(OTHER_DASHES))}][^\W\d_]++")
_IGNORED = ("*", "_", "~", "=", *INVISIBLE)
#: Shorter ones are variables and marks: "a-b".
_SHORTEST = 4

_Place = TypeVar("_Place")


class DashVariant(NamedTuple, Generic[_Place]):
    """A compound that is mostly written otherwise, and where it is.

    `wanted` is the form with the dashes of most uses; `is_tie`: as many have those that it has.
    `ways` are the forms that there are with the number of their uses, the most frequent first.
    """

    place: _Place
    form: str
    wanted: str
    is_tie: bool
    ways: Sequence[tuple[str, int]]


def may_vary(text: str) -> bool:
    """May a text with Markdown write a compound with several dashes? Where it says no, none is."""
    if not _OTHERWISE_JOINED.search(text):
        return False
    small = _without(_IGNORED, text.casefold(), "")
    plain = _without(OTHER_DASHES, small, "-")
    return any(
        small.count(form) < plain.count(_without(OTHER_DASHES, form, "-"))
        for form in set(_OTHER_COMPOUND.findall(small))
    )


def _without(marks: Iterable[str], text: str, instead: str) -> str:
    for mark in marks:
        text = text.replace(mark, instead)
    return text


def dashed_words(text: str) -> Iterator[Word]:
    """The compounds of a text that dashes join, without an `'s` at their end."""
    for compound in compounds(text):
        for start, _, form in at_em_dashes(compound):
            form = without_possessive(form)  # noqa: PLW2901  # the end goes, the start stays
            if len(form) >= _SHORTEST and _JOINED_LETTERS.fullmatch(form):
                yield Word(start, start + len(form), form)


def find_variants(found: Iterable[tuple[_Place, str]]) -> Iterator[DashVariant[_Place]]:
    """Those of some compounds that are mostly written with other dashes among them, in order."""
    uses = list(found)
    by_compound: dict[str, dict[str, list[str]]] = {}
    for _, form in uses:
        by_dashes = by_compound.setdefault(unified(form).casefold(), {})
        by_dashes.setdefault("".join(_DASH.findall(form)), []).append(form)
    for place, form in uses:
        by_dashes = by_compound[unified(form).casefold()]
        if len(by_dashes) == 1:
            continue
        best, *_ = order = sorted(
            by_dashes, key=lambda each: (-len(by_dashes[each]), _oddity(each))
        )
        dashes = "".join(_DASH.findall(form))
        if dashes != best:
            is_tie = len(by_dashes[dashes]) == len(by_dashes[best])
            ways = [(by_dashes[each][0], len(by_dashes[each])) for each in order]
            yield DashVariant(place, form, _with_dashes(form, best), is_tie, ways)


def _oddity(dashes: str) -> tuple[int, str]:
    """Nobody types an en dash by chance; after it comes the hyphen of the keyboard."""
    return ("\u2013-".find(dashes[0]) % 3, dashes)


def _with_dashes(form: str, dashes: str) -> str:
    marks = iter(dashes)
    return _DASH.sub(lambda _: next(marks), form)
