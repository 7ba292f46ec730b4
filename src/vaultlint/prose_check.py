"""The prose that rules about words look at, and what a glossary says of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from vaultlint.model import Span
from vaultlint.parse.note import ParsedNote
from vaultlint.parse.prose import Run, Scope, prose_runs
from vaultlint.references import reference_sections
from vaultlint.terms.gate import FlatText, flatten
from vaultlint.terms.glossary import Glossary
from vaultlint.terms.hit import Hit

if TYPE_CHECKING:
    from vaultlint.terms.matcher import TermMatcher
    from vaultlint.terms.phrases import PhraseTable, WordTable


@lru_cache(maxsize=2)
def checked_runs(note: ParsedNote, reference_names: tuple[str, ...]) -> tuple[Run, ...]:
    """The runs of prose in the owner's own words; kept for the rules that ask in turn.

    Titles in reference sections are the words of others, and the text of a drawing is data of the
    Excalidraw plugin (rule R16): both are left out. Quotations are told apart by their scope.
    """
    if any(key == "excalidraw-plugin" for key, *_ in note.facts.frontmatter.properties):
        return ()
    cited = {
        id(text.block)
        for section in reference_sections(note, reference_names)
        for block in section.blocks()
        for text in note.texts_in(block)
    }
    return tuple(run for run in prose_runs(note) if id(run.block.block) not in cited)


@lru_cache(maxsize=2)
def _flat_text(note: ParsedNote) -> FlatText:
    """A note's body without what stands hidden in links; kept for the tables that ask in turn."""
    text = note.text
    pieces, at = [], note.body_start
    for start, end in note.hidden:
        pieces.append(text[at:start])
        at = max(at, end)
    pieces.append(text[at:])
    return flatten("".join(pieces))


def find_hits(
    note: ParsedNote, reference_names: tuple[str, ...], table: WordTable | PhraseTable
) -> Iterator[tuple[Span, Hit]]:
    """What a table of words or phrases finds in a note's own prose, quotations left out."""
    if not table.gate.opens(_flat_text(note)):
        return
    hits = table.hits
    for run in checked_runs(note, reference_names):
        if run.scope != "quotation":
            for hit in hits(run.text):
                yield run.span(hit.start, hit.end), hit


@lru_cache(maxsize=16)
def _matcher(glossary: Glossary, scope: Scope) -> TermMatcher | None:
    from vaultlint.terms.dictionary import is_word
    from vaultlint.terms.matcher import TermMatcher

    wanted = glossary.for_scope(scope)
    return TermMatcher(wanted, is_word) if len(wanted) else None


@lru_cache(maxsize=2)
def term_hits(
    note: ParsedNote, glossary: Glossary, reference_names: tuple[str, ...]
) -> tuple[tuple[Span, Hit], ...]:
    """What a note writes otherwise than the glossary; kept for the rules that ask in turn."""
    if not len(glossary):
        return ()
    found = []
    for run in checked_runs(note, reference_names):
        matcher = _matcher(glossary, run.scope)
        if matcher is not None:
            found += [(run.span(hit.start, hit.end), hit) for hit in matcher.hits(run.text)]
    return tuple(found)
