"""The kind `misspellings`: words that are no words, with what they should be."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from vaultlint.model import Span
from vaultlint.parse.note import ParsedNote
from vaultlint.prose_check import find_hits, find_listed
from vaultlint.rule import Check, Found, NoOptions, NoteContext
from vaultlint.terms.hit import Hit
from vaultlint.terms.phrases import WordTable

_Found = tuple[Span, Hit]

SUBJECT = ParsedNote
VAULT_WIDE = False


class Spec(Struct, frozen=True, forbid_unknown_fields=True):
    """`words` maps misspellings, in lower case, to what they should be.

    `codespell`: where the configuration asks for codespell's list, it is used too; `likely`: so are
    likely misspellings of common words, unless the configuration says no.
    """

    words: dict[str, str]
    codespell: bool = False
    likely: bool = False


def make_check(spec: Spec, message: str) -> Check:
    """A rule that reports the words; `{found}` and `{wanted}` stand in its message."""
    table = WordTable(spec.words)

    def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
        hits = [*find_hits(note, ctx.shared, table)]
        if spec.codespell and ctx.shared.terms.codespell:
            hits += _others(hits, find_listed(note, ctx.shared))
        if spec.likely and ctx.shared.terms.likely:
            from vaultlint.misspelt import find_misspelt

            hits += _others(hits, find_misspelt(note, ctx.shared))
        for span, hit in hits:
            found = " ".join(hit.found.split())
            wanted = hit.wanted.split(", ")
            text = message.format(found=found, wanted="` or `".join(wanted))
            yield ctx.violation(span, text, wanted)

    return check


def _others(hits: list[_Found], found: Iterable[_Found]) -> list[_Found]:
    """What is found besides the hits."""
    spans = {span for span, _ in hits}
    return [(span, hit) for span, hit in found if span not in spans]
