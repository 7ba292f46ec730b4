"""VL902 unknown-suppression."""

from vaultlint.rule import Found, NoOptions, SuppressionContext, UnknownSuppression, rule
from vaultlint.wording import hint


@rule("unknown-suppression", "VL902", group="suppressions")
def check(unknown: UnknownSuppression, ctx: SuppressionContext[NoOptions]) -> Found:
    """A suppression names no rule, or is none.

    ## What it does
    Reports names of rules and groups that there are not, comments that begin with `vaultlint-` and
    an unknown word, comments that never end, and unknown keys below `vaultlint` in the frontmatter.

    ## Why
    What a misspelt comment is meant to hide shows all the same, or it hides what nobody means.

    ## Bad
    ````md Trade.md
    See [[Tarifs]]. <!-- vaultlint-disable-line brokn-link -->
    %%                                          ^^^^^^^^^^ unknown-suppression: there is no rule or group `brokn-link`; did you mean `broken-link`?
    <!-- vaultlint-disabled -->
    %%@1-28 unknown-suppression: there is no `vaultlint-disabled`; did you mean `vaultlint-disable`?
    ````

    ## Good
    ````md Trade.md
    See [[Tarifs]]. <!-- vaultlint-disable-line broken-link -->
    ````
    """
    message = f"{unknown.fault}{hint(unknown.choices)}"
    yield ctx.violation(unknown.span, message, unknown.choices)
