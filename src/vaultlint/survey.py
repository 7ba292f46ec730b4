"""Which terms a vault uses, how often and in which forms; and a glossary that it could have."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from vaultlint.parse.note import ParsedNote
from vaultlint.prose_check import checked_runs, find_mentions, is_english, term_hits
from vaultlint.rule import Shared
from vaultlint.terms.context import ENGLISH, begins_sentence
from vaultlint.terms.dictionary import is_word
from vaultlint.terms.fold import composed
from vaultlint.terms.forms import name_of
from vaultlint.terms.glossary import Entry, Glossary
from vaultlint.terms.hit import Reason
from vaultlint.terms.lettercase import capitalised, is_allowed
from vaultlint.terms.matcher import TermMatcher
from vaultlint.terms.mentions import MentionFinder
from vaultlint.terms.scanner import WordScanner

#: A term is proposed that stands so often, in so many notes.
_FEWEST_USES, _FEWEST_NOTES = 3, 2
_MOST_WORDS = 4
#: A form that makes up this share of a term's uses is accepted.
_ACCEPTED_SHARE = 0.2

_PHRASE = re.compile(r"[A-Z][\w&–-]*+(?: of (?=[A-Z])| (?=[A-Z])|(?! [A-Z]))")
_CAPITALISED = re.compile(rf"(?:{_PHRASE.pattern}){{1,6}}+")
_NAME = re.compile(r"[^\W\d_][\w'’&. –-]*")


_PARTS = re.compile(r"[\s–-]+")


class TermUse(NamedTuple):
    """A term of a glossary: its right forms and its wrong ones, each with how often they stand."""

    entry: Entry
    right: Counter[str]
    wrong: Counter[str]


def count_terms(notes: Iterable[ParsedNote], shared: Shared) -> list[TermUse]:
    """How often the terms of the glossaries stand in the prose of notes, in which forms.

    All terms of the vault's own glossaries, and those of packs that are used; by their terms.
    """
    uses: dict[Entry, TermUse] = {
        entry: TermUse(entry, Counter(), Counter()) for entry in shared.glossaries
    }
    finders: dict[Glossary, MentionFinder] = {}
    for note in notes:
        glossary = shared.glossaries.of(note.path)
        for run, mention in find_mentions(note, shared, glossary):
            found = " ".join(run.text[mention.start : mention.end].split())
            _use(uses, mention.entry).right[found] += 1
        for _, hit in term_hits(note, shared):
            finder = finders.setdefault(glossary, MentionFinder(glossary))
            for mention in finder.mentions(hit.wanted):
                _use(uses, mention.entry).wrong[" ".join(hit.found.split())] += 1
                break
    return sorted(uses.values(), key=lambda use: use.entry.term.casefold())


def _use(uses: dict[Entry, TermUse], entry: Entry) -> TermUse:
    return uses.setdefault(entry, TermUse(entry, Counter(), Counter()))


class Proposal(NamedTuple):
    """An entry that a glossary could have: how often the term stands, and in how many notes."""

    entry: Entry
    uses: int
    notes: int


class _Candidate:
    """What is known of a name that may be a term: its forms in prose, and the notes they are in."""

    def __init__(self) -> None:
        self.forms: Counter[str] = Counter()
        self.inside: Counter[str] = Counter()
        self.notes: set[str] = set()
        self.is_named = False


def propose_glossary(notes: Iterable[ParsedNote], shared: Shared) -> list[Proposal]:
    """A glossary that fits a vault, by its terms.

    Terms are the titles, aliases and link texts, and the names and capitalised phrases of the
    prose, that are used often. Of the forms of one term the most frequent is wanted; others are
    accepted unless they are rare. Entries of the glossaries that are there are not proposed.
    """
    english = [note for note in notes if is_english(note, shared)]
    candidates: defaultdict[str, _Candidate] = defaultdict(_Candidate)
    for note in english:
        for title in _titles(note):
            candidates[name_of(title)].is_named = True
        for phrase in _phrases(note, shared):
            candidates[name_of(phrase)].forms[phrase] += 0
    candidates.pop("", None)
    known = {name_of(form) for entry in shared.glossaries for form in (entry.term, *entry.accept)}
    for name in known | {name for name in candidates if _is_plural(name, candidates)}:
        candidates.pop(name, None)
    _count(english, shared, candidates)
    proposals = [
        proposal
        for _, candidate in sorted(candidates.items())
        if (proposal := _propose(candidate)) is not None
    ]
    proposals.sort(key=lambda each: each.entry.term.casefold())
    return list(_without_disputes(proposals, english, shared))


def _titles(note: ParsedNote) -> Iterator[str]:
    facts = note.facts
    stem = note.path.rpartition("/")[2].removesuffix(".md")
    texts = (link.display or link.path.rpartition("/")[2] for link in facts.links)
    tags = (tag.lstrip("#").rpartition("/")[2] for tag in facts.all_tags)
    for text in (stem, *facts.aliases, *facts.outline.titles, *texts, *tags):
        title = " ".join(text.removesuffix(".md").split())
        if _NAME.fullmatch(title) and len(title.split()) <= _MOST_WORDS:
            yield title


def _phrases(note: ParsedNote, shared: Shared) -> Iterator[str]:
    for run in checked_runs(note, shared.references.names):
        if run.scope == "prose":
            for found in _CAPITALISED.finditer(run.text):
                phrase = found[0].strip()
                if len(phrase.split()) <= _MOST_WORDS and not begins_sentence(
                    run.text, found.start()
                ):
                    yield phrase


def _is_plural(name: str, candidates: Iterable[str]) -> bool:
    return name.endswith("s") and name.removesuffix("s") in candidates


def _count(notes: list[ParsedNote], shared: Shared, candidates: dict[str, _Candidate]) -> None:
    scanner = WordScanner(
        name_of,
        lambda piece, start, end: _known(name_of(piece[start:end]), candidates),
        (tuple(name.split()) for name in candidates if " " in name),
        lambda sequence, _found: _known(" ".join(sequence), candidates),
    )
    for note in notes:
        for run in checked_runs(note, shared.references.names):
            if run.scope != "prose":
                continue
            for start, end, name in scanner.matches(run.text):
                form = composed(" ".join(run.text[start:end].split()))
                candidate = candidates[name]
                candidate.notes.add(note.path)
                candidate.forms[form] += 1
                if not begins_sentence(run.text, start):
                    candidate.inside[form] += 1


def _known(name: str, candidates: dict[str, _Candidate]) -> str | None:
    return name if name in candidates else None


def _propose(candidate: _Candidate) -> Proposal | None:
    uses = sum(candidate.forms.values())
    if uses < _FEWEST_USES or len(candidate.notes) < _FEWEST_NOTES or not candidate.inside:
        return None
    (wanted, most), *_ = candidate.inside.most_common(1)
    if not _is_term(wanted, candidate, most):
        return None
    entry = Entry(wanted)
    accept = [
        form
        for form, count in sorted(candidate.forms.items())
        if count > 1
        and count >= _ACCEPTED_SHARE * uses
        and not is_allowed(wanted, form, entry.case_rule)
    ]
    return Proposal(Entry(wanted, tuple(accept)), uses, len(candidate.notes))


def _is_term(wanted: str, candidate: _Candidate, most: int) -> bool:
    """Is it a name, or a phrase that names a note? Common words are no terms."""
    words = wanted.split()
    if words[0].lower() in ENGLISH:
        return False
    common = _is_common(wanted)
    if len(words) > 1:
        return candidate.is_named or (most >= _FEWEST_USES and not wanted.islower())
    if wanted.isupper() and len(wanted) < 3:
        return False
    inner_capital = wanted != wanted.lower() and wanted != capitalised(wanted.lower())
    return len(wanted) > 2 and (not common or inner_capital)


def _is_common(form: str) -> bool:
    return all(map(is_word, _PARTS.split(form)))


def _without_disputes(
    proposals: list[Proposal], notes: list[ParsedNote], shared: Shared
) -> Iterator[Proposal]:
    """The proposals without what would be reported often: that is the owner's way to write.

    A form that stands twice or more is accepted, and so is any letter case of common words. Near
    misses of which one stands twice are not sought.
    """
    matcher = TermMatcher(Glossary(proposal.entry for proposal in proposals), is_word)
    finder = MentionFinder(Glossary(proposal.entry for proposal in proposals))
    reported: Counter[tuple[str, str, Reason]] = Counter()
    for note in notes:
        for run in checked_runs(note, shared.references.names):
            for hit in matcher.hits(run.text) if run.scope != "quotation" else ():
                term = next((m.entry.term for m in finder.mentions(hit.wanted)), "")
                found = composed(" ".join(hit.found.split()))
                reported[term, found, hit.reason] += 1
    accept: defaultdict[str, list[str]] = defaultdict(list)
    blunt = set()
    for (term, found, reason), count in sorted(reported.items()):
        if reason == "near":
            if count > 1:
                blunt.add(term)
        elif count > 1 or (reason == "case" and " " in term and _is_common(term)):
            accept[term].append(found)
    for entry, uses, in_notes in proposals:
        forms = tuple(dict.fromkeys((*entry.accept, *accept[entry.term])))
        near = entry.near and entry.term not in blunt
        yield Proposal(Entry(entry.term, forms, near=near), uses, in_notes)
