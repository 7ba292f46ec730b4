"""The prose that rules about words look at, and what a glossary says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from vaultlint.matching import match_path
from vaultlint.model import Span
from vaultlint.parse.note import ParsedNote
from vaultlint.parse.prose import Run, Scope, prose_runs
from vaultlint.references import reference_sections
from vaultlint.rule import Shared
from vaultlint.terms.doubled import doubled_words, may_hold_doubled
from vaultlint.terms.fold import key as term_key
from vaultlint.terms.fold import unified
from vaultlint.terms.gate import FlatText, count_watched, flatten
from vaultlint.terms.glossary import Entry, Glossary
from vaultlint.terms.hit import Hit
from vaultlint.terms.language import is_english_name, reads_as_english, sample_of

if TYPE_CHECKING:
    from vaultlint.terms.dashes import DashVariant
    from vaultlint.terms.matcher import TermMatcher
    from vaultlint.terms.mentions import Mention, MentionFinder
    from vaultlint.terms.phrases import PhraseTable, WordTable
    from vaultlint.terms.spelling import NationalWord

_LETTERS = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=2)
def checked_runs(note: ParsedNote, reference_names: tuple[str, ...]) -> tuple[Run, ...]:
    """The runs of prose in the owner's own words; kept for the rules that ask in turn.

    Titles in reference sections are the words of others, and the text of a drawing is data of the
    Excalidraw plugin (rule R16): both are left out. Quotations are told apart by their scope.
    """
    if note.facts.is_drawing:
        return ()
    cited = {
        id(text.block)
        for section in reference_sections(note, reference_names)
        for block in section.blocks()
        for text in note.texts_in(block)
    }
    return tuple(run for run in prose_runs(note) if id(run.block.block) not in cited)


def own_runs(note: ParsedNote, shared: Shared) -> Iterator[Run]:
    """The runs of prose that are checked, quotations left out."""
    for run in checked_runs(note, shared.references.names):
        if run.scope != "quotation":
            yield run


@lru_cache(maxsize=2)
def _flat_text(note: ParsedNote, _watched: int) -> FlatText:
    """A note's body without what stands hidden in links; kept for the tables that ask in turn.

    Made anew where a table has come since, whose words were not watched.
    """
    text = note.text
    pieces, at = [], note.body_start
    for start, end in note.hidden:
        pieces.append(text[at:start])
        at = max(at, end)
    pieces.append(text[at:])
    return flatten("".join(pieces))


def words_of(note: ParsedNote) -> set[bytes]:
    """The words of a note's body as `flatten` has them, those in code too."""
    return _flat_text(note, count_watched()).words


def find_hits(
    note: ParsedNote, shared: Shared, table: WordTable | PhraseTable
) -> Iterator[tuple[Span, Hit]]:
    """What a table of English finds in a note's own prose, quotations left out.

    Nothing in a note that is in another language.
    """
    if not table.gate.opens(_flat_text(note, count_watched())):
        return
    for run in own_runs(note, shared):
        for hit in table.hits(run.text):
            if not is_english(note, shared):
                return
            yield run.span(hit.start, hit.end), hit


@cache
def _listed_words() -> WordTable:
    """The table of codespell's list. Empty where codespell is gone since the settings were read."""
    from vaultlint.terms.codespell import find_list, read_list
    from vaultlint.terms.dictionary import is_word
    from vaultlint.terms.phrases import WordTable

    path = find_list()
    text = path.read_text(encoding="utf-8") if path else ""
    return WordTable(read_list(text, is_word), names=True)


def find_listed(note: ParsedNote, shared: Shared) -> Iterator[tuple[Span, Hit]]:
    """What codespell's list finds in a note's own prose, words of the note's names left out."""
    names = own_words(note, shared)
    for span, hit in find_hits(note, shared, _listed_words()):
        if term_key(hit.found) not in names:
            yield span, hit


def find_unknown(note: ParsedNote, shared: Shared) -> Iterator[tuple[Span, str]]:
    """The first of each of the words in a note's own prose that nothing knows.

    Names, words of fewer than four letters, and words with other characters are left out.
    """
    from vaultlint.terms.unknown import unknown_words

    seen = own_words(note, shared)
    for run in own_runs(note, shared):
        for start, end, form in unknown_words(run.text):
            if term_key(form) not in seen and is_english(note, shared):
                seen.add(term_key(form))
                yield run.span(start, end), form


def own_words(note: ParsedNote, shared: Shared) -> set[str]:
    """The keys of the words that a note's names, tags and glossary have."""
    facts = note.facts
    names = (note.path.removesuffix(".md"), *facts.aliases, *facts.outline.titles, *facts.all_tags)
    own = {term_key(word) for name in names for word in _LETTERS.findall(name)}
    return own | known_terms(shared.glossaries.of(note.path))


@lru_cache(maxsize=16)
def known_terms(glossary: Glossary) -> frozenset[str]:
    """The keys of all words that a glossary has; kept for the notes that follow."""
    from vaultlint.terms.forms import known_words

    return known_words(glossary)


def find_dash_variants(note: ParsedNote, shared: Shared) -> Iterator[DashVariant[Span]]:
    """The compounds in a note's own prose that it mostly writes with other dashes."""
    from vaultlint.terms.dashes import dashed_words, find_variants, may_vary

    if not may_vary(note.text):
        return
    of_glossary = _known_forms(shared.glossaries.of(note.path))
    yield from find_variants(
        (run.span(word.start, word.end), word.form)
        for run in own_runs(note, shared)
        for word in dashed_words(run.text)
        if term_key(word.form) not in of_glossary
    )


@lru_cache(maxsize=16)
def _known_forms(glossary: Glossary) -> frozenset[str]:
    forms = ((entry.term, *entry.accept, *entry.forbid) for entry in glossary)
    return frozenset(map(term_key, chain.from_iterable(forms)))


def find_doubled(note: ParsedNote, shared: Shared) -> Iterator[tuple[Span, Hit]]:
    """The words that stand twice in a row in a note's own prose, if it is in English."""
    if not may_hold_doubled(_flat_text(note, count_watched())):
        return
    for run in own_runs(note, shared):
        for hit in doubled_words(run.text):
            span = run.span(hit.start, hit.end)
            unmarked = note.text[span.start : span.end].split() == hit.found.split()
            if unmarked and is_english(note, shared):
                yield span, hit


def find_mentions(
    note: ParsedNote, shared: Shared, glossary: Glossary
) -> Iterator[tuple[Run, Mention]]:
    """Where a note mentions the terms of a glossary in its own words."""
    if not len(glossary):
        return
    finder = _finder(glossary)
    for run in own_runs(note, shared):
        for mention in finder.mentions(run.text):
            yield run, mention


def find_national_words(note: ParsedNote, shared: Shared) -> Iterator[tuple[Run, NationalWord]]:
    """The words of one national spelling in a note's own prose, if it is in English."""
    from vaultlint.terms.dictionary import spelling
    from vaultlint.terms.spelling import national_words

    for run in own_runs(note, shared):
        for word in national_words(run.text, spelling):
            if not is_english(note, shared):
                return
            yield run, word


@lru_cache(maxsize=16)
def _finder(glossary: Glossary) -> MentionFinder:
    from vaultlint.terms.mentions import MentionFinder

    return MentionFinder(glossary)


def stands_before(note: ParsedNote, run: Run, phrase: str) -> bool:
    """Does a phrase stand in a note before the end of a run, in the frontmatter or the path too?"""
    text = note.text[: run.block.span(0, len(run.block.text)).end]
    return _folded(phrase) in f"{_folded(note.path)} {_folded(text)}"


def is_linked(note: ParsedNote, entry: Entry) -> bool:
    """Does a note have a link to what a term names, or is the note that itself?"""
    names = frozenset(map(term_key, (entry.term, *entry.accept, entry.expand or entry.term)))
    facts = note.facts
    own = (_stem(note.path), *facts.aliases, *facts.outline.titles)
    if not names.isdisjoint(map(term_key, own)):
        return True
    return any(
        term_key(text) in names
        for link in facts.links
        for text in (_stem(link.path), link.subpath.lstrip("#"), link.display or "")
    )


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def _folded(text: str) -> str:
    return " ".join(unified(text).casefold().split())


def is_english(note: ParsedNote, shared: Shared) -> bool:
    """Is a note in English?

    Its frontmatter says so with `lang` or `language`, else the configuration by its path, else its
    own words tell.
    """
    for key, value, *_ in note.facts.frontmatter.properties:
        if key.lower() in ("lang", "language"):
            answer = is_english_name(value)
            if answer is not None:
                return answer
    for glob, language in shared.terms.languages.items():
        if match_path(note.path, (glob,)):
            return is_english_name(language) is not False
    return _reads_as_english(note)


@lru_cache(maxsize=2)
def _reads_as_english(note: ParsedNote) -> bool:
    from vaultlint.terms.dictionary import is_word

    return reads_as_english(sample_of(run.text for run in prose_runs(note)), is_word)


@lru_cache(maxsize=16)
def _matcher(glossary: Glossary, scope: Scope) -> TermMatcher | None:
    from vaultlint.terms.dictionary import is_word
    from vaultlint.terms.matcher import TermMatcher

    wanted = glossary.for_scope(scope)
    return TermMatcher(wanted, is_word) if len(wanted) else None


def term_hits(note: ParsedNote, shared: Shared) -> tuple[tuple[Span, Hit], ...]:
    """What a note writes otherwise than its glossary; kept for the rules that ask in turn."""
    return _term_hits(note, shared.glossaries.of(note.path), shared.references.names)


@lru_cache(maxsize=2)
def _term_hits(
    note: ParsedNote, glossary: Glossary, reference_names: tuple[str, ...]
) -> tuple[tuple[Span, Hit], ...]:
    if not len(glossary):
        return ()
    found = []
    for run in checked_runs(note, reference_names):
        matcher = _matcher(glossary, run.scope)
        if matcher is not None:
            found += [(run.span(hit.start, hit.end), hit) for hit in matcher.hits(run.text)]
    return tuple(found)
