"""VL118 self-link."""

from vaultlint.rule import Found, LiveLink, NoOptions, VaultContext, rule


@rule("self-link", "VL118", group="links", severity="info", default=False)
def check(live: LiveLink, ctx: VaultContext[NoOptions]) -> Found:
    """A note links to itself.

    ## What it does
    Reports a link to the note that it stands in, without a heading or block id.

    ## Why
    It leads the reader nowhere, and is most often a slip.

    ## Bad
    ````md Trade.md
    See [[Trade]].
    %%  ^^^^^^^^^ self-link: this link leads to its own note
    ````

    ## Good
    ````md Trade.md
    See [[Trade#Rates]] and [[#Rates]].

    # Rates
    ````
    """
    link, resolution = live
    if resolution.target == ctx.note.path and link.path and not link.subpath:
        yield ctx.violation(link.span, "this link leads to its own note")
