"""Finds the terms of a glossary where a text mentions them, in any right form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from vaultlint.terms.fold import composed, key
from vaultlint.terms.forms import Forms, forms_by_name
from vaultlint.terms.glossary import Entry, Glossary
from vaultlint.terms.lettercase import is_allowed
from vaultlint.terms.scanner import WordScanner


class Mention(NamedTuple):
    """A term in a text: the range, code points, half-open; and its entry."""

    start: int
    end: int
    entry: Entry


class MentionFinder:
    """Finds the terms of a glossary. Keep it for all texts of a vault: it remembers words."""

    def __init__(self, glossary: Glossary) -> None:
        self._forms = forms_by_name(glossary)
        self._scanner = WordScanner(
            key,
            lambda piece, start, end: self._entry(piece[start:end], key(piece[start:end])),
            (tuple(name.split()) for name in self._forms if " " in name),
            lambda sequence, found: self._entry(found, " ".join(sequence)),
        )

    def mentions(self, text: str) -> Iterator[Mention]:
        """The terms in a prose text: in order, never overlapping."""
        for start, end, entry in self._scanner.matches(text):
            yield Mention(start, end, entry)

    def _entry(self, found: str, name: str) -> Entry | None:
        forms = self._forms.get(name)
        return forms.entry if forms and _is_right(forms, composed(found)) else None


def _is_right(forms: Forms, found: str) -> bool:
    rule = forms.entry.case_rule
    return any(is_allowed(form, found, rule) for form in forms.accepted)
