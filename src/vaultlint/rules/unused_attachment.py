"""VL124 unused-attachment."""

from vaultlint.model import Span
from vaultlint.rule import Attachment, Found, NoOptions, VaultContext, rule


@rule("unused-attachment", "VL124", group="links", severity="info", default=False)
def check(attachment: Attachment, ctx: VaultContext[NoOptions]) -> Found:
    """Nothing uses an attachment.

    ## What it does
    Reports files that are no notes, canvases or bases, and to which nothing leads: no link or embed, no
    property, canvas, HTML or definition.

    ## Why
    Pictures that nobody sees any more make up most of the size of old vaults.

    ## Bad
    ````md Trade.md
    Text.
    ````
    ````text img/chart.png
    %%@note unused-attachment: nothing in the vault uses this file
    ````

    ## Good
    ````md Trade.md
    Text. <img src="img/chart.png">
    ````
    ````text img/chart.png
    ````
    """
    if not ctx.vault.backlinks(attachment.path):
        yield ctx.violation(Span(0, 0), "nothing in the vault uses this file")
