"""VL414 unused-footnote."""

from vaultlint.footnotes import called_keys, definitions
from vaultlint.parse.note import ParsedNote
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("unused-footnote", "VL414", group="references", mentions=("[^",))
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A footnote is defined and never called.

    ## What it does
    Looks for `[^id]` in the note, whatever its letter case, for every definition. Calls in comments
    and code do not count.

    ## Why
    Obsidian does not show such a footnote: its claim was deleted, or its mark misspelt.

    ## Bad
    ````md Trade.md
    Ports are full.

    [^1]: A. Malik, *Ports and Power*, 2019.
    %%@1-6 unused-footnote: the footnote `1` is called nowhere in this note: add `[^1]` where it belongs
    ````

    ## Good
    ````md Trade.md
    Ports are full.[^1]

    [^1]: A. Malik, *Ports and Power*, 2019.
    ````
    """
    found = definitions(note)
    if not found:
        return
    called = called_keys(note)
    for definition in found:
        if definition.key not in called:
            yield ctx.violation(
                definition.span,
                f"the footnote `{definition.id}` is called nowhere in this note: "
                f"add `[^{definition.id}]` where it belongs",
            )
