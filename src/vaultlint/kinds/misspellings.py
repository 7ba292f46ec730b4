"""The kind `misspellings`: words that are no words, with what they should be."""

from __future__ import annotations

from msgspec import Struct

from vaultlint.parse.note import ParsedNote
from vaultlint.prose_check import find_hits, find_listed
from vaultlint.rule import Check, Found, NoOptions, NoteContext
from vaultlint.terms.phrases import WordTable

SUBJECT = ParsedNote
VAULT_WIDE = False


class Spec(Struct, frozen=True, forbid_unknown_fields=True):
    """`words` maps misspellings, in lower case, to what they should be.

    `codespell`: where the configuration asks for codespell's list, it is used too.
    """

    words: dict[str, str]
    codespell: bool = False


def make_check(spec: Spec, message: str) -> Check:
    """A rule that reports the words; `{found}` and `{wanted}` stand in its message."""
    table = WordTable(spec.words)

    def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
        hits = [*find_hits(note, ctx.shared, table)]
        if spec.codespell and ctx.shared.terms.codespell:
            own = {span for span, _ in hits}
            listed = find_listed(note, ctx.shared)
            hits += [(span, hit) for span, hit in listed if span not in own]
        for span, hit in hits:
            found = " ".join(hit.found.split())
            wanted = hit.wanted.split(", ")
            text = message.format(found=found, wanted="` or `".join(wanted))
            yield ctx.violation(span, text, wanted)

    return check
