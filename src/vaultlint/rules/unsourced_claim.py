"""VL432 unsourced-claim."""

from vaultlint.attribution import unsourced_claims
from vaultlint.parse.note import ParsedNote
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("unsourced-claim", "VL432", group="references", severity="info", default=False)
def check(note: ParsedNote, ctx: NoteContext[NoOptions]) -> Found:
    """A paragraph makes a claim and cites nothing.

    ## What it does
    Looks in paragraphs for percentages, amounts, years of events and superlatives ("the largest"),
    and reports the first of a paragraph that has no footnote, citekey, number or link to the web.
    Headings, tables, quotations and reference sections are left out. Off by default: not every year
    needs a source.

    ## Why
    Numbers are what a reader wants to look up.

    ## Bad
    ````md Trade.md
    Exports fell by 12 % in two years.
    %%              ^^^^ unsourced-claim: `12 %` has no source in this paragraph
    ````

    ## Good
    ````md Trade.md
    Exports fell by 12 % in two years.[^1]

    [^1]: Ministry of Commerce, *Trade in Brief*, 2022.
    ````
    """
    for run, start, end in unsourced_claims(note, ctx.shared.references.names):
        claim = " ".join(run.text[start:end].split())
        yield ctx.violation(run.span(start, end), f"`{claim}` has no source in this paragraph")
