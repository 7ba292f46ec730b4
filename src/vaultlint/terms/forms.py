"""All the forms in which the terms of a glossary may stand in a text, by their keys."""

from __future__ import annotations

import re
from typing import NamedTuple

from vaultlint.terms.fold import composed, key
from vaultlint.terms.glossary import Entry, Glossary
from vaultlint.terms.words import words

_NO_LETTER = re.compile(r"\W")
_ENDS_IN_SIBILANT = re.compile(r"(?:x|z|ch|sh|ss)\Z")
_ENDS_IN_CONSONANT_Y = re.compile(r"(?<=[^aeiouy])y\Z")


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
