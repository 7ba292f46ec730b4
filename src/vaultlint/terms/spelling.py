"""Words of the other national spelling: American "color" in a British text, and the reverse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from vaultlint.terms.context import begins_sentence
from vaultlint.terms.lettercase import in_case_of
from vaultlint.terms.words import words

Nation = Literal["american", "british"]

#: Endings and parts by which the spellings differ, American first.
_DIFFERENCES = (
    ("or", "our"),
    ("er", "re"),
    ("iz", "is"),
    ("yz", "ys"),
    ("og", "ogue"),
    ("l", "ll"),
    ("ll", "l"),
    ("ense", "ence"),
    ("ens", "enc"),
    ("e", "ae"),
    ("e", "oe"),
    ("o", "ou"),
    ("am", "amme"),
    ("a", "e"),
    ("k", "que"),
    ("ck", "que"),
    ("f", "ph"),
    ("i", "y"),
    ("ac", "ack"),
    ("s", "c"),
    ("um", "ium"),
    ("t", "tt"),
    ("euver", "oeuvre"),
    ("ered", "red"),
    ("ering", "ring"),
    ("p", "pp"),
    ("ledgm", "ledgem"),
    ("dgm", "dgem"),
    ("low", "lough"),
    ("raft", "raught"),
    ("z", "s"),
    ("old", "ould"),
    ("olt", "oult"),
)

_QUOTED = re.compile(
    '\u201c[^\u201c\u201d\n]*+\u201d|"[^"\n]*+"|\u2018[^\u2018\u2019\n]{12,}?\u2019'
)


class NationalWord(NamedTuple):
    """A word of one national spelling: its range in a text, and whose it is."""

    start: int
    end: int
    nation: Nation


def national_words(text: str, spelling: Callable[[str], Nation | None]) -> Iterator[NationalWord]:
    """The words of a prose text that only one side writes so; names and quotations left out."""
    quotations = (found.span() for found in _QUOTED.finditer(text))
    first, last = next(quotations, (len(text), len(text)))
    for start, end, form in words(text):
        while last <= start:
            first, last = next(quotations, (len(text), len(text)))
        if form[0].isupper() and not (form[1:].islower() and begins_sentence(text, start)):
            continue
        if first <= start < last or not form.isalpha():
            continue
        nation = spelling(form)
        if nation and not (form[0].isupper() and _is_followed_by_capital(text, end)):
            yield NationalWord(start, end, nation)


def _is_followed_by_capital(text: str, end: int) -> bool:
    return text[end : end + 2].strip(" ")[:1].isupper()


def other_spelling(
    word: str, spelling: Callable[[str], Nation | None], is_word: Callable[[str], bool]
) -> str:
    """The word as the other side writes it; empty where that cannot be told.

    It is a mark of the other side, or one that both sides write, as "organize" is.
    """
    small = word.lower()
    own = spelling(small)
    marks, shared = set(), set()
    for american, british in _DIFFERENCES:
        old, new = (american, british) if own == "american" else (british, american)
        at = small.find(old)
        while at >= 0:
            changed = small[:at] + new + small[at + len(old) :]
            nation = spelling(changed)
            if nation not in (own, None):
                marks.add(changed)
            elif nation is None and british in ("is", "ys") and is_word(changed):
                shared.add(changed)
            at = small.find(old, at + 1)
    found = marks or shared
    return in_case_of(word, found.pop()) if len(found) == 1 else ""
