"""VL903 unmatched-suppression."""

from vaultlint.rule import Found, NoOptions, SuppressionContext, UnmatchedSuppression, rule


@rule("unmatched-suppression", "VL903", group="suppressions")
def check(unmatched: UnmatchedSuppression, ctx: SuppressionContext[NoOptions]) -> Found:
    """A rule is enabled that was not disabled.

    ## What it does
    Reports `vaultlint-enable` of rules that no `vaultlint-disable` above it has switched off. A
    `vaultlint-disable` without an end holds to the end of the note, and is not reported.

    ## Why
    One of the two comments was moved, removed or misspelt.

    ## Bad
    ````md Trade.md
    <!-- vaultlint-disable broken-link -->

    See [[Tarifs]].

    <!-- vaultlint-enable broken-image -->
    %%                    ^^^^^^^^^^^^ unmatched-suppression: `broken-image` is not disabled above: remove it
    ````

    ## Good
    ````md Trade.md
    <!-- vaultlint-disable broken-link -->

    See [[Tarifs]].

    <!-- vaultlint-enable broken-link -->
    ````
    """
    subject = f"`{unmatched.name}`" if unmatched.name else "nothing"
    verb = "is not" if unmatched.name else "is"
    yield ctx.violation(unmatched.span, f"{subject} {verb} disabled above: remove it")
