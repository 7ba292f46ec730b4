"""All the forms in which the terms of a glossary may stand in a text, by their keys."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import NamedTuple

from vaultlint.terms.context import ENGLISH
from vaultlint.terms.fold import composed, key
from vaultlint.terms.glossary import Entry, Glossary
from vaultlint.terms.words import word_set, words

_NO_LETTER = re.compile(r"\W")
_ENDS_IN_SIBILANT = re.compile(r"(?:x|z|ch|sh|ss)\Z")
_ENDS_IN_CONSONANT_Y = re.compile(r"(?<=[^aeiouy])y\Z")


#: Words that make another phrase of what is beside them, so that "set up" is not "setup".
_PARTICLES = ENGLISH | word_set(
    """
    about alone along any around away back before behind below beside body check day down every
    ever face fore full good hand head high how less like long make more never night off one
    out over short some take thing time too turn under up way well where work worth
    """
)
_SHORTEST_SPLIT = 7


class Forms(NamedTuple):
    """The forms with one key: those that are right, those that are forbidden, the one preferred.

    Where `accepted` is empty, nothing but the forbidden forms is wrong.
    """

    entry: Entry
    wanted: str
    accepted: list[str]
    forbidden: list[str]


def name_of(form: str) -> str:
    """The keys of a form's words, a space between them; empty if the form cannot be sought."""
    keys = [key(word) for word in form.split()]
    return " ".join(keys) if all(keys) else ""


def forms_by_name(glossary: Glossary) -> dict[str, Forms]:
    """The forms of a glossary by `name_of`: as listed, their plurals, and names run together.

    No form displaces a listed one: a plural that is itself a term is that term.
    """
    found: dict[str, Forms] = {}

    def add(name: str, entry: Entry, wanted: str, form: str, *, right: bool) -> None:
        forms = found.setdefault(name, Forms(entry, wanted, [], []))
        if forms.entry is entry:
            (forms.accepted if right else forms.forbidden).append(composed(form))

    for entry in glossary:
        for form in _right(entry):
            add(name_of(form), entry, entry.term, form, right=True)
        for form in entry.forbid:
            add(name_of(form), entry, entry.term, form, right=False)
    for entry in glossary:
        wanted = _plural(entry, entry.term)
        for form in _right(entry):
            if plural := _plural(entry, form):
                add(name_of(plural), entry, wanted or plural, plural, right=True)
        for form in entry.forbid if wanted else ():
            if plural := _plural(entry, form):
                add(name_of(plural), entry, wanted, plural, right=False)
    for entry in glossary:
        for form in _right(entry):
            if " " in form and not form.islower():
                add(key(form), entry, entry.term, form, right=True)
    found.pop("", None)
    return found


def split_forms(known: Mapping[str, Forms], is_word: Callable[[str], bool]) -> dict[str, Forms]:
    """The names under which terms of one word stand as two words: "silver bullet", "meta data".

    A term is cut before an inner capital, or, if all else is lower-case, where both parts are
    words of a dictionary; not where one is a word that makes a verb of the other: "set up".
    """
    found: dict[str, Forms] = {}
    for name, forms in known.items():
        if " " in name or len(name) < _SHORTEST_SPLIT or not forms.accepted:
            continue
        form = forms.accepted[0]
        if key(form) != name or not form.isalpha() or not form.isascii():
            continue
        if form[1:].islower():
            cuts = [cut for cut in range(3, len(name) - 2) if _divides(name, cut, is_word)]
        else:
            pairs = enumerate(pairwise(form), 1)
            cuts = [cut for cut, (last, first) in pairs if last.islower() and first.isupper()]
            cuts = [cut for cut in cuts if 3 <= cut <= len(form) - 3]
        wanted = forms.wanted if key(forms.wanted) == name else form
        for cut in cuts if len(cuts) == 1 else ():
            found[f"{name[:cut]} {name[cut:]}"] = Forms(forms.entry, wanted, [form], [])
    return found


def joined_forms(known: Mapping[str, Forms], is_word: Callable[[str], bool]) -> dict[str, Forms]:
    """The names under which terms of several words run together: "usecase"; no word of its own."""
    joined = ((name.replace(" ", ""), forms) for name, forms in known.items() if " " in name)
    return {name: forms for name, forms in joined if not is_word(name)}


def _divides(name: str, cut: int, is_word: Callable[[str], bool]) -> bool:
    first, second = name[:cut], name[cut:]
    if first in _PARTICLES or second.removesuffix("s") in _PARTICLES or second in _PARTICLES:
        return False
    return is_word(first) and is_word(second)


def near_forms(glossary: Glossary, shortest: int) -> dict[str, tuple[str, Entry]]:
    """The single words among the right forms, by their keys, whose misspellings are sought.

    Words of capitals only, of other scripts, and of fewer than `shortest` letters are not.
    """
    found: dict[str, tuple[str, Entry]] = {}
    for entry in glossary:
        for form in map(composed, _right(entry)) if entry.near else ():
            name = key(form)
            sought = form.isalpha() and not form.isupper() and name.isascii()
            if sought and len(name) >= shortest:
                found.setdefault(name, (form, entry))
                if plural := _plural(entry, form):
                    found.setdefault(key(plural), (plural, entry))
    return found


def known_words(glossary: Glossary) -> frozenset[str]:
    """The keys of all words that the glossary has in any form or expansion."""
    return frozenset(
        key(part)
        for entry in glossary
        for form in (*_right(entry), *entry.forbid, entry.expand or "")
        for word in words(form)
        for part in _NO_LETTER.split(word.form)
    )


def _right(entry: Entry) -> tuple[str, ...]:
    return (entry.term, *entry.accept)


def _plural(entry: Entry, form: str) -> str:
    """The plain plural of a form that has one: in lower case, or an acronym; else nothing."""
    last = form[-1:]
    if not entry.inflect or not last.isalpha() or not last.isascii():
        return ""
    if form.isupper():
        return "" if last == "S" else form + "s"
    if not form.islower() or (last == "s" and not form.endswith("ss")):
        return ""
    if _ENDS_IN_SIBILANT.search(form):
        return form + "es"
    if _ENDS_IN_CONSONANT_Y.search(form):
        return form[:-1] + "ies"
    return form + "s"
