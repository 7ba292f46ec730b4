"""VL218 skipped-heading-level."""

from vaultlint.facts import NoteFacts
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("skipped-heading-level", "VL218", group="structure", severity="info", default=False)
def check(note: NoteFacts, ctx: NoteContext[NoOptions]) -> Found:
    """A heading is more than one level deeper than the one before it.

    ## What it does
    Compares each heading with the one before. The first heading of a note may have any level.

    ## Why
    Outlines, screen readers and exports build a tree of the levels: one that is left out is a hole
    in it. Many choose levels by their look, so the rule is off by default.

    ## Bad
    ````md Trade.md
    ## Ports
    They are full.

    #### Rotterdam
    %%@6-15 skipped-heading-level: level 4 follows level 2: this heading should be `### Rotterdam`
    ````

    ## Good
    ````md Trade.md
    ## Ports
    ### Rotterdam
    #### Quays
    ## Rail
    ````
    """
    level = 6
    for heading in note.headings:
        if heading.linkable:
            if heading.level > level + 1:
                wanted = f"{'#' * (level + 1)} {heading.text}"
                yield ctx.violation(
                    heading.span,
                    f"level {heading.level} follows level {level}: "
                    f"this heading should be `{wanted}`",
                )
            level = heading.level
