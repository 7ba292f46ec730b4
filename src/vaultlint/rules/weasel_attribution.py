"""VL433 weasel-attribution."""

from vaultlint.attribution import weasel_words
from vaultlint.parse.note import ParsedNote
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("weasel-attribution", "VL433", group="references", severity="info", default=False)
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A claim is laid into the mouth of nobody in particular.

    ## What it does
    Looks for phrases like "some experts say", "studies show" and "it is widely believed that" in
    paragraphs without a footnote, citekey, number or link to the web. It knows English only, and is
    off by default.

    ## Why
    The phrase sounds like a source and is none.

    ## Bad
    ````md Trade.md
    Some experts say that the ports are full.
    %%@1-17 weasel-attribution: `Some experts say`: say who, and where
    ````

    ## Good
    ````md Trade.md
    Some experts say that the ports are full [@malik2019].
    ````
    """
    for run, start, end in weasel_words(note, ctx.shared.references.names):
        phrase = " ".join(run.text[start:end].split())
        yield ctx.violation(run.span(start, end), f"`{phrase}`: say who, and where")
