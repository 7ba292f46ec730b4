"""The kind `phrases`: phrases that should be others."""

from __future__ import annotations

from msgspec import Struct

from vaultlint.parse.note import ParsedNote
from vaultlint.prose_check import find_hits
from vaultlint.rule import Check, Found, NoOptions, NoteContext
from vaultlint.terms.phrases import PhraseTable

SUBJECT = ParsedNote
VAULT_WIDE = False


class Spec(Struct, frozen=True, forbid_unknown_fields=True):
    """`phrases` maps wrong phrases, in lower case, to what they should be."""

    phrases: dict[str, str]


def make_check(spec: Spec, message: str) -> Check:
    """A rule that reports the phrases; `{found}` and `{wanted}` stand in its message."""
    table = PhraseTable(spec.phrases)

    def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
        for span, hit in find_hits(note, ctx.shared, table):
            found = " ".join(hit.found.split())
            text = message.format(found=found, wanted=hit.wanted)
            yield ctx.violation(span, text, [hit.wanted])

    return check
