"""VL202 empty-section."""

from vaultlint.content import has_content, is_reference_heading
from vaultlint.parse.note import ParsedNote
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("empty-section", "VL202", group="structure")
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A section that the note's type asks for says nothing.

    ## What it does
    Looks at the sections that a type in the configuration requires. Text, a list, a table, code,
    an embed count, in the section or in one below it; a comment or a template's placeholder does
    not. Empty reference sections are `reference-section-empty`.

    ## Why
    A heading with nothing below it is a promise that the note does not keep.

    ## Bad
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Challenges*" }]
    ````
    ````md Topics/Trade.md
    ## Challenges for trade
    %%@1-24 empty-section: the section `Challenges for trade` is empty

    <!-- to do -->

    ## More
    Text.
    ````

    ## Good
    ````toml vaultlint.toml
    [types.topic]
    paths = ["Topics/**"]
    sections = [{ heading = "Challenges*" }]
    ````
    ````md Topics/Trade.md
    ## Challenges for trade

    ### Ports
    They are full.
    ````
    """
    specs = [spec for name in ctx.types for spec in ctx.shared.types[name].sections]
    if not specs:
        return
    for section in note.all_sections():
        if is_reference_heading(section.title, ctx.shared.references.names) and section.level > 1:
            continue
        wanted = any(spec.required and spec.matches(section.title) for spec in specs)
        if wanted and not has_content(note, section):
            yield ctx.violation(section.span, f"the section `{section.title}` is empty")
