"""VL411 undefined-footnote."""

import re

from vaultlint.facts import NoteFacts
from vaultlint.nearest import did_you_mean
from vaultlint.rule import Found, NoOptions, NoteContext, rule

#: What a footnote is called by; other signs, or a range like `a-z`, are a pattern's.
_NAME = re.compile(r"\w(?:[\w.:'-]*+)")
_RANGE = re.compile(r"(?:\w-\w)+")


@rule("undefined-footnote", "VL411", group="references", severity="error", mentions=("[^",))
def check(note: NoteFacts, ctx: NoteContext[NoOptions]) -> Found:
    """A footnote is called and not defined.

    ## What it does
    Looks for the definition of every `[^id]` in the note, whatever the letter case of the id. Not
    looked at are code, math, comments, and what is a pattern rather than an id: `[^0-9]`. An
    inline note `^[like this]` needs no definition.

    ## Why
    Obsidian shows the mark as plain text, and the source that it stood for is lost.

    ## Bad
    ````md Trade.md
    Ports are full.[^malik]
    %%             ^^^^^^^^ undefined-footnote: no footnote `malik` in this note: add `[^malik]: …`
    ````

    ## Good
    ````md Trade.md
    Ports are full.[^malik]

    [^Malik]: A. Malik, *Ports and Power*, 2019.
    ````
    """
    if not note.footnote_references:
        return
    defined = {footnote.id.lower(): footnote.id for footnote in note.footnotes}
    for call in note.footnote_references:
        if call.commented or call.id.lower() in defined:
            continue
        if _NAME.fullmatch(call.id) and not _RANGE.fullmatch(call.id):
            near = "" if call.id.isdigit() else did_you_mean(call.id, defined.values())
            yield ctx.violation(
                call.span,
                f"no footnote `{call.id}` in this note{near or f': add `[^{call.id}]: …`'}",
            )
