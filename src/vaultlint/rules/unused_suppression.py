"""VL901 unused-suppression."""

from vaultlint.rule import Found, NoOptions, SuppressionContext, UnusedSuppression, rule


@rule("unused-suppression", "VL901", group="suppressions")
def check(unused: UnusedSuppression, ctx: SuppressionContext[NoOptions]) -> Found:
    """A suppression suppresses nothing.

    ## What it does
    Reports comments and entries of the frontmatter that switch rules off where these find nothing,
    and of several names those that are not needed. Of a rule that does not run nothing is said, nor
    of a group where the command line leaves out rules.

    ## Why
    What was wrong is mended; the comment would hide the next fault of its kind.

    ## Bad
    ````toml vaultlint.toml
    select = ["unused-suppression", "broken-link", "self-link"]
    ````
    ````md Trade.md
    See [[Aid]]. %% vaultlint-disable-line broken-link %%
    %%           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ unused-suppression: this suppresses nothing: remove it
    See [[Tarifs]]. %% vaultlint-disable-line broken-link self-link %%
    %%                                                    ^^^^^^^^^ unused-suppression: `self-link` suppresses nothing here: remove it
    ````
    ````md Aid.md
    See [[Trade]].
    ````

    ## Good
    ````toml vaultlint.toml
    select = ["unused-suppression", "broken-link"]
    ````
    ````md Trade.md
    See [[Tarifs]]. %% vaultlint-disable-line broken-link -- written next term %%
    ````
    """
    name = unused.name
    message = f"`{name}` suppresses nothing here" if name else "this suppresses nothing"
    yield ctx.violation(unused.span, f"{message}: remove it")
