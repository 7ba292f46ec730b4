"""VL412 duplicate-footnote."""

from vaultlint.footnotes import Definition, definitions
from vaultlint.model import Related
from vaultlint.parse.note import ParsedNote
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("duplicate-footnote", "VL412", group="references", severity="error", mentions=("[^",))
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """Two footnotes of a note have the same id.

    ## What it does
    Compares the ids of footnote definitions, whatever their letter case.

    ## Why
    Only one of them is shown: the other claims lean on a source that is not theirs.

    ## Bad
    ````md Trade.md
    Ports are full.[^1] Rates rose.[^1]

    [^1]: A. Malik, *Ports and Power*, 2019.
    [^1]: R. Khan, *Freight*, 2021.
    %%@1-6 duplicate-footnote: the footnote `1` is defined twice, and shown once: give this one an id of its own
    ````

    ## Good
    ````md Trade.md
    Ports are full.[^1] Rates rose.[^2]

    [^1]: A. Malik, *Ports and Power*, 2019.
    [^2]: R. Khan, *Freight*, 2021.
    ````
    """
    first: dict[str, Definition] = {}
    for definition in definitions(note):
        known = first.setdefault(definition.key, definition)
        if known is not definition:
            yield ctx.violation(
                definition.span,
                f"the footnote `{definition.id}` is defined twice, and shown once: "
                "give this one an id of its own",
                related=[Related(note.path, known.span, "first here")],
            )
