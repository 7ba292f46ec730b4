"""VL217 empty-heading."""

from vaultlint.facts import Heading
from vaultlint.rule import Found, NoOptions, NoteContext, rule


@rule("empty-heading", "VL217", group="structure")
def check(heading: Heading, ctx: NoteContext[NoOptions]) -> Found:
    """A heading has no text.

    ## What it does
    Looks for headings of which only the marks are there.

    ## Why
    An empty heading shows as a gap, and stands in the outline without a name.

    ## Bad
    ````md Trade.md
    ## Ports
    They are full.

    ##
    %%@3-3 empty-heading: this heading has no text
    Rail is slow.
    ````

    ## Good
    ````md Trade.md
    ## Ports
    They are full.

    ## ![[rail.png]]
    Rail is slow.
    ````
    ````md rail.png
    ````
    """
    if not heading.text.strip():
        yield ctx.violation(heading.span, "this heading has no text")
