"""VL904 suppression-without-reason."""

from vaultlint.facts import Suppression
from vaultlint.rule import Found, NoOptions, SuppressionContext, rule
from vaultlint.wording import short


@rule("suppression-without-reason", "VL904", group="suppressions", default=False)
def check(suppression: Suppression, ctx: SuppressionContext[NoOptions]) -> Found:
    """A suppression does not say why.

    ## What it does
    Reports suppressions without a reason: text behind ` -- ` in a comment, or the key `reason` in
    the frontmatter.

    ## Why
    Who reads the note next cannot tell a fault that is meant from one that was hidden in haste.

    ## Bad
    ````md Trade.md
    See [[Tarifs]]. %% vaultlint-disable-line broken-link %%
    %%              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ suppression-without-reason: say why, behind ` -- `: `vaultlint-disable-line broken-link -- …`
    ````

    ## Good
    ````md Trade.md
    See [[Tarifs]]. %% vaultlint-disable-line broken-link -- written next term %%
    ````
    """
    if suppression.has_reason:
        return
    if suppression.in_frontmatter:
        yield ctx.violation(suppression.span, "say why, with the key `reason` beside `disable`")
        return
    names = ", ".join(name.text for name in suppression.names)
    written = " ".join(filter(None, (f"vaultlint-{suppression.word}", short(names), "-- …")))
    yield ctx.violation(suppression.span, f"say why, behind ` -- `: `{written}`")
