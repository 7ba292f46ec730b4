"""VL119 empty-link."""

from vaultlint.rule import EmptyLink, Found, NoOptions, NoteContext, rule


@rule("empty-link", "VL119", group="links")
def check(empty: EmptyLink, ctx: NoteContext[NoOptions]) -> Found:
    """A link has no target.

    ## What it does
    Reports `[text]()`, `![]()`, `[[ ]]` and links whose heading is empty: `[[Note#]]`.

    ## Why
    Nothing happens when the reader follows it.

    ## Bad
    ````md Trade.md
    See [rates]() and [[Tariffs#]].
    %%  ^^^^^^^^^ empty-link: this link has no target
    %%                ^^^^^^^^^^^^ empty-link: after the `#` no heading is named
    ````
    ````md Tariffs.md
    ````

    ## Good
    ````md Trade.md
    See [rates](#Rates) and `[rates]()`.

    # Rates
    ````
    """
    span, lacks_heading = empty
    message = "after the `#` no heading is named" if lacks_heading else "this link has no target"
    yield ctx.violation(span, message)
