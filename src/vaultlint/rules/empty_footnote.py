"""VL413 empty-footnote."""

from vaultlint.content import blocks_have_content
from vaultlint.footnotes import definitions
from vaultlint.parse.note import ParsedNote
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("empty-footnote", "VL413", group="references", severity="error", mentions=("[^",))
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A footnote says nothing.

    ## What it does
    Reports footnote definitions with nothing behind the colon, and nothing indented below it, but
    comments and placeholders.

    ## Why
    The mark in the text promises a source or a remark; the reader finds none.

    ## Bad
    ````md Trade.md
    Ports are full.[^1]

    [^1]:
    %%@1-6 empty-footnote: the footnote `1` says nothing: name its source
    ````

    ## Good
    ````md Trade.md
    Ports are full.[^1] Rates rose.[^2]

    [^1]: A. Malik, *Ports and Power*, 2019.

    [^2]:

        R. Khan, *Freight*, 2021.
    ````
    """
    for definition in definitions(note):
        if not blocks_have_content(note, definition.block.children):
            message = f"the footnote `{definition.id}` says nothing: name its source"
            yield ctx.violation(definition.span, message)
