"""VL404 too-few-references."""

from msgspec import Struct

from vaultlint.content import has_content
from vaultlint.parse.note import ParsedNote
from vaultlint.references import has_generated_entries, note_entries, reference_sections
from vaultlint.rule import Found, NoteContext, rule


class Options(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """`min-entries`: in place of that of `[references]`, for some types by `[[overrides]]`."""

    min_entries: int | None = None


@rule("too-few-references", "VL404", group="references")
def check(note: ParsedNote, ctx: NoteContext[Options]) -> Found:
    """A note names fewer sources than are asked for.

    ## What it does
    Counts the entries of a note's reference sections: list items, table rows, one-per-line text, and
    paragraphs that lead to a source. `min-entries` in `[references]` says how many there must be;
    without it the rule is silent. Its option `min-entries` asks for another number, in
    `[[overrides]]` for notes of a type. A section without any text is for
    `reference-section-empty`, and one that a query or an embed fills is not judged.

    ## Why
    One source is one opinion.

    ## Bad
    ````toml vaultlint.toml
    [references]
    min-entries = 2
    ````
    ````md Trade.md
    ## References
    %%@1-14 too-few-references: the section `References` names 1 source, and 2 are asked for
    - [A book](https://example.org)
    ````

    ## Good
    ````toml vaultlint.toml
    [references]
    min-entries = 2
    ````
    ````md Trade.md
    ## References
    - [A book](https://example.org)
    - A. Malik, *Ports and Power*, 2019.
    ````
    """
    given = ctx.options.min_entries
    wanted = ctx.shared.references.min_entries if given is None else given
    sections = reference_sections(note, ctx.shared.references.names) if wanted > 0 else []
    if not sections or any(has_generated_entries(note, section) for section in sections):
        return
    count = len(note_entries(note, ctx.shared.references.names))
    if count < wanted and all(has_content(note, section) for section in sections):
        named = "no source" if not count else f"{count} source{'s' if count > 1 else ''}"
        title, span = sections[0].title, sections[0].span
        yield ctx.violation(
            span, f"the section `{title}` names {named}, and {wanted} are asked for"
        )
