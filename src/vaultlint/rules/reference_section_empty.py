"""VL402 reference-section-empty."""

from vaultlint.content import has_content
from vaultlint.parse.note import ParsedNote
from vaultlint.references import reference_sections
from vaultlint.rule import Found, NoOptions, NoteContext, rule
from vaultlint.wording import short


@rule("reference-section-empty", "VL402", group="references", severity="error")
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A reference section names no source.

    ## What it does
    Reports a section named References, Sources, Bibliography or Works cited (`names` in
    `[references]`) with nothing below it but comments and placeholders. A heading of level 1 is
    the note's title, and no such section.

    ## Why
    The heading says that the note's claims are backed; nothing backs them.

    ## Bad
    ````md Trade.md
    Ports are full.

    ## References
    %%@1-14 reference-section-empty: the section `References` names no source
    ````

    ## Good
    ````md Trade.md
    Ports are full.

    ## References
    - [A book](https://example.org)
    ````
    """
    for section in reference_sections(note, ctx.shared.references.names):
        if not has_content(note, section):
            yield ctx.violation(
                section.span, f"the section `{short(section.title)}` names no source"
            )
