"""Finds the terms of a glossary that are written otherwise than the glossary wants."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from vaultlint.terms.context import begins_sentence, reads_as_foreign, stands_in_capitals
from vaultlint.terms.fold import composed, joined, key, unified, visible
from vaultlint.terms.forms import (
    Forms,
    forms_by_name,
    joined_forms,
    known_words,
    near_forms,
    split_forms,
)
from vaultlint.terms.glossary import Case, Glossary
from vaultlint.terms.hit import Hit, Reason
from vaultlint.terms.lettercase import capitalised, in_style_of, is_allowed, with_first_of
from vaultlint.terms.lookalikes import ACRONYM_LOOKALIKES, LOOKALIKES
from vaultlint.terms.nearmiss import PREFIXES, Near, NearIndex, could_be_another_name
from vaultlint.terms.scanner import Match, WordScanner
from vaultlint.terms.words import EM_DASHES

#: A glossary of more terms than that has near misses only for terms of six letters or more.
_LARGE = 500
_SHORTEST, _SHORTEST_IN_LARGE = 5, 6

_GAPS = re.compile(r"(\s+)")


class _Verdict(NamedTuple):
    """What should stand in a word's place, why, and by which rule of letter case.

    `small`: the word belongs to a term that begins with a lower-case letter.
    """

    wanted: str
    reason: Reason
    rule: Case
    small: bool


class TermMatcher:
    """Finds variants, forbidden forms and likely misspellings of a glossary's terms.

    `is_word` says whether something is a word of a dictionary; it is asked only where that
    decides. A matcher remembers what it has judged: keep it for all texts of a vault.
    """

    def __init__(self, glossary: Glossary, is_word: Callable[[str], bool]) -> None:
        self._is_word = is_word
        self._forms = forms_by_name(glossary)
        for further in (split_forms, joined_forms):
            for name, forms in further(self._forms, is_word).items():
                self._forms.setdefault(name, forms)
        shortest = _SHORTEST_IN_LARGE if len(glossary) > _LARGE else _SHORTEST
        self._near_forms = near_forms(glossary, shortest)
        self._near = NearIndex(self._near_forms)
        self._known = known_words(glossary)
        self._judged: dict[str, _Verdict | None] = {}
        self._scanner = WordScanner(
            key,
            self._judge,
            (tuple(name.split()) for name in self._forms if " " in name),
            self._judge_sequence,
        )

    def hits(self, text: str) -> list[Hit]:
        """The words of a prose text that should be others: in order, never overlapping."""
        matches = self._scanner.matches(text)
        names = _names(text, matches)
        hits = []
        for start, end, verdict in matches:
            found = text[start:end]
            if verdict.reason == "case":
                free = verdict.rule != "exact"
                if stands_in_capitals(text, start, end, alone=free):
                    continue
            elif verdict.reason == "near" and (
                found in names or reads_as_foreign(text, start, end)
            ):
                continue
            hits.append(
                Hit(start, end, found, _with_gaps_of(found, verdict.wanted), verdict.reason)
            )
        return hits

    def _judge(self, piece: str, start: int, end: int) -> _Verdict | None:
        form = piece[start:end]
        forms = self._forms.get(key(form))
        if forms:
            return self._variant(form, forms)
        verdict = self._near_miss(form)
        if verdict and (
            piece[max(0, start - 1) : start].isalnum() or piece[end : end + 1].isalnum()
        ):
            return None
        return verdict

    def _judge_sequence(self, sequence: tuple[str, ...], found: str) -> _Verdict | None:
        if found not in self._judged:
            self._judged[found] = self._variant(found, self._forms[" ".join(sequence)])
        return self._judged[found]

    def _variant(self, found: str, forms: Forms) -> _Verdict | None:
        """The verdict on something that has the key of a term; None: it may stand."""
        rule, form = forms.entry.case_rule, composed(found)
        bare = visible(form)
        right = any(is_allowed(accepted, bare, rule) for accepted in forms.accepted)
        if right and bare == form:
            return None
        wanted = in_style_of(found, forms.wanted, rule)
        reason: Reason
        if right:
            wanted, reason = visible(found), "invisible"
        elif any(_is_forbidden(other, found, rule) for other in forms.forbidden):
            reason = "forbidden"
        elif not forms.accepted or self._is_another_word(found, forms.wanted):
            return None
        else:
            reason = _difference(found, wanted)
        return _Verdict(wanted, reason, rule, forms.entry.term[:1].islower())

    def _is_another_word(self, found: str, wanted: str) -> bool:
        """Is it a word of its own, although it has the key of a term?"""
        form, term = unified(found), unified(wanted)
        if " " in form and " " not in term and not term.islower():
            apart = form.replace(" ", "")
            return (
                apart != term if not term[1:].islower() else apart != form.title().replace(" ", "")
            )
        if " " in term and " " not in form:
            return "-" in form or (form.islower() and self._is_word(form))
        if not form.isupper() and _is_acronym(term):
            small = form.lower()
            if small in ACRONYM_LOOKALIKES or small.removesuffix("s") in ACRONYM_LOOKALIKES:
                return True
        if any(dash in found for dash in EM_DASHES) and "-" not in term:
            return True
        return self._differs_in_hyphen_of_re(form.lower(), term.lower())

    def _differs_in_hyphen_of_re(self, form: str, term: str) -> bool:
        """Are they such a pair as "re-sign" and "resign"? The hyphen makes another word."""
        shorter, longer = sorted((form, term), key=len)
        base = longer.removeprefix("re-")
        return shorter == "re" + base != longer and self._is_word(shorter) and self._is_word(base)

    def _near_miss(self, found: str) -> _Verdict | None:
        """The verdict on a word that has no term's key: is it a likely misspelling of one?"""
        form = visible(composed(found))
        if not (form.isalpha() and form[1:].islower()):
            return None
        written = key(form)
        if not written.isascii() or written in self._known or written in LOOKALIKES:
            return None
        if not self._near.candidates(written):
            return None
        if self._is_word(form) or self._is_word(form.lower()):
            return None
        near = [name for name in self._near.near(written) if not self._is_name(form, name)]
        if not near or self._is_compound(written):
            return None
        wanted, entry = self._near_forms[near[0].word]
        rivals = [self._near_forms[other.word][1] for other in near if other.cost == near[0].cost]
        if any(rival is not entry for rival in rivals):
            return None
        rule = entry.case_rule
        if rule != "exact":
            wanted = capitalised(wanted) if form[0].isupper() else with_first_of(form, wanted)
        return _Verdict(wanted, "near", rule, entry.term[:1].islower())

    def _is_name(self, form: str, near: Near) -> bool:
        """Is the near term a name, and the form perhaps another one?"""
        term, _ = self._near_forms[near.word]
        return term[0].isupper() and could_be_another_name(key(form), near)

    def _is_compound(self, written: str) -> bool:
        """Is it made of two words, as "lifelog" is, or of a prefix and a word, as "retellings"?"""
        for cut in range(2, len(written) - 2):
            beginning, rest = written[:cut], written[cut:]
            prefixed = beginning in PREFIXES and len(rest) >= 5
            if self._is_word(rest) and (prefixed or (cut >= 3 and self._is_word(beginning))):
                return True
        return False


def _is_acronym(term: str) -> bool:
    letters = "".join(filter(str.isalpha, term))
    return letters.isupper() or letters.removesuffix("s").isupper()


def _is_forbidden(form: str, found: str, rule: Case) -> bool:
    """Is it the forbidden form? Each capital of the form must be there, unless any case is free."""
    form, found = unified(form), unified(found)
    if form.casefold() != found.casefold():
        return False
    return rule == "any" or not any(
        wanted.isupper() and not there.isupper() for wanted, there in zip(form, found, strict=False)
    )


def _difference(found: str, wanted: str) -> Reason:
    if visible(composed(found)).casefold() == composed(wanted).casefold():
        return "case"
    if unified(found).casefold() == unified(wanted).casefold():
        return "dash"
    return "joined" if joined(found) == joined(wanted) else "accents"


def _names(text: str, matches: Iterable[Match[_Verdict]]) -> set[str]:
    """Near misses of small words that are names: capitals inside sentences, never small letters."""
    inside: set[str] = set()
    small: set[str] = set()
    for start, end, verdict in matches:
        if verdict.reason == "near" and verdict.small:
            found = text[start:end]
            if found[0].islower():
                small.add(capitalised(found))
            elif not begins_sentence(text, start):
                inside.add(found)
    return inside - small


def _with_gaps_of(found: str, wanted: str) -> str:
    """The wanted words with the white space of what is found, if they are as many words."""
    gaps, words = _GAPS.split(found), wanted.split()
    if len(gaps) != 2 * len(words) - 1:
        return wanted
    gaps[::2] = words
    return "".join(gaps)
